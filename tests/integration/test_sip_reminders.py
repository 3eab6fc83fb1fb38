"""SIP numbers that are missing when the half-year is over: who gets one mail, when, and who gets none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.analysis.indicators.sip_totals import SipCount
from avvikelse.domain.actor import Actor
from avvikelse.domain.notices import Notice
from avvikelse.domain.sip import is_time_to_remind
from avvikelse.domain.vocabulary import FunktionKind, Role
from avvikelse.jobs.registry import find
from avvikelse.models.identity import User
from avvikelse.models.organisation import Funktion, Pack
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries.sip_counters import late_counters
from avvikelse.services import mail_rules, outbox, sip, sip_reminders
from tests.support.queries import counted
from tests.support.world import World

HALF = (2026, 1)
TIME = datetime(2026, 8, 14, 8, 0, tzinfo=UTC)  # a Friday, 45 days after the half-year
NEVER = SipCount(new=0, held=0)


class Stage:
    def __init__(self, world: World, clock: Any) -> None:
        self.world, self.clock = world, clock
        self.region, self.kommun = self.counter("region-jh"), self.counter("kommun-2380")
        world.session.query(Funktion).filter_by(kind=FunktionKind.SIP_SAMORDNARE).update({"mailbox": None})
        self.move(TIME)

    @property
    def session(self) -> Session:
        return self.world.session

    def counter(self, slug: str) -> Actor:
        return self.world.grant(f"sip-{slug}", Role.SIP_SAMORDNARE, huvudman_id=self.world.huvudman(slug).id)

    def move(self, to: datetime) -> None:
        self.world.now = self.clock.move(to=to)

    def remind(self) -> int:
        return sip_reminders.remind(self.session, self.clock.now)

    def count(self, actor: Actor, *kommuner: str) -> None:
        for code in kommuner:
            sip.report(self.session, actor, code, HALF, NEVER, seen_version=0, now=self.clock.now)

    def kommuner(self) -> list[str]:
        return list(self.session.get_one(Pack, self.world.pack.id).kommuner)

    def mails(self) -> list[OutboxMail]:
        query = select(OutboxMail).where(OutboxMail.notice == Notice.SIP_MISSING.value).order_by(OutboxMail.id)
        return list(self.session.scalars(query))

    def people(self) -> set[int | None]:
        return {mail.recipient_user_id for mail in self.mails()}

    def still_true(self) -> list[bool]:
        mail_rules.enter()
        rule = outbox.RECHECK[Notice.SIP_MISSING]
        return [rule(self.session, mail, self.clock.now) for mail in self.mails()]


@pytest.fixture
def stage(session: Session, clock: Any) -> Stage:
    return Stage(World.of(session, clock.now), clock)


@pytest.mark.parametrize(
    ("half", "day", "expected"),
    [
        ((2026, 1), date(2026, 8, 13), False), ((2026, 1), date(2026, 8, 14), True),
        ((2026, 1), date(2026, 9, 13), True), ((2026, 1), date(2026, 9, 14), False),
        ((2025, 2), date(2026, 2, 14), False),  # a Saturday
        ((2025, 2), date(2026, 2, 16), True),
    ],
)  # fmt: skip
def test_when_it_is_time(half: tuple[int, int], day: date, expected: bool) -> None:
    assert is_time_to_remind(half, day) is expected


def test_each_counter_gets_one_mail_however_many_kommuner_are_missing(stage: Stage) -> None:
    stage.move(TIME - timedelta(days=1))
    assert stage.remind() == 0
    stage.move(TIME)
    assert stage.remind() == 2
    stage.move(TIME + timedelta(days=20))
    assert stage.remind() == 0  # run again, mailed once
    assert stage.people() == {stage.region.user_id, stage.kommun.user_id}
    assert stage.mails()[0].params == {"year": 2026, "half": 1}


def test_nobody_is_asked_for_what_another_is_to_count(stage: Stage) -> None:
    stage.count(stage.region, *(code for code in stage.kommuner() if code != "2380"))
    assert stage.remind() == 1
    assert stage.people() == {stage.kommun.user_id}  # the region could count Östersund, but Östersund does it itself


def test_who_has_counted_is_left_alone_and_zero_is_counted(stage: Stage) -> None:
    stage.count(stage.kommun, "2380")
    assert stage.remind() == 1
    assert stage.people() == {stage.region.user_id}


def test_a_mail_that_waits_is_dropped_when_the_numbers_have_come(stage: Stage) -> None:
    stage.remind()
    assert stage.still_true() == [True, True]
    stage.count(stage.kommun, "2380")
    assert stage.still_true() == [mail.recipient_user_id == stage.region.user_id for mail in stage.mails()]
    stage.count(stage.region, *(code for code in stage.kommuner() if code != "2380"))
    assert stage.still_true() == [False, False]


def test_who_has_left_gets_none_and_her_mail_is_dropped(stage: Stage) -> None:
    stage.remind()
    stage.session.get_one(User, stage.kommun.user_id or 0).active = False
    stage.session.flush()
    assert stage.still_true() == [mail.recipient_user_id == stage.region.user_id for mail in stage.mails()]


def test_a_funktion_without_holder_is_asked_in_its_mailbox(stage: Stage) -> None:
    funktion = stage.session.scalars(
        select(Funktion).where(
            Funktion.kind == FunktionKind.SIP_SAMORDNARE, Funktion.pack_id == stage.world.pack.id,
            Funktion.huvudman_id == stage.world.huvudman("region-jh").id,
        )
    ).first() or Funktion(
        pack_id=stage.world.pack.id, slug="sip-prov", name="SIP-samordnare", kind=FunktionKind.SIP_SAMORDNARE,
        huvudman_id=stage.world.huvudman("region-jh").id,
    )  # fmt: skip
    funktion.mailbox = "sip@region.example.org"
    stage.session.add(funktion)
    stage.remind()
    assert all(mail.recipient_mailbox is None for mail in stage.mails())  # somebody holds it
    stage.session.get_one(User, stage.region.user_id or 0).active = False
    stage.session.flush()
    assert stage.remind() == 1
    assert stage.mails()[-1].recipient_mailbox == "sip@region.example.org"
    assert stage.still_true()[-1]
    funktion.active_to = date(2026, 8, 1)
    stage.session.flush()
    assert not stage.still_true()[-1]


def test_it_runs_every_morning_and_reads_the_same_whatever_there_is(stage: Stage) -> None:
    assert find("remind_of_sip").schedule.slot(TIME) == "2026-08-14"
    with counted(stage.session) as statements:
        late_counters(stage.session, HALF, TIME.date())
    assert len(statements) == 5
