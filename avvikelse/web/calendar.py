"""A person's due days for her calendar program, which cannot log in: the secret address is the key, to nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from avvikelse.adapters import calendar_file
from avvikelse.adapters.clock import now
from avvikelse.domain.errors import NotFound
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.calendar_feed import due_days
from avvikelse.services.sessions import token_hash

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/kalender/<ref:token>")
def feed(token: str) -> Response:
    days = due_days(db.session(), token_hash(token), local_date(now()))
    if days is None:
        raise NotFound
    body = calendar_file.write(days, base_url=current_app.extensions["settings"].base_url, now=now())
    return Response(body, mimetype="text/calendar", headers={"Cache-Control": "private, no-store"})
