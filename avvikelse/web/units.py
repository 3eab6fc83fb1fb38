"""The administrator's pages about a whole unit: open, move, close with a successor. Open when one of them is wrong.

Name and contact ways stand on the unit's own page (web/organisation.py).
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.codes import UNIT_TYPES
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.unit_choices import HuvudmanChoices, UnitFacts, huvudman_choices, unit_facts
from avvikelse.services import units
from avvikelse.services.units import Placing
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.base import choices, day_of
from avvikelse.web.forms.organisation import NONE_CHOSEN, CloseUnitForm, ConfirmForm, OpenUnitForm, PlacingForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("units", __name__, url_prefix="/organisation")
ADMINISTRATORS = roles(Role.ADMINISTRATOR)
Answer = str | Response | tuple[str, int]
CHILDREN = (0, 17)  # years: whom a new unit serves unless somebody says otherwise


# --- open


@blueprint.route("/<word:pack>/huvudman/<word:slug>/ny-enhet", methods=["GET", "POST"])
@requires(ADMINISTRATORS)
def open_unit(pack: str, slug: str) -> Answer:
    huvudman = huvudman_choices(db.session(), current_actor(), pack, slug)
    form = OpenUnitForm() if request.method == "POST" else _new(huvudman)
    _offer_places(form, huvudman)
    form.kind.choices = choices(((kind.code, kind.name) for kind in UNIT_TYPES), empty="Välj slag")
    form.omrade.choices = choices(((str(id_), name) for id_, name in huvudman.omraden), empty="Välj område")
    if request.method == "POST" and form.validate():
        try:
            unit = units.open_unit(
                db.session(),
                current_actor(),
                huvudman.id,
                name=form.name.data or "",
                kind=form.kind.data,
                omrade_id=int(form.omrade.data),
                placing=_placing(form),
                active_from=day_of(form.active_from),
                title=form.title.data or "",
                now=now(),
            )
        except Invalid as error:
            refused(form, error)
        else:
            flash("Enheten är öppnad. Lägg till en chef, så att ärenden når fram.", "success")
            return redirect(url_for("organisation.unit", pack=pack, slug=unit.slug), 303)
    return _answer("organisation/open_unit.html", form, huvudman=huvudman)


def _new(huvudman: HuvudmanChoices) -> OpenUnitForm:
    """An empty form, with what is likely already chosen."""
    only = str(huvudman.omraden[0][0]) if len(huvudman.omraden) == 1 else ""
    kommuner = [huvudman.own_kommun] if huvudman.own_kommun else []
    youngest, oldest = CHILDREN
    return OpenUnitForm(
        formdata=None,
        omrade=only,
        kommuner=kommuner,
        age_min=youngest,
        age_max=oldest,
        active_from=local_date(now()),
        organisation=NONE_CHOSEN,
    )


# --- move


@blueprint.route("/<word:pack>/enhet/<word:slug>/flytta", methods=["GET", "POST"])
@requires(ADMINISTRATORS)
def move_unit(pack: str, slug: str) -> Answer:
    unit = _facts(pack, slug)
    if request.method == "POST":
        form = PlacingForm()
    else:
        form = PlacingForm(
            formdata=None,
            organisation=unit.organisation_id or NONE_CHOSEN,
            kommuner=list(unit.kommuner),
            age_min=unit.age_min,
            age_max=unit.age_max,
        )
    _offer_places(form, unit.huvudman)
    if request.method == "POST" and form.validate():
        try:
            units.move_unit(db.session(), current_actor(), unit.id, _placing(form), now=now())
        except Invalid as error:
            refused(form, error)
        else:
            return _to_unit(unit, "Enhetens tillhörighet är sparad.")
    return _answer("organisation/move_unit.html", form, unit=unit)


# --- close


@blueprint.route("/<word:pack>/enhet/<word:slug>/stang", methods=["GET", "POST"])
@requires(ADMINISTRATORS)
def close_unit(pack: str, slug: str) -> Answer:
    unit = _facts(pack, slug)
    if request.method == "POST":
        form = CloseUnitForm()
    else:
        form = CloseUnitForm(formdata=None, last_day=unit.active_to, successor=unit.successor_id or NONE_CHOSEN)
    form.successor.choices = [(NONE_CHOSEN, "Ingen, samordnaren fördelar"), *unit.successors]
    if request.method == "POST" and form.validate():
        try:
            units.close_unit(
                db.session(),
                current_actor(),
                unit.id,
                last_day=day_of(form.last_day),
                successor_id=form.successor.data or None,
                now=now(),
            )
        except Invalid as error:
            refused(form, error)
        else:
            return _to_unit(unit, "Enhetens sista dag är sparad.")
    return _answer("organisation/close_unit.html", form, unit=unit, confirm=ConfirmForm(formdata=None))


@blueprint.post("/<word:pack>/enhet/<word:slug>/stang-inte")
@requires(ADMINISTRATORS)
def keep_open(pack: str, slug: str) -> Answer:
    unit = _facts(pack, slug)
    units.keep_open(db.session(), current_actor(), unit.id, now=now())
    return _to_unit(unit, "Enheten är öppen utan slutdag.")


def _facts(pack: str, slug: str) -> UnitFacts:
    return unit_facts(db.session(), current_actor(), pack, slug, local_date(now()))


def _offer_places(form: PlacingForm, huvudman: HuvudmanChoices) -> None:
    form.organisation.choices = [(NONE_CHOSEN, "Ingen förvaltning"), *huvudman.organisations]
    form.kommuner.choices = list(huvudman.kommuner)


def _placing(form: PlacingForm) -> Placing:
    """What a form that holds has said."""
    ages = form.age_min.data or 0, form.age_max.data or 0
    return Placing(form.organisation.data or None, tuple(form.kommuner.data or ()), *ages)


def _answer(template: str, form: PlacingForm | CloseUnitForm, **context: object) -> Answer:
    return render_template(template, form=form, **context), 200 if request.method != "POST" else 422


def _to_unit(unit: UnitFacts, sentence: str) -> Response:
    flash(sentence, "success")
    return redirect(url_for("organisation.unit", pack=unit.pack, slug=unit.slug), 303)
