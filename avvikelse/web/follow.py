"""Follow a report with its code: the state in plain words, and what the reporter can do. Open for those pages.

Every page is the answer to a POST. The code is sent once; then a signed pass in a hidden field says which case the page
is about (web/open_pass.py). No address, no cookie and no log knows of either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid, NotFound, TooMany
from avvikelse.domain.languages import LANGUAGES, SWEDISH, Language
from avvikelse.domain.vocabulary import Action, Again, Outcome, Rating
from avvikelse.domain.whole_days import whole_day
from avvikelse.models.base import db
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.case_page import case_page
from avvikelse.queries.case_views import CaseView
from avvikelse.queries.links import linked_to
from avvikelse.services import answers, dialogue, effect_answers, group_questions, links, receipts, reporting
from avvikelse.services.case_access import find, require
from avvikelse.services.receipts import Holder
from avvikelse.web import open_pass, open_words
from avvikelse.web.case_steps import number
from avvikelse.web.forms.open import AgainForm, CodeForm, GroupTextForm, RatingForm, StepForm, TextForm
from avvikelse.web.open_report import Answer, repeat
from avvikelse.web.refusals import refused
from avvikelse.web.transaction import commit_in_spite_of_status
from avvikelse.web.unlinked import knock

blueprint = Blueprint("follow", __name__, url_prefix="/utan-konto/folj")
AGAIN = "hant-igen"


@dataclass(frozen=True, slots=True)
class Call:
    session: Session
    actor: Actor
    ref: str
    form: Any
    now: datetime

    @property
    def version(self) -> int | None:
        return number(self.form.version.data) if self.form.version.data else None


def _answer_question(call: Call) -> object:
    return dialogue.answer_open_question(call.session, call.actor, call.ref, call.form.text.data or "", now=call.now)


def _rate(call: Call) -> object:
    rating, reason = Rating(call.form.rating.data), call.form.reason.data or ""
    return answers.feedback(call.session, call.actor, call.ref, rating, reason, version=call.version, now=call.now)


def _add_fact(call: Call) -> object:
    return dialogue.add_fact(call.session, call.actor, call.ref, call.form.text.data or "", now=call.now)


def _withdraw(call: Call) -> object:
    return reporting.withdraw(call.session, call.actor, call.ref, version=call.version, now=call.now)


def _effect(call: Call) -> object:
    again, comment = Again(call.form.again.data), call.form.comment.data or ""
    return effect_answers.answer_as_reporter(call.session, call.actor, call.ref, again, comment, now=call.now)


def _ask_group(call: Call) -> object:
    text, version = call.form.text.data or "", call.version
    return group_questions.ask(call.session, call.actor, call.ref, text, version=version, now=call.now)


def _link_code(call: Call) -> object:
    return links.issue(call.session, call.actor, call.ref, now=call.now)


# address: form, what opens it, the one service it calls
STEPS: dict[str, tuple[type[StepForm], Action | Permission, Callable[[Call], object]]] = {
    "svara": (TextForm, Permission.ANSWER_QUESTION, _answer_question),
    "betyg": (RatingForm, Action.FEEDBACK_HELPED, _rate),
    "fortfarande": (AgainForm, Permission.EFFECT, _effect),
    "fraga-gruppen": (GroupTextForm, Permission.ASK_GROUP, _ask_group),
    "kopplingskod": (StepForm, Permission.READ, _link_code),
    "komplettera": (TextForm, Permission.ADD_FACT, _add_fact),
    "aterta": (StepForm, Action.WITHDRAW, _withdraw),
}


@blueprint.get("")
def index() -> Response:
    """The address that is short enough to say on the phone."""
    return redirect(url_for(".show", language=SWEDISH))


@blueprint.get("/<word:language>")
def show(language: str) -> str:
    return _code_page(_say(language), CodeForm(formdata=None))


@blueprint.post("/<word:language>")
def enter(language: str) -> Answer:
    """With the code: the report. Wrong, purged and foreign codes get the same page."""
    say, form = _say(language), CodeForm()
    form.speak(say)
    if not form.validate():
        open_words.translate(form, say, "follow")
        return _code_page(say, form), 422
    commit_in_spite_of_status()  # a wrong code is counted
    try:
        holder = receipts.enter(db.session(), form.code.data or "", knock(), now=now())
    except TooMany as error:
        form.form_errors.append(say("frame.too_many"))
        return _code_page(say, form), 429, {"Retry-After": str(error.retry_after)}
    except Invalid as error:
        form.code.errors = [say("follow.not_a_code" if error.reason == receipts.NOT_A_CODE else "follow.wrong")]
        return _code_page(say, form), 422
    return _status(say, holder, typed={form.kept_for.data or "": form.kept_text.data or ""})


@blueprint.post("/<word:language>/<word:slug>")
def step(language: str, slug: str) -> Answer:
    say = _say(language)
    ref = open_pass.read(request.form.get(open_pass.FIELD))
    if slug != AGAIN and slug not in STEPS:
        raise NotFound
    if ref is None:
        return _expired(say, slug)
    holder = receipts.again(db.session(), ref)
    if slug == AGAIN:
        require(find(db.session(), holder.actor, holder.ref), Permission.REPORT_AGAIN)
        return repeat(holder, say)
    return _perform(say, holder, slug)


def _perform(say: Language, holder: Holder, slug: str) -> Answer:
    kind, _, run = STEPS[slug]
    form = kind()
    _speak(form, say, slug)
    if form.validate():
        try:
            made = run(Call(db.session(), holder.actor, holder.ref, form, whole_day(now())))
        except Invalid as error:
            refused(form, error)
        except Conflict as error:
            db.session.rollback()
            wrong = error.reason if say.code == SWEDISH else say("follow.refused")
            return _status(say, holder, wrong=wrong, forms={slug: form}), 409
        else:
            return _status(say, holder, done=say(f"follow.done_{slug}", code=str(made)))
    db.session.rollback()
    _name_what_is_missing(form, say, slug)
    return _status(say, holder, forms={slug: form}), 422


def _name_what_is_missing(form: StepForm, say: Language, slug: str) -> None:
    missing = {"svara": "answer_missing", "komplettera": "add_missing", "fraga-gruppen": "ask_group_missing"}.get(slug)
    open_words.translate(form, say, "follow")
    for name, key in (
        ("text", missing),
        ("rating", "rate_missing"),
        ("again", "still_missing"),
        ("reason", "reason_missing"),
    ):
        if name in form and form[name].errors and not form[name].data and key is not None:
            form[name].errors = [say(f"follow.{key}")]


# --- pages ------------------------------------------------------------------------------------------------------------


def _code_page(say: Language, form: CodeForm, *, expired: bool = False) -> str:
    form.speak(say)
    return render_template("open/code.html", say=say, form=form, expired=expired, languages=LANGUAGES)


def _expired(say: Language, slug: str) -> Answer:
    """The page had been open too long: the code is asked for again, and what was written goes along."""
    written = next((text for name in ("text", "reason", "comment") if (text := request.form.get(name))), "")
    form = CodeForm(formdata=None, kept_text=written, kept_for=slug)
    return _code_page(say, form, expired=True), 401


def _status(
    say: Language,
    holder: Holder,
    *,
    done: str = "",
    wrong: str = "",
    forms: dict[str, Any] | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    view = case_page(db.session(), holder.actor, holder.ref)
    token = open_pass.issue(holder.ref)
    shown: dict[str, Any] = {}
    for slug, (kind, needs, _) in STEPS.items():
        if not _is_open(slug, needs, view):
            continue
        form = (forms or {}).get(slug) or _blank(kind, slug, typed or {})
        form.code_token.data, form.version.data = token, str(view.head.version)
        _speak(form, say, slug)
        shown[slug] = form
    left = next((form for slug, form in (forms or {}).items() if slug not in shown), None)
    return render_template(
        "open/status.html",
        say=say,
        case=view,
        forms=shown,
        wrong_form=next(iter(forms.values())) if forms else None,
        unsent=left.text.data if left is not None and "text" in left else "",
        token=token,
        again=Permission.REPORT_AGAIN in view.permissions,
        state=_state(say, view),
        closing_text="" if _is_withdrawn(view) else view.closing_text,  # the state says it, in the page's language
        done=done,
        wrong=wrong,
        linked=linked_to(db.session(), view.id),
        day=lambda value: open_words.day_in(say, value),
    )


def _speak(form: StepForm, say: Language, slug: str) -> None:
    """The form's words, and ids of its own: several forms stand on the page."""
    if isinstance(form, RatingForm | AgainForm):
        form.speak(say)
    if isinstance(form, TextForm):
        form.text.id = form.text.label.field_id = f"text-{slug}"
        form.text.label.text = say(_TEXT_LABELS[slug])


_TEXT_LABELS = {
    "svara": "follow.your_answer",
    "komplettera": "follow.add_label",
    "fraga-gruppen": "follow.ask_group_label",
}


def _blank(kind: type[StepForm], slug: str, typed: dict[str, str]) -> StepForm:
    field = {RatingForm: "reason", AgainForm: "comment"}.get(kind, "text")
    return kind(formdata=None, **({field: typed[slug]} if typed.get(slug) else {}))


def _is_open(slug: str, needs: Action | Permission, view: CaseView) -> bool:
    if needs not in view.actions and needs not in view.permissions:
        return False
    special = {
        "svara": any(question.open for question in view.questions),
        "fortfarande": view.effect_asked,
        "fraga-gruppen": not _is_withdrawn(view)
        and not any(question.waits_for_group for question in view.group_questions),
        "kopplingskod": not _is_withdrawn(view),  # nothing is left for another report to belong to
    }
    return special.get(slug, True)


def _is_withdrawn(view: CaseView) -> bool:
    return view.head.outcome is Outcome.WITHDRAWN


def _state(say: Language, view: CaseView) -> str:
    """The state in plain words; by when, where a clock runs."""
    if view.head.outcome is not None:
        return say(f"outcome.{view.head.outcome.value}")
    if view.head.paused:
        return say("status.paused")
    words = say(f"status.{view.head.status.value}")
    by = say("status.by", day=open_words.day_in(say, view.head.due_on)) if view.head.due_on else ""
    return f"{words} {by}" if by and view.head.status.value != "answered" else words


def _say(language: str) -> Language:
    if language not in LANGUAGES:
        raise NotFound
    return LANGUAGES[language]
