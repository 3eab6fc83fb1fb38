"""A group's *handlingsplan* and one activity of it. What is done there are steps (web/desk_steps.py)."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from avvikelse.domain.errors import NotFound
from avvikelse.domain.vocabulary import Role
from avvikelse.models.base import db
from avvikelse.queries import action_plan
from avvikelse.web.access import requires, roles
from avvikelse.web.group_pages import head

blueprint = Blueprint("group_plan", __name__, url_prefix="/grupper/<id:group_id>")
MEMBERS = roles(Role.MEDLEM, Role.SAMMANKALLANDE)


@blueprint.get("/handlingsplan")
@requires(MEMBERS)
def show(group_id: int) -> str:
    """The plan that holds now, or the one that ?plan= names; without any, that there is none."""
    desk, session = head(group_id), db.session()
    found = action_plan.plans(session, group_id)
    asked = request.args.get("plan", "")
    plan = (
        next((one for one in found if one.ref == asked), None)
        if asked
        else action_plan.current(found, desk.today.year) or next(iter(found), None)
    )
    if asked and plan is None:
        raise NotFound
    rows = action_plan.activities(session, plan.ref, desk.today) if plan else ()
    return render_template(
        "group/plan.html", desk=desk, plan=plan, plans=found, living=[row for row in rows if row.living],
        ended=[row for row in rows if not row.living],
    )  # fmt: skip


@blueprint.get("/aktiviteter/<ref:ref>")
@requires(MEMBERS)
def activity(group_id: int, ref: str) -> str:
    desk = head(group_id)
    page = action_plan.activity_page(db.session(), group_id, ref, desk.today)
    return render_template("group/activity.html", desk=desk, page=page)
