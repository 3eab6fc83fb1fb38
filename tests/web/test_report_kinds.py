"""Several events in one report (F 1.14) and a good example (F 1.15), through the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.deadlines import ClockId
from avvikelse.domain.errors import Forbidden
from avvikelse.domain.vocabulary import Extent, Outcome, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, ReportDraft
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import clocks, handling, ladder, reporting
from tests.conftest import Clock
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.forms import find
from tests.support.world import TEXT

pytestmark = pytest.mark.usefixtures("clock")

SEVERAL, GOOD = "/rapportera?slag=flera", "/rapportera?slag=gott"


def filled(acting: Acting, who: Actor, address: str, **values: Any) -> Any:
    page = acting.get(who, address)
    fields = {"counterpart": acting.world.unit("bup-behandling").id, "description": TEXT} | values
    return acting.client.submit(page, {name: value for name, value in fields.items() if value is not None}, button="Gr")


def several(acting: Acting, who: Actor, **changes: Any) -> Any:
    fields = {"occasions": 12, "occurred_from": "2026-01-12", "occurred_on": "2026-03-09", "severity": 1}
    return filled(acting, who, SEVERAL, **(fields | changes))


# --- several ----------------------------------------------------------------------------------------------------------


def test_several_events_are_one_report_with_a_count(
    acting: Acting, session: Session, bup: Actor, teacher: Actor
) -> None:
    review = several(acting, teacher)
    assert "Hur många gånger har det hänt? 12" in words(review)
    assert acting.client.submit(review, button="Skicka").status_code == 302
    row = session.scalars(select(Avvikelse)).one()
    assert (row.occasions, str(row.occurred_from), row.extent) == (12, "2026-01-12", Extent.UPPREPAD)
    page = acting.reads(bup, f"/avvikelser/{row.ref}")
    assert "Samlerapport, 12 gånger" in page
    assert "12 gånger, 12 januari 2026 till 9 mars 2026" in page
    assert "12 gånger" in acting.reads(bup, "/arenden?flik=enheten")
    assert "Samlerapport, 12 gånger" in acting.reads(teacher, f"/avvikelser/{row.ref}")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"occasions": 1}, "occasions"),
        ({"occasions": 100}, "occasions"),
        ({"occasions": ""}, "occasions"),
        ({"occasions": "många"}, "occasions"),
        ({"occurred_from": ""}, "occurred_from"),
        ({"occurred_from": "2026-03-10"}, "occurred_from"),
        ({"occurred_from": "2024-03-10"}, "occurred_from"),
        ({"severity": 3}, "severity"),
    ],
    ids=str,
)
def test_what_a_samlerapport_cannot_be(
    acting: Acting, session: Session, teacher: Actor, changes: dict[str, Any], field: str
) -> None:
    page = several(acting, teacher, **changes)
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.get_data(as_text=True)
    assert TEXT in page.get_data(as_text=True)
    assert session.scalars(select(Avvikelse)).all() == []


def test_the_kind_survives_a_draft_and_a_change(acting: Acting, session: Session, teacher: Actor) -> None:
    review = several(acting, teacher)
    fields = dict(find(review.get_data(as_text=True), button="Skicka").fields)
    changed = acting.client.post("/rapportera", data={**fields, "andra": "1"})
    assert "Samlerapport" in words(changed)
    acting.client.submit(changed, button="Spara utkast")
    ref = session.scalars(select(ReportDraft.ref)).one()
    back = acting.get(teacher, f"/rapportera?utkast={ref}").get_data(as_text=True)
    assert 'name="occasions"' in back
    assert 'value="12"' in back


def test_an_ordinary_report_has_no_count(acting: Acting, session: Session, teacher: Actor) -> None:
    review = filled(acting, teacher, "/rapportera", severity=1)
    acting.client.submit(review, button="Skicka")
    row = session.scalars(select(Avvikelse)).one()
    assert (row.occasions, row.occurred_from) == (None, None)


# --- good -------------------------------------------------------------------------------------------------------------


def good_example(acting: Acting, session: Session, who: Actor) -> Avvikelse:
    acting.client.submit(filled(acting, who, GOOD), button="Skicka")
    return session.scalars(select(Avvikelse)).one()


def test_a_good_example_is_told_as_one(acting: Acting, session: Session, bup: Actor, teacher: Actor) -> None:
    world = acting.world
    world.chef("chef-skola-2380")
    review = filled(acting, teacher, GOOD, proposal="Ring varandra på fredagar.")
    assert "Vad ledde det till för barnet?" not in words(review)
    assert acting.client.submit(review, button="Skicka").status_code == 302
    row = session.scalars(select(Avvikelse)).one()
    assert (row.category, row.severity, row.status) == ("L1", 0, Status.ASSIGNED)
    notices = set(session.scalars(select(OutboxMail.notice)))
    assert {"good_example", "unit_good_example"} <= notices
    assert not notices & {"new_case", "unit_reported"}
    page = acting.reads(bup, f"/avvikelser/{row.ref}")
    assert "Gott exempel" in page
    assert "Barnet märkte inget" not in page
    assert "Gott exempel" in acting.reads(bup, "/arenden?flik=enheten")
    assert "Gott exempel" in acting.reads(teacher, f"/avvikelser/{row.ref}")


def test_a_good_example_is_thanked_for_and_nobody_judges_the_thanks(
    acting: Acting, session: Session, bup: Actor, teacher: Actor
) -> None:
    row = good_example(acting, session, teacher)
    page = acting.reads(bup, f"/avvikelser/{row.ref}")
    assert "Tacka den som berättade" in page
    assert "Svara rapportören" not in page
    assert "Ta emot" not in page
    empty = acting.sends(bup, f"/avvikelser/{row.ref}/tacka", to_reporter="", version=row.version_id)
    assert empty.status_code == 422
    acting.step(bup, row, "tacka", to_reporter="Tack, det gör vi gärna igen.")
    assert (row.status, row.outcome, row.due_on) == (Status.CLOSED, Outcome.ANSWERED, None)
    mails = set(session.scalars(select(OutboxMail.notice).where(OutboxMail.recipient_user_id == teacher.user_id)))
    assert "thanked" in mails
    assert not mails & {"answered", "closed_silent", "good_kept"}
    told = acting.reads(teacher, f"/avvikelser/{row.ref}")
    assert "Tack, det gör vi gärna igen." in told
    assert "Säg om du fick svar" not in told
    assert "Det har hänt igen" not in told  # what went well is no deviation that may happen again
    assert acting.get(teacher, f"/rapportera?igen={row.ref}").status_code == 404
    with pytest.raises(Forbidden):
        reporting.earlier_case(session, teacher, row.ref, now=acting.world.now)


AFTER_ACCEPTING = "Lyft frågan till samverkansgruppen"
NOT_ASKED = (
    *("Vilket avtal följdes inte?", "Vad bidrog?", "Löst i samtal", "Lägg till en åtgärd", "Hanteras även som"),
    *("Bär familjen samordningen?", "Kontakt utanför systemet", "Inte vårt ansvar", AFTER_ACCEPTING),
)


def test_its_page_asks_nothing_that_belongs_to_a_deviation(
    acting: Acting, session: Session, bup: Actor, teacher: Actor
) -> None:
    row = good_example(acting, session, teacher)
    page = acting.reads(bup, f"/avvikelser/{row.ref}")
    assert [text for text in NOT_ASKED if text in page] == []
    for slug in ("avtal", "orsaker", "lost-i-samtal", "atgard", "familjen", "inte-vart-ansvar", "lyft"):
        assert acting.get(bup, f"/avvikelser/{row.ref}/{slug}").status_code in {403, 409}, slug
    other = acting.world.report(teacher, "bup-behandling", severity=1)
    asked = acting.reads(bup, f"/avvikelser/{other.ref}")
    assert [text for text in NOT_ASKED if text not in asked] == [AFTER_ACCEPTING]
    with pytest.raises(Forbidden):
        handling.set_factors(session, bup, row.ref, ("A",), seen=None, now=acting.world.now)


def test_it_presses_nobody(acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor) -> None:
    """One clock: a friendly word a week before its day, and then it closes by itself."""
    row = good_example(acting, session, teacher)
    assert [one.clock for one in clocks.running_clocks(session, row)] == [ClockId.GOTT_EXEMPEL]
    sent = set(session.scalars(select(OutboxMail.id)))
    last = row.due_on
    assert last == local_date(clock.now) + timedelta(days=30)
    while row.status is not Status.CLOSED and local_date(clock.now) < last + timedelta(days=3):
        clock.move(days=1)
        ladder.climb(session, clock.now)
        session.refresh(row)
    assert (row.status, local_date(clock.now)) == (Status.CLOSED, last + timedelta(days=1))
    after = session.execute(select(OutboxMail.notice, OutboxMail.recipient_user_id).where(OutboxMail.id.not_in(sent)))
    assert {tuple(mail) for mail in after} == {("soon_gott_exempel", bup.user_id), ("good_kept", teacher.user_id)}
    assert "Tack för att du berättade" in acting.reads(teacher, f"/avvikelser/{row.ref}")


def test_no_complaint_is_praised_away(acting: Acting, session: Session, bup: Actor, teacher: Actor) -> None:
    """What somebody else has made a good example of keeps its clocks, and is answered and judged like any report."""
    row = acting.world.report(teacher, "bup-behandling", severity=1)
    row.category = "L1"
    session.flush()
    clocks.start(session, row)
    assert ClockId.GOTT_EXEMPEL not in {one.clock for one in clocks.running_clocks(session, row)}
    page = acting.reads(bup, f"/avvikelser/{row.ref}")
    assert "Tacka den som berättade" not in page
    sent = acting.sends(bup, f"/avvikelser/{row.ref}/tacka", to_reporter="Tack!", version=row.version_id)
    assert sent.status_code in {403, 404, 409, 422}
    session.refresh(row)
    assert row.status is not Status.CLOSED
    acting.step(bup, row, "svara", kind="snabbsvar", what_happened="Vi glömde.", what_now="Vi kallar i tid.")
    assert row.status is Status.ANSWERED


def test_it_is_not_offered_among_the_problems(acting: Acting, teacher: Actor) -> None:
    assert 'value="L1"' not in acting.get(teacher, "/rapportera").get_data(as_text=True)


def test_the_three_ways_are_linked(acting: Acting, teacher: Actor) -> None:
    for page in ("/", "/rapportera"):
        text = acting.get(teacher, page).get_data(as_text=True)
        assert SEVERAL in text
        assert GOOD in text
