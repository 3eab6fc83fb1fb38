"""One mail to whoever is to count SIP and has not, some weeks after the half-year has ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.domain.notices import Notice
from avvikelse.domain.sip import before, half_of, is_time_to_remind
from avvikelse.domain.workdays import local_date
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries.sip_counters import late_counters
from avvikelse.services import outbox


def remind(session: Session, now: datetime) -> int:
    """Queue the reminders of the half-year that has ended; once per recipient. Returns how many are new."""
    today = local_date(now)
    half = before(half_of(today))
    if not is_time_to_remind(half, today):
        return 0
    late = late_counters(session, half, today)
    key, params = f"{Notice.SIP_MISSING.value}:{half[0]}-{half[1]}", {"year": half[0], "half": half[1]}
    queued = [
        outbox.queue(session, Notice.SIP_MISSING, to_user_id=one, dedup_key=f"{key}:u{one}", params=params, now=now)
        for one in late.user_ids
    ] + [
        outbox.queue(
            session, Notice.SIP_MISSING, to_mailbox=one, dedup_key=f"{key}:m:{one}"[:200], params=params, now=now
        )
        for one in late.mailboxes
    ]
    return sum(queued)


def _still_missing(session: Session, mail: OutboxMail, now: datetime) -> bool:
    """Nobody has counted meanwhile, and it is still the recipient's to count."""
    late = late_counters(session, (mail.params["year"], mail.params["half"]), local_date(now))
    if mail.recipient_user_id is not None:
        return mail.recipient_user_id in late.user_ids
    return mail.recipient_mailbox in late.mailboxes


outbox.RECHECK[Notice.SIP_MISSING] = _still_missing
