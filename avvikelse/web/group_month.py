"""Beside a group's month: its files, the convenor's words, new levels in charts, and a new version on demand."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.analysis.month_content import MonthContent
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.months import month_of
from avvikelse.domain.swedish_dates import long_date, month_name
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import group_desk
from avvikelse.queries.group_desk import MonthPage
from avvikelse.queries.meeting_papers import PapersPage, newest, papers_page
from avvikelse.reports.chart_svg import NARROW, NARROW_LINE, WIDE, WIDE_LINE, chart_svg
from avvikelse.reports.month_pdf import month_pdf
from avvikelse.reports.month_tables import CAVEAT, month_tables
from avvikelse.reports.parts import Heading
from avvikelse.reports.tables import all_to_csv, to_csv, to_xlsx
from avvikelse.services import meeting_papers, month_notes
from avvikelse.services import month as months
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.groups import CommentForm, LevelForm
from avvikelse.web.refusals import refused
from avvikelse.web.transaction import from_here_on_writing, reads_first

blueprint = Blueprint("group_month", __name__, url_prefix="/grupper")
MEMBERS = roles(Role.MEDLEM, Role.SAMMANKALLANDE)
CONVENORS = roles(Role.SAMMANKALLANDE)
PDF, CSV = "application/pdf", "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def drawings(content: MonthContent | None) -> list[tuple[Markup, Markup]]:
    """Each chart drawn twice, for a wide and for a narrow page; last the line of a group's first year, if any."""
    if content is None:
        return []
    sized = [(chart, WIDE, NARROW) for chart in content.charts]
    if content.line is not None:
        sized.append((content.line, WIDE_LINE, NARROW_LINE))
    return [(Markup(chart_svg(chart, wide)), Markup(chart_svg(chart, narrow))) for chart, wide, narrow in sized]  # noqa: S704


@blueprint.get("/<id:group_id>/<month:month>/version/<id:version>")
@requires(MEMBERS)
def version(group_id: int, month: str, version: int) -> str:
    page = group_desk.month_page(db.session(), current_actor(), group_id, month, now=now(), version=version)
    return render_template("group/month.html", page=page, drawings=drawings(page.content))


# --- files ------------------------------------------------------------------------------------------------------------


@blueprint.get("/<id:group_id>/<month:month>/manad.pdf")
@requires(MEMBERS)
def as_pdf(group_id: int, month: str) -> Response:
    def make(page: MonthPage, content: MonthContent) -> bytes:
        comment = page.comment.text if page.comment else ""
        heading = Heading(page.name, month_name(month).capitalize(), state_of(page), comment)
        return month_pdf(heading, content, made_at=page.made_at)

    return _file(group_id, month, "pdf", PDF, make)


@blueprint.get("/<id:group_id>/<month:month>/manad.xlsx")
@requires(MEMBERS)
def as_xlsx(group_id: int, month: str) -> Response:
    def make(page: MonthPage, content: MonthContent) -> bytes:
        title = f"{page.name}, {month_name(month)}"
        comment = (f"Från sammankallande: {page.comment.text}",) if page.comment else ()
        about = (state_of(page), *comment, CAVEAT, "För gruppens medlemmar. Små tal kan peka ut någon: sprid dem inte.")
        return to_xlsx(title, about, month_tables(content))

    return _file(group_id, month, "xlsx", XLSX, make)


@blueprint.get("/<id:group_id>/<month:month>/manad.csv")
@requires(MEMBERS)
def as_csv(group_id: int, month: str) -> Response:
    return _file(group_id, month, "csv", CSV, lambda _page, content: all_to_csv(month_tables(content)))


@blueprint.get("/<id:group_id>/<month:month>/tabell/<word:key>.csv")
@requires(MEMBERS)
def table_csv(group_id: int, month: str, key: str) -> Response:
    def make(_page: MonthPage, content: MonthContent) -> bytes:
        table = next((one for one in month_tables(content) if one.key.lower() == key), None)
        if table is None:
            raise NotFound
        return to_csv(table)

    return _file(group_id, month, "csv", CSV, make, name=key)


def _file(
    group_id: int, month: str, ending: str, kind: str, make: Callable[[MonthPage, MonthContent], bytes], name: str = ""
) -> Response:
    page = group_desk.month_page(db.session(), current_actor(), group_id, month, now=now(), version=asked_version())
    if page.content is None:
        raise NotFound
    response = make_response(make(page, page.content))
    response.headers["Content-Type"] = kind
    file_name = "-".join(part for part in ("manad", month, name) if part)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}.{ending}"'
    return response


def asked_version() -> int | None:
    """`?version=2`; anything odd is a version that does not exist."""
    asked = request.args.get("version")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 5):
        raise NotFound
    return int(asked)


def state_of(page: MonthPage) -> str:
    """How final the month is, in one line."""
    if page.frozen:
        return f"Fastställd {long_date(local_date(page.made_at))}, version {page.version}"
    return f"Preliminär. Så såg det ut {long_date(page.today)}"


# --- the papers of a meeting ------------------------------------------------------------------------------------------


@blueprint.get("/<id:group_id>/moten/<ref:ref>/underlag")
@requires(MEMBERS)
def papers(group_id: int, ref: str) -> str:
    page = papers_page(db.session(), current_actor(), group_id, ref, now=now())
    return render_template("group/papers.html", page=page, state=papers_state(page), drawings=drawings(page.content))


@blueprint.get("/<id:group_id>/moten/<ref:ref>/underlag.pdf")
@requires(MEMBERS)
def papers_pdf(group_id: int, ref: str) -> Response:
    page = papers_page(db.session(), current_actor(), group_id, ref, now=now())
    heading = Heading(page.name, f"Underlag till mötet {long_date(page.meets_on)}", papers_state(page))
    response = make_response(month_pdf(heading, page.content, made_at=page.made_at))
    response.headers["Content-Type"] = PDF
    response.headers["Content-Disposition"] = f'attachment; filename="underlag-{page.meets_on.isoformat()}.pdf"'
    return response


@blueprint.post("/<id:group_id>/moten/<ref:ref>/underlag")
@requires(CONVENORS)
@reads_first
def make_papers(group_id: int, ref: str) -> Response:
    """On demand."""
    session, actor, moment = db.session(), current_actor(), now()
    meeting_id = meeting_papers.meeting_of(session, actor, group_id, ref)
    before = newest(session, meeting_id)
    before_version = before.version if before else 0
    ahead = meeting_papers.papers_ahead(session, meeting_id, now=moment)
    from_here_on_writing()
    made = meeting_papers.make_papers(session, meeting_id, now=moment, actor=actor, ahead=ahead)
    if made.version == before_version:
        flash("Inget har ändrats sedan underlaget gjordes.", "info")
    else:
        flash(f"Underlaget är gjort, version {made.version}.", "success")
    return redirect(url_for(".papers", group_id=group_id, ref=ref))


def papers_state(page: PapersPage) -> str:
    """What the papers cover and when they were made, in one line."""
    since = f"Vad som har kommit sedan mötet {long_date(page.since)}" if page.since else "Den senaste månaden"
    if not page.version:
        return f"{since}. Så ser det ut nu; underlaget görs tio arbetsdagar före mötet"
    version = f", version {page.version}" if page.version > 1 else ""
    return f"{since}. Gjort {long_date(local_date(page.made_at))}{version}"


# --- what the convenor adds -------------------------------------------------------------------------------------------


@blueprint.get("/<id:group_id>/<month:month>/kommentar")
@requires(CONVENORS)
def comment(group_id: int, month: str) -> str:
    page = _convened(group_id, month)
    text = page.comment.text if page.comment else ""
    return _comment_page(page, CommentForm(formdata=None, text=text, seen_version=str(page.comment_version)))


@blueprint.post("/<id:group_id>/<month:month>/kommentar")
@requires(CONVENORS)
def save_comment(group_id: int, month: str) -> Response | tuple[str, int]:
    page, form = _convened(group_id, month), CommentForm()
    if form.validate():
        seen = form.seen_version.data or "0"
        try:
            month_notes.comment(
                db.session(), current_actor(), group_id, month, form.text.data or "",
                seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else -1, now=now(),
            )  # fmt: skip
        except (Invalid, Conflict) as error:
            refused(form, error if isinstance(error, Invalid) else Invalid(error.reason, field="text"))
            form.seen_version.data = str(page.comment_version)
        else:
            flash("Din kommentar är sparad. Siffrorna ändras inte av den.", "success")
            return redirect(url_for("groups.month", group_id=group_id, month=month))
    return _comment_page(page, form), 422


@blueprint.post("/<id:group_id>/<month:month>/ny-version")
@requires(CONVENORS)
@reads_first
def remake(group_id: int, month: str) -> Response:
    """On demand: late changes make a new numbered version; without any there is none."""
    before = _convened(group_id, month)
    if not before.frozen:
        raise Conflict("Månaden är inte fastställd än. Sidan visar redan hur det ser ut nu.")
    moment = now()
    ahead = months.month_ahead(db.session(), group_id, month, moment)
    from_here_on_writing()
    made = months.make_month(db.session(), group_id, month, moment, actor=current_actor(), ahead=ahead)
    if made.version == before.version:
        flash("Inget har ändrats sedan månaden fastställdes.", "info")
    else:
        flash(f"Månaden har fått en ny version, nummer {made.version}. Den förra finns kvar.", "success")
    return redirect(url_for("groups.month", group_id=group_id, month=month))


@blueprint.get("/<id:group_id>/nivaer")
@requires(CONVENORS)
def levels(group_id: int) -> str:
    return _levels_page(_convened(group_id, _this_month()), LevelForm(formdata=None))


@blueprint.post("/<id:group_id>/nivaer")
@requires(CONVENORS)
def set_level(group_id: int) -> Response | tuple[str, int]:
    page, form = _convened(group_id, _this_month()), LevelForm()
    form.offer(page.content)
    if form.validate():
        said = (form.chart.data or "", form.month.data or "", form.cause.data or "", form.reason.data or "")
        try:
            month_notes.set_level(db.session(), current_actor(), group_id, *said, now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("Diagrammet har fått en ny nivå. De gamla gränserna står kvar för månaderna före.", "success")
            return redirect(url_for(".levels", group_id=group_id))
    return _levels_page(page, form), 422


@blueprint.post("/<id:group_id>/nivaer/<id:level_id>/ta-bort")
@requires(CONVENORS)
def remove_level(group_id: int, level_id: int) -> Response:
    month_notes.remove_level(db.session(), current_actor(), group_id, level_id, now=now())
    flash("Nivån är borttagen. Fastställda månader ändras inte.", "success")
    return redirect(url_for(".levels", group_id=group_id))


def _convened(group_id: int, month: str) -> MonthPage:
    page = group_desk.month_page(db.session(), current_actor(), group_id, month, now=now())
    if not page.may_decide or page.content is None:
        raise NotFound
    return page


def _this_month() -> str:
    return month_of(local_date(now()))


def _comment_page(page: MonthPage, form: CommentForm) -> str:
    return render_template("group/comment.html", page=page, form=form)


def _levels_page(page: MonthPage, form: LevelForm) -> str:
    form.offer(page.content)
    return render_template("group/levels.html", page=page, form=form)
