"""*Läget*: the board that every member of staff reads, and one published decision. Open for `/laget`."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import annual, safety_warnings, situation
from avvikelse.queries.library import PAGE_SIZE, newest, shelf, story
from avvikelse.queries.minutes import public_minutes
from avvikelse.queries.own_lan import own_lan
from avvikelse.reports.minutes_pdf import minutes_pdf
from avvikelse.web.access import LOGGED_IN, current_actor, requires
from avvikelse.web.group_minutes import as_pdf, day_name
from avvikelse.web.list_arguments import page_asked, words_asked

blueprint = Blueprint("situation", __name__, url_prefix="/laget")


@blueprint.get("")
@requires(LOGGED_IN)
def index() -> Response:
    """The board of the own län."""
    return redirect(url_for(".board", slug=own_lan(db.session(), current_actor())))


@blueprint.get("/bibliotek")
@requires(LOGGED_IN)
def library() -> str:
    words, tag = words_asked(), words_asked("etikett")
    return render_template(
        "situation/library.html", shelf=shelf(db.session(), words, tag, page_asked()), words=words, tag=tag,
        size=PAGE_SIZE, link=lambda page: url_for(".library", q=words, etikett=tag, sida=page),
    )  # fmt: skip


@blueprint.get("/bibliotek/<ref:ref>")
@requires(LOGGED_IN)
def told(ref: str) -> str:
    return render_template("situation/story.html", story=story(db.session(), ref))


@blueprint.get("/<word:slug>")
@requires(LOGGED_IN)
def board(slug: str) -> str:
    session = db.session()
    page = situation.board(session, current_actor(), slug, local_date(now()))
    return render_template(
        "situation/board.html",
        board=page,
        warnings=safety_warnings.shown(session, current_actor(), local_date(now())),
        today=local_date(now()),
        packs=situation.packs(session),
        stories=newest(session, slug),
        reports=annual.approved(session, slug),
    )


@blueprint.get("/protokoll/<ref:ref>")
@requires(LOGGED_IN)
def minutes(ref: str) -> str:
    _, slug, shown = public_minutes(db.session(), ref)
    return render_template("situation/minutes.html", minutes=shown, ref=ref, slug=slug)


@blueprint.get("/protokoll/<ref:ref>/protokoll.pdf")
@requires(LOGGED_IN)
def public_pdf(ref: str) -> Response:
    day, _, shown = public_minutes(db.session(), ref)
    return as_pdf(minutes_pdf(shown, internal=False, made_at=now()), day_name(day))


@blueprint.get("/beslut/<ref:ref>")
@requires(LOGGED_IN)
def decision(ref: str) -> str:
    return render_template("situation/decision.html", page=situation.public_decision(db.session(), ref))
