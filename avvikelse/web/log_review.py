"""*Läslogg*: who has opened which case, for the log reviewer. Open for `/laslogg`. Every look is remembered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain import log_review as rules
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import read_log
from avvikelse.queries.read_log import PAGE_SIZE, Question
from avvikelse.services import log_review
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.log_review import ReviewForm
from avvikelse.web.list_arguments import day_asked, page_asked, words_asked
from avvikelse.web.transaction import writes

blueprint = Blueprint("log_review", __name__, url_prefix="/laslogg")
REVIEWERS = roles(Role.LOGGRANSKARE)


@blueprint.get("")
@requires(REVIEWERS)
@writes
def index() -> str:
    question = _question()
    found = _readings(question) if question.case or question.words else None
    if found is None:
        log_review.looked(db.session(), current_actor(), question, now=now())
    session, actor = db.session(), current_actor()
    return render_template(
        "log_review/index.html",
        question=question,
        omraden=read_log.reviewed(session, actor),
        found=found,
        readers=read_log.sample(session, actor, question) if found is None else (),
        reviews=read_log.reviews(session, actor),
        size=PAGE_SIZE,
        longest=rules.LONGEST.days,
        link=lambda page: url_for(".index", sida=page, arende=question.case, person=question.words, **_days(question)),
    )


@blueprint.get("/person/<id:user_id>")
@requires(REVIEWERS)
@writes
def person(user_id: int) -> str:
    return _person(user_id, ReviewForm(formdata=None))


@blueprint.post("/person/<id:user_id>/granskad")
@requires(REVIEWERS)
def conclude(user_id: int) -> Response | tuple[str, int]:
    form, question = ReviewForm(), _question(user_id)
    if not form.validate():
        return _person(user_id, form), 422
    finding = rules.Finding(form.finding.data)
    log_review.conclude(db.session(), current_actor(), user_id, question, finding, now=now())
    flash("Granskningen är noterad.", "success")
    return redirect(url_for(".index", **_days(question)), 303)


def _person(user_id: int, form: ReviewForm) -> str:
    session, actor, question = db.session(), current_actor(), _question(user_id)
    who = read_log.reader(session, actor, user_id, question)
    return render_template(
        "log_review/person.html",
        who=who,
        own=user_id == actor.user_id,
        question=question,
        found=_readings(question),
        reviews=read_log.reviews(session, actor, user_id),
        form=form,
        size=PAGE_SIZE,
        days=_days(question),
        link=lambda page: url_for(".person", user_id=user_id, sida=page, **_days(question)),
    )


def _readings(question: Question) -> read_log.Readings:
    """The page that is asked for; the look is remembered."""
    session, actor = db.session(), current_actor()
    log_review.looked(session, actor, question, now=now())
    return read_log.readings(session, actor, question, page_asked())


def _question(user_id: int | None = None) -> Question:
    first, last = rules.period(day_asked("fran"), day_asked("till"), local_date(now()))
    if user_id is not None:
        return Question(first, last, user_id=user_id)
    return Question(first, last, words_asked("arende"), words_asked("person"))


def _days(question: Question) -> dict[str, Any]:
    return {"fran": question.first.isoformat(), "till": question.last.isoformat()}
