"""*Samverkansgrupper*: my groups, a group's month, and writing its decision. Open for `/grupper`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import GroupQuestionKind, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import group_desk
from avvikelse.queries.desk import head
from avvikelse.queries.desk_decisions import question_page
from avvikelse.queries.group_desk import QuestionToDecide
from avvikelse.services import group_decisions
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.desk import NO_POSITION, DecideForm, DecideGapForm
from avvikelse.web.group_month import drawings
from avvikelse.web.refusals import refused

blueprint = Blueprint("groups", __name__, url_prefix="/grupper")
MEMBERS = roles(Role.MEDLEM, Role.SAMMANKALLANDE)
CONVENORS = roles(Role.SAMMANKALLANDE)
PUBLISHED = "Beslutet är publicerat. De som har rapporterat om detta får besked."
SAVED = "Beslutet är sparat. De som har rapporterat om detta läser det när det publiceras, inom sju dagar."


@blueprint.get("")
@requires(MEMBERS)
def index() -> str:
    groups = group_desk.my_groups(db.session(), current_actor(), now=now())
    return render_template("group/index.html", groups=groups)


@blueprint.get("/<id:group_id>/<month:month>")
@requires(MEMBERS)
def month(group_id: int, month: str) -> str:
    page = group_desk.month_page(db.session(), current_actor(), group_id, month, now=now())
    return render_template("group/month.html", page=page, drawings=drawings(page.content))


@blueprint.get("/<id:group_id>/fragor/<ref:ref>")
@requires(CONVENORS)
def question(group_id: int, ref: str) -> str:
    return _question_page(_asked(group_id, ref), None)


@blueprint.post("/<id:group_id>/fragor/<ref:ref>")
@requires(CONVENORS)
def decide(group_id: int, ref: str) -> Response | tuple[str, int]:
    asked = _asked(group_id, ref)
    form = _form(asked)
    if form.validate():
        publish = bool(form.publish.data)
        try:
            group_decisions.decide_question(
                db.session(), current_actor(), group_id, ref, form.words(), publish=publish, now=now()
            )
        except Invalid as error:
            refused(form, error)
        else:
            flash(PUBLISHED if publish else SAVED, "success")
            return redirect(url_for("desk.overview", group_id=group_id))
    return _question_page(asked, form), 422


def _asked(group_id: int, ref: str) -> QuestionToDecide:
    return group_desk.question_to_decide(db.session(), current_actor(), group_id, ref, local_date(now()))


def _form(asked: QuestionToDecide, **options: Any) -> DecideForm:
    """A gap in the responsibility asks what was found out, and for a position."""
    if asked.kind != GroupQuestionKind.GAP.label:
        return DecideForm(**options)
    form = DecideGapForm(**options)
    form.owner_position.choices = [
        SelectChoice("", "Välj"),
        *(SelectChoice(str(one.id), one.name, optgroup=one.place) for one in asked.positions),
        SelectChoice(str(NO_POSITION), "Någon som inte finns i listan"),
    ]
    return form


def _question_page(asked: QuestionToDecide, form: DecideForm | None) -> str:
    """With what is proposed in the fields, until somebody has typed."""
    desk = head(db.session(), current_actor(), asked.group_id, now=now())
    page = question_page(db.session(), desk, asked.ref)
    proposed = {"publish": True, "decision": page.row.proposal, "owner": page.row.proposed_owner}
    form = form or _form(asked, formdata=None, **proposed)
    return render_template("group/decide.html", question=asked, page=page, above=desk.above, form=form)
