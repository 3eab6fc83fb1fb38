"""The start page: what waits for me, and the three things most people come for."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from avvikelse.adapters.clock import now
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import work_lists
from avvikelse.queries.work_lists import Tab
from avvikelse.web.access import LOGGED_IN, current_actor, requires

blueprint = Blueprint("start", __name__)
SHOWN_REPORTS = 5


@blueprint.get("/")
@requires(LOGGED_IN)
def show() -> str:
    actor, today = current_actor(), local_date(now())
    handles = actor.has(Role.CHEF, Role.HANDLAGGARE, Role.SAMORDNARE)
    counts = work_lists.counts(db.session(), actor, today, (Tab.MINE, Tab.LATE)) if handles else {}
    return render_template(
        "start/show.html",
        name=actor.name.split(" ")[0],
        figures=[
            {"number": count, "text": tab.label, "href": url_for("cases.index", flik=tab.value)}
            for tab, count in counts.items()
        ],
        reports=work_lists.my_reports(db.session(), actor, today=today).rows[:SHOWN_REPORTS],
    )
