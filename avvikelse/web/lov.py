"""A huvudman's *lovkalender*, for its administrator."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.lov import LovPage, lov_page
from avvikelse.services import lov
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.base import choices
from avvikelse.web.forms.lov import LovForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("lov", __name__, url_prefix="/organisation/<word:pack>/huvudman/<word:slug>/lov")
ADMINISTRATORS = roles(Role.ADMINISTRATOR)
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@requires(ADMINISTRATORS)
def show(pack: str, slug: str) -> str:
    page = _read(pack, slug)
    return _page(page, _form(page, formdata=None))


@blueprint.post("")
@requires(ADMINISTRATORS)
def add(pack: str, slug: str) -> Answer:
    page = _read(pack, slug)
    form = _form(page)
    if form.validate():
        first, last = form.first_on.data or date.min, form.last_on.data or date.min
        try:
            lov.add(
                db.session(), current_actor(), page.huvudman_id, form.name.data or "", form.kinds.data or (), first,
                last, now=now(),
            )  # fmt: skip
        except Invalid as error:
            refused(form, error)
        else:
            flash("Lovet är sparat. Tiden för det som enheterna ska svara på räknas inte då.", "success")
            return redirect(url_for(".show", pack=pack, slug=slug))
    return _page(page, form), 422


@blueprint.post("/<id:lov_id>/ta-bort")
@requires(ADMINISTRATORS)
def remove(pack: str, slug: str, lov_id: int) -> Response:
    page = _read(pack, slug)
    lov.remove(db.session(), current_actor(), page.huvudman_id, lov_id, now=now())
    flash("Lovet är borttaget.", "success")
    return redirect(url_for(".show", pack=pack, slug=slug))


def _read(pack: str, slug: str) -> LovPage:
    return lov_page(db.session(), current_actor(), pack, slug, local_date(now()))


def _form(page: LovPage, **options: Any) -> LovForm:
    form = LovForm(**options)
    form.kinds.choices = choices(page.kinds)
    return form


def _page(page: LovPage, form: LovForm) -> str:
    return render_template("organisation/lov.html", page=page, form=form)
