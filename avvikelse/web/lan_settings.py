"""What a län has agreed, for administrators: the limits of the clocks, and whom to call when it is urgent."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.deadlines import ClockId, Unit
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.emergency import DEFAULTS, emergency_lines
from avvikelse.queries.limits import LimitsPage, limits_page
from avvikelse.services import lan_settings
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.lan_settings import EmergencyForm, LimitForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("lan_settings", __name__, url_prefix="/organisation")
ADMINISTRATORS = roles(Role.ADMINISTRATOR)
Answer = str | Response | tuple[str, int]


@blueprint.get("/<word:pack>/tider")
@requires(ADMINISTRATORS)
def show(pack: str) -> Answer:
    """`?klocka=` puts a clock and what holds for it into the form."""
    return _page(_read(pack), chosen=request.args.get("klocka", ""))


@blueprint.post("/<word:pack>/tider/grans")
@requires(ADMINISTRATORS)
def change_limit(pack: str) -> Answer:
    page, form = _read(pack), LimitForm()
    if form.validate() and form.from_on.data is not None:
        try:
            lan_settings.change_limit(
                db.session(),
                current_actor(),
                pack,
                ClockId(form.clock.data),
                int(form.value.data or 0),
                Unit(form.unit.data),
                form.from_on.data,
                now=now(),
            )
        except Invalid as error:
            refused(form, error)
        else:
            flash("Gränsen är sparad. Det som redan har börjat behåller sin gräns.", "success")
            return redirect(url_for(".show", pack=pack))
    return _page(page, limit=form)


@blueprint.post("/<word:pack>/tider/akut")
@requires(ADMINISTRATORS)
def change_emergency(pack: str) -> Answer:
    page, form = _read(pack), EmergencyForm()
    if form.validate():
        texts = {name: form[name].data or "" for name in DEFAULTS}
        try:
            lan_settings.set_emergency_lines(db.session(), current_actor(), pack, texts, now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("De akuta numren är sparade.", "success")
            return redirect(url_for(".show", pack=pack))
    return _page(page, emergency=form)


def _read(pack: str) -> LimitsPage:
    return limits_page(db.session(), current_actor(), pack, local_date(now()))


def _page(
    page: LimitsPage, *, limit: LimitForm | None = None, emergency: EmergencyForm | None = None, chosen: str = ""
) -> Answer:
    wrong = limit or emergency
    known: dict[str, dict[str, Any]] = {
        line.clock.value: {"clock": line.clock.value, "value": line.limit.value, "unit": line.limit.unit.value}
        for line in page.lines
    }
    lines = emergency_lines(db.session(), page.pack_id)
    own = {line.key: line.text if line.text != DEFAULTS[line.key] else "" for line in lines}
    return (
        render_template(
            "organisation/limits.html",
            page=page,
            lines=lines,
            limit=limit or LimitForm(formdata=None, from_on=local_date(now()), **known.get(chosen, {})),
            emergency=emergency or EmergencyForm(formdata=None, **own),
            wrong=wrong,
        ),
        200 if wrong is None else 422,
    )
