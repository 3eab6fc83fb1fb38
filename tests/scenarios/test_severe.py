"""MS24 through HTTP: both managers are told the same day; the receiving one confirms, else her substitute, the top."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden, NotFound
from avvikelse.domain.vocabulary import PartySide, Role
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import LadderStep
from avvikelse.models.dialogue import SupportConfirmation
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.preferences import CalendarFeed
from avvikelse.queries.calendar_feed import DueDay, due_days
from avvikelse.queries.support import waiting as waiting_support
from avvikelse.services import handling, ladder, support, triage
from tests.conftest import Clock
from tests.scenarios.test_clocks_run_out import manager_above
from tests.support.browsing import Visitor
from tests.support.client import CheckingClient
from tests.support.mailbox import Mailbox
from tests.support.queries import counted
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")


def told(session: Session) -> list[tuple[str, int | str | None]]:
    return [
        (mail.notice, mail.recipient_user_id or mail.recipient_mailbox)
        for mail in session.scalars(select(OutboxMail).order_by(OutboxMail.id))
    ]


def feed_of(session: Session, actor: Actor, clock: Clock) -> tuple[DueDay, ...]:
    if session.get(CalendarFeed, actor.user_id) is None:
        session.add(CalendarFeed(user_id=actor.user_id, token_hash="a" * 64, created_at=clock.now))
        session.flush()
    return due_days(session, "a" * 64, clock.now.date()) or ()


def morning(session: Session, clock: Clock, day: date) -> datetime:
    now = clock.move(datetime(day.year, day.month, day.day, 8, tzinfo=clock.now.tzinfo))
    ladder.climb(session, now)
    return now


def both_sides(world: World) -> tuple[Actor, Actor, Actor]:
    """The manager at BUP, the one at the school, and who reports there."""
    return world.chef("chef-bup-behandling"), world.chef("chef-skola-2380"), world.reporter("skola-2380")


@pytest.mark.parametrize("why", [{"severity": 3}, {"severity": 1, "child_waits": True}], ids=["severe", "waits"])
def test_both_managers_are_told_the_same_day_and_the_receiver_confirms(
    world: World, app: Flask, database: Connection, client: CheckingClient, clock: Clock, why: dict[str, object]
) -> None:
    session = world.session
    chef, rektor, reporter = both_sides(world)
    case = world.report(reporter, "bup-behandling", **why)
    assert ("severe", chef.user_id) in told(session)
    assert ("severe_sender", rektor.user_id) in told(session)
    sent = Mailbox(app, database, session, clock).send()
    assert {"severe", "severe_sender"} <= {mail["X-Avvikelse-Notice"] for mail in sent}  # the same day

    address = f"/avvikelser/{case.ref}"
    her = Visitor.of(client, session, chef, clock.now)
    page = her.text(address)
    for word in ("Är det akut? Ring 112.", "Socialjouren", "BUP akut", "Har barnet stöd i dag?", "Senast 13 mars 2026"):
        assert word in page
    step = her.text(f"{address}/bekrafta-stod")
    assert "i ert eget system" in step
    assert her.post(f"{address}/bekrafta-stod", on=f"{address}/bekrafta-stod").status_code == 302
    page = her.text(address)
    assert "Ansvarig chef har kontrollerat stödet i sitt eget system, 11 mars 2026" in page
    assert her.get(f"{address}/bekrafta-stod").status_code == 403  # nothing left to confirm for her

    # only that, by which side and when: no answer, no person
    stored = session.scalars(select(SupportConfirmation)).one()
    columns = set(SupportConfirmation.__table__.columns.keys())
    assert columns == {"id", "avvikelse_id", "party_id", "omrade_id", "side", "at"}
    assert stored.at == clock.now
    assert "severe_confirmed" in session.scalars(select(AuditEvent.event)).all()
    for day in (12, 13, 16, 17, 18, 20):
        morning(session, clock, date(2026, 3, day))
    assert not [n for n, _ in told(session) if n in {"remind_allvarlig", "step_in_severe"}]
    rektors = Visitor.of(client, session, rektor, clock.now)
    assert "Bekräfta" in rektors.text(address)  # the reporting side may confirm for its own part


def test_without_confirmation_the_substitute_then_the_head_never_a_group(world: World, clock: Clock) -> None:
    session = world.session
    position = manager_above(world, "omrade-buv")
    chef, deputy, top = world.chef("chef-bup-behandling"), world.chef("chef-bup-mottagning"), world.chef(position.slug)
    convenor = world.convenor("birger")
    case = world.report(world.reporter("skola-2380"), "bup-behandling", severity=4)
    with pytest.raises(NotFound):
        support.confirm(session, deputy, case.ref, now=clock.now)
    for day in (12, 13):
        morning(session, clock, date(2026, 3, day))
    assert told(session).count(("remind_allvarlig", chef.user_id)) == 1
    assert ("step_in_severe", deputy.user_id) not in told(session)
    morning(session, clock, date(2026, 3, 16))  # two working days and one
    assert ("step_in_severe", deputy.user_id) in told(session)
    now = morning(session, clock, date(2026, 3, 17))
    assert ("step_in_severe", top.user_id) in told(session)
    support.confirm(session, top, case.ref, now=now)
    for day in range(18, 32):
        morning(session, clock, date(2026, 3, day))
    steps = session.scalars(select(LadderStep.step).where(LadderStep.clock == "allvarlig")).all()
    assert set(steps) == {"-1:party", "+1:substitute", "+2:top"}
    assert len(steps) == 3
    assert convenor.user_id not in {who for _, who in told(session)}


def test_the_samordnare_distributes_a_severe_report_the_same_day(world: World, clock: Clock) -> None:
    session = world.session
    sam, chef = world.samordnare("kommun-2380/utbildning"), world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), None, severity=3)
    assert ("severe_triage", sam.user_id) in told(session)
    assert case.due_on == date(2026, 3, 12)  # one working day instead of three
    triage.assign(session, sam, case.ref, world.receiver("chef-bup-behandling"), now=clock.now)
    assert told(session).count(("severe", chef.user_id)) == 1


def test_a_case_that_becomes_severe_is_told_then(world: World, clock: Clock) -> None:
    session = world.session
    chef = world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    assert ("severe", chef.user_id) not in told(session)
    later = clock.move(days=7)
    handling.recode(session, chef, case.ref, category="A2", severity=3, now=later)
    assert ("severe", chef.user_id) in told(session)
    morning(session, clock, date(2026, 3, 19))
    assert "step_in_severe" not in [n for n, _ in told(session)]  # two working days from now, not from the report


def test_who_may_not_confirm(world: World, client: CheckingClient, clock: Clock) -> None:
    session = world.session
    reporter, sam = world.reporter("skola-2380"), world.samordnare("region-jh")
    world.chef("chef-bup-behandling")
    case = world.report(reporter, "bup-behandling", severity=3)
    for actor in (reporter, sam):
        with pytest.raises(Forbidden):
            support.confirm(session, actor, case.ref, now=clock.now)
    hers = Visitor.of(client, session, sam, clock.now)
    page = hers.text(f"/avvikelser/{case.ref}")
    assert "Er chef har inte bekräftat än." in page
    assert "Se efter i ert eget system" not in page
    assert session.scalars(select(SupportConfirmation)).all() == []


ASKED = "Har barnet stöd i dag? Bekräfta"


def test_what_waits_stands_first_on_the_start_page_of_both_managers(
    world: World, client: CheckingClient, clock: Clock
) -> None:
    session = world.session
    chef, rektor, reporter = both_sides(world)
    sam = world.samordnare("region-jh")
    mild = world.report(reporter, "bup-behandling")
    case = world.report(reporter, "bup-behandling", severity=3)

    def start(actor: Actor) -> Visitor:
        return Visitor.of(client, session, actor, clock.now)

    for one in (chef, rektor):
        page = start(one).text("/")
        assert page.count(ASKED) == 1
        assert page.index(ASKED) < page.index(case.number)
        assert "Senast 13 mars" in page
    html = start(chef).get("/").get_data(as_text=True)
    assert f'href="/avvikelser/{case.ref}/bekrafta-stod"' in html
    assert f"/avvikelser/{mild.ref}/bekrafta-stod" not in html
    for other in (sam, reporter, world.chef("chef-soc-2380")):  # they are not asked
        assert ASKED not in start(other).text("/")
    days = [one.text for one in feed_of(session, chef, clock)]
    assert f"Frist: bekräfta stöd i {case.number}" in days

    support.confirm(session, chef, case.ref, now=clock.now)
    assert ASKED not in start(chef).text("/")
    assert ASKED in start(rektor).text("/")  # each side looks for itself
    assert f"Frist: bekräfta stöd i {case.number}" not in [one.text for one in feed_of(session, chef, clock)]


def test_the_longest_waiting_is_asked_first(world: World, clock: Clock) -> None:
    session = world.session
    chef, reporter = world.chef("chef-bup-behandling"), world.reporter("skola-2380")
    first, second = (world.report(reporter, "bup-behandling", severity=3) for _ in range(2))
    first.severe_since, second.severe_since = clock.now, clock.now - timedelta(days=5)
    for party in second.parties:
        party.since = second.severe_since
    session.flush()
    with counted(session) as statements:
        assert [one.number for one in waiting_support(session, chef)] == [second.number, first.number]
    assert len(statements) <= 3, statements  # the cases, and the län's limits
    assert [one.number for one in waiting_support(session, chef, 1)] == [second.number]


def test_a_samordnare_of_one_side_who_is_manager_of_the_other_confirms_for_her_own_unit_alone(
    world: World, clock: Clock
) -> None:
    session = world.session
    world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), "bup-behandling", severity=3)
    both = world.chef("chef-skola-2380")
    both = world.grant("chef-skola-2380", Role.SAMORDNARE, omrade_id=world.omrade("region-jh").id)
    support.confirm(session, both, case.ref, now=clock.now)
    assert [one.side for one in session.scalars(select(SupportConfirmation))] == [PartySide.SENDER]
    assert waiting_support(session, both) == ()
