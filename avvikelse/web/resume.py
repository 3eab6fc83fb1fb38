"""A form that is sent after the log-in has run out: log in, look at what you wrote, send it.

Nobody loses a text to a clock.

The posted fields travel as one hidden field through the log-in form; they are never stored. Only a form that carried
our own token is kept, so that no other site can put words into somebody's mouth.
"""

from __future__ import annotations

import json

from flask import request

from avvikelse.web import csrf
from avvikelse.web.access import START, safe_next
from avvikelse.web.errors import SECRET_FIELDS

Pairs = list[tuple[str, str]]


def is_worth_keeping() -> bool:
    """Is this refused request a form of ours with something in it?"""
    return request.method == "POST" and csrf.is_valid(request.form.get(csrf.FIELD)) and bool(_posted())


def packed() -> tuple[str, str]:
    """(the fields as text, the path they were meant for) of this request."""
    return json.dumps(_posted(), ensure_ascii=False), request.full_path.rstrip("?")


def unpacked(kept: str | None, kept_for: str | None) -> tuple[Pairs, str] | None:
    """The fields and where to send them; None when there are none, or when they are not what `packed` made."""
    path = safe_next(kept_for)
    if not kept or path == START:
        return None
    try:
        pairs = json.loads(kept)
        return [(str(name), str(value)) for name, value in pairs], path
    except (ValueError, TypeError):
        return None


def _posted() -> Pairs:
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if not any(word in name.lower() for word in SECRET_FIELDS)]
