"""Every refusal of somebody who is logged in becomes an audit record, also when the request is rolled back.

Open to change what counts as a refusal. What is kept: who, which endpoint, which row was asked for, which status. A
form with errors (422) is no refusal; strangers are counted by the brakes of the log-in, not here, so that nobody can
fill the log from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import Flask, Response, current_app, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from avvikelse.adapters import clock
from avvikelse.domain.actor import Actor
from avvikelse.domain.events import Event
from avvikelse.services import audit
from avvikelse.web.access import current_actor
from avvikelse.web.transaction import afterwards

REFUSALS = frozenset({400, 403, 404, 409, 413, 429})


def register(app: Flask) -> None:
    """Watch the answers of `app`."""

    @app.after_request
    def remember(response: Response) -> Response:
        actor = current_actor()
        if response.status_code in REFUSALS and actor.user_id is not None and request.endpoint not in {None, "static"}:
            asked = _asked(request.view_args)
            detail = {"status": response.status_code, "endpoint": request.endpoint, "method": request.method, **asked}
            afterwards(partial(_record, actor=actor, detail=detail))
        return response


def remember_at_the_door(path: str, times: int) -> None:
    """What web/file_door.py has refused whoever makes this request, before it was looked at: so often, one record."""
    actor = current_actor()
    try:
        endpoint, arguments = current_app.url_map.bind("").match(path)
    except HTTPException:  # no address of ours
        return
    if actor.user_id is not None:
        detail = {"status": 429, "endpoint": endpoint, "method": "GET", **_asked(arguments), "times": times}
        afterwards(partial(_record, actor=actor, detail=detail))


def _asked(arguments: Mapping[str, object] | None) -> dict[str, object]:
    """Which row was asked for: numbers and references of an address, never its words."""
    return {name: value for name, value in (arguments or {}).items() if name == "ref" or isinstance(value, int)}


def _record(session: Session, *, actor: Actor, detail: dict[str, object]) -> None:
    audit.record(session, actor, Event.REFUSED, now=clock.now(), detail=detail)
