"""Being logged in, in tests of pages. Open to see how a test becomes somebody.

log_in(client, user)                          # a session made directly; no password is hashed
typed = form(client, title="…")               # with the CSRF token of a page that is open now
"""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from avvikelse.adapters.clock import now as clock_now
from avvikelse.models.base import db
from avvikelse.models.identity import User
from avvikelse.services import passwords, sessions
from tests.support.client import CheckingClient

PASSWORD = "fyra vanliga ord tillsammans"
_hash = ""


def password_hash() -> str:
    """The hash of PASSWORD, made once."""
    global _hash  # noqa: PLW0603 -- hashing is slow on purpose
    _hash = _hash or passwords.hash_password(PASSWORD)
    return _hash


def make_user(session: Session, email: str = "anna@example.org", name: str = "Anna Ek", **values: Any) -> User:
    """An account that can log in with PASSWORD."""
    fields = {"password_hash": password_hash(), "active": True, "created_at": clock_now()} | values
    user = User(email=email, name=name, **fields)
    session.add(user)
    session.flush()
    return user


def log_in(client: FlaskClient, user: User | int, *, now: datetime | None = None) -> str:
    """Log the client in as `user` without the log-in page; returns the session's token."""
    session = db.session()
    row = session.get_one(User, user) if isinstance(user, int) else user
    token = sessions.start(session, row, device="Testläsare på Linux", now=now or clock_now())
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return token


def form(client: CheckingClient, **fields: Any) -> dict[str, Any]:
    """The data of a POST, with the token that this visitor's pages carry now."""
    return {"csrf_token": client.csrf_token()} | fields


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    value = re.search(r'value="([^"]*)"', field.group()) if field else None
    return html.unescape(value.group(1)) if value else ""
