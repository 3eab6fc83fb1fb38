"""`/halsa`: is the house well? For a monitoring system (JSON, 200 or 503) and for a person (a page). No log-in."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request

from avvikelse.adapters import disk
from avvikelse.adapters.clock import now
from avvikelse.domain import health
from avvikelse.models.base import db
from avvikelse.queries.health import pulse
from config import Settings

blueprint = Blueprint("health", __name__)


@blueprint.get("/halsa")
def show() -> Response:
    """503 as soon as one line is red. A database that does not answer is 503 by itself (web/errors.py)."""
    found = health.checks(_readings(), now())
    well = health.is_well(found)
    # A monitor that says nothing about what it wants gets JSON.
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        response = make_response(render_template("information/health.html", checks=found, well=well))
    else:
        response = jsonify(
            ok=well, kontroller=[{"namn": c.name, "ok": c.ok, "text": f"{c.label} {c.text}"} for c in found]
        )
    response.status_code = 200 if well else 503
    return response


def _readings() -> health.Readings:
    settings: Settings = current_app.extensions["settings"]
    found = pulse(db.session())
    return health.Readings(
        heartbeat_at=found.heartbeat_at,
        oldest_mail_at=found.oldest_mail_at,
        failed_mails=found.failed_mails,
        anchored_at=found.anchored_at,
        backups_known=settings.backups is not None,
        backed_up_at=disk.newest_file_at(settings.backups) if settings.backups else None,
        free_share=disk.free_share(settings.instance),
    )
