"""MS3: nothing is closed without an answer that the reporter can read; her "Nej" sends it back, the third to the group.

With account and with a code; never a word about who wrote the answer.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Channel, Outcome, Rating, Status
from avvikelse.domain.whole_days import whole_day
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer
from avvikelse.models.group_work import GroupQuestion
from avvikelse.services import ladder, open_reports
from avvikelse.services.receipts import Knock
from avvikelse.services.reporting import Report
from tests.conftest import Clock
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.world import TEXT

pytestmark = pytest.mark.usefixtures("clock")

FULL = {"kind": "fyra_delar", "orsak": "Rutinen var okänd.", "atgard": "Vi inför en ny.", "konsekvens": "Mötena hålls.",
        "uppfoljning": "Vi ser efter i maj.", "no_atgard_reason": "Rutinen räcker."}  # fmt: skip
WHY = "Jag frågade vem som kallar nästa gång."


@pytest.mark.parametrize("part", ["orsak", "atgard", "konsekvens", "uppfoljning"])
def test_an_answer_without_a_part_is_refused_and_what_was_typed_stays(
    acting: Acting, bup: Actor, teacher: Actor, part: str
) -> None:
    case = acting.world.report(teacher, "bup-behandling", severity=2)
    acting.step(bup, case, "ta-emot")
    refused = acting.sends(bup, f"/avvikelser/{case.ref}/svara", **(FULL | {part: " "}))
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    for name, text in FULL.items():
        assert (text in page) is (name not in ("kind", part)) or name == "kind"
    acting.world.session.refresh(case)
    assert case.status is Status.IN_PROGRESS
    assert acting.world.session.scalar(select(Answer)) is None


def test_no_way_of_closing_lacks_a_text_to_the_reporter(acting: Acting, bup: Actor, teacher: Actor) -> None:
    world = acting.world
    case = world.report(teacher, "bup-behandling", routing_contested=True)
    sender = world.samordnare("kommun-2380/utbildning")
    empty = acting.sends(sender, f"/avvikelser/{case.ref}/tas-inte-upp", why="test", to_reporter=" ")
    assert empty.status_code == 422
    talk = world.report(teacher, "bup-behandling")
    said = {"talk_on": "2026-03-11", "agreed": "Vi kallar tillsammans.", "to_reporter": ""}
    assert acting.sends(bup, f"/avvikelser/{talk.ref}/lost-i-samtal", **said).status_code == 422
    for row in world.session.scalars(select(Avvikelse)):
        assert row.status is not Status.CLOSED


def test_nej_needs_a_reason_comes_back_twice_and_goes_to_the_group_the_third_time(
    acting: Acting, bup: Actor, teacher: Actor, session: Session
) -> None:
    case = acting.world.report(teacher, "bup-behandling", severity=2)
    acting.step(bup, case, "svara", **FULL)
    without = acting.sends(teacher, f"/avvikelser/{case.ref}/betyg", rating="nej", reason="")
    assert without.status_code == 422
    for time in (1, 2):
        acting.step(teacher, case, "betyg", rating="nej", reason=WHY)
        session.refresh(case)
        assert (case.status, case.nej_count) == (Status.IN_PROGRESS, time)
        assert WHY in acting.reads(bup, f"/avvikelser/{case.ref}")
        acting.step(bup, case, "svara", **FULL)
    acting.step(teacher, case, "betyg", rating="nej", reason=WHY)
    session.refresh(case)
    assert (case.status, case.nej_count) == (Status.WITH_GROUP, 3)
    assert session.scalars(select(GroupQuestion)).one().avvikelse_id == case.id


def test_only_the_reporter_says_whether_it_helped(acting: Acting, bup: Actor, teacher: Actor) -> None:
    world = acting.world
    case = world.report(teacher, "bup-behandling")
    acting.step(bup, case, "svara", kind="snabbsvar", what_happened="Den låg hos en person.", what_now="Vi ändrar.")
    rektor, colleague = world.chef("chef-skola-2380"), world.reporter("skola-2380", "kollega")
    address = f"/avvikelser/{case.ref}/betyg"
    assert acting.sends(bup, address, rating="ja").status_code == 403
    assert acting.sends(rektor, address, rating="ja").status_code == 403
    assert acting.sends(colleague, address, rating="ja").status_code == 404
    assert world.session.scalars(select(Answer)).one().rating is None
    acting.step(teacher, case, "betyg", rating="delvis")
    world.session.refresh(case)
    assert (case.status, case.outcome) == (Status.CLOSED, Outcome.ANSWERED)


def test_silence_is_no_rating(acting: Acting, bup: Actor, teacher: Actor, session: Session, clock: Clock) -> None:
    case = acting.world.report(teacher, "bup-behandling")
    acting.step(bup, case, "svara", kind="snabbsvar", what_happened="Den låg hos en person.", what_now="Vi ändrar.")
    clock.move(days=29)
    ladder.climb(session, clock.now)
    session.refresh(case)
    assert case.status is Status.ANSWERED
    for _ in range(4):
        ladder.climb(session, clock.move(days=1))
    session.refresh(case)
    assert case.status is Status.CLOSED
    assert session.scalars(select(Answer)).one().rating is None
    assert "utan betyg" in acting.reads(teacher, f"/avvikelser/{case.ref}")


def test_without_account_the_code_reads_and_judges(
    acting: Acting, bup: Actor, session: Session, client: CheckingClient
) -> None:
    world = acting.world
    report = Report(
        sender_enhet_id=None, occurred_on=world.now.date(), description=TEXT, severity=1, kommunkod="2380",
        counterpart_enhet_id=world.unit("bup-behandling").id, idempotency_key="e" * 20,
    )  # fmt: skip
    filed = open_reports.file(
        session, report, world.pack.id, Channel.NO_ACCOUNT, Knock("x", b"k"), now=whole_day(world.now)
    )
    case = filed.row
    acting.step(world.samordnare("region-jh"), case, "fordela", receiver=world.position("chef-bup-behandling").id,
                reason="Det gäller BUP.")  # fmt: skip
    acting.step(bup, case, "svara", kind="snabbsvar", what_happened="Den låg hos en person.", what_now="Vi ändrar.")
    with client.session_transaction() as cookie:
        cookie.clear()
    shown = client.post("/utan-konto/folj/sv", data={"code": filed.code})
    assert "Den låg hos en person." in words(shown)
    judged = client.submit(shown, {"rating": "nej", "reason": WHY}, action="/betyg")
    assert judged.status_code == 200
    session.refresh(case)
    assert (case.status, case.nej_count) == (Status.IN_PROGRESS, 1)
    assert session.scalars(select(Answer)).one().rating is Rating.NEJ
    assert WHY in acting.reads(bup, f"/avvikelser/{case.ref}")
