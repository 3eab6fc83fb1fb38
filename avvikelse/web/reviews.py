"""*Granskning*: what a revisor reads of a period, and where an administrator opens it and sees what has been read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.analysis.sections import Section
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import annual, evidence, reviews
from avvikelse.queries.evidence import PAGES, Scope
from avvikelse.queries.reviews import ReviewView
from avvikelse.queries.role_offers import pack_choices
from avvikelse.reports.parts import Heading
from avvikelse.reports.sections import sections_pdf, sections_xlsx
from avvikelse.services import reviews as service
from avvikelse.web.access import LOGGED_IN, current_actor, requires, roles
from avvikelse.web.forms.base import choices
from avvikelse.web.forms.reviews import OpenReviewForm
from avvikelse.web.group_month import PDF, XLSX
from avvikelse.web.list_arguments import page_asked
from avvikelse.web.refusals import refused
from avvikelse.web.rendering import page_links
from avvikelse.web.transaction import record_first

blueprint = Blueprint("reviews", __name__)
ADMINISTRATORS = roles(Role.ADMINISTRATOR)
PAGE_SIZE = 25  # the files have all of it
OVERVIEW, FILES = "oversikt", "filer"
ABOUT = (
    "Underlaget visar vad som gjorts, när, och vilken roll som ansvarar. Det som hänt efter perioden är märkt.",
    "Här finns inga ärendetexter, inga namn och inte vem som rapporterat.",
)
PAGE_NAMES = {
    OVERVIEW: "Översikten", FILES: "Hämtade filer", "rutiner": "Avtal, uppdrag och rapportplikt", "moten": "Möten",
    "beslut": "Beslut", "handlingsplaner": "Handlingsplaner", "matetal": "Mätetal och mål", "avvikelser": "Avvikelser",
    "arenden": "Ärendenas gång", "gallring": "Gallring",
}  # fmt: skip


# --- the revisor: logged in is enough to ask, so that expired and not hers are 404 alike ----------------------------


@blueprint.get("/granskning")
@requires(LOGGED_IN)
def mine() -> str | Response:
    if not current_actor().has(Role.REVISOR):
        raise NotFound
    found = reviews.readable(db.session(), current_actor(), _today())
    if len(found) == 1:
        return redirect(url_for(".overview", ref=found[0].ref))
    return render_template("reviews/mine.html", reviews=found)


@blueprint.get("/granskning/<ref:ref>")
@requires(LOGGED_IN)
def overview(ref: str) -> str:
    review, session = _read(ref, OVERVIEW), db.session()
    return render_template(
        "reviews/overview.html", review=review, sections=evidence.evidence(session, _scope(review)),
        annual=annual.approved(session, review.pack_slug),
    )  # fmt: skip


@blueprint.get("/granskning/<ref:ref>/<word:page>")
@requires(LOGGED_IN)
def show(ref: str, page: str) -> str:
    if page not in PAGES:
        raise NotFound
    review = _read(ref, page)
    section, asked = PAGES[page](db.session(), _scope(review)), page_asked()
    total = max((len(grid.rows) for grid in section.grids), default=0)
    links = page_links(asked, PAGE_SIZE, total, lambda number: url_for(".show", ref=ref, page=page, sida=number))
    return render_template("reviews/page.html", review=review, section=_part_of(section, links.first), links=links)


@blueprint.get("/granskning/<ref:ref>/underlag.pdf")
@requires(LOGGED_IN)
def as_pdf(ref: str) -> Response:
    review = _read(ref, FILES)
    heading = Heading(review.pack, f"Underlag: {review.about}", _period(review))
    document = sections_pdf(
        heading, _sections(review), foot=f"Underlag · {_period(review)}", caveats=ABOUT, made_at=now()
    )
    return _file(document, "pdf", PDF)


@blueprint.get("/granskning/<ref:ref>/underlag.xlsx")
@requires(LOGGED_IN)
def as_xlsx(ref: str) -> Response:
    review = _read(ref, FILES)
    book = sections_xlsx(f"Underlag: {review.about}", (review.pack, _period(review), *ABOUT), _sections(review))
    return _file(book, "xlsx", XLSX)


def _part_of(section: Section, first: int) -> Section:
    """A page of each of its tables, from row `first` (1) on; a table that is at its end is left out."""
    rows = slice(max(first - 1, 0), max(first - 1, 0) + PAGE_SIZE)
    grids = tuple(replace(grid, rows=grid.rows[rows]) for grid in section.grids)
    return replace(section, grids=tuple(grid for grid in grids if grid.rows))


def _read(ref: str, page: str) -> ReviewView:
    """The granskning, with the reading noted before anything is shown or made. Raises NotFound."""
    moment, actor = now(), current_actor()
    review = reviews.readable_one(db.session(), actor, ref, local_date(moment))
    record_first(lambda session: service.note_reading(session, actor, review.id, page, now=moment))
    return review


def _sections(review: ReviewView) -> tuple[Section, ...]:
    return evidence.evidence(db.session(), _scope(review))


def _scope(review: ReviewView) -> Scope:
    return Scope(review.pack_id, review.period_from, review.period_to)


def _period(review: ReviewView) -> str:
    return f"{long_date(review.period_from)} till {long_date(review.period_to)}"


def _file(content: bytes, ending: str, kind: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="underlag.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


# --- who opens --------------------------------------------------------------------------------------------------------


@blueprint.get("/granskningar")
@requires(ADMINISTRATORS)
def index() -> str:
    today = _today()
    year = today.year - 1
    known: dict[str, Any] = {
        "period_from": date(year, 1, 1), "period_to": date(year, 12, 31), "last_on": today + service.DAYS,
    }  # fmt: skip
    return _index(OpenReviewForm(formdata=None, **known))


@blueprint.post("/granskningar")
@requires(ADMINISTRATORS)
def open_review() -> Response | tuple[str, int]:
    form, session, actor = OpenReviewForm(), db.session(), current_actor()
    reviews.require_opener(actor)
    form.pack.choices = choices(pack_choices(session))
    if form.validate():
        first, last, last_on = form.period_from.data, form.period_to.data, form.last_on.data
        if first and last and last_on:
            try:
                row = service.open_review(
                    session, actor, form.pack.data, about=form.about.data or "", period=(first, last),
                    email=form.email.data or "", name=form.name.data or "", last_on=last_on, now=now(),
                )  # fmt: skip
            except Invalid as error:
                refused(form, error)
            else:
                flash("Granskningen är öppen. Revisorn har fått ett mejl, eller har redan ett konto.", "success")
                return redirect(url_for(".log", ref=row.ref))
    return _index(form), 422


@blueprint.get("/granskningar/<ref:ref>")
@requires(ADMINISTRATORS)
def log(ref: str) -> str:
    review, readings = reviews.opened_one(db.session(), current_actor(), ref, _today())
    return render_template("reviews/log.html", review=review, readings=readings, names=PAGE_NAMES)


@blueprint.post("/granskningar/<ref:ref>/avsluta")
@requires(ADMINISTRATORS)
def end(ref: str) -> Response:
    service.end_review(db.session(), current_actor(), ref, now=now())
    flash("Granskningen är avslutad. Ingen kan läsa underlaget.", "success")
    return redirect(url_for(".log", ref=ref))


def _index(form: OpenReviewForm) -> str:
    session = db.session()
    found = reviews.opened(session, current_actor(), _today())
    form.pack.choices = choices(pack_choices(session))
    return render_template("reviews/index.html", reviews=found, form=form)


def _today() -> date:
    return local_date(now())
