"""What a samordnare says of an answer that waits for her (services/answer_checks.py): send it, or have it back.

Nobody's answer waits longer than the clock allows: then it is sent as it is.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.errors import Conflict, Forbidden, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.answer_checks import waiting
from avvikelse.services import answers, audit, clocks, telling
from avvikelse.services.case_access import find, in_hand, require
from avvikelse.services.guarding import guard


def check(
    session: Session, actor: Actor, ref: str, *, approves: bool, comment: str, version: int | None = None, now: datetime
) -> Answer:
    """Send the answer, or give it back to whoever wrote it with a comment.

    Raises Conflict when nothing waits, or for the writer herself; Invalid at `comment` when it is given back without.
    """
    case = find(session, actor, ref, version=version)
    require(case, Permission.CHECK_ANSWER)
    guard(comment=comment)
    answer = waiting(session, case.row.id)
    if answer is None:
        raise Conflict("Det finns inget svar som väntar på att bli läst.")
    if answer.omrade_id not in actor.omrade_ids(Role.SAMORDNARE):
        raise Forbidden
    if answer.written_by_user_id == actor.user_id:
        raise Conflict("Du har skrivit svaret själv. Någon annan behöver läsa det.")
    if approves:
        answer.checked_at = now
        _record(session, actor, Event.ANSWER_CHECKED, case.row, answer, case.role, now)
        answers.send(session, in_hand(session, SYSTEM, case.row), answer, now=now)
        return answer
    if not comment.strip():
        raise Invalid("Skriv vad som behöver bli bättre.", field="comment")
    answer.check_returned_at, answer.check_comment = now, comment.strip()
    _record(session, actor, Event.ANSWER_RETURNED, case.row, answer, case.role, now)
    telling.send(session, case.row, Notice.ANSWER_RETURNED, Audience.OWNER, now=now, key=f"r{answer.version}")
    clocks.look_again(session, case.row)
    return answer


def send_unchecked(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """The days have run out."""
    answer = waiting(session, row.id)
    if answer is not None:
        answers.send(session, in_hand(session, SYSTEM, row), answer, now=now)


def _record(
    session: Session, actor: Actor, event: Event, row: Avvikelse, answer: Answer, role: str, now: datetime
) -> None:
    session.flush()
    detail = {"version": answer.version}
    audit.record(
        session, actor, event, now=now, avvikelse_id=row.id, role=role, omrade_id=answer.omrade_id, detail=detail
    )
