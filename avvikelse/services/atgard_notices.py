"""Messages about an åtgärd: to whoever holds its position, and the rules by which they are still true when sent.

The owner of an åtgärd need not have the case, so these do not go through the audiences of services/telling.py.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import AtgardStatus, EffectAsked
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Atgard, EffectQuestion
from avvikelse.models.organisation import Enhet, Position
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries import recipients
from avvikelse.queries.recipients import Recipients
from avvikelse.services import outbox


def to_owner(session: Session, atgard: Atgard, row: Avvikelse, notice: Notice, *, now: datetime, key: str) -> None:
    """Queue `notice` to whoever answers for the åtgärd's position now, else to the unit's mailbox or the samordnare."""
    to = owner_recipients(session, atgard, local_date(now))
    base = f"{notice.value}:{atgard.id}:{key}"
    params = {"number": row.number, "ref": row.ref, "atgard": atgard.id}
    for user_id in to.user_ids:
        outbox.queue(
            session, notice, to_user_id=user_id, dedup_key=f"{base}:u{user_id}", avvikelse_id=row.id, params=params,
            now=now,
        )  # fmt: skip
    if to.mailbox:
        outbox.queue(
            session, notice, to_mailbox=to.mailbox, dedup_key=f"{base}:m", avvikelse_id=row.id, params=params, now=now
        )


def owner_recipients(session: Session, atgard: Atgard, today: date) -> Recipients:
    if atgard.position_id is not None:
        if found := recipients.for_atgard(session, atgard, session.get_one(Avvikelse, atgard.avvikelse_id), today):
            return Recipients(found)
        mailbox = session.scalar(
            select(Enhet.function_mailbox)
            .join(Position, Position.enhet_id == Enhet.id)
            .where(Position.id == atgard.position_id)
        )
        if mailbox:
            return Recipients((), mailbox)
    return Recipients(recipients.samordnare_of(session, atgard.omrade_id, today))


def _owner_still(session: Session, mail: OutboxMail, now: datetime) -> Atgard | None:
    """The åtgärd, if the mail's recipient still answers for it."""
    atgard = session.get(Atgard, int(mail.params.get("atgard", 0)))
    if atgard is None:
        return None
    to = owner_recipients(session, atgard, local_date(now))
    mine = mail.recipient_user_id in to.user_ids if mail.recipient_user_id else mail.recipient_mailbox == to.mailbox
    return atgard if mine else None


def _waits_to_be_decided(session: Session, mail: OutboxMail, now: datetime) -> bool:
    atgard = _owner_still(session, mail, now)
    return atgard is not None and atgard.status is AtgardStatus.PROPOSED


def _owner_is_asked(session: Session, mail: OutboxMail, now: datetime) -> bool:
    atgard = _owner_still(session, mail, now)
    return atgard is not None and _is_asked(session, EffectAsked.OWNER, EffectQuestion.atgard_id == atgard.id)


def _reporter_is_asked(session: Session, mail: OutboxMail, _now: datetime) -> bool:
    row = session.get(Avvikelse, mail.avvikelse_id)
    if row is None or row.reporter_user_id != mail.recipient_user_id:
        return False
    return _is_asked(session, EffectAsked.REPORTER, EffectQuestion.avvikelse_id == row.id)


def _is_asked(session: Session, whom: EffectAsked, about: ColumnElement[bool]) -> bool:
    """Does a question still wait for an answer?"""
    query = select(EffectQuestion.id).where(EffectQuestion.asked == whom, EffectQuestion.closed_on.is_(None), about)
    return session.scalar(query.limit(1)) is not None


outbox.RECHECK[Notice.ATGARD_TO_DECIDE] = _waits_to_be_decided
outbox.RECHECK[Notice.EFFECT_OWNER] = _owner_is_asked
outbox.RECHECK[Notice.RECURRED] = lambda session, mail, now: _owner_still(session, mail, now) is not None
outbox.RECHECK[Notice.EFFECT_REPORTER] = _reporter_is_asked
