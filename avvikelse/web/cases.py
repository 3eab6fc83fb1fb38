"""Work lists, search, the page of a case, and its steps (web/case_steps.py).

Open for what managers and samordnare see.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.analysis.silence import silence_sentence
from avvikelse.domain import codes
from avvikelse.domain.errors import Conflict, Forbidden, Invalid, NotFound
from avvikelse.domain.measures import AtgardStep
from avvikelse.domain.relation import Relation
from avvikelse.domain.vaxling_words import before_it_goes_on
from avvikelse.domain.vocabulary import WITHOUT_ACCOUNT, Action, Role, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.policy.permission_map import Permission
from avvikelse.queries import call_us, choices, standing_in, undoing, work_lists
from avvikelse.queries.avtal import PointOfCase
from avvikelse.queries.case_page import case_page
from avvikelse.queries.case_search import search as search_cases
from avvikelse.queries.case_views import CaseView, UnitView
from avvikelse.queries.measures import cases_in_year_of
from avvikelse.queries.work_lists import Filters, ListPage, Tab
from avvikelse.services.answers import FOUR_PARTS, QUICK_PARTS
from avvikelse.web import case_step_filling as filling
from avvikelse.web.access import LOGGED_IN, current_actor, requires, roles
from avvikelse.web.case_reading import record_reading
from avvikelse.web.case_steps import BY_SLUG, STEPS, Call, Step, number
from avvikelse.web.list_arguments import page_asked, words_asked
from avvikelse.web.refusals import refused
from avvikelse.web.search_words import may_not_be_asked

blueprint = Blueprint("cases", __name__)
HANDLING = roles(Role.CHEF, Role.HANDLAGGARE, Role.SAMORDNARE)

# Steps that stand as buttons in the box "Det här väntar på dig"; the others under "Mer du kan göra".
MAIN_STEPS = (
    "tacka", "ta-emot", "fordela", "ge-till-annan-chef", "ta-over-igen", "svara", "bekrafta-svar", "las-svaret",
    "betyg", "har-det-hant-igen", "svara-pa-fraga", "bekrafta-samtal", "fraga", "lamna-over", "inte-vart-ansvar",
    "tas-inte-upp", "atgard",
)  # fmt: skip

REWRITE = "Skriv om svaret som väntar på att läsas"

# What has pages of its own, under "Mer du kan göra".
PAGES = (
    (Permission.SPLIT, "Dela rapporten i två ärenden", "case_split.show"),
    (Permission.REPLACE_TEXT, "Byt ut en text som inte får stå kvar", "case_texts.texts"),
    (Permission.COPY, "Kopiera till eget system", "case_texts.copy"),
)


# --- lists ------------------------------------------------------------------------------------------------------------


@blueprint.get("/arenden")
@requires(HANDLING)
def index() -> str:
    actor, today = current_actor(), local_date(now())
    tabs = work_lists.tabs_for(actor)
    tab = next((t for t in tabs if t.value == request.args.get("flik")), tabs[0])
    filters = _filters()
    counts = work_lists.counts(db.session(), actor, today)
    return render_template(
        "case/list.html",
        tabs=tabs,
        tab=tab,
        page=work_lists.work_list(db.session(), actor, tab, today=today, filters=filters, page=page_asked()),
        filters=filters,
        statuses=[s for s in Status if s is not Status.DRAFT],
        categories=codes.CATEGORIES,
        today=today,
        tab_links=_tab_links(tabs, tab, counts),
        coordinates=actor.has(Role.SAMORDNARE),
        link=lambda **changes: url_for(".index", **{**request.args, "flik": tab.value, **changes}),
    )


@blueprint.get("/sok")
@requires(LOGGED_IN)
def search() -> str:
    words = words_asked()
    stopped = may_not_be_asked(words)
    words = "" if stopped else words
    actor, today = current_actor(), local_date(now())
    page = search_cases(db.session(), actor, words, today=today, page=page_asked()) if words else ListPage((), 1, False)
    return render_template(
        "case/search.html",
        stopped=stopped,
        words=words,
        page=page,
        today=today,
        link=lambda **c: url_for(".search", q=words, **c),
    )


def _tab_links(tabs: tuple[Tab, ...], current: Tab, counts: dict[Tab, int]) -> list[dict[str, object]]:
    return [
        {"text": t.label, "href": url_for(".index", flik=t.value), "current": t is current, "count": counts.get(t)}
        for t in tabs
    ]


def _filters() -> Filters:
    status = request.args.get("status", "")
    category = request.args.get("kategori", "")
    return Filters(
        status=Status(status) if status in Status._value2member_map_ else None,
        category=category if codes.known_category(category) else None,
        severe=request.args.get("allvarliga") == "ja",
    )


# --- one case ---------------------------------------------------------------------------------------------------------


@blueprint.get("/avvikelser/<ref:ref>")
@requires(LOGGED_IN)
def show(ref: str) -> str:
    view = case_page(db.session(), current_actor(), ref)
    record_reading(view)
    steps = _open_steps(view)
    if Permission.READ not in view.permissions:
        return render_template("case/former.html", case=view, steps=steps)
    return render_template(
        _template(view),
        case=view,
        main_items=_main_items(view, steps),
        more_steps=[s for s in steps if s.slug not in (*MAIN_STEPS, "bekrafta-stod")],
        more_pages=_more_pages(view),
        opened={s.slug for s in steps},
        chain=standing_in.chain_of_case(db.session(), view.id, local_date(now()))
        if any(owner.stand_in for owner in view.owners)
        else (),
        today=local_date(now()),
        codes=codes,
    )


def _more_pages(view: CaseView) -> list[tuple[str, str]]:
    """(text, address) of the pages beside the steps that are open to this reader."""
    hidden = {Permission.SPLIT} if view.head.channel in WITHOUT_ACCOUNT else set()
    return [
        (text, url_for(page, ref=view.head.ref))
        for permission, text, page in PAGES
        if permission in view.permissions - hidden
    ]


def _template(view: CaseView) -> str:
    return "case/reporter.html" if view.relations == {Relation.REPORTER} else "case/page.html"


def _open_steps(view: CaseView) -> list[Step]:
    """The rows of the table that are open to this reader now."""
    special = _special(view)
    return [step for step in STEPS if _may_take(step, view) and special.get(step.slug, True)]


def _main_items(view: CaseView, steps: list[Step]) -> list[dict[str, object]]:
    """The buttons in the box at the top: what moves the case on, first of all."""
    opened = {step.slug: step for step in steps}
    mine = view.expected is not None and view.expected.mine
    room = _room_item(view)
    return room + [
        {
            "text": opened[slug].button if slug == "ta-emot" else _title(opened[slug], view),
            "href": url_for(".step", ref=view.head.ref, slug=slug),
            "post": slug == "ta-emot",
            "kind": "primary" if mine and place == 0 and not room else "secondary",
        }
        for place, slug in enumerate(slug for slug in MAIN_STEPS if slug in opened)
    ]


def _title(step: Step, view: CaseView) -> str:
    """The step's heading; an answer that waits to be read is written again, not for the first time."""
    return REWRITE if step.slug == "svara" and any(a.waits_for_check for a in view.answers) else step.title


def _room_item(view: CaseView) -> list[dict[str, object]]:
    if view.room is None or not view.room.readable or not (view.room.open or view.room.to_do):
        return []
    kind = "primary" if view.room.mine_waits else "secondary"
    return [{"text": "Gå till det gemensamma rummet", "href": url_for("room.show", ref=view.head.ref), "kind": kind}]


def _is_open(step: Step, view: CaseView) -> bool:
    return _may_take(step, view) and _special(view).get(step.slug, True)


def _may_take(step: Step, view: CaseView) -> bool:
    opened_by = {step.needs, Action.ACCEPT} if step.slug == "tacka" else {step.needs}  # to thank is to take it on
    if not opened_by & {*view.actions, *view.permissions}:
        return False
    if step.slug == "ge-till-annan-chef":
        return standing_in.nobody_answers(db.session(), view.my_party_id, local_date(now()))
    if step.slug == "handlaggare":  # the page knows whether the unit has ever had one; most have not
        return view.has_handlers and bool(choices.handlers_of_party(db.session(), view.my_party_id, local_date(now())))
    if step.needs is Action.UNDO:
        return undoing.may_undo(db.session(), current_actor(), view.id, local_date(now()))
    return True


def _special(view: CaseView) -> dict[str, bool]:
    """What a step needs beside the right to take it."""
    waiting_answer = any(answer.mine_to_confirm for answer in view.answers)
    open_question = any(question.open for question in view.questions)
    checking = any(answer.waits_for_check for answer in view.answers)
    return {
        "las-svaret": any(answer.mine_to_check for answer in view.answers),
        "bekrafta-svar": waiting_answer,
        "bekrafta-stod": view.support is not None and view.support.mine,
        "tacka": view.asks_thanks and not open_question,
        "ta-emot": not view.asks_thanks,
        "svara": not view.asks_thanks and not open_question and not (view.head.joint and waiting_answer),
        "bekrafta-samtal": view.talk is not None and view.talk.mine_to_confirm,
        "lost-i-samtal": view.talk is None and not view.asks_orosanmalan,
        "svara-pa-fraga": open_question,
        "fraga": not open_question and not checking,
        "lamna-over": not view.head.joint,
        "ta-over-igen": any(o.stand_in and o.position_id in current_actor().own_position_ids() for o in view.owners),
        "atgard-klar": any(a.mine and AtgardStep.DO in a.steps for a in view.atgarder),
        "har-det-hant-igen": view.effect_asked,
        "godkann-mening": view.gruppmening is not None
        and view.gruppmening.sentence is not None
        and not view.gruppmening.approved,
        "beratta": view.story is None or view.story.status.value != "published",
        "godkann-berattelse": view.story is not None and view.story.mine_to_approve,
        "dra-in-berattelse": view.story is not None and view.story.status.value == "published",
        "godkann-fraga": any(q.mine_to_approve for q in view.group_questions),
    }


# --- a step -----------------------------------------------------------------------------------------------------------


@blueprint.get("/avvikelser/<ref:ref>/<word:slug>")
@requires(LOGGED_IN)
def step(ref: str, slug: str) -> str:
    view, row = _step(ref, slug)
    record_reading(view)
    form = row.form(formdata=None, version=str(view.head.version))
    filling.prepare(form, view)
    filling.prefill(form, view)
    return _step_page(view, row, form)


@blueprint.post("/avvikelser/<ref:ref>/<word:slug>")
@requires(LOGGED_IN)
def perform(ref: str, slug: str) -> Response | tuple[str, int]:
    row = BY_SLUG.get(slug)
    if row is None:
        raise NotFound
    view = case_page(db.session(), current_actor(), ref)
    if not _exists_for(row, view):
        raise NotFound
    form = row.form()
    filling.prepare(form, view)
    if form.validate():
        if (point := filling.point_to_read(form, view)) is not None:
            return _step_page(view, row, form, point=point), 200
        try:
            row.run(Call(db.session(), current_actor(), ref, form, _version(form), now()))
        except Invalid as error:
            refused(form, error)
        else:
            flash(row.done, "success")
            return redirect(url_for(".show", ref=ref))
    return _step_page(view, row, form), 422


def _step(ref: str, slug: str) -> tuple[CaseView, Step]:
    """The case and the step.

    Raises NotFound for a foreign case or unknown step, Conflict when it is not open in this state.
    """
    row = BY_SLUG.get(slug)
    view = case_page(db.session(), current_actor(), ref)
    if row is None or not _exists_for(row, view):
        raise NotFound
    if not _is_open(row, view):
        ever = isinstance(row.needs, Action) or row.needs is Permission.READ
        raise (
            Conflict(f"Ärendet har statusen ”{view.head.status.label}”. Då går det inte att göra det här.")
            if ever
            else Forbidden()
        )
    return view, row


def _exists_for(row: Step, view: CaseView) -> bool:
    """Who has let the case go finds only the step that takes it back."""
    return Permission.READ in view.permissions or (row.needs is Action.UNDO and Relation.FORMER_CHEF in view.relations)


def _version(form: Any) -> int | None:
    return number(form.version.data) if form.version.data else None


def _step_page(view: CaseView, row: Step, form: Any, *, point: PointOfCase | None = None) -> str:
    goes_on = dict.fromkeys(("fordela", "lamna-over", "inte-vart-ansvar"), lambda: before_it_goes_on(view.vaxlingar))
    notes = goes_on | {
        "atgard": lambda: silence_sentence(cases_in_year_of(db.session(), view.id, local_date(now()))),
    }
    note = notes.get(row.slug)
    return render_template(
        "case/step.html", case=view, step=row, form=form, quick=tuple(QUICK_PARTS), full=tuple(FOUR_PARTS),
        note=note() if note else "", point=point, title=_title(row, view),
        not_found=call_us.not_found(db.session(), _own_unit(view)) if view.asks_orosanmalan else "",
    )  # fmt: skip


def _own_unit(view: CaseView) -> UnitView | None:
    return next((owner.unit for owner in view.owners if owner.party_id == view.my_party_id), None)
