"""*Internkontroll*: a samordnare fetches her område's numbers for the nämnd's plan, without small ones."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.analysis.internal_control import to_read
from avvikelse.analysis.small_numbers import HIDDEN
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import internal_control
from avvikelse.queries.internal_control import ControlPage
from avvikelse.reports.sections import sections_csv, sections_xlsx
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.group_month import CSV, XLSX

blueprint = Blueprint("internal_control", __name__, url_prefix="/internkontroll")
SAMORDNARE = roles(Role.SAMORDNARE)
ABOUT = (
    "Målen och bedömningen är nämndens egna och fylls i här.",
    "Utan tal under fem. Ett ärende räknas hos det område som ansvarar för det nu.",
)


@blueprint.get("")
@requires(SAMORDNARE)
def index() -> str:
    year = local_date(now()).year
    return render_template(
        "internal_control/index.html", omraden=internal_control.omraden(db.session(), current_actor()),
        years=(year - 1, year),
    )  # fmt: skip


@blueprint.get("/<id:omrade_id>/<year:year>")
@requires(SAMORDNARE)
def show(omrade_id: int, year: int) -> str:
    page = _page(omrade_id, year)
    return render_template("internal_control/show.html", page=page, section=to_read(page.section), hidden=HIDDEN)


@blueprint.get("/<id:omrade_id>/<year:year>/internkontroll.xlsx")
@requires(SAMORDNARE)
def as_xlsx(omrade_id: int, year: int) -> Response:
    page = _page(omrade_id, year)
    title = f"Underlag till intern kontrollplan {page.year}, {page.omrade}"
    about = (f"Räknat till och med {long_date(page.to)}.", *ABOUT)
    return _file(page, sections_xlsx(title, about, [page.section]), "xlsx", XLSX)


@blueprint.get("/<id:omrade_id>/<year:year>/internkontroll.csv")
@requires(SAMORDNARE)
def as_csv(omrade_id: int, year: int) -> Response:
    page = _page(omrade_id, year)
    return _file(page, sections_csv([page.section]), "csv", CSV)


def _page(omrade_id: int, year: int) -> ControlPage:
    return internal_control.control_page(db.session(), current_actor(), omrade_id, year, local_date(now()))


def _file(page: ControlPage, content: bytes, ending: str, kind: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="internkontroll-{page.year}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response
