"""What the reminder job does when days pass: once per due day, never twice, and nothing closes as good by silence."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.vocabulary import Outcome, Status
from avvikelse.models.dialogue import Answer
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import answers, dialogue
from avvikelse.services.reminders import remind
from tests.scenarios.test_main_job import QUICK
from tests.support.world import World


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World.of(session, now)


def notices(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMail.notice).order_by(OutboxMail.id)))


def test_a_manager_is_reminded_once_per_due_day(world: World) -> None:
    session, now = world.session, world.now
    world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    assert case.due_on is not None
    remind(session, now + timedelta(days=5))
    assert "remind_mottagen" not in notices(session)
    late = datetime.combine(case.due_on, now.timetz()) + timedelta(days=1)
    for _ in range(3):
        remind(session, late)
    assert notices(session).count("remind_mottagen") == 1


def test_silence_is_closed_without_verdict_after_30_days(world: World) -> None:
    session, now = world.session, world.now
    bup = world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    answers.answer(session, bup, case.ref, QUICK, now=now)
    remind(session, now + timedelta(days=30))
    assert case.status is Status.ANSWERED
    remind(session, now + timedelta(days=31))
    assert case.status is Status.CLOSED
    assert case.outcome is Outcome.ANSWERED
    assert session.scalars(select(Answer.rating).where(Answer.avvikelse_id == case.id)).one() is None


def test_a_question_is_reminded_then_closed_and_the_clock_goes_on(world: World) -> None:
    session, now = world.session, world.now
    bup = world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    dialogue.ask(session, bup, case.ref, "Vilket slags möte var det?", now=now)
    remind(session, now + timedelta(days=8))
    remind(session, now + timedelta(days=9))
    assert notices(session).count("remind_fraga") == 1
    assert case.due_on is None
    remind(session, now + timedelta(days=31))
    assert case.paused_days == 31
    assert case.due_on is not None
