"""MS12: feedback on an orosanmälan is one of three fixed answers; who chooses none is known to the manager above."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.vocabulary import AnswerKind, Channel, Role, Status
from avvikelse.models.dialogue import Answer
from avvikelse.models.organisation import Funktion
from avvikelse.services import month as months
from avvikelse.services import receipts
from tests.conftest import Clock
from tests.scenarios.test_clocks_run_out import mails, manager_above, walk
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.group_cases import case as group_case
from tests.support.world import World

SECRET = "En utredning har inletts."


@pytest.fixture
def acting(client: CheckingClient, session: Session, clock: Clock) -> Acting:
    return Acting(client, World.of(session, clock.now))


def test_three_answers_and_no_words(acting: Acting, session: Session) -> None:
    world = acting.world
    soc, preschool = world.chef("chef-soc-2380"), world.reporter("forskola-2380")
    world.unit("soc-2380").phone = "063-12 34 56"
    case = world.report(preschool, "soc-2380", category="E3", severity=2)
    acting.step(soc, case, "ta-emot")
    page = acting.get(soc, f"/avvikelser/{case.ref}/svara").get_data(as_text=True)
    assert page.count('type="radio"') == 3
    assert "<textarea" not in page
    for fields in ({}, {"orosanmalan": "lamnad", "orsak": SECRET}, {"orosanmalan": "inledd"}, {"what_now": SECRET}):
        assert acting.sends(soc, f"/avvikelser/{case.ref}/svara", **fields).status_code == 422
    talk = {"talk_on": "2026-03-11", "agreed": SECRET, "to_reporter": SECRET}
    assert acting.sends(soc, f"/avvikelser/{case.ref}/lost-i-samtal", **talk).status_code == 409
    assert session.scalar(select(Answer)) is None
    away = acting.sends(soc, f"/avvikelser/{case.ref}/koda", category="E1", severity=2)
    assert away.status_code == 422  # else the receiver could open the way for own words
    acting.step(soc, case, "svara", orosanmalan="hittas_inte")
    session.refresh(case)
    assert case.status is Status.ANSWERED
    answer = session.scalars(select(Answer)).one()
    assert answer.kind is AnswerKind.OROSANMALAN
    read = acting.reads(preschool, f"/avvikelser/{case.ref}")
    assert "Vi hittar ingen anmälan, ring oss: 063-12 34 56" in read
    assert SECRET not in read


@pytest.mark.parametrize(
    ("phone", "mailbox", "office", "says"),
    [
        (None, "soc@example.org", ("063-1", None), "Vi hittar ingen anmälan, skriv till oss: soc@example.org"),
        (None, None, ("063-1", "sam@example.org"), "Vi hittar ingen anmälan. Fråga Samordnare: 063-1"),
        (None, None, (None, None), "Vi hittar ingen anmälan. Numret till enheten är inte inlagt här"),
    ],
)
def test_nobody_is_told_to_ring_a_number_that_is_not_there(
    acting: Acting, session: Session, phone: str | None, mailbox: str | None, office: tuple[str | None, ...], says: str
) -> None:
    """What the manager is shown that the reporter will read is what the reporter reads, also who reads with a code."""
    world = acting.world
    soc, unit = world.chef("chef-soc-2380"), world.unit("soc-2380")
    unit.phone, unit.function_mailbox = phone, mailbox
    offices = session.scalars(select(Funktion).where(Funktion.huvudman_id == unit.huvudman_id)).all()
    for one in offices:
        one.name, (one.phone, one.mailbox) = "Samordnare", office
    preschool = world.reporter("forskola-2380")
    case = world.report(preschool, "soc-2380", category="E3", severity=2)
    acting.step(soc, case, "ta-emot")
    assert f"Rapportören läser: {says}" in acting.reads(soc, f"/avvikelser/{case.ref}/svara")
    acting.step(soc, case, "svara", orosanmalan="hittas_inte")
    assert says in acting.reads(preschool, f"/avvikelser/{case.ref}")
    case.reporter_user_id, case.channel = None, Channel.NO_ACCOUNT
    code = receipts.issue(session, case, "en egen nyckel")
    session.commit()
    with_code = words(acting.client.submit("/utan-konto/folj/sv", {"code": code}, action="/sv"))
    assert says in with_code
    assert unit.name not in with_code  # the way to reach them, and no more


def test_who_does_not_choose_in_time_is_known_to_the_manager_above(acting: Acting, session: Session) -> None:
    """Nothing is chosen for sixty days: the manager is reminded, the one above hears it and makes the choice."""
    world = acting.world
    soc, preschool = world.chef("chef-soc-2380"), world.reporter("forskola-2380")
    above = manager_above(world, "saf-2380")
    head = world.grant("socialchef", Role.CHEF, position_id=above.id)
    stranger = world.chef("chef-skola-2380")
    case = world.report(preschool, "soc-2380", category="E3", severity=2)
    session.commit()
    acting.step(soc, case, "ta-emot")
    assert acting.get(head, f"/avvikelser/{case.ref}").status_code == 404
    walk(world, 61)
    session.commit()
    told = mails(session, case)
    assert told.count(("step_in_above", head.user_id)) == 1
    assert told.count(("remind_svar", soc.user_id)) == 1
    assert acting.get(stranger, f"/avvikelser/{case.ref}").status_code == 404
    page = acting.get(head, f"/avvikelser/{case.ref}/svara").get_data(as_text=True)
    assert page.count('type="radio"') == 3
    assert "<textarea" not in page
    acting.step(head, case, "svara", orosanmalan="lamnad")
    session.refresh(case)
    assert case.status is Status.ANSWERED
    assert "Återkoppling lämnad" in acting.reads(preschool, f"/avvikelser/{case.ref}")


def test_the_group_reads_how_often_feedback_had_to_be_asked_for(acting: Acting, session: Session) -> None:
    world = acting.world
    month = f"/grupper/{world.group('birger').id}/2026-02"
    for day in (3, 4):
        group_case(world, "birger", date(2026, 2, day), category="E3")
    group_case(world, "birger", date(2026, 2, 5), category="E1")
    months.make_month(session, world.group("birger").id, "2026-02", world.now)
    session.commit()
    asked = "Återkoppling på en orosanmälan har behövt efterfrågas 2 gånger de senaste tolv månaderna."
    assert asked in acting.reads(world.member("birger"), month)
    assert acting.get(world.reporter("forskola-2380"), month).status_code in {403, 404}
