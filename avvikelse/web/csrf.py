"""Did the form come from one of our own pages? Asked once, for every POST, before any view.

Open when a form is answered with 400.

The token is an HMAC over the log-in (over a random word in the signed cookie for somebody who is not logged in). It has
no age of its own: a form that has been open for eight hours can be sent, and a new log-in has new tokens.
"""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, current_app, request, session
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from avvikelse.web.transaction import SAFE_METHODS
from avvikelse.web.unlinked import is_unlinked

FIELD = "csrf_token"
_LOGIN = "_user_id"  # where Flask-Login keeps the token of the log-in
_VISITOR = "csrf"


def token() -> str:
    """The token that forms of this visitor carry."""
    return signed(_binding(create=True) or "")


def is_valid(given: str | None) -> bool:
    """Is it this visitor's token? Also true for a log-in that has run out meanwhile: the page was ours."""
    binding = _binding(create=False)
    return bool(given and binding) and hmac.compare_digest(signed(binding or "").encode(), (given or "").encode())


def field() -> Markup:
    """The hidden field, for forms written by hand: `{{ csrf_field() }}`."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token())


def protect() -> None:
    """Before each request: refuse a POST that does not come from a page of ours.

    Raises BadRequest; the page gives the text back.
    """
    if request.method not in SAFE_METHODS and request.endpoint is not None and not is_valid(request.form.get(FIELD)):
        raise BadRequest


def register(app: Flask) -> None:
    app.before_request(protect)
    app.jinja_env.globals["csrf_field"] = field


def _binding(*, create: bool) -> str | None:
    login = None if is_unlinked() else session.get(_LOGIN)
    bound: str | None = login or session.get(_VISITOR)
    if bound is None and create:
        bound = session[_VISITOR] = secrets.token_urlsafe(16)
    return bound


def bound(*parts: str) -> str:
    """A key that only this visitor's pages can hold for these words. Short enough for a form, and says nothing."""
    key = current_app.secret_key or b""
    key = key.encode() if isinstance(key, str) else key
    words = "\x1f".join((_binding(create=bool(key)) or "", *parts))
    return hmac.digest(key, b"bound|" + words.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def signed(binding: str) -> str:
    """The token that belongs to a log-in or a visitor."""
    key = current_app.secret_key or b""
    key = key.encode() if isinstance(key, str) else key
    return hmac.digest(key, b"csrf|" + binding.encode(), "sha256").hex()
