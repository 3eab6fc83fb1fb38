"""*Vem svarar när någon är borta*: the list for administrators and samordnare, and a manager's own absences."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.standing_in import own_positions, standing_list
from avvikelse.services import organisation
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.organisation import AbsenceForm, ConfirmForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("standing_in", __name__)


@blueprint.get("/ersattare")
@requires(roles(Role.ADMINISTRATOR, Role.SAMORDNARE))
def index() -> str:
    return render_template(
        "standing_in/list.html",
        found=standing_list(db.session(), current_actor(), local_date(now())),
        administers=current_actor().has(Role.ADMINISTRATOR),
    )


@blueprint.get("/konto/franvaro")
@requires(roles(Role.CHEF))
def own() -> str:
    return _own()


@blueprint.post("/konto/franvaro/<id:position_id>")
@requires(roles(Role.CHEF))
def add(position_id: int) -> Response | tuple[str, int]:
    form, actor = AbsenceForm(), current_actor()
    if position_id not in actor.own_position_ids():
        raise NotFound
    if form.validate() and form.from_on.data and form.to_on.data:
        try:
            organisation.add_absence(
                db.session(), actor, position_id, from_on=form.from_on.data, to_on=form.to_on.data, now=now()
            )
        except Invalid as error:
            refused(form, error)
        else:
            flash("Frånvaron är inlagd. Ärenden går till den som svarar i ditt ställe från den dagen.", "success")
            return redirect(url_for(".own"))
    return _own(position_id, form), 422


@blueprint.post("/konto/franvaro/<id:position_id>/<id:absence_id>/ta-bort")
@requires(roles(Role.CHEF))
def remove(position_id: int, absence_id: int) -> Response:
    if position_id not in current_actor().own_position_ids():
        raise NotFound
    organisation.remove_absence(db.session(), current_actor(), position_id, absence_id, now=now())
    flash("Frånvaron är borttagen.", "success")
    return redirect(url_for(".own"))


def _own(failed_at: int | None = None, failed: AbsenceForm | None = None) -> str:
    """Each position has its own form, so that the fields of two never share an id."""
    positions = own_positions(db.session(), current_actor(), local_date(now()))
    forms = {
        one.id: failed if failed is not None and one.id == failed_at else AbsenceForm(formdata=None)
        for one in positions
    }
    for position_id, form in forms.items():
        for field in (form.from_on, form.to_on):
            field.id = f"{field.name}-{position_id}"
    return render_template(
        "standing_in/own.html", positions=positions, forms=forms, failed=failed, confirm=ConfirmForm(formdata=None)
    )
