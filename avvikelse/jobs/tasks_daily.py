"""The small jobs: tidy up, anchor the audit chain, show a pulse. Thin: the work stands in services/."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from avvikelse.adapters import anchors
from avvikelse.jobs.house import House, in_transaction
from avvikelse.services import (
    audit,
    avtal_reviews,
    digests,
    effects,
    outbox,
    purging,
    role_endings,
    role_reviews,
    sessions,
    sip_reminders,
    succession,
    throttle,
)
from config import Settings


def anchor_file(settings: Settings) -> Path:
    """Where anchors are kept: outside the database. DRIFT.md says to copy the file away."""
    return settings.instance / anchors.FILE_NAME


@in_transaction
def ask_effects(session: Session, now: datetime) -> str:
    return f"{effects.ask_due(session, now)} åtgärder"


@in_transaction
def follow_people(session: Session, now: datetime) -> str:
    return f"{succession.settle_all(session, now=now)} ärenden"


@in_transaction
def remind_reviews(session: Session, now: datetime) -> str:
    return f"{avtal_reviews.remind(session, now)} avtal"


@in_transaction
def purge_drafts(session: Session, now: datetime) -> str:
    return f"{purging.drafts(session, now)} utkast"


@in_transaction
def purge_sessions(session: Session, now: datetime) -> str:
    return f"{sessions.purge(session, now=now)} inloggningar"


@in_transaction
def purge_brakes(session: Session, now: datetime) -> str:
    return f"{throttle.purge(session, now=now)} räknare"


@in_transaction
def purge_traces(session: Session, now: datetime) -> str:
    return f"{purging.traces(session, now)} rader"


@in_transaction
def gather_digests(session: Session, now: datetime) -> str:
    return f"{digests.gather(session, now)} veckomejl"


@in_transaction
def remind_of_roles(session: Session, now: datetime) -> str:
    return f"{role_reviews.remind(session, now)} påminnelser"


@in_transaction
def remind_of_sip(session: Session, now: datetime) -> str:
    return f"{sip_reminders.remind(session, now)} påminnelser"


@in_transaction
def tell_role_ended(session: Session, now: datetime) -> str:
    return f"{role_endings.tell_ended(session, now)} mejl"


@in_transaction
def heartbeat(session: Session, _now: datetime) -> str:
    state = outbox.backlog(session)
    return f"{state.waiting} mejl väntar, {state.failed} har misslyckats"


def anchor_audit(house: House, now: datetime) -> str:
    """Write the end of the audit chain outside the database."""
    with house.transaction(writing=False) as session:
        link = audit.head(session)
    anchors.append(anchor_file(house.settings), link.seq, link.hash, now)
    return f"Post {link.seq}"
