"""F 3.02 through HTTP: a case in which nobody ever does anything, walked by a moved clock until the group has decided.

Everything that people see is fetched from pages and mails; only the days are moved and the job is run.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Status
from avvikelse.domain.workdays import is_workday, local_date
from avvikelse.jobs import tasks_ladder
from avvikelse.jobs.house import House
from avvikelse.models.avvikelse import Avvikelse, LadderStep
from avvikelse.models.identity import User
from tests.conftest import Clock
from tests.support.browsing import Visitor
from tests.support.client import CheckingClient
from tests.support.mailbox import Mailbox
from tests.support.world import World

SEVEN = 7  # the job is watched at seven every morning
KEY = "X-Avvikelse-Notice"


class Days:
    """Lets days pass: each morning the ladder is climbed and the mails are sent."""

    def __init__(self, app: Flask, database: Connection, session: Session, clock: Clock) -> None:
        self.house = House(app.extensions["settings"], database)
        self.session, self.clock = session, clock
        self.box = Mailbox(app, database, session, clock)
        self.seen = 0
        self.log: list[tuple[date, str, str, str]] = []  # (day, notice, address, subject)

    def pass_until(self, day: date) -> None:
        while local_date(self.clock.now) < day:
            tomorrow = date.fromordinal(local_date(self.clock.now).toordinal() + 1)
            self.morning(tomorrow)

    def morning(self, day: date) -> None:
        self.clock.move(datetime(day.year, day.month, day.day, SEVEN, tzinfo=ZoneInfo("Europe/Stockholm")))
        self.session.commit()
        tasks_ladder.climb(self.house, self.clock.now)
        self.collect()

    def collect(self) -> None:
        mails = self.box.send()
        for mail in mails[self.seen :]:
            self.log.append((local_date(self.clock.now), mail[KEY], mail["To"], mail["Subject"]))
            assert KANARIE not in text_of(mail)
        self.seen = len(mails)

    def to(self, address: str) -> list[tuple[date, str]]:
        return [(day, notice) for day, notice, who, _ in self.log if who == address]


KANARIE = "Kanariefågel"


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return f"{mail['Subject']} {body.get_content()}"


@pytest.fixture
def days(app: Flask, database: Connection, session: Session, clock: Clock) -> Days:
    return Days(app, database, session, clock)


def address(session: Session, actor: Actor) -> str:
    return session.get_one(User, actor.user_id).email


def test_a_case_that_nobody_touches_reaches_the_group_and_the_group_above(
    days: Days, client: CheckingClient, session: Session, clock: Clock
) -> None:
    world = World.of(session, clock.now)
    reporter, chef = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    deputy, sam = world.chef("chef-bup-mottagning"), world.samordnare("region-jh")
    birger, above = world.convenor("birger"), world.convenor("jamtbus-regionalt")
    case = world.report(reporter, "bup-behandling", description=f"{KANARIE} kom inte till mötet.")
    ref, number = case.ref, case.number
    days.collect()
    who = {name: address(session, actor) for name, actor in (
        ("chef", chef), ("deputy", deputy), ("sam", sam), ("birger", birger), ("above", above), ("reporter", reporter),
    )}  # fmt: skip

    # --- the manager does not answer: her substitute may step in, and is not let in before
    assert Visitor.of(client, session, deputy, clock.now).get(f"/avvikelser/{ref}").status_code == 404
    days.pass_until(date(2026, 3, 19))
    assert days.to(who["chef"]) == [
        (date(2026, 3, 11), "new_case"),
        (date(2026, 3, 17), "soon_mottagen"),
        (date(2026, 3, 19), "remind_mottagen"),
    ]
    assert days.to(who["deputy"]) == [(date(2026, 3, 19), "step_in_substitute")]
    page = Visitor.of(client, session, deputy, clock.now).text(f"/avvikelser/{ref}")
    assert "Det här väntar på dig" in page
    assert "Har trätt in" in page
    assert "Ta emot" in page
    assert number in Visitor.of(client, session, deputy, clock.now).text("/arenden")

    # --- nor does she: no pack has a position above, so the samordnare hears it, again and again
    days.pass_until(date(2026, 4, 20))
    assert [notice for _, notice in days.to(who["sam"])][:2] == ["late_samordnare", "late_samordnare"]
    assert {notice for _, notice in days.to(who["deputy"])} >= {"soon_forsta_svar", "remind_forsta_svar"}
    assert session.scalars(select(Avvikelse.status)).one() is Status.ASSIGNED
    assert not days.to(who["birger"])

    # --- sixty days, and two weeks: the group gets a question without a word of the case
    days.pass_until(date(2026, 5, 24))
    assert session.scalars(select(Avvikelse.status)).one() is Status.ASSIGNED
    days.pass_until(date(2026, 5, 25))  # the fourteenth day is a Sunday
    assert session.scalars(select(Avvikelse.status)).one() is Status.WITH_GROUP
    assert days.to(who["birger"]) == [(date(2026, 5, 25), "group_question")]
    assert (date(2026, 5, 25), "svar_to_group") in days.to(who["chef"])
    assert (date(2026, 5, 18), "svar_to_group_soon") in days.to(who["chef"])
    assert (date(2026, 5, 25), "case_lifted") in days.to(who["reporter"])
    group = f"/grupper/{world.group('birger').id}/2026-05"
    page = Visitor.of(client, session, birger, clock.now).text(group)
    assert "väntat på svar längre än tänkt" in page
    assert number not in page
    assert KANARIE not in page
    assert "samverkansgruppen" in Visitor.of(client, session, reporter, clock.now).text(f"/avvikelser/{ref}")

    # --- the group does not meet it in time either: the one above gets it, and decides
    days.pass_until(date(2026, 8, 31))
    assert [notice for _, notice in days.to(who["birger"])] == ["group_question", "soon_grupp", "remind_grupp"]
    assert "group_question" in {notice for _, notice in days.to(who["above"])}
    her = Visitor.of(client, session, above, clock.now)
    month = f"/grupper/{world.group('jamtbus-regionalt').id}/2026-08"
    question = re.search(r'href="(/grupper/\d+/fragor/[^"/]+)"', her.get(month).get_data(as_text=True))
    assert question is not None
    decided = her.post(
        question[1], on=question[1], decision="BUP tar emot och svarar.", owner="BUP", due_on="2026-09-15"
    )
    assert decided.status_code == 302
    assert "Samverkansgruppen beslutade" in Visitor.of(client, session, chef, clock.now).text(f"/avvikelser/{ref}")
    assert session.scalars(select(Avvikelse.due_on)).one() == date(2026, 9, 30)  # thirty days to answer

    # --- once each, never on a free day, and every step is remembered
    assert all(is_workday(day) for day, *_ in days.log)
    steps = Counter((s.clock, s.subject, s.due_on, s.step) for s in session.scalars(select(LadderStep)))
    assert set(steps.values()) == {1}
    assert len(days.log) == len({(day, notice, to, subject) for day, notice, to, subject in days.log})


def test_the_ladder_climbs_the_same_when_the_job_comes_late_or_twice(
    days: Days, session: Session, clock: Clock
) -> None:
    """The job was away from day 2 to day 40: what should have been said before is not said after, one step a day."""
    world = World.of(session, clock.now)
    chef, deputy = world.chef("chef-bup-behandling"), world.chef("chef-bup-mottagning")
    world.report(world.reporter("skola-2380"), "bup-behandling")
    days.collect()
    days.morning(date(2026, 4, 20))
    days.morning(date(2026, 4, 20))
    told = [(day, notice) for day, notice in days.to(address(session, chef)) if day > date(2026, 3, 11)]
    assert sorted(told) == [(date(2026, 4, 20), "remind_forsta_svar"), (date(2026, 4, 20), "remind_mottagen")]
    days.morning(date(2026, 4, 21))
    assert days.to(address(session, deputy)).count((date(2026, 4, 20), "step_in_substitute")) == 1
    later = [notice for day, notice in days.to(address(session, chef)) if day == date(2026, 4, 21)]
    assert later == []  # the next step goes to somebody else
