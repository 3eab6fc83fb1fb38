"""Work lists, search, the page of a case, and its steps (web/case_steps.py).

Open for what managers and samordnare see.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain import codes
from avvikelse.domain.errors import Conflict, Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import Action, AnswerKind, Role, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.policy.permission_map import Permission
from avvikelse.queries import work_lists
from avvikelse.queries.case_page import case_page
from avvikelse.queries.case_views import CaseView
from avvikelse.queries.choices import avtalspunkt_choices, pack_of_case
from avvikelse.queries.receivers import position_choices, unit_choices
from avvikelse.queries.work_lists import Filters, ListPage, Tab
from avvikelse.services import audit
from avvikelse.services.answers import FOUR_PARTS, QUICK_PARTS
from avvikelse.web.access import LOGGED_IN, current_actor, requires, roles
from avvikelse.web.case_steps import BY_SLUG, STEPS, Call, Step, number
from avvikelse.web.forms import case as forms
from avvikelse.web.forms.base import choices, labelled_choices
from avvikelse.web.refusals import refused
from avvikelse.web.transaction import writes

blueprint = Blueprint("cases", __name__)
HANDLING = roles(Role.CHEF, Role.HANDLAGGARE, Role.SAMORDNARE)
MAX_QUERY = 100
MAX_PAGE = 10_000

# Steps that stand as buttons in the box "Det här väntar på dig"; the others under "Mer du kan göra".
MAIN_STEPS = (
    "ta-emot",
    "fordela",
    "svara",
    "bekrafta-svar",
    "betyg",
    "svara-pa-fraga",
    "atagande",
    "bekrafta-samtal",
    "fraga",
    "atgard",
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
        page=work_lists.work_list(db.session(), actor, tab, today=today, filters=filters, page=_page_number()),
        filters=filters,
        statuses=[s for s in Status if s is not Status.DRAFT],
        categories=codes.CATEGORIES,
        today=today,
        tab_links=_tab_links(tabs, tab, counts),
        link=lambda **changes: url_for(".index", **{**request.args, "flik": tab.value, **changes}),
    )


@blueprint.get("/sok")
@requires(LOGGED_IN)
def search() -> str:
    words = request.args.get("q", "")[:MAX_QUERY].strip()
    actor, today = current_actor(), local_date(now())
    page = (
        work_lists.search(db.session(), actor, words, today=today, page=_page_number())
        if words
        else ListPage((), 1, False)
    )
    return render_template(
        "case/search.html", words=words, page=page, today=today, link=lambda **c: url_for(".search", q=words, **c)
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


def _page_number() -> int:
    text = request.args.get("sida", "1")
    return min(int(text), MAX_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 1


# --- one case ---------------------------------------------------------------------------------------------------------


@blueprint.get("/avvikelser/<ref:ref>")
@requires(LOGGED_IN)
@writes
def show(ref: str) -> str:
    view = case_page(db.session(), current_actor(), ref)
    _record_reading(view)
    if Permission.READ not in view.permissions:
        return render_template("case/former.html", case=view)
    steps = _open_steps(view)
    return render_template(
        _template(view),
        case=view,
        main_items=_main_items(view, steps),
        more_steps=[s for s in steps if s.slug not in MAIN_STEPS],
        opened={s.slug for s in steps},
        today=local_date(now()),
        codes=codes,
    )


def _record_reading(view: CaseView) -> None:
    """Reading a case is logged, as what one reads it."""
    role = next(r.value for r in Relation if r in view.relations)
    audit.record(db.session(), current_actor(), Event.CASE_READ, now=now(), avvikelse_id=view.id, role=role)


def _template(view: CaseView) -> str:
    return "case/reporter.html" if view.relations == {Relation.REPORTER} else "case/page.html"


def _open_steps(view: CaseView) -> list[Step]:
    """The rows of the table that are open to this reader now."""
    return [step for step in STEPS if _is_open(step, view)]


def _main_items(view: CaseView, steps: list[Step]) -> list[dict[str, object]]:
    """The buttons in the box at the top: what moves the case on, first of all."""
    opened = {step.slug: step for step in steps}
    mine = view.expected is not None and view.expected.mine
    return [
        {
            "text": opened[slug].button if slug == "ta-emot" else opened[slug].title,
            "href": url_for(".step", ref=view.head.ref, slug=slug),
            "post": slug == "ta-emot",
            "kind": "primary" if mine and place == 0 else "secondary",
        }
        for place, slug in enumerate(slug for slug in MAIN_STEPS if slug in opened)
    ]


def _is_open(step: Step, view: CaseView) -> bool:
    if step.needs not in view.actions and step.needs not in view.permissions:
        return False
    waiting_answer = any(answer.mine_to_confirm for answer in view.answers)
    open_question = any(question.open for question in view.questions)
    special = {
        "bekrafta-svar": waiting_answer,
        "svara": not open_question and not (view.head.joint and waiting_answer),
        "bekrafta-samtal": view.talk is not None and view.talk.mine_to_confirm,
        "lost-i-samtal": view.talk is None,
        "svara-pa-fraga": open_question,
        "fraga": not open_question,
        "lamna-over": not view.head.joint,
        "handlaggare": bool(view.named_handlers),
        "atgard-klar": any(a.mine and a.done_on is None and a.due_on is not None for a in view.atgarder),
        "godkann-mening": view.gruppmening is not None
        and view.gruppmening.sentence is not None
        and not view.gruppmening.approved,
        "godkann-fraga": any(not q.approved and q.decided_at is None for q in view.group_questions),
    }
    return special.get(step.slug, True)


# --- a step -----------------------------------------------------------------------------------------------------------


@blueprint.get("/avvikelser/<ref:ref>/<word:slug>")
@requires(LOGGED_IN)
@writes
def step(ref: str, slug: str) -> str:
    view, row = _step(ref, slug)
    _record_reading(view)
    form = row.form(formdata=None, version=str(view.head.version))
    _prepare(form, view)
    _prefill(form, view)
    return _step_page(view, row, form)


@blueprint.post("/avvikelser/<ref:ref>/<word:slug>")
@requires(LOGGED_IN)
def perform(ref: str, slug: str) -> Response | tuple[str, int]:
    row = BY_SLUG.get(slug)
    if row is None:
        raise NotFound
    view = case_page(db.session(), current_actor(), ref)
    if Permission.READ not in view.permissions:
        raise NotFound
    form = row.form()
    _prepare(form, view)
    if form.validate():
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
    if row is None or Permission.READ not in view.permissions:
        raise NotFound
    if not _is_open(row, view):
        ever = isinstance(row.needs, Action) or row.needs is Permission.READ
        raise (
            Conflict(f"Ärendet har statusen ”{view.head.status.label}”. Då går det inte att göra det här.")
            if ever
            else Forbidden()
        )
    return view, row


def _version(form: Any) -> int | None:
    return number(form.version.data) if form.version.data else None


def _step_page(view: CaseView, row: Step, form: Any) -> str:
    return render_template(
        "case/step.html", case=view, step=row, form=form, quick=tuple(QUICK_PARTS), full=tuple(FOUR_PARTS)
    )


def _prepare(form: Any, view: CaseView) -> None:
    """Give the selects their choices. What is not among them is refused by the form."""
    session, today = db.session(), local_date(now())
    if "receiver" in form:
        form.receiver.choices = choices(
            position_choices(session, pack_of_case(session, view.id), today), empty="Välj enhet"
        )
    if "proposed_enhet_id" in form:
        pack_id = pack_of_case(session, view.id)
        form.proposed_enhet_id.choices = choices([(0, "Vet inte"), *unit_choices(session, pack_id, today)])
        form.avtalspunkt_id.choices = choices([(0, "Ingen särskild punkt"), *avtalspunkt_choices(session, pack_id)])
    if isinstance(form, forms.RecodeForm):
        form.category.choices = choices(((c.code, c.name) for c in codes.CATEGORIES), empty="Ingen kategori")
        form.severity.choices = choices((s.code, s.name) for s in codes.SEVERITIES)
        form.possible_severity.choices = choices((s.code, s.name) for s in codes.SEVERITIES)
    if isinstance(form, forms.HandlerForm):
        form.handler.choices = choices([(0, "Ingen särskild"), *view.named_handlers])
    if isinstance(form, forms.AnswerForm):
        if view.asks_orosanmalan:
            del form.kind
        elif not view.quick_is_enough:
            form.kind.choices = labelled_choices((AnswerKind.FULL,))
        if not view.asks_orosanmalan:
            del form.orosanmalan


def _prefill(form: Any, view: CaseView) -> None:
    """What is known already, so that nobody types it again."""
    if isinstance(form, forms.RecodeForm) and view.coding is not None:
        form.category.data, form.severity.data = view.coding.category, view.coding.severity
        form.possible_severity.data = view.coding.possible_severity
    if isinstance(form, forms.GruppmeningForm) and view.gruppmening is not None:
        form.gruppmening.data = view.gruppmening.sentence
    if isinstance(form, forms.MaskForm) and view.shared is not None:
        form.masked_description.data = view.shared.description
    for name in ("talk_on", "on", "done_on"):
        if name in form:
            form[name].data = local_date(now())
    if isinstance(form, forms.AnswerForm) and not view.asks_orosanmalan:
        form.kind.data = AnswerKind.QUICK.value if view.quick_is_enough else AnswerKind.FULL.value
    if isinstance(form, forms.ApproveQuestionForm):
        waiting = next(q for q in view.group_questions if not q.approved)
        form.question.data, form.text.data = str(waiting.id), waiting.text
    if isinstance(form, forms.AtgardDoneForm):
        waiting_id = request.args.get("atgard", "")
        mine = [a for a in view.atgarder if a.mine and a.done_on is None and a.due_on is not None]
        form.atgard.data = waiting_id if waiting_id.isdigit() else str(mine[0].id)
    if isinstance(form, forms.DiarienummerForm):
        form.diarienummer.data = view.diarienummer
    if isinstance(form, forms.OwnProcessForm):
        form.processes.data = list(view.process_codes)
    if isinstance(form, forms.FactorsForm):
        form.factors.data = list(view.factor_codes)
