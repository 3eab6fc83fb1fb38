"""What is deleted without a decision, because it was never a record: unsent drafts, sent mails, job runs.

Cases are never purged here; that happens only by a gallringsbeslut.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.events import Event
from avvikelse.models.avvikelse import ReportDraft
from avvikelse.models.jobs import JobRun
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import audit

DRAFTS_KEPT = timedelta(days=30)  # after the last change
MAILS_KEPT = timedelta(days=90)
RUNS_KEPT = timedelta(days=7)


def drafts(session: Session, now: datetime) -> int:
    """Delete drafts that nobody has changed for 30 days; returns how many."""
    query = delete(ReportDraft).where(ReportDraft.updated_at < now - DRAFTS_KEPT).returning(ReportDraft.id)
    count = len(session.scalars(query).all())
    if count:
        audit.record(session, SYSTEM, Event.DRAFTS_PURGED, now=now, detail={"count": count})
    return count


def traces(session: Session, now: datetime) -> int:
    """Delete mails that were sent or dropped, and job runs, when nobody asks for them any more; returns how many."""
    done = OutboxMail.next_try_at.is_(None) & OutboxMail.failed_at.is_(None)
    mails = delete(OutboxMail).where(done, OutboxMail.created_at < now - MAILS_KEPT).returning(OutboxMail.id)
    runs = delete(JobRun).where(JobRun.started_at < now - RUNS_KEPT).returning(JobRun.id)
    return len(session.scalars(mails).all()) + len(session.scalars(runs).all())
