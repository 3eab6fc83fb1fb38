"""Shows and runs the steps of web/desk_steps.py: one page with a form, one service, back to where it came from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain import codes
from avvikelse.domain.errors import Forbidden, Invalid, NotFound
from avvikelse.domain.vocabulary import Role
from avvikelse.models.base import db
from avvikelse.queries import action_plan, desk_decisions, desk_meetings, desk_themes
from avvikelse.queries.desk import DeskHead
from avvikelse.services.group_access import ONLY_THE_CONVENOR
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.desk_steps import BY_ADDRESS, Call, Step
from avvikelse.web.forms import desk as forms
from avvikelse.web.forms import plan as plan_forms
from avvikelse.web.forms.base import BaseForm, choices
from avvikelse.web.group_pages import head
from avvikelse.web.refusals import refused

blueprint = Blueprint("desk_acts", __name__, url_prefix="/grupper/<id:group_id>")
MEMBERS = roles(Role.MEDLEM, Role.SAMMANKALLANDE)


@blueprint.get("/ny/<word:slug>")
@requires(MEMBERS)
def begin(group_id: int, slug: str) -> str:
    return _show(group_id, "ny", "", slug)


@blueprint.post("/ny/<word:slug>")
@requires(MEMBERS)
def do_begin(group_id: int, slug: str) -> Response | tuple[str, int]:
    return _run(group_id, "ny", "", slug)


@blueprint.get("/platser/<id:seat_id>/<word:slug>")
@requires(MEMBERS)
def seat(group_id: int, seat_id: int, slug: str) -> str:
    return _show(group_id, "platser", str(seat_id), slug)


@blueprint.post("/platser/<id:seat_id>/<word:slug>")
@requires(MEMBERS)
def do_seat(group_id: int, seat_id: int, slug: str) -> Response | tuple[str, int]:
    return _run(group_id, "platser", str(seat_id), slug)


@blueprint.get("/<word:area>/<ref:ref>/<word:slug>")
@requires(MEMBERS)
def step(group_id: int, area: str, ref: str, slug: str) -> str:
    return _show(group_id, area, ref, slug)


@blueprint.post("/<word:area>/<ref:ref>/<word:slug>")
@requires(MEMBERS)
def do_step(group_id: int, area: str, ref: str, slug: str) -> Response | tuple[str, int]:
    return _run(group_id, area, ref, slug)


def _show(group_id: int, area: str, ref: str, slug: str) -> str:
    row, desk = _found(group_id, area, slug)
    subject = _subject(desk, row.area, ref)
    form = row.form(formdata=None, **_known(desk, row, subject))
    _prepare(desk, form)
    return _page(desk, row, ref, subject, form)


def _run(group_id: int, area: str, ref: str, slug: str) -> Response | tuple[str, int]:
    row, desk = _found(group_id, area, slug)
    subject, form = _subject(desk, row.area, ref), row.form()
    _prepare(desk, form)
    if form.validate():
        try:
            made = row.run(Call(db.session(), current_actor(), group_id, ref, form, now()))
        except Invalid as error:
            refused(form, error)
        else:
            flash(row.done, "success")
            return redirect(_afterwards(row, group_id, ref, made))
    return _page(desk, row, ref, subject, form), 422


def _found(group_id: int, area: str, slug: str) -> tuple[Step, DeskHead]:
    """The step and the group. Raises NotFound for neither, Forbidden for a step that is not the reader's."""
    row, desk = BY_ADDRESS.get((area, slug)), head(group_id)
    if row is None or not desk.own:
        raise NotFound
    if not (desk.may_decide or row.members):
        raise Forbidden(ONLY_THE_CONVENOR)
    return row, desk


def _subject(desk: DeskHead, area: str, ref: str) -> Any:
    """What the step is about, as its own page reads it. Raises NotFound for what is another group's."""
    session = db.session()
    if area == "fragor":
        return desk_decisions.question_page(session, desk, ref)
    if area == "beslut":
        return desk_decisions.decision_page(session, desk, ref)
    if area == "moten":
        return desk_meetings.meeting_page(session, desk, ref, now=now())
    if area == "teman":
        return desk_themes.theme_page(session, desk, ref)
    if area == "kandidater":
        return desk_themes.candidate_page(session, desk, ref)
    if area == "handlingsplan":
        return action_plan.plan_by_ref(session, desk.id, ref)
    if area == "aktiviteter":
        return action_plan.activity_page(session, desk.id, ref, desk.today)
    if area == "platser":
        return desk_meetings.seat(session, desk, int(ref))
    return None


def _known(desk: DeskHead, row: Step, subject: Any) -> dict[str, Any]:
    """What is known already, so that nobody types it again."""
    if row.form is forms.NewOwnerForm:
        return {"owner": subject.row.owner}
    if row.form is forms.LiftOnForm:
        return {} if row.area == "beslut" else {"text": subject.row.text} | _proposed(subject.row)
    if row.form is forms.ProposalForm:
        return _proposed(subject.row)
    if row.form is forms.ThemeQuestionForm:
        return {"proposed_owner": subject.row.owner}
    if row.form is forms.MeetingForm and subject is not None:
        meeting = subject.row
        return {
            "meets_on": meeting.meets_on, "clock": meeting.clock, "place": meeting.place, "kind": meeting.kind.value,
            "invited": subject.invited,
        }  # fmt: skip
    if row.form is forms.SeatForm and subject is not None:
        names = ("name", "convenes", "vacant", "term_from", "term_to")
        return {name: getattr(subject, name) for name in names} | {
            "kind": subject.kind.value, "unit_kind": subject.unit_kind or "",
        }  # fmt: skip
    if row.form is forms.ThemeForm and subject is not None:
        theme = subject.row
        return {
            "name": theme.name, "sentence": theme.sentence, "owner": theme.owner, "monday": subject.monday,
            "contribute": subject.contribute, "watched": theme.status.value == "bevakas",
        }  # fmt: skip
    if row.form is plan_forms.MoveActivityForm:
        return {"owner": subject.row.owner, "due_on": subject.row.due_on}
    if row.form is forms.StandingItemsForm:
        return {"items": "\n".join(desk_meetings.register(db.session(), desk).standing)}
    return {}


def _proposed(question: Any) -> dict[str, str]:
    return {"proposal": question.proposal, "proposed_owner": question.proposed_owner}


def _prepare(desk: DeskHead, form: BaseForm) -> None:
    """What there is to choose from."""
    if isinstance(form, plan_forms.PlanForm):
        form.offer(desk.today.year)
    if isinstance(form, plan_forms.ActivityForm):
        session = db.session()
        form.theme.choices = choices(action_plan.theme_choices(session, desk.id), empty="Inget tema")
        form.decision.choices = choices(action_plan.decision_choices(session, desk.id), empty="Inget beslut")
    if isinstance(form, forms.SeatForm):
        kinds = ((code.code, code.name) for code in codes.UNIT_TYPES)
        form.unit_kind.choices = choices(kinds, empty="Ingen särskild verksamhet")


def _afterwards(row: Step, group_id: int, ref: str, made: Any) -> str:
    """The page on which one sees what was done."""
    if row.area == "moten" or row.slug == "mote":
        meeting_ref = ref or made.ref
        return url_for("desk.meeting", group_id=group_id, ref=meeting_ref)
    if row.area == "beslut":
        return url_for("desk.decision", group_id=group_id, ref=ref)
    if row.area == "aktiviteter":
        return url_for("group_plan.activity", group_id=group_id, ref=ref)
    if "handlingsplan" in (row.area, row.slug):
        return url_for("group_plan.show", group_id=group_id, plan=ref or made.ref)
    if row.area == "teman" and row.slug not in {"fraga", "beslut"}:
        return url_for("desk_themes.theme", group_id=group_id, ref=ref)
    endpoint = {
        "fragor": "desk.questions", "fraga": "desk.questions", "beslut": "desk.decisions", "punkter": "desk.register",
        "tema": "desk_themes.index", "kandidater": "desk_themes.index", "teman": "desk_themes.index",
        "plats": "desk.register", "platser": "desk.register", "uppdrag": "desk.register",
    }  # fmt: skip
    return url_for(endpoint.get(row.area) or endpoint[row.slug], group_id=group_id)


def _page(desk: DeskHead, row: Step, ref: str, subject: Any, form: BaseForm) -> str:
    return render_template("group/step.html", desk=desk, step=row, ref=ref, subject=subject, form=form)
