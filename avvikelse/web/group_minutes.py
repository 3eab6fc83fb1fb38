"""The minutes of a meeting: read through what will be public, publish, and fetch as PDF."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import NotFound
from avvikelse.domain.vocabulary import Role
from avvikelse.models.base import db
from avvikelse.queries.minutes import own_minutes
from avvikelse.reports.minutes_pdf import minutes_pdf
from avvikelse.services import minutes
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.group_pages import head, led

blueprint = Blueprint("group_minutes", __name__, url_prefix="/grupper/<id:group_id>/moten/<ref:ref>")
MEMBERS = roles(Role.MEDLEM, Role.SAMMANKALLANDE)
CONVENORS = roles(Role.SAMMANKALLANDE)


@blueprint.get("/protokoll")
@requires(CONVENORS)
def review(group_id: int, ref: str) -> str:
    """What will be public, beside what will not."""
    desk = led(group_id)
    meeting, own = own_minutes(db.session(), group_id, ref, internal=True)
    _, public = own_minutes(db.session(), group_id, ref, internal=False)
    return render_template("group/minutes.html", desk=desk, meeting=meeting, own=own, public=public)


@blueprint.post("/protokoll")
@requires(CONVENORS)
def publish(group_id: int, ref: str) -> Response:
    minutes.publish(db.session(), current_actor(), group_id, ref, now=now())
    flash("Protokollet är publicerat. De som har rapporterat om det ni beslutade får besked.", "success")
    return redirect(url_for("desk.meeting", group_id=group_id, ref=ref))


@blueprint.get("/protokoll.pdf")
@requires(MEMBERS)
def own_pdf(group_id: int, ref: str) -> Response:
    """The group's own version, with what is marked."""
    if not head(group_id).own:
        raise NotFound
    meeting, own = own_minutes(db.session(), group_id, ref, internal=True)
    return as_pdf(minutes_pdf(own, internal=True, made_at=now()), f"protokoll-gruppen-{meeting.meets_on}")


def as_pdf(document: bytes, name: str) -> Response:
    response = make_response(document)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def day_name(day: date) -> str:
    return f"protokoll-{day.isoformat()}"
