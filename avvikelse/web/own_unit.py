"""*Min enhet*, and its page for the workplace meeting. Open for `/min-enhet`."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import NotFound
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import own_unit
from avvikelse.reports.apt_pdf import apt_pdf
from avvikelse.web.access import Rule, current_actor, requires
from avvikelse.web.group_minutes import as_pdf
from avvikelse.web.navigation import at_a_unit

blueprint = Blueprint("own_unit", __name__, url_prefix="/min-enhet")
AT_A_UNIT = Rule("arbetar på en enhet", at_a_unit)


@blueprint.get("")
@requires(AT_A_UNIT)
def index() -> Response:
    """The unit that the reader reports from, else the first one."""
    units = own_unit.own_units(db.session(), current_actor())
    if not units:
        raise NotFound
    return redirect(url_for(".show", enhet_id=units[0][0]))


@blueprint.get("/<id:enhet_id>")
@requires(AT_A_UNIT)
def show(enhet_id: int) -> str:
    today = local_date(now())
    page = own_unit.unit_page(db.session(), current_actor(), enhet_id, today)
    return render_template("unit/show.html", page=page, today=today)


@blueprint.get("/<id:enhet_id>/apt.pdf")
@requires(AT_A_UNIT)
def apt(enhet_id: int) -> Response:
    """One page to print: no number below five, whoever fetches it."""
    today = local_date(now())
    handout = own_unit.handout(db.session(), current_actor(), enhet_id, today)
    return as_pdf(apt_pdf(handout, made_at=now()), f"apt-underlag-{today.isoformat()}")
