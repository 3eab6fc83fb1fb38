"""Mitt konto: one mail a week, and a calendar address. What is urgent goes at once; nothing tells of a case."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import Connection, delete, select

from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.preferences import CalendarFeed
from avvikelse.queries.undeliverable import undeliverable
from avvikelse.services import digests, handling
from tests.conftest import Clock
from tests.support.browsing import Visitor
from tests.support.client import CheckingClient
from tests.support.mailbox import Mailbox, text_of
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

SECRET = "Kanariefågel kom inte."


def test_mails_of_a_week_come_as_one(
    world: World, app: Flask, database: Connection, client: CheckingClient, clock: Clock
) -> None:
    session, box = world.session, Mailbox(app, database, world.session, clock)
    chef = world.chef("chef-bup-behandling")
    her = Visitor.of(client, session, chef, clock.now)
    assert her.post("/konto/mejl", on="/konto", takt="vecka").status_code == 303
    assert "ett mejl i veckan" in her.text("/konto")
    reporter = world.reporter("skola-2380")
    first, second = (world.report(reporter, "bup-behandling", description=SECRET) for _ in range(2))
    severe = world.report(reporter, "bup-behandling", severity=3)
    mine = [mail for mail in box.send() if mail["To"].startswith("chef-bup")]
    assert [mail["X-Avvikelse-Notice"] for mail in mine] == ["severe"]  # a child's safety does not wait
    assert digests.gather(session, clock.now) == 0  # its day has not come
    handling.hand_over(session, chef, second.ref, world.receiver("chef-soc-2380"), "Stöd i hemmet.", now=clock.now)
    monday = clock.move(datetime(2026, 3, 16, 6, 0, tzinfo=clock.now.tzinfo))
    for _ in range(2):
        digests.gather(session, monday)
        mails = [m for m in box.send() if m["X-Avvikelse-Notice"] == "digest"]
    (digest,) = mails
    text = text_of(digest)
    assert f"{first.number}: Hos ansvarig chef" in text
    assert severe.number in text
    assert second.number not in text  # no longer hers (A39)
    assert "Kanarie" not in digest.as_string()
    digests.gather(session, clock.move(days=1))
    assert len([m for m in box.send() if m["X-Avvikelse-Notice"] == "digest"]) == 1


def test_who_changes_her_mind_gets_what_waited(world: World, app: Flask, database: Connection, clock: Clock) -> None:
    session, box = world.session, Mailbox(app, database, world.session, clock)
    chef = world.chef("chef-bup-behandling")
    digests.choose(session, chef, weekly=True, now=clock.now)
    world.report(world.reporter("skola-2380"), "bup-behandling")
    assert not [m for m in box.send() if m["To"].startswith("chef-bup")]
    digests.choose(session, chef, weekly=False, now=clock.now)
    assert [m["X-Avvikelse-Notice"] for m in box.send() if m["To"].startswith("chef-bup")] == ["new_case"]


def test_a_calendar_sees_days_and_numbers_and_nothing_else(world: World, client: CheckingClient, clock: Clock) -> None:
    session = world.session
    chef = world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), "bup-behandling", description=SECRET)
    her = Visitor.of(client, session, chef, clock.now)
    page = her.post("/konto/kalender", on="/konto").get_data(as_text=True)
    found = re.search(r"(/kalender/[A-Za-z0-9_-]{43})", page)
    assert found is not None
    address = found[1]
    assert address not in her.get("/konto").get_data(as_text=True)  # shown once
    assert address.rsplit("/", 1)[1] not in session.scalars(select(CalendarFeed.token_hash)).all()

    with client.session_transaction() as cookie:
        cookie.clear()
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(event["summary"]) == f"Frist: {case.number}"
    assert event.decoded("dtstart") == case.due_on
    assert b"Kanarie" not in answer.data
    assert client.get(f"/avvikelser/{case.ref}").status_code == 302  # the address opens nothing else
    assert client.get("/kalender/" + "x" * 43).status_code == 404

    her = Visitor.of(client, session, chef, clock.now)
    her.post("/konto/kalender/ta-bort", on="/konto")
    assert client.get(address).status_code == 404


def test_the_samordnare_sees_which_mails_reach_nobody(world: World, client: CheckingClient, clock: Clock) -> None:
    """Which case, to whom as role and unit, and the page with the address: only what is the own område's to mend."""
    session, today = world.session, clock.now.date()
    mine, other = world.samordnare("region-jh"), world.samordnare("kommun-2380/utbildning")
    chef = world.chef("chef-bup-behandling")
    reporter = world.reporter("skola-2380")
    case = world.report(reporter, "bup-behandling")
    assert undeliverable(session, mine, today) == ()
    to_chef = session.scalars(select(OutboxMail).where(OutboxMail.notice == "new_case")).one()
    to_reporter = session.scalars(select(OutboxMail).where(OutboxMail.notice == "receipt")).one()
    for mail in (to_reporter, to_chef):
        mail.failed_at, mail.next_try_at, mail.last_error = clock.now + timedelta(days=1), None, "recipient 550"
    session.flush()
    bup, school = world.unit("bup-behandling").name, world.unit("skola-2380").name
    (found,) = undeliverable(session, mine, today)
    assert (found.number, found.to, found.unit, found.refused) == (case.number, "Den som har ärendet", bup, True)
    (theirs,) = undeliverable(
        session, other, today
    )  # the other side's address is not theirs to mend, the reporter's is
    assert (theirs.number, theirs.unit) == (case.number, school)
    assert undeliverable(session, chef, today) == ()
    for sam, one, person in ((mine, found, chef), (other, theirs, reporter)):
        her = Visitor.of(client, session, sam, clock.now)
        page = her.get("/samordnarens-bord/mejl").get_data(as_text=True)
        assert page.count("Se adressen") == 1
        assert f'href="/roller/{one.assignment_id}"' in page
        assert session.get_one(User, person.user_id).email in her.text(f"/roller/{one.assignment_id}")
    assert her.get(f"/roller/{found.assignment_id}").status_code == 404  # the other område's person

    session.execute(delete(RoleAssignment).where(RoleAssignment.user_id == chef.user_id))
    to_chef.recipient_user_id, to_chef.recipient_mailbox = None, "bup@example.org"
    session.flush()
    page = Visitor.of(client, session, mine, clock.now).get("/samordnarens-bord/mejl").get_data(as_text=True)
    assert 'href="/kontaktvagar/jamtland-harjedalen/bup-behandling"' in page
    assert "Se brevlådan" in page
    assert "bup@example.org" not in page
