"""*Sammanställningar*: what groups have published for everybody, and where a convenor publishes."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.analysis.month_wide import WideTable
from avvikelse.domain.errors import Conflict
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import wide
from avvikelse.reports.tables import Table, to_csv
from avvikelse.services.wide import publish_wide, wide_ahead
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.transaction import from_here_on_writing, reads_first

blueprint = Blueprint("wide", __name__)
CONVENORS = roles(Role.SAMMANKALLANDE)
HIDDEN = "färre än 5 eller dolt"


@blueprint.get("/sammanstallningar")
def index() -> str:
    return render_template("wide/index.html", lines=wide.published_lines(db.session()))


@blueprint.get("/sammanstallningar/<id:group_id>/<year:year>")
def show(group_id: int, year: int) -> str:
    return render_template("wide/show.html", page=wide.page(db.session(), group_id, year))


@blueprint.get("/sammanstallningar/<id:group_id>/<year:year>/tabell.csv")
def as_csv(group_id: int, year: int) -> Response:
    page = wide.page(db.session(), group_id, year)
    response = make_response(to_csv(as_table(page.table)))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="sammanstallning-{year}.csv"'
    return response


@blueprint.get("/grupper/<id:group_id>/sammanstallning")
@requires(CONVENORS)
def desk(group_id: int) -> str:
    return render_template(
        "wide/desk.html", desk=wide.desk(db.session(), current_actor(), group_id, local_date(now())), refusal=""
    )


@blueprint.post("/grupper/<id:group_id>/sammanstallning")
@requires(CONVENORS)
@reads_first
def publish(group_id: int) -> Response | tuple[str, int]:
    session, actor, moment = db.session(), current_actor(), now()
    try:
        ahead = wide_ahead(session, actor, group_id, now=moment)
        from_here_on_writing()
        row = publish_wide(session, actor, group_id, ahead, now=moment)
    except Conflict as error:
        found = wide.desk(db.session(), current_actor(), group_id, local_date(now()))
        return render_template("wide/desk.html", desk=found, refusal=error.reason), 409
    flash("Sammanställningen är publicerad. Alla kan läsa den.", "success")
    return redirect(url_for(".show", group_id=group_id, year=row.year))


def as_table(table: WideTable) -> Table:
    """With its sums; what is hidden says so."""
    rows = [
        (name, *(HIDDEN if cell is None else cell for cell in cells), total)
        for name, cells, total in zip(table.rows, table.cells, table.row_totals, strict=True)
        if total
    ]
    rows.append(("Alla", *table.column_totals, table.total))
    return Table("sammanstallning", "Sammanställning", ("Vad det gäller", *table.columns, "Alla"), tuple(rows))
