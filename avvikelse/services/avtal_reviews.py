"""Remind the owner of an avtal that it should have been looked over; after a month the län's administrator too."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain import avtal as rules
from avvikelse.domain.notices import Notice
from avvikelse.domain.workdays import local_date
from avvikelse.models.agreements import Avtal
from avvikelse.models.organisation import Enhet, Position
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries import recipients
from avvikelse.queries.recipients import Recipients
from avvikelse.services import outbox


def remind(session: Session, now: datetime) -> int:
    """Queue the reminders of today; the same day twice queues nothing new. Returns how many avtal are late."""
    today = local_date(now)
    late = session.scalars(
        select(Avtal)
        .where(Avtal.review_on < today, (Avtal.active_to.is_(None)) | (Avtal.active_to >= today))
        .order_by(Avtal.id)
    ).all()
    for row in late:
        due = row.review_on or today
        key = f"{Notice.AVTAL_REVIEW.value}:{row.id}:{due}:{rules.reminder_number(due, today)}"
        params = {"avtal": row.id, "due": due.isoformat()}
        to = _recipients(session, row, today, late=(today - due).days)
        for user_id in to.user_ids:
            outbox.queue(
                session, Notice.AVTAL_REVIEW, to_user_id=user_id, dedup_key=f"{key}:u{user_id}", params=params, now=now
            )
        if to.mailbox:
            outbox.queue(
                session, Notice.AVTAL_REVIEW, to_mailbox=to.mailbox, dedup_key=f"{key}:m", params=params, now=now
            )
    return len(late)


def _recipients(session: Session, row: Avtal, today: date, *, late: int) -> Recipients:
    """Whoever answers for the owning position, else its mailbox; the administrators when nobody does or it is late."""
    people: tuple[int, ...] = ()
    mailbox = None
    if row.owner_position_id is not None:
        people = recipients.holders(session, row.owner_position_id, today)
        if not people:
            mailbox = session.scalar(
                select(Enhet.function_mailbox)
                .join(Position, Position.enhet_id == Enhet.id)
                .where(Position.id == row.owner_position_id)
            )
    if (not people and not mailbox) or late > rules.ADMINISTRATOR_AFTER:
        people = tuple(dict.fromkeys((*people, *recipients.administrators_of(session, row.pack_id, today))))
    return Recipients(people, mailbox)


def _still_late(session: Session, mail: OutboxMail, now: datetime) -> bool:
    """Nobody has looked it over meanwhile, and the recipient is still the one to remind."""
    row = session.get(Avtal, int(mail.params["avtal"]))
    if row is None or row.review_on is None or row.review_on.isoformat() != mail.params["due"]:
        return False
    today = local_date(now)
    to = _recipients(session, row, today, late=(today - row.review_on).days)
    return mail.recipient_user_id in to.user_ids if mail.recipient_user_id else mail.recipient_mailbox == to.mailbox


outbox.RECHECK[Notice.AVTAL_REVIEW] = _still_late
