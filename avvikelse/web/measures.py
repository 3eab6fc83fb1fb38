"""*Åtgärder*: what I answer for and follow, one åtgärd, and its steps. Open for `/atgarder`.

A step is a row of STEPS: heading, form, the one service it calls. What is open now says domain/measures.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.analysis.silence import silence_sentence
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Forbidden, Invalid, NotFound
from avvikelse.domain.measures import AtgardStep
from avvikelse.domain.vocabulary import Effect, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import measure_list
from avvikelse.queries.measure_list import MeasurePage, MeasureTab
from avvikelse.services import atgarder, effect_answers
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms import atgard as forms
from avvikelse.web.forms.base import BaseForm, choices
from avvikelse.web.list_arguments import page_asked
from avvikelse.web.refusals import refused

# ruff: noqa: E501 -- tables are read across
blueprint = Blueprint("measures", __name__, url_prefix="/atgarder")
READERS = roles(Role.CHEF, Role.HANDLAGGARE, Role.SAMORDNARE)


@dataclass(frozen=True, slots=True)
class Call:
    session: Session
    actor: Actor
    atgard_id: int
    form: Any
    now: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One row. `done` is what the reader is told."""

    title: str
    button: str
    form: type[BaseForm]
    run: Callable[[Call], object]
    done: str


def _decide(call: Call) -> object:
    return atgarder.decide(call.session, call.actor, call.atgard_id, now=call.now)


def _change(call: Call) -> object:
    form = call.form
    family_told = form.family_told.data or "" if "family_told" in form else ""
    return atgarder.change(
        call.session, call.actor, call.atgard_id, form.text.data or "", form.due_on.data,
        position_id=form.position_id.data or None, family_told=family_told, now=call.now,
    )  # fmt: skip


def _do(call: Call) -> object:
    form = call.form
    return atgarder.do(
        call.session, call.actor, call.atgard_id, form.done_on.data, form.changed.data or "", now=call.now
    )


def _follow_up(call: Call) -> object:
    form = call.form
    return effect_answers.follow_up(
        call.session, call.actor, call.atgard_id, Effect(form.effect.data), form.evidence.data or "", now=call.now
    )


def _drop(call: Call) -> object:
    return atgarder.drop(call.session, call.actor, call.atgard_id, call.form.reason.data or "", now=call.now)


T, F = AtgardStep, forms

# fmt: off
STEPS: dict[AtgardStep, Step] = {
    T.DECIDE:    Step("Besluta om åtgärden",        "Ja, vi gör det",   F.DecideForm,   _decide,    "Åtgärden är beslutad."),
    T.DO:        Step("Åtgärden är på plats",       "Spara",            F.DoForm,       _do,        "Tack. Om tre månader frågar vi om den fungerar."),
    T.FOLLOW_UP: Step("Fungerar åtgärden?",         "Spara",            F.FollowUpForm, _follow_up, "Uppföljningen är sparad."),
    T.CHANGE:    Step("Ändra åtgärden",             "Spara",            F.ChangeForm,   _change,    "Ändringen är sparad."),
    T.DROP:      Step("Åtgärden genomförs inte",    "Spara",            F.DropForm,     _drop,      "Det är sparat, med skälet."),
}
# fmt: on


@blueprint.get("")
@requires(READERS)
def index() -> str:
    session, actor = db.session(), current_actor()
    waiting = measure_list.counts(session, actor)
    tab = next((t for t in MeasureTab if t.value == request.args.get("flik")), MeasureTab.TO_DO)
    return render_template(
        "measure/list.html",
        for_the_namnd=actor.has(Role.SAMORDNARE),
        tab=tab,
        tab_links=[
            {"text": t.label, "href": url_for(".index", flik=t.value), "current": t is tab, "count": waiting.get(t)}
            for t in MeasureTab
        ],
        page=measure_list.measure_list(session, actor, tab, today=local_date(now()), page=page_asked()),
        today=local_date(now()),
        link=lambda **changes: url_for(".index", **{"flik": tab.value, **changes}),
    )


@blueprint.get("/<id:atgard_id>")
@requires(READERS)
def show(atgard_id: int) -> str:
    page = _page(atgard_id)
    return render_template(
        "measure/show.html",
        page=page,
        steps=[(step, STEPS[step]) for step in STEPS if step in page.measure.steps] if page.measure.mine else [],
        silence=silence_sentence(page.cases_before),
        today=local_date(now()),
    )


@blueprint.get("/<id:atgard_id>/<word:slug>")
@requires(READERS)
def step(atgard_id: int, slug: str) -> str:
    page, what = _page(atgard_id), _step(slug)
    if not page.measure.mine:
        raise Forbidden
    if what not in page.measure.steps:
        raise Conflict(f"Åtgärden har statusen ”{page.measure.status.label}”. Då går det inte att göra det här.")
    form = STEPS[what].form(formdata=None)
    _prepare(form, page)
    _prefill(form, page)
    return _step_page(page, what, form)


@blueprint.post("/<id:atgard_id>/<word:slug>")
@requires(READERS)
def perform(atgard_id: int, slug: str) -> Response | tuple[str, int]:
    page, what = _page(atgard_id), _step(slug)
    row, form = STEPS[what], STEPS[what].form()
    _prepare(form, page)
    if form.validate():
        try:
            row.run(Call(db.session(), current_actor(), atgard_id, form, now()))
        except Invalid as error:
            refused(form, error)
        else:
            flash(row.done, "success")
            return redirect(url_for(".show", atgard_id=atgard_id))
    return _step_page(page, what, form), 422


def _page(atgard_id: int) -> MeasurePage:
    return measure_list.measure_page(db.session(), current_actor(), atgard_id, today=local_date(now()))


def _step(slug: str) -> AtgardStep:
    found = next((step for step in AtgardStep if step.value == slug), None)
    if found is None:
        raise NotFound
    return found


def _prepare(form: Any, page: MeasurePage) -> None:
    if isinstance(form, forms.ChangeForm):
        owners = measure_list.owner_choices(db.session(), page.omrade_id, local_date(now()))
        form.position_id.choices = choices(owners)
        if not page.family:
            del form.family_told


def _prefill(form: Any, page: MeasurePage) -> None:
    measure = page.measure
    if isinstance(form, forms.ChangeForm):
        form.text.data, form.due_on.data, form.position_id.data = measure.text, measure.due_on, page.position_id
        if "family_told" in form:
            form.family_told.data = measure.family_told
    if isinstance(form, forms.DoForm):
        form.done_on.data = local_date(now())


def _step_page(page: MeasurePage, what: AtgardStep, form: Any) -> str:
    silence = silence_sentence(page.cases_before) if what is AtgardStep.FOLLOW_UP else ""
    return render_template("measure/step.html", page=page, what=what, step=STEPS[what], form=form, silence=silence)
