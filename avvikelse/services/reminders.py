"""What happens when a clock runs out: remind the owner, close what nobody answers.

May run twice or late; it selects from data.

The full ladder of escalation is a later room; this one reminds once per due day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.deadlines import ClockId
from avvikelse.domain.notices import Notice, reminder_for
from avvikelse.domain.vocabulary import AtgardStatus, PartySide, Status
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard, Question
from avvikelse.queries.limits import limits_of
from avvikelse.services import answers, dialogue, telling

BATCH = 500  # a run takes at most so many of each; the next one takes the rest
LONGEST_ATGARD_REMINDED = timedelta(days=30)


def remind(session: Session, now: datetime) -> int:
    """Do everything whose day has passed. Returns how many cases were touched."""
    today = local_date(now)
    return (
        _late_owners(session, now, today)
        + _silent_answers(session, now, today)
        + _questions(session, now, today)
        + _late_atgarder(session, now, today)
    )


def _late_owners(session: Session, now: datetime, today: date) -> int:
    """One reminder per owner and due day; the party remembers it, so that a late case costs nothing at the next run."""
    rows = session.execute(
        select(Party, Avvikelse)
        .join(Avvikelse, Avvikelse.id == Party.avvikelse_id)
        .where(
            Party.side == PartySide.OWNER,
            Party.open,
            Party.due_on < today,
            Party.status != Status.ANSWERED,
            or_(Party.reminded_for.is_(None), Party.reminded_for != Party.due_on),
        )
        .order_by(Party.due_on, Party.id)
        .limit(BATCH)
    ).all()
    for party, row in rows:
        party.reminded_for = party.due_on
        notice = reminder_for(ClockId(row.due_clock)) if row.due_clock else None
        if notice is not None:
            audience = Audience.CONVENOR if row.status is Status.WITH_GROUP else Audience.OWNER
            telling.send(session, row, notice, audience, now=now, key=f"due{party.due_on.isoformat()}")
    return len(rows)


def _silent_answers(session: Session, now: datetime, today: date) -> int:
    """No verdict in time: closed as "inget betyg"."""
    rows = session.scalars(
        select(Avvikelse)
        .where(Avvikelse.status == Status.ANSWERED, Avvikelse.due_on < today)
        .order_by(Avvikelse.due_on)
        .limit(BATCH)
    ).all()
    for row in rows:
        answers.close_silent(session, row, now=now)
    return len(rows)


def _questions(session: Session, now: datetime, today: date) -> int:
    """Day 7: a reminder to the reporter. Day 30: the question is closed and the case goes on."""
    rows = session.execute(
        select(Question, Avvikelse)
        .join(Avvikelse, Avvikelse.id == Question.avvikelse_id)
        .where(
            Question.answered_at.is_(None),
            Question.closed_at.is_(None),
            Question.asked_at < now - timedelta(days=1),
            Avvikelse.status != Status.CLOSED,
        )
        .order_by(Question.asked_at)
        .limit(BATCH)
    ).all()
    touched = 0
    for question, row in rows:
        limits, asked = limits_of(session, row.pack_id), local_date(question.asked_at)
        if limits.of(ClockId.FRAGA).after(asked) < today:
            dialogue.close_question(session, row, question, now=now)
            touched += 1
        elif limits.of(ClockId.FRAGA_PAMINNELSE).after(asked) < today:
            telling.send(session, row, Notice.REMIND_FRAGA, Audience.REPORTER, now=now, key=f"q{question.id}")
    return touched


def _late_atgarder(session: Session, now: datetime, today: date) -> int:
    """The day of an åtgärd has passed and nobody has said that it is in place: its owner is reminded, once."""
    rows = session.execute(
        select(Atgard, Avvikelse)
        .join(Avvikelse, Avvikelse.id == Atgard.avvikelse_id)
        .where(
            Atgard.status == AtgardStatus.DECIDED,
            Atgard.due_on < today,
            Atgard.due_on >= today - LONGEST_ATGARD_REMINDED,
        )
        .order_by(Atgard.due_on)
        .limit(BATCH)
    ).all()
    for atgard, row in rows:
        telling.send(session, row, Notice.REMIND_ATGARD, Audience.OWNER, now=now, key=f"atgard{atgard.id}")
    return 0
