"""Run a job's slot once and write down how it went. Open when a job runs twice or not at all.

begin (lease and slot, committed) → work (its own transactions) → end (committed). A process that dies leaves a lease
that runs out and a slot that has not ended; the next one takes both over.
"""

from __future__ import annotations

import os
import secrets
import socket
import traceback
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from avvikelse.adapters import clock
from avvikelse.jobs.house import House
from avvikelse.jobs.registry import Job
from avvikelse.models.jobs import JobLease, JobRun

RETRY_AFTER = timedelta(minutes=15)  # a slot that failed is tried again, until the next slot takes over
OWNER = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
log = structlog.get_logger(__name__)


def run_due(house: House, job: Job, now: datetime, *, owner: str = OWNER) -> bool | None:
    """Run the job's present slot unless it has been run or somebody else is at it.

    Returns whether it went well, None when there was nothing to do. Never raises: one job must not stop the others.
    """
    try:
        with house.transaction() as session:
            run_id = _begin(session, job, job.schedule.slot(now), owner, now)
        return None if run_id is None else _run(house, job, run_id, owner, now)
    except SQLAlchemyError as error:  # locked, full or gone: another tick comes
        log.error("job_database_refused", job=job.name, error=type(error).__name__)
        return False


def run_once(house: House, job: Job, now: datetime) -> str:
    """Run the job now, whatever its slots say, and return its summary. Raises what the job raises."""
    return job.work(house, now)


def _run(house: House, job: Job, run_id: int, owner: str, now: datetime) -> bool:
    try:
        summary, ok = job.work(house, now), True
    except Exception as error:  # noqa: BLE001 -- whatever a job raises is noted, without its message: that may quote a text
        summary, ok = type(error).__name__, False
        frames = [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)[-8:]]
        log.error("job_failed", job=job.name, error=summary, frames=frames)
    with house.transaction() as session:
        _end(session, job, run_id, owner, ok=ok, summary=summary)
    return ok


def _begin(session: Session, job: Job, slot: str, owner: str, now: datetime) -> int | None:
    """Take the lease and the slot; None when either belongs to somebody else or the slot is done."""
    if not _take_lease(session, job, owner, now):
        return None
    run = session.scalar(select(JobRun).where(JobRun.job == job.name, JobRun.slot == slot))
    if run is None:
        run = JobRun(job=job.name, slot=slot, started_at=now)
        session.add(run)
    elif run.ok or (run.ok is False and now - run.started_at < RETRY_AFTER):
        _let_go(session, job, owner)
        return None
    run.started_at, run.finished_at, run.ok, run.summary = now, None, None, None
    session.flush()
    return run.id


def _end(session: Session, job: Job, run_id: int, owner: str, *, ok: bool, summary: str) -> None:
    values = {"finished_at": clock.now(), "ok": ok, "summary": summary[:200]}
    session.execute(update(JobRun).where(JobRun.id == run_id).values(**values))
    _let_go(session, job, owner)


def _take_lease(session: Session, job: Job, owner: str, now: datetime) -> bool:
    """One statement, so that of two processes exactly one gets it."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    mine = insert(JobLease).values(name=job.name, owner=owner, until=now + job.lease)
    statement = mine.on_conflict_do_update(
        index_elements=["name"],
        set_={"owner": mine.excluded.owner, "until": mine.excluded.until},
        where=JobLease.until <= now,
    ).returning(JobLease.name)
    return session.execute(statement).first() is not None


def _let_go(session: Session, job: Job, owner: str) -> None:
    session.execute(delete(JobLease).where(JobLease.name == job.name, JobLease.owner == owner))
