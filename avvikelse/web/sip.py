"""*SIP-siffror*: a kommun's or region's SIP-samordnare counts per kommun and half-year, and corrects."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.analysis.indicators.sip_totals import NUMBERS
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.sip import HALVES, first_day, half_name
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import sip
from avvikelse.queries.sip import SipCell, SipPlace
from avvikelse.services.sip import report
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.sip import SipForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("sip", __name__, url_prefix="/sip")
COUNTERS = roles(Role.SIP_SAMORDNARE)


@blueprint.get("")
@requires(COUNTERS)
def index() -> str:
    halves, rows = sip.my_rows(db.session(), current_actor(), local_date(now()))
    return render_template("sip/index.html", names=[half_name(half) for half in halves], rows=rows)


@blueprint.get("/<word:kommunkod>/<year:year>/<id:half>")
@requires(COUNTERS)
def count(kommunkod: str, year: int, half: int) -> str:
    place, cell = _found(kommunkod, year, half)
    known = {name: getattr(cell.count, name) for name in NUMBERS}
    return _page(place, cell, SipForm(formdata=None, seen_version=str(cell.version), **known))


@blueprint.post("/<word:kommunkod>/<year:year>/<id:half>")
@requires(COUNTERS)
def save(kommunkod: str, year: int, half: int) -> Response | tuple[str, int]:
    place, cell = _found(kommunkod, year, half)
    form = SipForm()
    if form.validate():
        seen = form.seen_version.data or ""
        try:
            report(
                db.session(), current_actor(), kommunkod, cell.half, form.count(),
                seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 5 else -1, now=now(),
            )  # fmt: skip
        except (Invalid, Conflict) as error:
            refused(form, error if isinstance(error, Invalid) else Invalid(error.reason, field="new"))
            form.seen_version.data = str(cell.version)
        else:
            flash(f"Siffrorna för {place.name}, {half_name(cell.half)}, är sparade.", "success")
            return redirect(url_for(".index"))
    return _page(place, cell, form), 422


def _found(kommunkod: str, year: int, number: int) -> tuple[SipPlace, SipCell]:
    """Raises NotFound for what is not mine, and for a half-year that has not begun."""
    session, today, half = db.session(), local_date(now()), (year, number)
    place = sip.place(session, current_actor(), kommunkod)
    if number not in HALVES or first_day(half) > today:
        raise NotFound
    return place, sip.cell_of(session, place, half, today)


def _page(place: SipPlace, cell: SipCell, form: SipForm) -> str:
    return render_template("sip/count.html", place=place, cell=cell, half=half_name(cell.half), form=form)
