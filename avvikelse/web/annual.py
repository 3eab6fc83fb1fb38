"""A group's *årsrapport*: make, read, comment, approve; and what others read of an approved one.

Numbers and their order are analysis/annual.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.analysis.annual import SECTIONS
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import annual
from avvikelse.queries.annual import ReportView
from avvikelse.reports.month_tables import CAVEAT
from avvikelse.reports.parts import Heading
from avvikelse.reports.sections import sections_csv, sections_pdf, sections_xlsx
from avvikelse.services import annual as reports
from avvikelse.web.access import LOGGED_IN, current_actor, requires, roles
from avvikelse.web.forms.annual import SectionCommentForm
from avvikelse.web.group_month import CSV, PDF, XLSX, asked_version
from avvikelse.web.group_pages import head, led
from avvikelse.web.refusals import refused
from avvikelse.web.transaction import from_here_on_writing, reads_first

blueprint = Blueprint("annual", __name__)
MEMBERS = roles(Role.MEDLEM, Role.SAMMANKALLANDE)
CONVENORS = roles(Role.SAMMANKALLANDE)
OWN = "För gruppens medlemmar. Små tal kan peka ut någon: sprid dem inte."
OUTWARD = "Utan tal under fem, och utan tal som skulle avslöja ett sådant."


@blueprint.get("/grupper/<id:group_id>/arsrapport")
@requires(MEMBERS)
def index(group_id: int) -> str:
    desk = head(group_id)
    _own(desk.own)
    rows = annual.years(db.session(), group_id)
    year = desk.today.year
    to_make = [one for one in (year - 1, year) if one not in {row.year for row in rows}]
    return render_template("annual/index.html", desk=desk, rows=rows, to_make=to_make)


@blueprint.get("/grupper/<id:group_id>/arsrapport/<year:year>")
@requires(MEMBERS)
def show(group_id: int, year: int) -> str:
    desk = head(group_id)
    _own(desk.own)
    report = annual.own_report(db.session(), group_id, year, asked_version())
    is_over = year < desk.today.year
    return render_template(
        "annual/show.html", desk=desk, report=report, state=state_of(report), is_over=is_over,
        is_newest=report.version == report.newest, outward=None,
    )  # fmt: skip


@blueprint.post("/grupper/<id:group_id>/arsrapport/<year:year>/gor")
@requires(CONVENORS)
@reads_first
def make(group_id: int, year: int) -> Response:
    """One press."""
    session, actor, moment = db.session(), current_actor(), now()
    ahead = reports.report_ahead(session, actor, group_id, year, now=moment)
    from_here_on_writing()
    made = reports.make(session, actor, group_id, year, now=moment, ahead=ahead)
    flash(f"Årsrapporten för {year} är gjord, version {made.version}. Läs den, skriv till och godkänn.", "success")
    return redirect(url_for(".show", group_id=group_id, year=year))


@blueprint.get("/grupper/<id:group_id>/arsrapport/<year:year>/kommentar/<word:section>")
@requires(CONVENORS)
def comment(group_id: int, year: int, section: str) -> str:
    report = _draft(group_id, year, section)
    return _comment_page(report, section, SectionCommentForm(formdata=None, text=report.comments.get(section, "")))


@blueprint.post("/grupper/<id:group_id>/arsrapport/<year:year>/kommentar/<word:section>")
@requires(CONVENORS)
def save_comment(group_id: int, year: int, section: str) -> Response | tuple[str, int]:
    report, form = _draft(group_id, year, section), SectionCommentForm()
    if form.validate():
        try:
            reports.comment(db.session(), current_actor(), group_id, year, section, form.text.data or "", now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("Texten är sparad. Siffrorna ändras inte av den.", "success")
            return redirect(url_for(".show", group_id=group_id, year=year, _anchor=section))
    return _comment_page(report, section, form), 422


@blueprint.get("/grupper/<id:group_id>/arsrapport/<year:year>/godkann")
@requires(CONVENORS)
def review(group_id: int, year: int) -> str:
    """What those outside the group will read, before it is approved."""
    desk = led(group_id)
    session = db.session()
    report = annual.own_report(session, group_id, year)
    if report.approved_on is not None:
        raise NotFound
    return render_template(
        "annual/review.html", desk=desk, report=report, outward=annual.preview(session, group_id, year)
    )


@blueprint.post("/grupper/<id:group_id>/arsrapport/<year:year>/godkann")
@requires(CONVENORS)
def approve(group_id: int, year: int) -> Response:
    seen = request.form.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    reports.approve(db.session(), current_actor(), group_id, year, seen=number, now=now())
    flash("Årsrapporten är godkänd och låst. Alla som har ett konto kan läsa den, utan små tal.", "success")
    return redirect(url_for(".show", group_id=group_id, year=year))


@blueprint.get("/grupper/<id:group_id>/arsrapport/<year:year>/arsrapport.pdf")
@requires(MEMBERS)
def own_pdf(group_id: int, year: int) -> Response:
    return _file(_own_report(group_id, year), "pdf", OWN)


@blueprint.get("/grupper/<id:group_id>/arsrapport/<year:year>/arsrapport.xlsx")
@requires(MEMBERS)
def own_xlsx(group_id: int, year: int) -> Response:
    return _file(_own_report(group_id, year), "xlsx", OWN)


@blueprint.get("/grupper/<id:group_id>/arsrapport/<year:year>/arsrapport.csv")
@requires(MEMBERS)
def own_csv(group_id: int, year: int) -> Response:
    return _file(_own_report(group_id, year), "csv", OWN)


# --- outside the group ------------------------------------------------------------------------------------------------


@blueprint.get("/arsrapporter/<id:group_id>/<year:year>")
@requires(LOGGED_IN)
def outward(group_id: int, year: int) -> str:
    report = annual.outward_report(db.session(), group_id, year)
    return render_template("annual/outward.html", report=report, state=state_of(report))


@blueprint.get("/arsrapporter/<id:group_id>/<year:year>/arsrapport.pdf")
@requires(LOGGED_IN)
def outward_pdf(group_id: int, year: int) -> Response:
    return _file(annual.outward_report(db.session(), group_id, year), "pdf", OUTWARD)


@blueprint.get("/arsrapporter/<id:group_id>/<year:year>/arsrapport.xlsx")
@requires(LOGGED_IN)
def outward_xlsx(group_id: int, year: int) -> Response:
    return _file(annual.outward_report(db.session(), group_id, year), "xlsx", OUTWARD)


@blueprint.get("/arsrapporter/<id:group_id>/<year:year>/arsrapport.csv")
@requires(LOGGED_IN)
def outward_csv(group_id: int, year: int) -> Response:
    return _file(annual.outward_report(db.session(), group_id, year), "csv", OUTWARD)


def state_of(report: ReportView) -> str:
    """How final it is, in one line."""
    if report.approved_on is not None:
        return f"Godkänd {long_date(report.approved_on)}, version {report.version}"
    return f"Utkast, version {report.version}. Gjort {long_date(local_date(report.made_at))}"


def _file(report: ReportView, ending: str, for_whom: str) -> Response:
    kind, make = _FILES[ending]
    response = make_response(make(report, for_whom))
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="arsrapport-{report.year}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _pdf(report: ReportView, for_whom: str) -> bytes:
    heading = Heading(report.group, f"Årsrapport {report.year}", state_of(report))
    foot = f"{report.group} · Årsrapport {report.year}, version {report.version}"
    return sections_pdf(
        heading, report.sections, comments=report.comments, foot=foot, caveats=(CAVEAT, for_whom),
        made_at=report.made_at,
    )  # fmt: skip


def _xlsx(report: ReportView, for_whom: str) -> bytes:
    said = [f"{SECTIONS[key]}: {report.comments[key]}" for key in SECTIONS if key in report.comments]
    about = (state_of(report), *said, CAVEAT, for_whom)
    return sections_xlsx(f"Årsrapport {report.year}, {report.group}", about, report.sections)


_FILES: dict[str, tuple[str, Callable[[ReportView, str], bytes]]] = {
    "pdf": (PDF, _pdf),
    "xlsx": (XLSX, _xlsx),
    "csv": (CSV, lambda report, _for_whom: sections_csv(report.sections)),
}


def _own_report(group_id: int, year: int) -> ReportView:
    _own(head(group_id).own)
    return annual.own_report(db.session(), group_id, year, asked_version())


def _own(own: bool) -> None:
    """The group's own version has small numbers: who reads along from above reads the other one."""
    if not own:
        raise NotFound


def _draft(group_id: int, year: int, section: str) -> ReportView:
    led(group_id)
    report = annual.own_report(db.session(), group_id, year)
    if section not in SECTIONS or report.approved_on is not None:
        raise NotFound
    return report


def _comment_page(report: ReportView, section: str, form: Any) -> str:
    return render_template("annual/comment.html", report=report, section=section, title=SECTIONS[section], form=form)
