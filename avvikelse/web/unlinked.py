"""The pages on which nobody is known: reporting without account, following with a code, telling of a bad page.

Open before adding one.

Also who is logged in stays unknown there (SECRECY A22): the log-in is not read, its "last seen" not touched, the
request not logged, the form's token bound to the browser's own word instead of the log-in. Only the brake counts where
a request comes from, by a keyed hash of the day.
"""

from __future__ import annotations

from flask import current_app, request

from avvikelse.services.receipts import Knock
from avvikelse.web.device import network_of

BLUEPRINTS = frozenset({"open_report", "family", "follow", "feedback"})


def is_unlinked() -> bool:
    """Is this a request for one of those pages?"""
    return request.blueprint in BLUEPRINTS


def knock() -> Knock:
    """Where this request comes from, for the brakes."""
    key = current_app.secret_key or b""
    return Knock(network_of(request.remote_addr), key.encode() if isinstance(key, str) else key)
