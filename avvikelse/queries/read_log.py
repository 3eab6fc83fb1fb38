"""Who opened which case: the record of readings, for whoever reviews it. Open for `/laslogg`.

A reviewer sees what was read *for* her own sekretessområden, and nothing of what the other party's people read in the
same case. The case is a number without a link: reviewing gives no way into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.log_review import Finding
from avvikelse.domain.relation import REPORTING, Relation
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import end_of_day, start_of_day
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.identity import User
from avvikelse.models.organisation import Sekretessomrade
from avvikelse.queries.word_search import has_words

PAGE_SIZE = 50
SAMPLE = 20
REVIEWS_SHOWN, REVIEWS_SEARCHED = 20, 500
# Beside these, whoever has done something in a case had something to do there.
_NO_ERRAND = (Event.CASE_READ, Event.SEARCHED, Event.REFUSED, Event.LOG_REVIEWED)


@dataclass(frozen=True, slots=True)
class Reader:
    """`cases` = how many different ones were opened; `without_errand` of them have nothing else that she did."""

    user_id: int
    name: str
    email: str
    cases: int
    without_errand: int


@dataclass(frozen=True, slots=True)
class Reading:
    at: datetime
    number: str
    user_id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Readings:
    rows: tuple[Reading, ...]
    total: int
    number: int


@dataclass(frozen=True, slots=True)
class Review:
    at: datetime
    by: str
    name: str
    first: date
    last: date
    finding: Finding


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the log. Days both included; `case` a whole case number, `words` of a name or an address."""

    first: date
    last: date
    case: str = ""
    words: str = ""
    user_id: int | None = None


def reviewed(session: Session, actor: Actor) -> tuple[tuple[int, str], ...]:
    """(id, name) of the sekretessområden that the actor reviews."""
    mine = actor.omrade_ids(Role.LOGGRANSKARE)
    rows = session.execute(
        select(Sekretessomrade.id, Sekretessomrade.name)
        .where(Sekretessomrade.id.in_(mine))
        .order_by(Sekretessomrade.name)
    )
    return tuple((id_, name) for id_, name in rows)


def sample(session: Session, actor: Actor, question: Question) -> tuple[Reader, ...]:
    """Where to begin: who has opened most cases without having done anything else in them."""
    opened = (
        select(AuditEvent.user_id, AuditEvent.avvikelse_id)
        .where(_within(actor, question), AuditEvent.role.not_in([relation.value for relation in REPORTING]))
        .distinct()
        .subquery()
    )
    acted = (
        select(AuditEvent.user_id, AuditEvent.avvikelse_id)
        .where(
            AuditEvent.user_id.in_(select(opened.c.user_id)),
            AuditEvent.avvikelse_id.is_not(None),
            AuditEvent.event.not_in(_NO_ERRAND),
            AuditEvent.at >= start_of_day(question.first),
        )
        .distinct()
        .subquery()
    )
    without = func.sum(case((acted.c.avvikelse_id.is_(None), 1), else_=0))
    rows = session.execute(
        select(User.id, User.name, User.email, func.count(), without)
        .select_from(opened)
        .join(User, User.id == opened.c.user_id)
        .outerjoin(acted, and_(acted.c.user_id == opened.c.user_id, acted.c.avvikelse_id == opened.c.avvikelse_id))
        .group_by(User.id, User.name, User.email)
        .order_by(without.desc(), func.count().desc(), User.name)
        .limit(SAMPLE)
    )
    return tuple(Reader(*row) for row in rows)


def readings(session: Session, actor: Actor, question: Question, number: int = 1) -> Readings:
    """What fits the question, the latest first."""
    query = _readings().where(_within(actor, question), *_asked(question))
    total = session.scalar(query.with_only_columns(func.count())) or 0
    page = query.order_by(AuditEvent.seq.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Readings(tuple(_reading(row) for row in session.execute(page)), total, number)


def reader(session: Session, actor: Actor, user_id: int, question: Question) -> Reader:
    """One person who has read for the actor's områden. Raises NotFound for everybody else."""
    known = session.execute(
        select(User.name, User.email).where(
            User.id == user_id,
            select(AuditEvent.seq)
            .where(
                AuditEvent.event == Event.CASE_READ,
                AuditEvent.user_id == user_id,
                AuditEvent.omrade_id.in_(actor.omrade_ids(Role.LOGGRANSKARE)),
            )
            .exists(),
        )
    ).one_or_none()
    if known is None:
        raise NotFound
    found = session.scalar(
        select(func.count(AuditEvent.avvikelse_id.distinct())).where(
            _within(actor, question), AuditEvent.user_id == user_id
        )
    )
    return Reader(user_id, known.name, known.email, found or 0, 0)


def reviews(session: Session, actor: Actor, user_id: int | None = None) -> tuple[Review, ...]:
    """The latest reviews in the actor's områden, of one person or of all."""
    by = aliased(User)
    query = (
        select(AuditEvent.at, AuditEvent.detail, by.name)
        .join(by, by.id == AuditEvent.user_id)
        .where(AuditEvent.event == Event.LOG_REVIEWED, AuditEvent.omrade_id.in_(actor.omrade_ids(Role.LOGGRANSKARE)))
        .order_by(AuditEvent.seq.desc())
    )
    rows = session.execute(query.limit(REVIEWS_SHOWN if user_id is None else REVIEWS_SEARCHED)).all()
    if user_id is not None:
        rows = [row for row in rows if row.detail["user"] == user_id][:REVIEWS_SHOWN]
    names = _names(session, {row.detail["user"] for row in rows})
    return tuple(
        Review(
            row.at,
            row.name,
            names[row.detail["user"]],
            date.fromisoformat(row.detail["first"]),
            date.fromisoformat(row.detail["last"]),
            Finding(row.detail["finding"]),
        )
        for row in rows
    )


def _readings() -> Select[*tuple[Any, ...]]:
    return (
        select(AuditEvent.at, Avvikelse.number, User.id, User.name, AuditEvent.role)
        .join(User, User.id == AuditEvent.user_id)
        .join(Avvikelse, Avvikelse.id == AuditEvent.avvikelse_id)
    )


def _reading(row: Any) -> Reading:
    return Reading(row.at, row.number, row.id, row.name, Relation(row.role).label)


def _within(actor: Actor, question: Question) -> ColumnElement[bool]:
    """Readings for the actor's områden in the period."""
    return and_(
        AuditEvent.event == Event.CASE_READ,
        AuditEvent.omrade_id.in_(actor.omrade_ids(Role.LOGGRANSKARE)),
        AuditEvent.at >= start_of_day(question.first),
        AuditEvent.at < end_of_day(question.last),
    )


def _asked(question: Question) -> Iterable[ColumnElement[bool]]:
    if question.user_id is not None:
        yield AuditEvent.user_id == question.user_id
    if question.case:
        yield Avvikelse.number == question.case.upper()
    yield from has_words(question.words, User.name, User.email)


def _names(session: Session, user_ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(User.id, User.name).where(User.id.in_(set(user_ids))))
    return {row.id: row.name for row in rows}
