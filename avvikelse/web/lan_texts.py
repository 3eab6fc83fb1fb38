"""The administrator's page for a län's own texts: complaints, and where to print the poster."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import Role
from avvikelse.models.base import db
from avvikelse.queries.lan_texts import LanTexts, editable_packs, editable_texts
from avvikelse.services import lan_texts
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.organisation import LanTextForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("lan_texts", __name__, url_prefix="/organisation/texter")
ADMINISTRATORS = roles(Role.ADMINISTRATOR)


@blueprint.get("")
@requires(ADMINISTRATORS)
def index() -> str:
    return render_template("organisation/texts_index.html", packs=editable_packs(db.session(), current_actor()))


@blueprint.get("/<word:pack>")
@requires(ADMINISTRATORS)
def show(pack: str) -> str:
    return _page(editable_texts(db.session(), current_actor(), pack))


@blueprint.post("/<word:pack>/<word:key>/<word:language>")
@requires(ADMINISTRATORS)
def change(pack: str, key: str, language: str) -> Response | tuple[str, int]:
    texts, form = editable_texts(db.session(), current_actor(), pack), LanTextForm()
    if form.validate():
        try:
            lan_texts.change(db.session(), current_actor(), pack, key, language, form.text.data or "", now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("Texten är sparad.", "success")
            return redirect(url_for(".show", pack=pack))
    return _page(texts, (key, language), form), 422


def _page(texts: LanTexts, changed: tuple[str, str] | None = None, wrong: LanTextForm | None = None) -> str:
    forms = []
    for one in texts.texts:
        mine = wrong if (one.key.value, one.language) == changed else None
        form = mine or LanTextForm(formdata=None, text=one.text)
        form.text.id = form.text.label.field_id = f"{one.key.value}-{one.language}"
        form.text.label.text = f"{one.key.label}, {one.language_name.lower()}"
        forms.append((one, form))
    return render_template("organisation/texts.html", lan=texts, forms=forms, wrong=wrong)
