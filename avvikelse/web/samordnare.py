"""*Samordnarens bord*: the desk, each of its lists in full, and gruppmeningar written one after the other."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.policy.permission_map import Permission
from avvikelse.queries import samordnare_desk as desks
from avvikelse.queries import work_lists
from avvikelse.queries.case_page import case_page
from avvikelse.queries.case_views import CaseView
from avvikelse.queries.samordnare_desk import Pile
from avvikelse.queries.work_lists import PAGE_SIZE, Tab
from avvikelse.services import triage
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.case_reading import record_reading
from avvikelse.web.case_steps import number
from avvikelse.web.forms.case import GruppmeningForm
from avvikelse.web.refusals import refused
from avvikelse.web.rendering import plural

blueprint = Blueprint("samordnare", __name__, url_prefix="/samordnarens-bord")
SAMORDNARE = roles(Role.SAMORDNARE)
MOST = 10_000

# Where a case of a pile is opened: at the step that the pile is about.
STEP_OF = {
    Pile.NEW: "fordela",
    Pile.UNCLEAR: "fordela",
    Pile.QUESTIONS: "godkann-fraga",
    Pile.STORIES: "godkann-berattelse",
}

# What a pile is for, where its heading does not say it.
LEADS = {
    Pile.UNCLEAR: "Rapportören vet inte eller tror på någon annan, eller så har någon svarat att det inte är deras.",
    Pile.MAILS: "Vi har försökt flera gånger. Ärendet finns kvar där det ska, men mejlet om det har inte kommit fram. "
    "Ring i stället. Är det en persons adress som är fel, bjud in på nytt med den rätta. Är det en brevlåda, säg till"
    " administratören.",
    Pile.SUBSTITUTES: "Ingen ersättare kan svara i dag. Är chefen borta går ärendet till chefen över, eller till dig.",
}


@blueprint.get("")
@requires(SAMORDNARE)
def show() -> str:
    session, today = db.session(), local_date(now())
    heaps = desks.desk(session, _samordnare(), today)
    return render_template(
        "samordnare/show.html",
        heaps=[heap for heap in heaps if heap.count],
        no_category=work_lists.NO_CATEGORY,
        empty=[heap.pile.label for heap in heaps if not heap.count],
        omraden=_omrade_links(".show"),
        today=today,
        steps=STEP_OF,
        keep=_keep(),
    )


@blueprint.get("/<word:pile>")
@requires(SAMORDNARE)
def pile(pile: str) -> str:
    if pile not in Pile._value2member_map_:
        raise NotFound
    session, today, chosen, page = db.session(), local_date(now()), Pile(pile), max(1, _number("sida"))
    return render_template(
        "samordnare/pile.html",
        heap=desks.heap(session, _samordnare(), chosen, today, page=page),
        leads=LEADS,
        page=page,
        omraden=_omrade_links(".pile", pile=pile),
        today=today,
        steps=STEP_OF,
        keep=_keep(),
        link=lambda **changes: url_for(".pile", pile=pile, **_keep(), **changes),
    )


# --- gruppmeningar, one after the other -------------------------------------------------------------------------------


@blueprint.get("/gruppmeningar/skriv")
@requires(SAMORDNARE)
def sentence() -> str:
    actor, today, skipped = _samordnare(), local_date(now()), _number("hoppa")
    page = work_lists.work_list(db.session(), actor, Tab.NO_SENTENCE, today=today, page=skipped // PAGE_SIZE + 1)
    waiting = page.rows[skipped % PAGE_SIZE :]
    if not waiting:
        return render_template("samordnare/sentences_done.html", left=_left(actor), keep=_keep())
    case = case_page(db.session(), current_actor(), waiting[0].ref)
    record_reading(case)
    form = GruppmeningForm(formdata=None, version=str(case.head.version))
    form.gruppmening.data = case.gruppmening.sentence if case.gruppmening else None
    return _sentence_page(case, form, actor)


@blueprint.post("/gruppmeningar/skriv/<ref:ref>")
@requires(SAMORDNARE)
def write_sentence(ref: str) -> Response | tuple[str, int]:
    case = case_page(db.session(), current_actor(), ref)
    if Permission.READ not in case.permissions:
        raise NotFound
    form, actor = GruppmeningForm(), _samordnare()
    if form.validate():
        version = number(form.version.data) if form.version.data else None
        try:
            triage.write_gruppmening(
                db.session(), current_actor(), ref, form.gruppmening.data or "", version=version, now=now()
            )
        except Invalid as error:
            refused(form, error)
        else:
            flash(f"Meningen för {case.head.number} är sparad.", "success")
            return redirect(url_for(".sentence", **_keep(), hoppa=_number("hoppa") or None))
    return _sentence_page(case, form, actor), 422


def _sentence_page(case: CaseView, form: GruppmeningForm, actor: Actor) -> str:
    skipped = _number("hoppa")
    return render_template(
        "samordnare/sentence.html",
        case=case,
        form=form,
        left=plural(_left(actor), "mening kvar", "meningar kvar"),
        here=url_for(".write_sentence", ref=case.head.ref, **_keep(), hoppa=skipped or None),
        onwards=url_for(".sentence", **_keep(), hoppa=skipped + 1),
        keep=_keep(),
    )


def _left(actor: Actor) -> int:
    return work_lists.counts(db.session(), actor, local_date(now()), (Tab.NO_SENTENCE,))[Tab.NO_SENTENCE]


# --- which område -----------------------------------------------------------------------------------------------------


def _samordnare() -> Actor:
    """The reader as samordnare, of the område chosen in the address or of all of hers. Raises NotFound."""
    text = request.args.get("omrade", "")
    if not text:
        return desks.as_samordnare(current_actor())
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound
    return desks.as_samordnare(current_actor(), int(text))


def _keep() -> dict[str, Any]:
    """What of the address goes along to the next page."""
    return {"omrade": request.args["omrade"]} if request.args.get("omrade") else {}


def _omrade_links(endpoint: str, **values: Any) -> list[dict[str, object]]:
    """One tab per område, when there are several."""
    own, chosen = desks.own_omraden(db.session(), current_actor()), request.args.get("omrade", "")
    if len(own) < 2:
        return []
    found: list[dict[str, object]] = [
        {"text": "Alla mina områden", "href": url_for(endpoint, **values), "current": not chosen}
    ]
    return found + [
        {"text": name, "href": url_for(endpoint, **values, omrade=omrade_id), "current": chosen == str(omrade_id)}
        for omrade_id, name in own
    ]


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 9 else 0
