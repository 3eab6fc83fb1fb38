"""*Uppföljning* at a group's desk: the way to its plan, its goals, SIP of its kommuner and its annual report."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.sip import before, half_name, half_of
from avvikelse.domain.vocabulary import Role
from avvikelse.models.base import db
from avvikelse.queries import action_plan, agreement_points, annual, goals, group_sip
from avvikelse.services import agenda
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.group_pages import head

blueprint = Blueprint("group_followup", __name__, url_prefix="/grupper/<id:group_id>")
MEMBERS = roles(Role.MEDLEM, Role.SAMMANKALLANDE)
CONVENORS = roles(Role.SAMMANKALLANDE)


@blueprint.get("/uppfoljning")
@requires(MEMBERS)
def show(group_id: int) -> str:
    desk, session = head(group_id), db.session()
    year, half = desk.today.year, before(half_of(desk.today))
    plan = action_plan.current(action_plan.plans(session, group_id), year)
    rows = action_plan.activities(session, plan.ref, desk.today) if plan else ()
    return render_template(
        "group/followup.html", desk=desk, plan=plan, living=[row for row in rows if row.living],
        late=sum(row.late for row in rows), goals=goals.goal_year(session, group_id, year, desk.today), year=year,
        reports=annual.years(session, group_id)[:2], half=half_name(half),
        sip=group_sip.half_of_group(session, desk.groups, desk.facts, half, desk.today),
    )  # fmt: skip


@blueprint.get("/avtal")
@requires(MEMBERS)
def points(group_id: int) -> str:
    desk = head(group_id)
    return render_template("group/agreements.html", desk=desk, page=agreement_points.points_page(db.session(), desk))


@blueprint.post("/avtal/<id:point_id>/revidera")
@requires(CONVENORS)
def propose_revision(group_id: int, point_id: int) -> Response:
    agenda.propose_revision(db.session(), current_actor(), group_id, point_id, now=now())
    flash("Förslaget står på dagordningen för nästa möte.", "success")
    return redirect(url_for(".points", group_id=group_id))
