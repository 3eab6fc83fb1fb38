"""A person's own due dates for her calendar, by a secret address. Open when an address should end."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.events import Event
from avvikelse.models.preferences import CalendarFeed
from avvikelse.services import audit, sessions


def begin(session: Session, actor: Actor, *, now: datetime) -> str:
    """A new address; an earlier one stops working. The token is returned once and kept only as a hash."""
    if actor.user_id is None:
        raise NotFound
    token = secrets.token_urlsafe(32)
    session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == actor.user_id))
    session.add(CalendarFeed(user_id=actor.user_id, token_hash=sessions.token_hash(token), created_at=now))
    session.flush()
    audit.record(session, actor, Event.CALENDAR_BEGUN, now=now)
    return token


def end(session: Session, actor: Actor, *, now: datetime) -> None:
    """The address stops working at once."""
    session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == actor.user_id))
    audit.record(session, actor, Event.CALENDAR_ENDED, now=now)
