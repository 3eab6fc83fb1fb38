"""What the health page reads from the database: when the jobs last ran well, and how the outbox stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.models.jobs import JobRun
from avvikelse.models.outbox import OutboxMail


@dataclass(frozen=True, slots=True)
class Pulse:
    heartbeat_at: datetime | None
    anchored_at: datetime | None
    oldest_mail_at: datetime | None
    failed_mails: int


def pulse(session: Session) -> Pulse:
    """Four look-ups by index; cheap enough to be asked every few seconds."""
    oldest = session.scalar(select(func.min(OutboxMail.created_at)).where(OutboxMail.next_try_at.is_not(None)))
    failed = session.scalar(
        select(func.count()).where(
            OutboxMail.failed_at.is_not(None), OutboxMail.sent_at.is_(None), OutboxMail.dropped_at.is_(None)
        )
    )
    return Pulse(_ended(session, "heartbeat"), _ended(session, "anchor_audit"), oldest, failed or 0)


def _ended(session: Session, job: str) -> datetime | None:
    """When the job last ended well."""
    return session.scalar(
        select(JobRun.finished_at)
        .where(JobRun.job == job, JobRun.ok.is_(True))
        .order_by(JobRun.started_at.desc())
        .limit(1)
    )
