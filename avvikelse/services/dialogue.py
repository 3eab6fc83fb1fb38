"""Questions to the reporter, answers to them, and facts added later. Only an open question stops the clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import PartySide, Role
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import AddedFact, Question
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.answer_checks import waiting
from avvikelse.services import audit, clocks, receipts, search_index, telling
from avvikelse.services.case_access import find, require
from avvikelse.services.guarding import guard
from avvikelse.services.handling import begin
from avvikelse.services.transitions import follow


def ask(session: Session, actor: Actor, ref: str, text: str, *, version: int | None = None, now: datetime) -> Question:
    """*Fråga*: one open question at a time; the clock stands still until it is answered or closed."""
    case = begin(session, actor, ref, version=version, now=now)
    require(case, Permission.ASK)
    guard(text=text)
    if not text.strip():
        raise Invalid("Skriv din fråga.", field="text")
    if case.row.reporter_user_id is None and not receipts.can_be_reached(session, case.row):
        raise Conflict("Den som rapporterade går inte att fråga.")
    if open_question(session, case.row) is not None:
        raise Conflict("Det finns redan en fråga som väntar på svar.")
    party = case.my_party(PartySide.OWNER, PartySide.SENDER)
    role = next(
        (r for r in (Role.CHEF, Role.HANDLAGGARE, Role.SAMORDNARE) if _acts_as(actor, r, party)),
        Role.SAMORDNARE,
    )
    if waiting(session, case.row.id) is not None:
        raise Conflict("Ett svar väntar på att samordnaren läser det. Ställ frågan när det är gjort.")
    question = Question(
        avvikelse_id=case.row.id,
        asked_at=now,
        asked_by_user_id=actor.user_id,
        asked_as=role,
        omrade_id=party.omrade_id,
        text=text.strip(),
    )
    session.add(question)
    case.row.paused_since = now
    clocks.start(session, case.row)
    follow(case.row)
    session.flush()
    audit.record(session, actor, Event.QUESTION_ASKED, now=now, avvikelse_id=case.row.id, role=role.value)
    telling.send(session, case.row, Notice.QUESTION_ASKED, Audience.REPORTER, now=now)
    return question


def _acts_as(actor: Actor, role: Role, party: Party) -> bool:
    if role is Role.CHEF:
        return bool({party.position_id, party.stand_in_position_id} & actor.position_ids())
    return any(g.omrade_id == party.omrade_id for g in actor.having(role))


def answer_question(
    session: Session, actor: Actor, ref: str, question_id: int, text: str, *, now: datetime
) -> Question:
    """The reporter answers; the clock goes on, later by the days it stood still."""
    case = find(session, actor, ref)
    require(case, Permission.ANSWER_QUESTION)
    guard(text=text)
    question = session.get(Question, question_id)
    if question is None or question.avvikelse_id != case.row.id:
        raise NotFound
    if question.answered_at is not None or question.closed_at is not None:
        raise Conflict("Frågan är redan besvarad.")
    if not text.strip():
        raise Invalid("Skriv ett svar.", field="text")
    question.answered_at, question.answer = now, text.strip()
    resume(session, case.row, now=now)
    audit.record(session, actor, Event.QUESTION_ANSWERED, now=now, avvikelse_id=case.row.id, role=case.role)
    telling.send(session, case.row, Notice.QUESTION_ANSWERED, Audience.OWNER, now=now)
    return question


def answer_open_question(session: Session, actor: Actor, ref: str, text: str, *, now: datetime) -> Question:
    """Answer the one question that waits. Raises Conflict when none does."""
    case = find(session, actor, ref)
    waiting = open_question(session, case.row)
    if waiting is None:
        raise Conflict("Det finns ingen fråga som väntar på svar.")
    return answer_question(session, actor, ref, waiting.id, text, now=now)


def close_question(session: Session, row: Avvikelse, question: Question, *, now: datetime) -> None:
    """The system closes a question that has waited too long; the case goes on without the answer."""
    question.closed_at = now
    resume(session, row, now=now)
    audit.record(session, SYSTEM, Event.QUESTION_CLOSED, now=now, avvikelse_id=row.id)
    telling.send(session, row, Notice.QUESTION_CLOSED, Audience.OWNER, now=now)
    telling.send(session, row, Notice.QUESTION_CLOSED, Audience.REPORTER, now=now)


def resume(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """Let the clock go on after a pause."""
    if row.paused_since is not None:
        days = (local_date(now) - local_date(row.paused_since)).days
        row.paused_days += days
        row.status_paused_days += days
        row.again_paused_days += days
        row.paused_since = None
    clocks.start(session, row)
    follow(row)
    session.flush()


def add_fact(session: Session, actor: Actor, ref: str, text: str, *, now: datetime) -> AddedFact:
    """The reporter adds something after sending."""
    case = find(session, actor, ref)
    require(case, Permission.ADD_FACT)
    guard(text=text)
    if not text.strip():
        raise Invalid("Skriv vad du vill lägga till.", field="text")
    known = session.scalar(
        select(AddedFact).where(AddedFact.avvikelse_id == case.row.id, AddedFact.text == text.strip()).limit(1)
    )
    if known is not None:
        return known  # sent twice: said once
    fact = AddedFact(avvikelse_id=case.row.id, at=now, text=text.strip())
    session.add(fact)
    session.flush()
    search_index.refresh(session, case.row)
    audit.record(session, actor, Event.FACT_ADDED, now=now, avvikelse_id=case.row.id, role=case.role)
    telling.send(session, case.row, Notice.FACT_ADDED, Audience.OWNER, now=now, key=f"fact{fact.id}")
    return fact


def open_question(session: Session, row: Avvikelse) -> Question | None:
    """The question that the reporter has not answered yet."""
    return session.scalar(
        select(Question).where(
            Question.avvikelse_id == row.id, Question.answered_at.is_(None), Question.closed_at.is_(None)
        )
    )
