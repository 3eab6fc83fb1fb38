"""The demo: everything that `make run` promises is there, made by the services, once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.dev import seeding, words
from avvikelse.dev.narratives import narratives
from avvikelse.dev.people import PASSWORD, SYSTEM_ADMINISTRATOR, everybody
from avvikelse.domain.persondata import blocking
from avvikelse.domain.vocabulary import OPEN_STATUSES, Outcome, Rating, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Enhet
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import audit, passwords


@pytest.mark.slow
def test_the_demo_shows_everything_once(session: Session, now: datetime) -> None:
    told = seeding.seed(session, now=now)
    assert told is not None
    assert told.cases >= 150
    assert seeding.seed(session, now=now) is None
    cases = session.scalars(select(Avvikelse)).all()
    assert len(cases) == told.cases
    assert {case.status for case in cases} >= set(OPEN_STATUSES)
    assert {case.outcome for case in cases} >= set(Outcome)
    assert set(session.scalars(select(Answer.rating))) >= set(Rating)
    today = local_date(now)
    assert any(case.due_on is not None and case.due_on < today for case in cases)
    assert any(case.paused_since is not None for case in cases)
    assert any(case.returned and case.vaxlingar >= 2 for case in cases)
    assert any(case.earlier_id is not None for case in cases)
    assert all(case.submitted_at <= now and (case.closed_at is None or case.closed_at <= now) for case in cases)
    per_month = Counter(f"{case.submitted_at:%Y-%m}" for case in cases)
    assert len(per_month) >= 15
    assert audit.verify(session).ok
    waiting = session.scalars(select(OutboxMail.created_at).where(OutboxMail.next_try_at.is_not(None))).all()
    assert all(queued >= now - timedelta(days=1) for queued in waiting)
    assert set(session.scalars(select(RoleAssignment.role))) == set(Role)
    assert session.scalar(select(func.count()).select_from(Enhet).where(Enhet.phone.is_(None))) == 0
    admin = session.scalars(select(User).where(User.email == SYSTEM_ADMINISTRATOR.email)).one()
    assert passwords.verify(admin.password_hash, PASSWORD)


def test_every_narrative_has_a_story_and_a_sentence_without_personal_data() -> None:
    keys = {story.id for story in narratives()}
    assert keys == set(seeding.STORIES) == set(words.GRUPPMENINGAR)
    for sentence in words.GRUPPMENINGAR.values():
        assert 10 <= len(sentence) <= 200
        assert not blocking(sentence)


def test_no_address_is_used_twice() -> None:
    emails = [person.email for person in everybody()]
    assert len(emails) == len(set(emails))
