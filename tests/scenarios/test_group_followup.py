"""What a group follows up: SIP per kommun, its plan, its goals, shown in the month. By the forms, with who may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Role
from avvikelse.models.action_plan import ActionPlan, PlanActivity
from avvikelse.models.audit import AuditEvent
from avvikelse.models.followup import IndicatorYear, SipReport
from avvikelse.services import themes
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.group_cases import case
from tests.support.queries import counted
from tests.support.world import World

GROUP, ELSEWHERE = "birger", "lokal-2303"
FULL = {
    "new": "3", "held": "5", "once": "1", "twice": "2", "more": "0", "full": "4", "called": "20", "attended": "18",
    "cancelled": "0", "short": "1",
}  # fmt: skip


@dataclass
class Stage(Acting):
    clock: Any

    def sip(self, slug: str) -> Actor:
        return self.world.grant(f"sip-{slug}", Role.SIP_SAMORDNARE, huvudman_id=self.world.huvudman(slug).id)

    def desk(self, group: str = GROUP) -> str:
        return f"/grupper/{self.world.group(group).id}"

    def counts(self) -> int:
        return self.world.session.scalar(select(func.count()).select_from(SipReport)) or 0


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(client, World.of(session, clock.now), clock)


# --- SIP --------------------------------------------------------------------------------------------------------------


def test_a_kommun_counts_corrects_and_the_group_sees_who_has_not(stage: Stage) -> None:
    kommun, member = stage.sip("kommun-2380"), stage.world.member(GROUP)
    page = "/sip/2380/2025/2"
    assert "Saknas" in stage.reads(kommun, "/sip")
    assert "Räkna SIP: 3 halvår saknar siffror" in stage.reads(kommun, "/")
    hub = stage.reads(member, f"{stage.desk()}/uppfoljning")
    assert "SIP juli–december 2025" in hub
    assert "Saknas:" in hub
    assert "Östersund" in hub.split("Saknas:")[1]
    stage.does(kommun, page, seen_version="0", **FULL)
    assert "3 nya, 5 möten" in stage.reads(kommun, "/sip")
    after = stage.reads(member, f"{stage.desk()}/uppfoljning")
    assert "1 av 1 kommun har rapporterat" in after
    assert "Saknas:" not in after

    # A correction is a new version; the first stays, and both are in the log.
    stage.does(kommun, page, seen_version="1", **(FULL | {"new": "4"}))
    rows = stage.world.session.scalars(select(SipReport).order_by(SipReport.version)).all()
    assert [(row.version, row.new) for row in rows] == [(1, 3), (2, 4)]
    assert "rättat" in stage.reads(kommun, "/sip")
    counted = select(AuditEvent.detail).where(AuditEvent.event == "sip_counted").order_by(AuditEvent.seq)
    assert [detail["version"] for detail in stage.world.session.scalars(counted)] == [1, 2]


def test_zero_is_a_number_and_empty_is_not(stage: Stage) -> None:
    kommun = stage.sip("kommun-2380")
    stage.does(kommun, "/sip/2380/2025/2", seen_version="0", new="0")
    row = stage.world.session.scalars(select(SipReport)).one()
    assert (row.new, row.held) == (0, None)
    assert "0 nya, – möten" in stage.reads(kommun, "/sip")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"new": "tre"}, "Skriv ett heltal"), ({"new": "-1"}, "Skriv ett heltal"), ({"new": "9"}, "fler än mötena"),
        ({"once": "2"}, "stämmer inte överens"), ({"new": "9" * 30}, "Skriv ett heltal"),
        (dict.fromkeys(FULL, ""), "minst ett tal"), ({"seen_version": "7"}, "Någon annan har rapporterat"),
    ],
)  # fmt: skip
def test_bad_numbers_are_given_back(stage: Stage, changes: dict[str, str], sentence: str) -> None:
    answer = stage.sends(stage.sip("kommun-2380"), "/sip/2380/2025/2", **({"seen_version": "0"} | FULL | changes))
    assert answer.status_code == 422
    assert sentence in words(answer)
    if "held" not in changes:
        assert 'value="20"' in answer.get_data(as_text=True)
    assert stage.counts() == 0


def test_a_region_counts_for_every_kommun_and_a_kommun_for_its_own(stage: Stage) -> None:
    region, kommun = stage.sip("region-jh"), stage.sip("kommun-2380")
    assert stage.get(region, "/sip/2303/2025/2").status_code == 200
    assert "Ragunda" in stage.reads(region, "/sip")
    assert "Ragunda" not in stage.reads(kommun, "/sip")
    for who, address, status in (
        (kommun, "/sip/2303/2025/2", 404), (region, "/sip/1080/2025/2", 404), (region, "/sip/2380/2026/2", 404),
        (region, "/sip/2380/2025/3", 404), (stage.world.member(GROUP), "/sip/2380/2025/2", 403),
        (stage.world.administrator("region-jh"), "/sip", 403),
    ):  # fmt: skip
        assert stage.get(who, address).status_code == status, address
        if address != "/sip":
            assert stage.sends(who, address, seen_version="0", **FULL).status_code == status
    assert stage.counts() == 0


# --- the plan ---------------------------------------------------------------------------------------------------------


def plan(stage: Stage, convenor: Actor) -> str:
    """A plan for 2026 and 2027; its ref."""
    form = {"first_year": "2026", "aim": "Ingen kallas för sent.", "decided_on": "2026-02-01"}
    stage.does(convenor, f"{stage.desk()}/ny/handlingsplan", **form)
    return stage.world.session.scalars(select(ActionPlan.ref)).one()


def activity(stage: Stage, convenor: Actor, plan_ref: str, **changes: str) -> PlanActivity:
    form = {"text": "Mall för kallelser.", "owner": "Rektor, grundskola", "due_on": "2026-05-01"} | changes
    stage.does(convenor, f"{stage.desk()}/handlingsplan/{plan_ref}/aktivitet", **form)
    return stage.world.session.scalars(select(PlanActivity).order_by(PlanActivity.id.desc())).first()  # type: ignore[return-value]


def test_an_activity_from_plan_to_done(stage: Stage) -> None:
    convenor, member = stage.world.convenor(GROUP), stage.world.member(GROUP)
    assert "ingen handlingsplan" in stage.reads(member, f"{stage.desk()}/handlingsplan")
    ref = plan(stage, convenor)
    theme = themes.add(
        stage.world.session, convenor, stage.world.group(GROUP).id,
        themes.ThemeWords("Sena kallelser", "Kallelser kommer sent.", "Rektor"), now=stage.clock.now,
    )  # fmt: skip
    row = activity(stage, convenor, ref, theme=theme.ref)
    shown = stage.reads(member, f"{stage.desk()}/handlingsplan")
    for expected in ("2026–2027", "Mall för kallelser.", "Rektor, grundskola", "Tema: Sena kallelser", "Planerad"):
        assert expected in shown
    page = f"{stage.desk()}/aktiviteter/{row.ref}"
    stage.does(convenor, f"{page}/folj-upp", text="Ett utkast finns.")
    stage.does(convenor, f"{page}/flytta", owner="Skolchef", due_on="2026-06-01", text="Väntar på BUP.")
    assert "först planerad" in stage.reads(member, f"{stage.desk()}/handlingsplan")
    stage.clock.move(days=100)  # past the first day and the moved one
    assert "sen" in stage.reads(member, f"{stage.desk()}/handlingsplan").split("Skolchef")[1]
    stage.does(convenor, f"{page}/klar", text="Mallen används.")
    history = stage.reads(member, page)
    for expected in ("Ett utkast finns.", "Väntar på BUP.", "Mallen används.", "Aktiviteten är klar"):
        assert expected in history
    assert stage.sends(convenor, f"{page}/avbryt", text="För sent.").status_code == 409
    # Done, but not on the day that was planned first.
    month = stage.reads(member, f"{stage.desk()}/2026-06")
    assert "Aktiviteter i handlingsplanen klara i tid" in month
    assert "0 av 1" in month


def test_what_a_plan_refuses(stage: Stage) -> None:
    convenor = stage.world.convenor(GROUP)
    ref = plan(stage, convenor)
    again = {"first_year": "2027", "aim": "Igen.", "decided_on": "2026-02-01"}
    assert "redan en plan" in words(stage.sends(convenor, f"{stage.desk()}/ny/handlingsplan", **again))
    form = {"text": "Ring mamman på 070-123 45 67.", "owner": "Rektor", "due_on": "2026-05-01"}
    address = f"{stage.desk()}/handlingsplan/{ref}/aktivitet"
    refused = stage.sends(convenor, address, **form)
    assert refused.status_code == 422
    assert "telefon" in words(refused)
    outside = stage.sends(convenor, address, **(form | {"text": "Mall.", "due_on": "2029-01-01"}))
    assert "utanför planen" in words(outside)
    assert stage.world.session.scalar(select(func.count()).select_from(PlanActivity)) == 0


def test_a_plan_is_its_groups(stage: Stage) -> None:
    convenor, foreign = stage.world.convenor(GROUP), stage.world.convenor(ELSEWHERE)
    row = activity(stage, convenor, plan(stage, convenor))
    page = f"{stage.desk()}/aktiviteter/{row.ref}"
    assert stage.get(foreign, page).status_code == 404
    assert stage.get(foreign, f"{stage.desk()}/handlingsplan").status_code == 404
    # Through the own group's address neither.
    assert stage.get(foreign, f"{stage.desk(ELSEWHERE)}/aktiviteter/{row.ref}").status_code == 404
    assert stage.sends(foreign, f"{stage.desk(ELSEWHERE)}/aktiviteter/{row.ref}/klar", text="x").status_code == 404
    member = stage.world.member(GROUP)
    assert stage.get(member, page).status_code == 200
    assert stage.sends(member, f"{page}/klar", text="Klar.").status_code == 403
    assert row.status.value == "planerad"


# --- goals ------------------------------------------------------------------------------------------------------------


def test_goals_are_frozen_when_the_year_has_begun(stage: Stage) -> None:
    convenor, member = stage.world.convenor(GROUP), stage.world.member(GROUP)
    page = f"{stage.desk()}/mal"
    stage.does(convenor, f"{page}/2027", I06_besvarade_30_dagar="70")
    stage.does(convenor, f"{page}/2027", I06_besvarade_30_dagar="80", I13_bollade="5")
    assert "minst 80 %" in stage.reads(member, page)
    # This year has begun: once, and it says so.
    stage.does(convenor, f"{page}/2026", I06_besvarade_30_dagar="60")
    assert "efter att året hade börjat" in stage.reads(member, page)
    assert stage.sends(convenor, f"{page}/2026", I06_besvarade_30_dagar="10").status_code == 409
    stage.clock.move(to=stage.clock.now.replace(year=2027, month=1, day=4))
    assert stage.sends(convenor, f"{page}/2027", I06_besvarade_30_dagar="10").status_code == 409
    rows = stage.world.session.scalars(select(IndicatorYear).order_by(IndicatorYear.id)).all()
    assert [(row.year, row.version, row.content["goals"]["I06_besvarade_30_dagar"]) for row in rows] == [
        (2027, 1, 70), (2027, 2, 80), (2026, 1, 60),
    ]  # fmt: skip
    assert rows[0].content["params"]["answer_days"] == 30


def test_the_month_shows_the_goal_and_keeps_the_years_definition(stage: Stage) -> None:
    convenor = stage.world.convenor(GROUP)
    stage.does(convenor, f"{stage.desk()}/mal/2026", I06_besvarade_30_dagar="60")
    for day in range(1, 8):
        case(stage.world, GROUP, date(2026, 1, day))
    row = stage.world.session.scalars(select(IndicatorYear)).one()
    row.content = row.content | {"params": row.content["params"] | {"answer_days": 20}}
    stage.world.session.flush()
    month = stage.reads(convenor, f"{stage.desk()}/2026-03")
    assert "Besvarade inom 20 dagar" in month
    assert "minst 60 %" in month


@pytest.mark.parametrize(("value", "sentence"), [("101", "mellan 0 och 100"), ("x", "heltal"), ("", "minst ett mål")])
def test_goals_that_cannot_be(stage: Stage, value: str, sentence: str) -> None:
    answer = stage.sends(stage.world.convenor(GROUP), f"{stage.desk()}/mal/2027", I06_besvarade_30_dagar=value)
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_others_set_no_goals(stage: Stage) -> None:
    member, foreign = stage.world.member(GROUP), stage.world.convenor(ELSEWHERE)
    for who, status in ((member, 403), (foreign, 404)):
        address = f"{stage.desk()}/mal/2027"
        assert stage.get(who, address).status_code == status
        assert stage.sends(who, address, I06_besvarade_30_dagar="70").status_code == status
    assert stage.get(stage.world.convenor(GROUP), f"{stage.desk()}/mal/2029").status_code == 404
    assert stage.world.session.scalar(select(func.count()).select_from(IndicatorYear)) == 0


# --- together ---------------------------------------------------------------------------------------------------------


def test_sip_stands_in_the_month_with_who_has_reported(stage: Stage) -> None:
    stage.does(stage.sip("kommun-2380"), "/sip/2380/2025/2", seen_version="0", **FULL)
    month = stage.reads(stage.world.member(GROUP), f"{stage.desk()}/2026-03")
    assert "SIP-möten där alla kallade kom (juli–december 2025, 1 av" in month
    assert "4 av 5" in month


def test_the_hub_asks_the_same_whatever_there_is(stage: Stage) -> None:
    convenor = stage.world.convenor(GROUP)
    ref = plan(stage, convenor)
    sizes = []
    for number in (1, 12):
        for _ in range(number):
            activity(stage, convenor, ref)
        stage.get(convenor, f"{stage.desk()}/handlingsplan")
        with counted(stage.world.session) as statements:
            stage.get(convenor, f"{stage.desk()}/handlingsplan")
        with counted(stage.world.session) as more:
            stage.get(convenor, f"{stage.desk()}/uppfoljning")
        sizes.append((len(statements), len(more)))
    assert sizes[0] == sizes[1]
    assert max(sizes[0]) <= 20, sizes
