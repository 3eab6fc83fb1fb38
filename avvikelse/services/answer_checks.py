"""*Genomläsning*: an answer waits for a samordnare of the own område to read it, where the huvudman wants that.

Open for which answers wait. What she says of one: services/quality.py.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.escalation import Target
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import AnswerKind, PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer
from avvikelse.models.organisation import Huvudman, Sekretessomrade
from avvikelse.policy.organisation import require_administrator
from avvikelse.queries.recipients import Recipients, samordnare_of
from avvikelse.services import audit, clocks, telling


def ask(session: Session, actor: Actor, row: Avvikelse, answer: Answer, *, role: str, now: datetime) -> bool:
    """Let the answer wait, if somebody is to read it. False = it may be sent.

    Nobody reads a fixed answer or thanks, and nobody her own words. Without anybody else to read, it is sent.
    """
    wanted = session.scalar(
        select(Huvudman.answers_checked)
        .join(Sekretessomrade, Sekretessomrade.huvudman_id == Huvudman.id)
        .where(Sekretessomrade.id == answer.omrade_id)
    )
    if not wanted or answer.kind in {AnswerKind.OROSANMALAN, AnswerKind.THANKS}:
        return False
    readers = [
        one for one in samordnare_of(session, answer.omrade_id, local_date(now)) if one != answer.written_by_user_id
    ]
    if not readers:
        return False
    answer.check_since = now
    session.flush()
    audit.record(
        session, actor, Event.ANSWER_TO_CHECK, now=now, avvikelse_id=row.id, role=role, omrade_id=answer.omrade_id
    )
    party = next(p for p in row.parties if p.side is PartySide.OWNER and p.omrade_id == answer.omrade_id)
    why = {"target": Target.SAMORDNARE.value, "subject": f"p{party.id}"}
    to = [(party.id, Recipients(tuple(readers)))]
    telling.queue(session, row, Notice.ANSWER_TO_CHECK, to, why, now=now, key=f"a{answer.version}")
    clocks.look_again(session, row)
    return True


def drop_unsent(session: Session, row: Avvikelse) -> None:
    """The case leaves those who wrote it: what they have not sent is no answer any more."""
    session.execute(delete(Answer).where(Answer.avvikelse_id == row.id, Answer.sent_at.is_(None)))


def switch(session: Session, actor: Actor, huvudman_id: int, *, on: bool, now: datetime) -> None:
    """The huvudman's choice. What waits already goes on waiting: somebody reads it, or the days run out."""
    require_administrator(actor, huvudman_id)
    huvudman = session.get_one(Huvudman, huvudman_id)
    if huvudman.answers_checked is on:
        return
    huvudman.answers_checked = on
    session.flush()
    audit.record(session, actor, Event.ANSWER_CHECK_SWITCHED, now=now, detail={"huvudman": huvudman_id, "on": on})
