"""Messages to the position that a samverkansgrupp has made responsible, and the rule by which they are still true.

It need not have the case behind, so these do not go through the audiences of services/telling.py. The reminders are
steps of the ladder (domain/escalation.py).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.group_words import DecisionStatus
from avvikelse.domain.notices import Notice
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.organisation import Enhet, Position
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries import recipients
from avvikelse.queries.recipients import Recipients
from avvikelse.services import outbox


def tell_owner(session: Session, decision: GroupDecision, *, now: datetime) -> None:
    """Queue that the group has decided, to whoever answers for the position now."""
    to = owner_recipients(session, decision, local_date(now))
    base = f"{Notice.DECISION_YOURS.value}:{decision.id}:{decision.owner_position_id}"
    params = {"decision": decision.id}
    for user_id in to.user_ids:
        key = f"{base}:u{user_id}"
        outbox.queue(session, Notice.DECISION_YOURS, to_user_id=user_id, dedup_key=key, params=params, now=now)
    if to.mailbox:
        key = f"{base}:m"
        outbox.queue(session, Notice.DECISION_YOURS, to_mailbox=to.mailbox, dedup_key=key, params=params, now=now)


def owner_recipients(session: Session, decision: GroupDecision, today: date) -> Recipients:
    """The holders of the position today, or who stands in; else the unit's function mailbox."""
    if decision.owner_position_id is None:
        return Recipients()
    if found := recipients.holders(session, decision.owner_position_id, today):
        return Recipients(found)
    mailbox = (
        select(Enhet.function_mailbox)
        .join(Position, Position.enhet_id == Enhet.id)
        .where(Position.id == decision.owner_position_id)
    )
    return Recipients((), session.scalar(mailbox))


def _still_hers(session: Session, mail: OutboxMail, now: datetime) -> bool:
    """It is to be done, and the recipient still answers for it."""
    decision = session.get(GroupDecision, int(mail.params["decision"]))
    if decision is None or decision.status is not DecisionStatus.OPEN:
        return False
    to = owner_recipients(session, decision, local_date(now))
    return mail.recipient_user_id in to.user_ids if mail.recipient_user_id else mail.recipient_mailbox == to.mailbox


outbox.RECHECK[Notice.DECISION_YOURS] = _still_hers
