"""When is the house unwell? The limits of the health page, from what has been read to a verdict.

Silence is the danger: jobs that have stopped, mails that stay, copies that nobody makes. Nothing here is about a person
or a case, so that a monitoring system may read it without logging in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

HEARTBEAT = timedelta(minutes=2)
OUTBOX = timedelta(minutes=15)
DAILY = timedelta(hours=26)
FREE_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class Readings:
    """What was found. None = it has never happened, or (`oldest_mail_at`) nothing waits."""

    heartbeat_at: datetime | None
    oldest_mail_at: datetime | None
    failed_mails: int
    anchored_at: datetime | None
    backups_known: bool  # an operator has said where the copies lie
    backed_up_at: datetime | None
    free_share: float


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `ok` None = nobody has said how to know."""

    name: str
    label: str
    ok: bool | None
    text: str


def checks(found: Readings, now: datetime) -> tuple[Check, ...]:
    """The lines of the page, the database first: that this could be asked at all shows that it answers."""
    return (
        Check("database", "Databasen", True, "svarar"),
        _recent("scheduler", "Jobben", found.heartbeat_at, HEARTBEAT, now, "slog senast"),
        _outbox(found, now),
        _recent("anchor", "Loggens ankare", found.anchored_at, DAILY, now, "skrevs senast"),
        _recent("backup", "Säkerhetskopian", found.backed_up_at, DAILY, now, "gjordes senast")
        if found.backups_known
        else Check("backup", "Säkerhetskopian", None, "AVVIKELSE_BACKUPS är inte satt, så åldern är okänd"),
        Check("disk", "Disken", found.free_share >= FREE_SHARE, f"{int(found.free_share * 100)} % är ledigt"),
    )


def is_well(found: tuple[Check, ...]) -> bool:
    """Red as soon as one line is."""
    return all(check.ok is not False for check in found)


def _outbox(found: Readings, now: datetime) -> Check:
    late = found.oldest_mail_at is not None and now - found.oldest_mail_at > OUTBOX
    parts = [
        "inget mejl väntar" if found.oldest_mail_at is None else f"äldsta har väntat {_age(now, found.oldest_mail_at)}"
    ]
    if found.failed_mails:
        parts.append(f"{found.failed_mails} har misslyckats")
    return Check("outbox", "Mejlen", not late and not found.failed_mails, ", ".join(parts))


def _recent(name: str, label: str, at: datetime | None, limit: timedelta, now: datetime, verb: str) -> Check:
    if at is None:
        return Check(name, label, False, f"{verb}: aldrig")
    return Check(name, label, now - at <= limit, f"{verb} för {_age(now, at)} sedan")


def _age(now: datetime, at: datetime) -> str:
    """Whole units only: the page is read in a hurry."""
    seconds = max(0, int((now - at).total_seconds()))
    for size, unit in ((86_400, "dygn"), (3_600, "tim"), (60, "min")):
        if seconds >= size * 2 or (size == 60 and seconds >= 60):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
