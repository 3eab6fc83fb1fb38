"""Review the record of readings: each look at it is remembered, and so is what came of a review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden
from avvikelse.domain.events import Event
from avvikelse.domain.log_review import Finding
from avvikelse.domain.vocabulary import Role
from avvikelse.queries.read_log import Question, reader
from avvikelse.services import audit

NOT_ONESELF = "Det är dina egna öppningar. Be någon annan att granska dem."


def looked(session: Session, actor: Actor, question: Question, *, now: datetime) -> None:
    """Somebody has looked into the log. What was typed is not kept, only by what it was searched."""
    by = [name for name in ("case", "words", "user_id") if getattr(question, name)]
    detail = {"log": "readings", "by": by, "user": question.user_id, **_days(question)}
    _record(session, actor, Event.SEARCHED, detail, now=now)


def conclude(
    session: Session, actor: Actor, user_id: int, question: Question, finding: Finding, *, now: datetime
) -> None:
    """The readings of one person in the period have been gone through.

    Raises NotFound for somebody who has read nothing for the actor's områden, Forbidden for oneself.
    """
    reader(session, actor, user_id, question)
    if user_id == actor.user_id:
        raise Forbidden(NOT_ONESELF)
    detail = {"user": user_id, "finding": finding.value, **_days(question)}
    _record(session, actor, Event.LOG_REVIEWED, detail, now=now)


def _record(session: Session, actor: Actor, event: Event, detail: Mapping[str, object], *, now: datetime) -> None:
    """Once for each område that the actor reviews."""
    for omrade_id in sorted(actor.omrade_ids(Role.LOGGRANSKARE)):
        audit.record(session, actor, event, now=now, role=Role.LOGGRANSKARE.value, omrade_id=omrade_id, detail=detail)


def _days(question: Question) -> dict[str, str]:
    return {"first": question.first.isoformat(), "last": question.last.isoformat()}
