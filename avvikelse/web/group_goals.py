"""A group's goals: this year's, last year's and next year's, and the form for a year whose goals may be written."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.goals import GOAL_KINDS, PARAMS
from avvikelse.domain.vocabulary import Role
from avvikelse.models.base import db
from avvikelse.queries import goals
from avvikelse.queries.desk import DeskHead
from avvikelse.services.goals import set_goals
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.base import BaseForm, NumberField
from avvikelse.web.group_pages import head, led
from avvikelse.web.refusals import refused

blueprint = Blueprint("group_goals", __name__, url_prefix="/grupper/<id:group_id>/mal")
MEMBERS = roles(Role.MEDLEM, Role.SAMMANKALLANDE)
CONVENORS = roles(Role.SAMMANKALLANDE)


class GoalsForm(BaseForm):
    """One number per mätetal; its field is named by the mätetal's id."""


for _id, _kind in GOAL_KINDS.items():
    _asks = f"{_kind.name.format(**PARAMS)}, {'minst' if _kind.at_least else 'högst'} … {_kind.unit.label}"
    setattr(GoalsForm, _id, NumberField(_asks, description=_kind.definition.format(**PARAMS)))


@blueprint.get("")
@requires(MEMBERS)
def show(group_id: int) -> str:
    desk = head(group_id)
    year = desk.today.year
    years = goals.goal_years(db.session(), group_id, (year, year + 1, year - 1), desk.today)
    return render_template("group/goals.html", desk=desk, years=years)


@blueprint.get("/<year:year>")
@requires(CONVENORS)
def write(group_id: int, year: int) -> str:
    desk, known = _open(group_id, year)
    goals_now: dict[str, Any] = {row.id: row.goal for row in known.rows}
    form = GoalsForm(formdata=None, **goals_now)
    return _page(desk, year, form)


@blueprint.post("/<year:year>")
@requires(CONVENORS)
def save(group_id: int, year: int) -> Response | tuple[str, int]:
    desk, _ = _open(group_id, year)
    form = GoalsForm()
    if form.validate():
        try:
            set_goals(
                db.session(), current_actor(), group_id, year, {id_: form[id_].data for id_ in GOAL_KINDS}, now=now()
            )
        except Invalid as error:
            refused(form, error)
        else:
            flash(f"Målen för {year} är sparade.", "success")
            return redirect(url_for(".show", group_id=group_id))
    return _page(desk, year, form), 422


def _open(group_id: int, year: int) -> tuple[DeskHead, goals.GoalYear]:
    """Raises NotFound for a year that is neither this one nor the next."""
    desk = led(group_id)
    if year not in (desk.today.year, desk.today.year + 1):
        raise NotFound
    return desk, goals.goal_year(db.session(), group_id, year, desk.today)


def _page(desk: DeskHead, year: int, form: GoalsForm) -> str:
    return render_template("group/goals_form.html", desk=desk, year=year, form=form, names=list(GOAL_KINDS))
