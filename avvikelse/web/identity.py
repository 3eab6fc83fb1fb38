"""From the cookie to the Actor. Open when somebody is logged out too early, too late, or acts as the wrong person.

Flask-Login keeps one word in the signed cookie: the token of a session in the database (services/sessions.py), which
can be ended there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import flask_login
from flask import Flask, current_app, g
from flask import session as cookie
from sqlalchemy.orm import Session

from avvikelse.adapters.clock import now
from avvikelse.adapters.identity import IdentityProvider, PasswordIdentity
from avvikelse.domain.actor import NOBODY, Actor, Grant
from avvikelse.models.base import db
from avvikelse.services import passwords, sessions
from avvikelse.services.login import Started
from avvikelse.web import csrf, navigation, transaction
from config import Settings

_manager = flask_login.LoginManager()
_manager.session_protection = None  # it would compare addresses; our sessions can be ended instead


@dataclass(frozen=True, slots=True)
class LoggedIn(flask_login.UserMixin):  # type: ignore[misc]
    """What Flask-Login calls the user: one log-in of a person."""

    token: str
    session_id: int
    actor: Actor  # with the roles of today
    seen_at: datetime  # as it will stand in the database after this request
    expires_at: datetime
    half: bool  # has only passed the password

    def get_id(self) -> str:
        return self.token


@_manager.user_loader  # type: ignore[untyped-decorator]
def _find(token: str) -> LoggedIn | None:
    moment = now()
    required = is_second_step_required()
    found = sessions.find(db.session(), token, idle=idle_limit(), second_step_required=required, now=moment)
    if found is None:
        return None
    touched = sessions.needs_touch(found, now=moment)
    if touched:
        transaction.afterwards(partial(_touch, found.id))
    seen = moment if touched else found.last_seen_at
    return LoggedIn(token, found.id, found.actor, seen, found.expires_at, found.half)


def register(app: Flask) -> None:
    """Attach Flask-Login, the CSRF check and what every page's frame needs. After the hook that identifies."""
    _manager.init_app(app, add_context_processor=False)
    app.context_processor(_frame)
    csrf.register(app)


def provider() -> IdentityProvider:
    """How people prove who they are in this installation."""
    return PasswordIdentity(passwords.verify)


def idle_limit() -> timedelta:
    settings: Settings = current_app.extensions["settings"]
    return timedelta(minutes=settings.idle_minutes)


def is_second_step_required() -> bool:
    settings: Settings = current_app.extensions["settings"]
    return settings.second_step_required


def load_actor() -> Actor:
    """Who makes this request, with today's roles; NOBODY when not logged in, or only half."""
    return NOBODY if is_half() else person()


def person() -> Actor:
    """The same, also when she has only passed the password: for the second step itself, and for leaving."""
    user = flask_login.current_user
    return user.actor if isinstance(user, LoggedIn) else NOBODY


def is_half() -> bool:
    """Is this the log-in of somebody who has a second step to take?"""
    user = flask_login.current_user
    return isinstance(user, LoggedIn) and user.half


def session_id() -> int | None:
    """The log-in of this request, None when there is none."""
    user = flask_login.current_user
    return user.session_id if isinstance(user, LoggedIn) else None


def begin(started: Started) -> None:
    """Put a new log-in into the cookie; what was there before (also another person's) is gone."""
    cookie.clear()
    found = _find(started.token)
    flask_login.login_user(found)
    g.actor, g.half = load_actor(), is_half()


def leave() -> None:
    """Empty the cookie. Ending the session is services/sessions.py."""
    flask_login.logout_user()
    cookie.clear()
    g.actor, g.half = NOBODY, False


def label_of(grants: tuple[Grant, ...]) -> str:
    """For whom somebody acts, short enough for the top of a page; "Mitt konto" lists all."""
    if not grants:
        return "Inga roller ännu"
    first, others = grants[0].label, len(grants) - 1
    return f"{first} och {others} {'roll' if others == 1 else 'roller'} till" if others else first


def _frame() -> dict[str, object]:
    actor: Actor = g.get("actor", NOBODY)
    label = label_of(actor.grants) if actor.user_id is not None else ""
    return {"actor_label": label, "navigation": navigation.items_for(actor), "login": ending()}


@dataclass(frozen=True, slots=True)
class Ending:
    """When the log-in ends by itself if nothing is sent: at, and in seconds from now. `most` = in any case."""

    at: datetime
    left: int
    idle: int
    most: int


def ending() -> Ending | None:
    """None for somebody who is not logged in."""
    user = flask_login.current_user if "actor" in g and g.actor.user_id is not None else None
    if not isinstance(user, LoggedIn):
        return None
    moment, idle = now(), idle_limit()
    at = min(user.seen_at + idle, user.expires_at)
    seconds = [int(length.total_seconds()) for length in (at - moment, idle, user.expires_at - moment)]
    return Ending(at, *seconds)


def _touch(found_id: int, session: Session) -> None:
    sessions.touch(session, found_id, now=now())
