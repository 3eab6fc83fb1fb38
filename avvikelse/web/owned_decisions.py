"""`/gruppbeslut`: what a samverkansgrupp has made a manager responsible for, and that it is done."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import Role
from avvikelse.models.base import db
from avvikelse.queries import owned_decisions as queries
from avvikelse.services import owned_decisions
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.desk import OwnedDecisionDoneForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("owned_decisions", __name__, url_prefix="/gruppbeslut")
MANAGERS = roles(Role.CHEF)


@blueprint.get("/<id:decision_id>")
@requires(MANAGERS)
def show(decision_id: int) -> str:
    return _page(decision_id, OwnedDecisionDoneForm(formdata=None))


@blueprint.post("/<id:decision_id>")
@requires(MANAGERS)
def done(decision_id: int) -> Response | tuple[str, int]:
    page, form = queries.page(db.session(), current_actor(), decision_id), OwnedDecisionDoneForm()
    if form.validate():
        try:
            owned_decisions.mark_done(db.session(), current_actor(), page.id, form.text.data or "", now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("Tack. Gruppen ser att det är gjort.", "success")
            return redirect(url_for(".show", decision_id=page.id))
    return _page(decision_id, form), 422


def _page(decision_id: int, form: OwnedDecisionDoneForm) -> str:
    page = queries.page(db.session(), current_actor(), decision_id)
    return render_template("group/owned_decision.html", page=page, form=form)
