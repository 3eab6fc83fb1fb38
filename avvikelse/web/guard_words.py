"""*Vaktens ord*: what the administrator lets pass or adds as a name. Open for `/organisation/vaktens-ord`."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import Role, WordUse
from avvikelse.models.base import db
from avvikelse.queries import guard_context
from avvikelse.services import guard_words
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.base import choices
from avvikelse.web.forms.organisation import ConfirmForm, GuardWordForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("guard_words", __name__, url_prefix="/organisation/vaktens-ord")
ADMINISTRATORS = roles(Role.ADMINISTRATOR)


@blueprint.get("")
@requires(ADMINISTRATORS)
def index() -> str:
    return _page(_form(GuardWordForm(formdata=None, use=WordUse.ALLOWED.value)))


@blueprint.post("")
@requires(ADMINISTRATORS)
def add() -> Response | tuple[str, int]:
    form = _form(GuardWordForm())
    if form.validate():
        use, huvudman_id = WordUse(form.use.data), form.huvudman.data or None
        try:
            guard_words.add(db.session(), current_actor(), form.word.data or "", use, huvudman_id, now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("Ordet är tillagt och gäller från och med nu.", "success")
            return redirect(url_for(".index"))
    return _page(form), 422


@blueprint.post("/<id:word_id>/ta-bort")
@requires(ADMINISTRATORS)
def remove(word_id: int) -> Response:
    guard_words.remove(db.session(), current_actor(), word_id, now=now())
    flash("Ordet är borttaget.", "success")
    return redirect(url_for(".index"))


def _form(form: GuardWordForm) -> GuardWordForm:
    form.huvudman.choices = choices(guard_context.decided_for(db.session(), current_actor()))
    return form


def _page(form: GuardWordForm) -> str:
    return render_template(
        "organisation/guard_words.html",
        words=guard_context.word_list(db.session(), current_actor()),
        form=form,
        confirm=ConfirmForm(formdata=None),
    )
