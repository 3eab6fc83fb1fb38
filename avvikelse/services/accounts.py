"""Accounts: make, close, open again, new password.

Open to change what happens to a person's log-ins when something changes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.models.identity import RoleAssignment, SessionEnd, User
from avvikelse.models.organisation import Position
from avvikelse.queries.identity import plain_email, user_by_email
from avvikelse.services import audit, outbox, passwords, sessions
from avvikelse.services.organisation import changed

WRONG_NOW = "Det nuvarande lösenordet stämmer inte."


def create(session: Session, *, email: str, name: str, password: str | None = None, now: datetime) -> User:
    """A new account.

    Without password it is opened by a password reset. Raises Invalid (address, name, password), Conflict (address
    taken).

    Roles are given by services/roles.py.
    """
    email, name = check_person(email, name)
    if user_by_email(session, email) is not None:
        raise Conflict("Det finns redan ett konto med den adressen.")
    if password is not None:
        passwords.check_new(password, email=email, name=name)
    user = User(
        email=email, name=name, created_at=now,
        password_hash=passwords.hash_password(password) if password is not None else None,
        password_changed_at=now if password is not None else None,
    )  # fmt: skip
    session.add(user)
    session.flush()
    return user


def change_password(
    session: Session, actor: Actor, *, current: str, new: str, keep_session: int | None, now: datetime
) -> None:
    """Choose a new password; all other log-ins end. Raises Invalid at `current_password`, `new_password`."""
    user = session.get(User, actor.user_id) if actor.user_id is not None else None
    if user is None:
        raise Forbidden
    if not passwords.verify(user.password_hash, current):
        raise Invalid(WRONG_NOW, field="current_password")
    set_password(session, user, new, keep_session=keep_session, now=now)


def set_password(session: Session, user: User, new: str, *, keep_session: int | None = None, now: datetime) -> None:
    """Store a password, end the log-ins and tell the person by mail. Raises Invalid at `new_password`."""
    passwords.check_new(new, email=user.email, name=user.name)
    user.password_hash, user.password_changed_at = passwords.hash_password(new), now
    session.flush()
    sessions.end_all(session, user.id, SessionEnd.PASSWORD_CHANGED, keep=keep_session, now=now)
    outbox.queue(
        session,
        Notice.PASSWORD_CHANGED,
        to_user_id=user.id,
        dedup_key=f"password_changed:{user.id}:v{user.version_id}",
        now=now,
    )
    audit.record(session, Actor(user.id, user.name), Event.PASSWORD_CHANGED, now=now, detail={"user": user.id})


def disable(session: Session, actor: Actor, user_id: int, *, now: datetime) -> User:
    """Close an account: its log-ins end at once. What it has written remains. Raises NotFound."""
    user = _find(session, user_id)
    if user.active:
        user.active = False
        session.flush()
        sessions.end_all(session, user.id, SessionEnd.DISABLED, now=now)
        _follow(session, user, now=now)
        audit.record(session, actor, Event.ACCOUNT_DISABLED, now=now, detail={"user": user.id})
    return user


def enable(session: Session, actor: Actor, user_id: int, *, now: datetime) -> User:
    """Open a closed account again. Raises NotFound."""
    user = _find(session, user_id)
    if not user.active:
        user.active = True
        session.flush()
        _follow(session, user, now=now)
        audit.record(session, actor, Event.ACCOUNT_ENABLED, now=now, detail={"user": user.id})
    return user


def _follow(session: Session, user: User, *, now: datetime) -> None:
    """The open cases of the positions that somebody leaves, or comes back to, follow in the same transaction."""
    packs = select(Position.pack_id).join(RoleAssignment, RoleAssignment.position_id == Position.id)
    for pack_id in session.scalars(packs.where(RoleAssignment.user_id == user.id).distinct()):
        changed(session, pack_id, now=now)


def check_person(email: str, name: str) -> tuple[str, str]:
    """Address and name as they are stored. Raises Invalid at `email` or `name`."""
    email, name = plain_email(email), " ".join(name.split())
    local, at, domain = email.rpartition("@")
    if not (local and at and "." in domain.strip(".")) or len(email) > 254 or not email.isprintable() or " " in email:
        raise Invalid("Skriv en e-postadress, till exempel namn@kommun.se.", field="email")
    if not name or len(name) > 120 or not name.isprintable():
        raise Invalid("Skriv för- och efternamn, högst 120 tecken.", field="name")
    return email, name


def _find(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    return user
