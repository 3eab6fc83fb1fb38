"""The pass that a page carries after the code has been shown: a signed word about one case, good for twelve hours.

It stands in a hidden field, never in an address or a cookie, so that the code itself is sent once and a page left open
over a working day can still be used. Whoever closes the page has nothing left but the code.
"""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

FIELD = "code_token"  # a name that web/errors.py never shows again
GOOD_FOR = 12 * 3600


def issue(ref: str) -> str:
    return _signer().dumps(ref)


def read(given: str | None) -> str | None:
    """The case's `ref`; None for a pass that is too old or not ours."""
    try:
        found = _signer().loads(given or "", max_age=GOOD_FOR)
    except BadSignature:  # an expired signature is one
        return None
    return found if isinstance(found, str) else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or b"", salt="receipt pass")
