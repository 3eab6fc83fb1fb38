"""Where young people fall between (MS16): weeks without help, what is done about it, and a theme with one press."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from avvikelse.analysis.month_content import MonthContent, Passage
from avvikelse.domain.action_plan import ActivityStatus
from avvikelse.domain.group_words import DecisionStatus
from avvikelse.models.action_plan import ActionPlan, PlanActivity
from avvikelse.models.themes import ProblemType
from avvikelse.queries.group_desk import groups_beside
from avvikelse.queries.month import read_month
from avvikelse.reports.month_tables import month_tables
from avvikelse.services import themes
from avvikelse.services.refs import new_ref
from tests.support.browsing import Visitor, words
from tests.support.client import CheckingClient
from tests.support.group_cases import case, decided, question
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
GROUP = "birger"
PASSAGE = "H2"


def content(world: World, month: str = "2026-02") -> MonthContent:
    row = world.group(GROUP)
    groups = groups_beside(world.session, row.id)
    return read_month(world.session, groups, groups[row.id], month, now=world.now).content


def cases(world: World, *weeks: int | None, category: str = PASSAGE, **changes: Any) -> None:
    for number, gap in enumerate(weeks, 1):
        case(world, GROUP, date(2026, 2, number), category=category, gap_weeks=gap, **changes)


def test_weeks_are_shown_from_five_reports_that_say_them(world: World) -> None:
    cases(world, 30, 2, 8, 4, None, None)
    assert content(world).passages[0].gap is None
    case(world, GROUP, date(2025, 4, 2), category=PASSAGE, gap_weeks=9)  # within twelve months
    case(world, GROUP, date(2025, 2, 2), category=PASSAGE, gap_weeks=90)  # before them
    (row,) = content(world).passages
    assert (row.count, row.gap) == (7, 8.0)
    table = next(one for one in month_tables(content(world)) if one.key == "overgangar")
    assert dict(zip(table.columns, table.rows[0], strict=True))["Veckor utan hjälp"] == 8.0


def test_only_passages_have_weeks(world: World) -> None:
    """A category that somebody has changed afterwards takes its case along."""
    cases(world, *[10] * 6, category="A1")
    assert content(world).passages == ()


def test_the_largest_gap_is_the_longest_wait_and_not_the_commonest() -> None:
    rows = (Passage("a", "A", 20, gap=None), Passage("b", "B", 9, gap=4.0), Passage("c", "C", 5, gap=11.5))
    assert MonthContent.largest_gap.fget(Shown(rows)).what == "C"  # type: ignore[attr-defined]
    assert MonthContent.largest_gap.fget(Shown(rows[:1])).what == "A"  # type: ignore[attr-defined]
    assert MonthContent.largest_gap.fget(Shown(())) is None  # type: ignore[attr-defined]


class Shown:
    def __init__(self, passages: tuple[Passage, ...]) -> None:
        self.passages = passages


def theme_of(world: World, **changes: Any) -> ProblemType:
    words_ = themes.ThemeWords("Tappas vid 18", "Ingen tar över.", "Sammankallande")
    row = themes.add(world.session, world.convenor(GROUP), world.group(GROUP).id, words_, now=world.now)
    fields = {"category": PASSAGE, "sender_kind": "grundskola", "receiver_kind": "bup"} | changes
    for name, value in fields.items():
        setattr(row, name, value)
    world.session.flush()
    return row


def test_what_is_decided_and_planned_about_a_passage_stands_beside_it(world: World) -> None:
    cases(world, None)
    theme, other = theme_of(world), case(world, GROUP, date(2026, 2, 20))
    for text, status, about in (
        ("BUP kallar i god tid.", DecisionStatus.OPEN, theme.id), ("Avslutat.", DecisionStatus.CLOSED, theme.id),
        ("Om något annat.", DecisionStatus.OPEN, None),
    ):  # fmt: skip
        ended = date(2026, 3, 1) if status is DecisionStatus.CLOSED else None
        asked = question(world, other, GROUP, date(2026, 2, 21))
        decided(world, asked, date(2026, 5, 1), text=text, status=status, ended_on=ended, problem_type_id=about)
    plan = ActionPlan(
        ref=new_ref(), group_id=theme.group_id, first_year=2026, aim="Färre glapp.", decided_on=date(2026, 1, 8),
        written_at=world.now,
    )  # fmt: skip
    world.session.add(plan)
    world.session.flush()
    world.session.add(
        PlanActivity(
            ref=new_ref(), plan_id=plan.id, text="En gemensam rutin.", owner="BUP", planned_on=date(2026, 6, 1),
            due_on=date(2026, 6, 1), status=ActivityStatus.RUNNING, problem_type_id=theme.id,
        )
    )  # fmt: skip
    world.session.flush()
    (row,) = content(world).passages
    assert row.actions == ("Aktivitet: En gemensam rutin. (pågår)", "Beslut: BUP kallar i god tid. (inte klart)")
    theme.receiver_kind = "vuxenpsykiatri"  # another passage's
    world.session.flush()
    assert content(world).passages[0].actions == ()


def test_the_largest_gap_becomes_a_theme_with_one_press(world: World, client: CheckingClient) -> None:
    cases(world, 3, 3, 12, 12, 12)
    page = f"/grupper/{world.group(GROUP).id}/2026-02"
    convenor = Visitor.of(client, world.session, world.convenor(GROUP), world.now)
    shown = convenor.get(page)
    assert "Veckor utan hjälp" in words(shown)
    made = client.submit(shown, button="Gör det största glappet till ett tema")
    assert made.status_code == 302
    (theme,) = world.session.scalars(select(ProblemType))
    assert (theme.category, theme.sender_kind, theme.receiver_kind) == (PASSAGE, "grundskola", "bup")
    member = Visitor.of(client, world.session, world.member(GROUP), world.now)
    assert "Gör det största glappet" not in words(member.get(page))
    fields = {"name": "Ett annat", "sentence": "Ett annat.", "owner": "BUP", "about": f"{PASSAGE}:grundskola:bup"}
    refused = member.post(f"/grupper/{world.group(GROUP).id}/ny/tema", on=page, **fields)
    assert refused.status_code == 403
    assert len(world.session.scalars(select(ProblemType)).all()) == 1
