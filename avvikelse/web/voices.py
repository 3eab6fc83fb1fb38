"""*Jag också*: what a reporter is offered to join while she writes, and the page of each thing she has joined.

The report form itself stands in report.py.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import Again
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.similar_open import Near, SimilarOpen, similar_open
from avvikelse.queries.voices import voice_page
from avvikelse.services import effect_answers, voices
from avvikelse.services.reporting import Report, proposal_for
from avvikelse.web import csrf
from avvikelse.web.access import LOGGED_IN, current_actor, requires
from avvikelse.web.forms.case import EffectForm
from avvikelse.web.refusals import refused
from avvikelse.web.unlinked import knock

blueprint = Blueprint("voices", __name__, url_prefix="/jag-ocksa/<ref:ref>")
Offers = tuple[tuple[str, SimilarOpen], ...]
GONE = "Den rapporten går inte längre att säga ”jag också” till. Skicka din egen i stället."


# --- while a report is written ----------------------------------------------------------------------------------------


def near_of(report: Report, *, routed: bool) -> Near | None:
    """What is known so far. `routed`: where nobody is named, the unit to which the report would go."""
    if report.sender_enhet_id is None:
        return None
    unit_id = report.counterpart_enhet_id
    if unit_id is None and routed:
        proposal = proposal_for(db.session(), current_actor(), report, now=now())
        unit_id = proposal.receiver.enhet_id
    return Near(report.sender_enhet_id, unit_id, report.category) if unit_id is not None else None


def offers(report: Report, *, routed: bool) -> Offers:
    """(word for the button, what may be known) of each report that she may join."""
    near = near_of(report, routed=routed)
    if near is None:
        return ()
    found = voices.offered(db.session(), current_actor(), near, knock(), now=now())
    return tuple((_word(one.id), one) for one in found)


def joined(report: Report, word: str | None) -> str:
    """Say *jag också* to the one behind the button; the address of the voice.

    Raises Invalid when it cannot be joined (any more).
    """
    near = near_of(report, routed=True)
    today = local_date(now())
    if near is not None:
        for one in similar_open(db.session(), current_actor(), near, today):
            if _word(one.id) == word:
                voice = voices.join(db.session(), current_actor(), near, one.id, now=now())
                return url_for("voices.show", ref=voice.ref)
    raise Invalid(GONE)


def _word(avvikelse_id: int) -> str:
    """Only this visitor can use it, and nobody can read it."""
    return csrf.bound("jag-ocksa", str(avvikelse_id))


# --- afterwards -------------------------------------------------------------------------------------------------------


@blueprint.get("")
@requires(LOGGED_IN)
def show(ref: str) -> str:
    return _page(ref, EffectForm(formdata=None))


@blueprint.post("/har-det-hant-igen")
@requires(LOGGED_IN)
def answer(ref: str) -> Response | tuple[str, int]:
    form = EffectForm()
    if form.validate():
        try:
            again, comment = Again(form.again.data), form.comment.data or ""
            effect_answers.answer_as_voice(db.session(), current_actor(), ref, again, comment, now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("Tack. Ditt svar avgör om åtgärden räknas som bra.", "success")
            return redirect(url_for(".show", ref=ref))
    return _page(ref, form), 422


@blueprint.post("/ta-tillbaka")
@requires(LOGGED_IN)
def take_back(ref: str) -> Response:
    voices.take_back(db.session(), current_actor(), ref, now=now())
    flash("Ditt ”jag också” är tillbakataget.", "success")
    return redirect(url_for("report.mine"))


def _page(ref: str, form: EffectForm) -> str:
    return render_template("report/voice.html", page=voice_page(db.session(), current_actor(), ref), form=form)
