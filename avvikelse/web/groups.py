"""*Samverkansgrupper*: my groups, a group's month, and writing its decision. Open for `/grupper`."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.domain.months import month_of
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import group_desk
from avvikelse.queries.group_desk import QuestionToDecide
from avvikelse.reports.svg import month_line
from avvikelse.services import group_questions
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.groups import DecideForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("groups", __name__, url_prefix="/grupper")
MEMBERS = roles(Role.MEDLEM, Role.SAMMANKALLANDE)
CONVENORS = roles(Role.SAMMANKALLANDE)


@blueprint.get("")
@requires(MEMBERS)
def index() -> str:
    groups = group_desk.my_groups(db.session(), current_actor(), now=now())
    return render_template("group/index.html", groups=groups)


@blueprint.get("/<id:group_id>")
@requires(MEMBERS)
def group(group_id: int) -> Response:
    """The month that runs, so that a link to the group never grows old."""
    return redirect(url_for(".month", group_id=group_id, month=month_of(local_date(now()))))


@blueprint.get("/<id:group_id>/<month:month>")
@requires(MEMBERS)
def month(group_id: int, month: str) -> str:
    page = group_desk.month_page(db.session(), current_actor(), group_id, month, now=now())
    chart = month_line(page.content.totals) if page.content is not None and page.content.chart else None
    return render_template("group/month.html", page=page, chart=chart)


@blueprint.get("/<id:group_id>/fragor/<ref:ref>")
@requires(CONVENORS)
def question(group_id: int, ref: str) -> str:
    asked = group_desk.question_to_decide(db.session(), current_actor(), group_id, ref)
    return _question_page(asked, DecideForm())


@blueprint.post("/<id:group_id>/fragor/<ref:ref>")
@requires(CONVENORS)
def decide(group_id: int, ref: str) -> Response | tuple[str, int]:
    asked, form = group_desk.question_to_decide(db.session(), current_actor(), group_id, ref), DecideForm()
    if form.validate() and form.due_on.data is not None:
        words = (form.decision.data or "", form.owner.data or "")
        try:
            group_questions.decide(db.session(), current_actor(), ref, *words, form.due_on.data, now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("Beslutet är sparat. De som har rapporterat om detta får besked.", "success")
            return redirect(url_for(".group", group_id=group_id))
    return _question_page(asked, form), 422


def _question_page(asked: QuestionToDecide, form: DecideForm) -> str:
    return render_template("group/decide.html", question=asked, form=form)
