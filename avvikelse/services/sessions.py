"""Log-ins that the server remembers: start, find, end. Open to change how long one lasts.

The browser holds a random token, the database only its hash. Whoever copies the cookie is out when the session is ended
here.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Date, bindparam, delete, select, update
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.second_step import is_demanded
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import ask
from avvikelse.models.base import UtcDateTime
from avvikelse.models.identity import SecondStep, SessionEnd, User, UserSession
from avvikelse.queries.identity import acting_from, with_roles
from avvikelse.services import audit

ABSOLUTE = timedelta(hours=12)
SEEN_STEP = timedelta(minutes=2)  # last_seen_at is written at most this often: reading pages must not become writing
KEPT = timedelta(days=30)  # ended sessions are shown and kept this long


@dataclass(frozen=True, slots=True)
class Living:
    """A log-in that works now, and who acts with it, as what. Asked at each request: a new role counts at once."""

    id: int
    last_seen_at: datetime
    expires_at: datetime
    actor: Actor
    half: bool  # only the password so far: she may take the second step or leave, nothing else


def token_hash(token: str) -> str:
    """What is stored of a token. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def start(session: Session, user: User, *, device: str, second_step_at: datetime | None = None, now: datetime) -> str:
    """Begin a log-in and return its token, which exists nowhere else."""
    token = new_token()
    session.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE,
            device=device[:60],
            second_step_at=second_step_at,
        )
    )
    user.last_login_at = now
    session.flush()
    return token


def find(session: Session, token: str, *, idle: timedelta, second_step_required: bool, now: datetime) -> Living | None:
    """The living session of a token; None when it has ended, was idle or the account is closed."""
    today = local_date(now)
    rows = ask(session, _LIVING, token_hash=token_hash(token), now=now, seen_after=now - idle, today=today).all()
    if not rows:
        return None
    first = rows[0]
    actor = acting_from(session, first.user_id, first.user_name, rows, today)
    wanted = first.has_second_step or (second_step_required and is_demanded(actor))
    half = wanted and first.second_step_at is None
    return Living(first.id, first.last_seen_at, first.expires_at, actor, half)


_PEOPLE = (
    select(
        UserSession.id,
        User.id.label("user_id"),
        User.name.label("user_name"),
        UserSession.last_seen_at,
        UserSession.expires_at,
        UserSession.second_step_at,
        SecondStep.user_id.is_not(None).label("has_second_step"),
    )
    .join(UserSession.user)
    .outerjoin(SecondStep, SecondStep.user_id == User.id)
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        UserSession.revoked_at.is_(None),
        UserSession.expires_at > bindparam("now", type_=UtcDateTime),
        UserSession.last_seen_at > bindparam("seen_after", type_=UtcDateTime),
        User.active,
    )
)
_LIVING = with_roles(_PEOPLE, bindparam("today", type_=Date))


def needs_touch(found: Living, *, now: datetime) -> bool:
    return now - found.last_seen_at >= SEEN_STEP


def touch(session: Session, session_id: int, *, now: datetime) -> None:
    """Note that the session is in use."""
    living = (UserSession.id == session_id, UserSession.revoked_at.is_(None), UserSession.last_seen_at < now)
    session.execute(update(UserSession).where(*living).values(last_seen_at=now))


def end(session: Session, actor: Actor, session_id: int, reason: SessionEnd, *, now: datetime) -> None:
    """End one of the actor's own sessions. Raises NotFound for anybody else's."""
    row = session.scalar(select(UserSession).where(UserSession.id == session_id, UserSession.user_id == actor.user_id))
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at, row.revoked_reason = now, reason
        event = Event.LOGGED_OUT if reason is SessionEnd.LOGGED_OUT else Event.SESSION_REVOKED
        audit.record(session, actor, event, now=now, detail={"session": row.id})


def end_others(session: Session, actor: Actor, *, keep: int | None, now: datetime) -> int:
    """End all of the actor's sessions but the one she uses; returns how many."""
    count = end_all(session, actor.user_id, SessionEnd.BY_USER, keep=keep, now=now) if actor.user_id is not None else 0
    if count:
        audit.record(session, actor, Event.SESSION_REVOKED, now=now, detail={"count": count})
    return count


def end_all(session: Session, user_id: int, reason: SessionEnd, *, keep: int | None = None, now: datetime) -> int:
    """End all sessions of a user except `keep`; returns how many."""
    ended = session.scalars(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.id != (keep or 0))
        .values(revoked_at=now, revoked_reason=reason)
        .returning(UserSession.id)
    )
    return len(ended.all())


def purge(session: Session, *, now: datetime) -> int:
    """Delete sessions that ended by themselves 30 days ago; returns how many."""
    return len(
        session.scalars(delete(UserSession).where(UserSession.expires_at < now - KEPT).returning(UserSession.id)).all()
    )
