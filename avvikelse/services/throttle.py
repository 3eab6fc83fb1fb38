"""Brakes that are counted in the database, so that several processes share them.

Open to change how many attempts are allowed.

A brake only delays: it counts within a window of 15 minutes and forgets, so that nobody can shut another person out for
good. Under an attack from many places (the global counter) the limits get tighter. The keys are HMACs with the day in
them, never an address.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from avvikelse.domain.errors import TooMany
from avvikelse.models.identity import Throttle

WINDOW = timedelta(minutes=15)
KEPT = timedelta(hours=24)
GLOBAL_LIMIT = 500  # attempts in a window, from everywhere, from which it looks like an attack
UNDER_ATTACK = 4  # then each limit is divided by this
TOO_MANY = "Det har gjorts många försök på kort tid. Vänta en stund och försök igen."


@dataclass(frozen=True, slots=True)
class Brake:
    """One counter: what it counts, whose value, and how many attempts a window allows."""

    kind: str
    value: str
    limit: int


def key_of(secret: bytes, kind: str, value: str, now: datetime) -> str:
    """The counter's key: another one tomorrow, so that nothing can be followed over days."""
    return hmac.digest(secret, f"{now.astimezone(UTC):%Y-%m-%d}|{kind}|{value}".encode(), "sha256").hex()


def attempt(
    session: Session, brakes: Iterable[Brake], *, secret: bytes, now: datetime, tighter_under_attack: bool = True
) -> None:
    """Count one attempt on every brake, and refuse when one is over its limit.

    `tighter_under_attack` False: nothing is guessed here, and the hurry of one is no reason to brake the others.

    The attempt is counted before it is tried, so that a hundred at once are not all let in. Raises TooMany with the
    seconds that remain.
    """
    brakes = tuple(brakes)
    everywhere = 0
    if tighter_under_attack:
        everywhere = _add(session, key_of(secret, "global", brakes[0].kind, now), now)
    divisor = UNDER_ATTACK if everywhere > GLOBAL_LIMIT else 1
    counts = [_add(session, key_of(secret, brake.kind, brake.value, now), now) for brake in brakes]
    if any(count > max(1, brake.limit // divisor) for brake, count in zip(brakes, counts, strict=True)):
        raise TooMany(TOO_MANY, retry_after=int((_window(now) + WINDOW - now).total_seconds()) + 1)


def succeeded(session: Session, brakes: Iterable[Brake], *, secret: bytes, now: datetime) -> None:
    """Take back the attempt: it was no guess. The first brake (the most personal one) starts anew."""
    first, *others = brakes
    session.execute(delete(Throttle).where(Throttle.key_hash == key_of(secret, first.kind, first.value, now)))
    _count_down(session, others, first.kind, secret=secret, now=now)


def forgive(session: Session, brakes: Iterable[Brake], *, secret: bytes, now: datetime) -> None:
    """Take back this attempt and no other: who has one right code must not get new attempts at guessing more."""
    brakes = tuple(brakes)
    _count_down(session, brakes, brakes[0].kind, secret=secret, now=now)


def _count_down(session: Session, brakes: Iterable[Brake], kind: str, *, secret: bytes, now: datetime) -> None:
    window = _window(now)
    keys = [key_of(secret, brake.kind, brake.value, now) for brake in brakes]
    keys.append(key_of(secret, "global", kind, now))
    session.execute(
        update(Throttle)
        .where(Throttle.key_hash.in_(keys), Throttle.window_start == window, Throttle.count > 0)
        .values(count=Throttle.count - 1)
    )


def purge(session: Session, *, now: datetime) -> int:
    """Delete counters older than 24 hours; returns how many."""
    return len(
        session.scalars(delete(Throttle).where(Throttle.window_start < now - KEPT).returning(Throttle.count)).all()
    )


def count_of(session: Session, kind: str, value: str, *, secret: bytes, now: datetime) -> int:
    """Attempts in the present window."""
    where = (Throttle.key_hash == key_of(secret, kind, value, now), Throttle.window_start == _window(now))
    return session.scalar(select(Throttle.count).where(*where)) or 0


def _window(now: datetime) -> datetime:
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def _add(session: Session, key: str, now: datetime) -> int:
    """Count up in one statement, so that two processes do not both read the old number."""
    connection: Connection = session.connection()
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(Throttle)
        .values(key_hash=key, window_start=_window(now), count=1)
        .on_conflict_do_update(index_elements=["key_hash", "window_start"], set_={"count": Throttle.count + 1})
        .returning(Throttle.count)
    )
    return session.scalars(statement).one()
