"""The demo: everything that `make run` promises is there, made by the services, once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.dev import agreements, group_words, reading_stories, seeding, words
from avvikelse.dev.group_words import STORIES
from avvikelse.dev.narratives import narratives
from avvikelse.dev.people import PASSWORD, SYSTEM_ADMINISTRATOR, everybody
from avvikelse.domain.carrying import must_choose
from avvikelse.domain.group_words import CandidateStatus, DecisionStatus, MeetingStatus, Presence, StoryStatus
from avvikelse.domain.persondata import blocking
from avvikelse.domain.vocabulary import (
    OPEN_STATUSES,
    Again,
    GroupQuestionKind,
    GroupQuestionStatus,
    Outcome,
    Rating,
    Role,
)
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import db
from avvikelse.models.dialogue import Answer, EffectQuestion
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion, MonthSummary
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.learning import BoardFigures, LearningStory
from avvikelse.models.meeting_papers import MeetingPapers
from avvikelse.models.meetings import Attendance, GroupMeeting
from avvikelse.models.organisation import Enhet
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.themes import ProblemTypeCase, ThemeCandidate
from avvikelse.queries import read_log
from avvikelse.queries.identity import actor_of
from avvikelse.queries.read_log import Question
from avvikelse.services import audit, passwords
from tests.conftest import build_app, dispose
from tests.support.databases import demo_database
from tests.support.settings import make_settings


@pytest.fixture
def demo(dialect: str, tmp_path: Path) -> Iterator[Session]:
    """A session on the demo."""
    with demo_database(dialect) as url:
        app = build_app(make_settings(url, tmp_path))
        with app.app_context():
            yield db.session()
        dispose(app)


@pytest.mark.slow
def test_the_demo_shows_everything_once(demo: Session) -> None:
    session, now = demo, datetime.now(UTC)
    assert seeding.seed(session, now=now) is None
    cases = session.scalars(select(Avvikelse)).all()
    assert len(cases) >= 150
    assert {case.status for case in cases} >= set(OPEN_STATUSES)
    assert {case.outcome for case in cases} >= set(Outcome)
    assert set(session.scalars(select(Answer.rating))) >= set(Rating)
    today = local_date(now)
    assert any(case.due_on is not None and case.due_on < today for case in cases)
    assert any(case.paused_since is not None for case in cases)
    assert any(case.returned and case.vaxlingar >= 2 for case in cases)
    assert any(case.earlier_id is not None for case in cases)
    assert all(case.submitted_at <= now and (case.closed_at is None or case.closed_at <= now) for case in cases)
    questions = session.scalars(select(EffectQuestion)).all()
    assert any(q.answered_on is None and q.closed_on is None for q in questions)
    assert {q.again for q in questions} >= {None, *Again}
    assert session.scalar(select(GroupQuestion.id).where(GroupQuestion.kind == GroupQuestionKind.EFFECT).limit(1))
    per_month = Counter(f"{case.submitted_at:%Y-%m}" for case in cases)
    assert len(per_month) >= 15
    assert audit.verify(session).ok
    waiting = session.scalars(select(OutboxMail.created_at).where(OutboxMail.next_try_at.is_not(None))).all()
    assert all(queued >= now - timedelta(days=1) for queued in waiting)
    assert set(session.scalars(select(RoleAssignment.role))) == set(Role)
    assert session.scalar(select(func.count()).select_from(Enhet).where(Enhet.phone.is_(None))) == 0
    admin = session.scalars(select(User).where(User.email == SYSTEM_ADMINISTRATOR.email)).one()
    assert passwords.verify(admin.password_hash, PASSWORD)


@pytest.mark.slow
def test_the_demos_groups_have_met_decided_and_told(demo: Session) -> None:
    def states(column: Any) -> set[Any]:
        return set(demo.scalars(select(column)))

    assert states(GroupMeeting.status) >= {MeetingStatus.PLANNED, MeetingStatus.CLOSED, MeetingStatus.CANCELLED}
    assert states(Attendance.presence) == {Presence.PRESENT, Presence.MISSING}
    assert states(GroupDecision.status) >= {DecisionStatus.OPEN, DecisionStatus.DONE, DecisionStatus.LIFTED}
    assert any(must_choose(d.status, d.carried) for d in demo.scalars(select(GroupDecision)))
    assert demo.scalar(select(GroupDecision.id).where(GroupDecision.published_at.is_(None)).limit(1))
    assert demo.scalar(select(GroupMeeting.id).where(GroupMeeting.minutes_published_at.is_not(None)).limit(1))
    assert states(ThemeCandidate.status) >= {CandidateStatus.WAITING, CandidateStatus.CONFIRMED}
    counts = Counter(demo.scalars(select(ProblemTypeCase.problem_type_id)))
    assert max(counts.values()) >= 5  # large enough for Läget to say its number
    assert demo.scalar(select(func.count()).where(LearningStory.status == StoryStatus.PUBLISHED)) == len(STORIES)
    assert demo.scalar(select(func.count()).select_from(BoardFigures)) == 3
    assert demo.scalar(select(MeetingPapers.id).limit(1))
    asked = demo.scalars(select(GroupQuestion.status).where(GroupQuestion.kind == GroupQuestionKind.PROPOSAL))
    assert set(asked) == {GroupQuestionStatus.OPEN, GroupQuestionStatus.ANSWERED}


@pytest.mark.slow
def test_a_month_shows_which_points_break_most_of_an_avtal_that_is_made_up(demo: Session) -> None:
    newest = demo.scalars(
        select(MonthSummary)
        .join(Samverkansgrupp, Samverkansgrupp.id == MonthSummary.group_id)
        .where(Samverkansgrupp.slug == "birger")
        .order_by(MonthSummary.month.desc(), MonthSummary.version.desc())
    ).first()
    assert newest is not None
    points = newest.content["points"]
    assert len(points) >= 2  # those of stories with a day of their own; what else there is differs from day to day
    assert {row["avtal"] for row in points} == {agreements.AVTAL}


@pytest.mark.slow
def test_a_log_reviewer_of_the_demo_has_something_to_review(demo: Session) -> None:
    now = datetime.now(UTC)
    reviewer = actor_of(
        demo, demo.scalars(select(User.id).where(User.email == "logg@example.org")).one(), local_date(now)
    )
    question = Question(local_date(now) - timedelta(days=30), local_date(now))
    readers = read_log.sample(demo, reviewer, question)
    assert {reader.email for reader in readers} >= {email for email, _, _ in reading_stories.READERS}
    assert any(reader.without_errand for reader in readers)
    assert read_log.readings(demo, reviewer, question).total >= len(readers)


def test_what_the_groups_write_holds_no_personal_data() -> None:
    own = [one for one in vars(group_words).values() if is_dataclass(one) and not isinstance(one, type)]
    written = json.dumps([asdict(one) for one in own], ensure_ascii=False)
    stories = json.dumps([asdict(one) for one in STORIES.values()], ensure_ascii=False)
    assert not blocking(written)
    assert not blocking(stories)


def test_every_narrative_has_a_story_and_a_sentence_without_personal_data() -> None:
    keys = {story.id for story in narratives()}
    assert keys == set(seeding.STORIES) == set(words.GRUPPMENINGAR)
    for sentence in (*words.GRUPPMENINGAR.values(), *chain.from_iterable(words.CHANGED.values())):
        assert 10 <= len(sentence) <= 200
        assert not blocking(sentence)


def test_no_address_is_used_twice() -> None:
    emails = [person.email for person in everybody()]
    assert len(emails) == len(set(emails))
