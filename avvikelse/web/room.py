"""*Gemensamt rum*: the page where two managers solve a case together. Open for what one does there.

What they read of each other says queries/joint_room.py, what they may do services/joint.py, joint_money.py and
room_meetings.py. A step is a row of STEPS: its form and what it does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.joint_money import (
    WITHOUT_THE_FAMILY,
    CostBand,
    CostDecider,
    CostDecision,
    MeetingForm,
    MeetingTopic,
)
from avvikelse.domain.joint_room import PROMPTS
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.joint_room import RoomPage, RoomParty, room_page
from avvikelse.services import joint, joint_money, room_meetings
from avvikelse.web.access import LOGGED_IN, current_actor, requires
from avvikelse.web.forms import room as forms
from avvikelse.web.forms.base import BaseForm, day_of
from avvikelse.web.refusals import refused

# ruff: noqa: E501 -- the table is read across
blueprint = Blueprint("room", __name__, url_prefix="/avvikelser/<ref:ref>/rum")


@dataclass(frozen=True, slots=True)
class Call:
    session: Session
    actor: Actor
    ref: str
    form: Any
    now: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """`name` is how the template finds the form; `shown` says when it is open, `known` what stands in it already."""

    name: str
    form: type[BaseForm]
    shown: Callable[[RoomPage], bool]
    run: Callable[[Call], object]
    done: str
    known: Callable[[RoomPage], dict[str, Any]] = lambda _: {}


# --- when a form is open, and with what ---------------------------------------------------------------------------------


def _may_agree(page: RoomPage) -> bool:
    mine = page.mine.commitment if page.mine else None
    return page.may_write and page.words is not None and mine is not None and not mine.agreed


def _known_prompts(page: RoomPage) -> dict[str, Any]:
    texts = [text for _, text in page.mine.answers] if page.mine else []
    return dict(zip((prompt.field for prompt in PROMPTS), texts, strict=False))


def _known_commitment(page: RoomPage) -> dict[str, Any]:
    mine = page.mine.commitment if page.mine else None
    return {"who": mine.who, "what": mine.what, "when_on": mine.when_on} if mine else {}


def _known_cost(page: RoomPage) -> dict[str, Any]:
    mine = page.mine.cost if page.mine else None
    return {"band": page.cost.band.value, "own_share": mine.share} if page.cost and mine else {}


def _decides(page: RoomPage, *, after: bool) -> bool:
    """May the own side say who decides (`after` false), or what was decided?"""
    side = page.mine.cost if page.mine and page.carries_out else None
    if side is None or page.cost is None or page.cost.refused or side.decision is not None:
        return False
    return not after or side.decider is not None


def _known_path(page: RoomPage) -> dict[str, Any]:
    side = page.mine.cost if page.mine else None
    chosen = next((d.value for d in CostDecider if side and d.label == side.decider), None)
    return {"decider": chosen, "decide_by": side.decide_by} if side else {}


def _is_done_next(page: RoomPage) -> bool:
    mine = page.mine.commitment if page.mine else None
    return page.carries_out and page.agreed and mine is not None and mine.done_on is None


def _may_say_no(page: RoomPage) -> bool:
    """Of what another one had promised, before it came here."""
    mine = page.mine
    return _is_done_next(page) and mine is not None and mine.inherited and _promise_stands(mine)


def _promise_stands(side: RoomParty) -> bool:
    return side.commitment is not None and side.commitment.not_kept_on is None


def _known_talk(page: RoomPage) -> dict[str, Any]:
    """The talk ahead, to change a part of it."""
    if page.ahead is None:
        return {}
    how = next(one.value for one in MeetingForm if one.label == page.ahead.how)
    topic = next(one.value for one in MeetingTopic if one.label == page.ahead.topic)
    return {"day": page.ahead.on, "at": page.ahead.at, "how": how, "topic": topic}


def _answers_talk(page: RoomPage) -> bool:
    talk = page.ahead
    return talk is not None and page.carries_out and not talk.accepted and not (page.mine and page.mine.proposed_talk)


def _talk_has_been(page: RoomPage) -> bool:
    return page.ahead is not None and page.carries_out and page.ahead.on <= local_date(now())


# --- what a step does -------------------------------------------------------------------------------------------------


def _answer(c: Call) -> object:
    answers = {prompt.field: c.form[prompt.field].data or "" for prompt in PROMPTS}
    return joint.answer(c.session, c.actor, c.ref, answers, now=c.now)


def _commit(c: Call) -> object:
    form = c.form
    return joint.commit(
        c.session, c.actor, c.ref, form.who.data or "", form.what.data or "", day_of(form.when_on), now=c.now
    )


def _share(c: Call) -> object:
    return joint_money.share(c.session, c.actor, c.ref, CostBand(c.form.band.data), c.form.own_share.data, now=c.now)


def _path(c: Call) -> object:
    decider = CostDecider(c.form.decider.data)
    return joint_money.set_path(c.session, c.actor, c.ref, decider, day_of(c.form.decide_by), now=c.now)


def _decide(c: Call) -> object:
    decision, why = CostDecision(c.form.decision.data), c.form.why_not.data or ""
    return joint_money.decide(c.session, c.actor, c.ref, decision, day_of(c.form.decided_on), why, now=c.now)


def _propose(c: Call) -> object:
    form = c.form
    return room_meetings.propose(
        c.session, c.actor, c.ref, day_of(form.day), form.at.data or "", MeetingForm(form.how.data),
        MeetingTopic(form.topic.data), now=c.now,
    )  # fmt: skip


def _held(c: Call) -> object:
    outcome, told = c.form.outcome.data or "", c.form.family_told.data or ""
    return room_meetings.held(c.session, c.actor, c.ref, outcome, told, now=c.now)


def _today(_: RoomPage) -> dict[str, date]:
    return {"done_on": local_date(now()), "decided_on": local_date(now())}


F = forms
# address: what is sent there
# fmt: off
STEPS: dict[str, Step] = {
    "svar":               Step("prompts",  F.PromptsForm,      lambda p: p.may_write and not p.both, _answer, "Era svar är skickade. När den andra parten också har svarat läser ni varandras.", _known_prompts),
    "atagande":           Step("commit",   F.CommitForm,       lambda p: p.may_write and p.both, _commit, "Det är sparat. Båda behöver säga ja till det som nu står.", _known_commitment),
    "overens":            Step("agree",    F.AgreeForm,        _may_agree, lambda c: joint.agree(c.session, c.actor, c.ref, seen=c.form.seen.data, now=c.now), "Ert ja är sparat.", lambda p: {"seen": p.words}),
    "inte-overens":       Step("disagree", F.DisagreeForm,     lambda p: p.may_write and p.both, lambda c: joint.disagree(c.session, c.actor, c.ref, c.form.reason.data or "", now=c.now), "Det är sparat. Frågan har gått till samverkansgruppen, som läser båda parters svar."),
    "klart":              Step("done",     F.DoneForm,         _is_done_next, lambda c: joint.done(c.session, c.actor, c.ref, day_of(c.form.done_on), now=c.now), "Det är sparat att det ni tog på er är gjort.", _today),
    "blir-inte-gjort":    Step("not_kept", F.NotKeptForm,      _may_say_no, lambda c: joint.not_kept(c.session, c.actor, c.ref, now=c.now), "Det är sparat, och den andra parten får veta det."),
    "kostnad":            Step("cost",     F.CostForm,         lambda p: p.may_write and p.both, _share, "Det är sparat. Skriv nu vem hos er som beslutar om pengarna.", _known_cost),
    "kostnad-bort":       Step("no_cost",  F.DropCostForm,     lambda p: p.may_write and p.cost is not None, lambda c: joint_money.drop(c.session, c.actor, c.ref, now=c.now), "Kostnaden är borttagen."),
    "kostnad-beslutare":  Step("path",     F.CostPathForm,     lambda p: _decides(p, after=False), _path, "Det är sparat vem hos er som beslutar.", _known_path),
    "kostnad-beslut":     Step("decision", F.CostDecisionForm, lambda p: _decides(p, after=True), _decide, "Ert beslut är sparat.", _today),
    "avstamning":         Step("propose",  F.ProposeTalkForm,  lambda p: p.may_write, _propose, "Den andra parten får veta vilken dag ni föreslår.", _known_talk),
    "avstamning-passar":  Step("accept",   F.AcceptTalkForm,   _answers_talk, lambda c: room_meetings.accept(c.session, c.actor, c.ref, now=c.now), "Den andra parten får veta att dagen passar."),
    "avstamning-installd": Step("cancel",  F.CancelTalkForm,   lambda p: p.carries_out and p.ahead is not None, lambda c: room_meetings.cancel(c.session, c.actor, c.ref, now=c.now), "Avstämningen är inställd."),
    "avstamning-hallen":  Step("held",     F.TalkHeldForm,     _talk_has_been, _held, "Det är sparat. Båda parter läser det här."),
}
# fmt: on


@blueprint.get("")
@requires(LOGGED_IN)
def show(ref: str) -> str:
    return _page(_room(ref))


@blueprint.post("/<word:slug>")
@requires(LOGGED_IN)
def perform(ref: str, slug: str) -> Response | tuple[str, int]:
    """Save, and back to the room; with what was typed and a sentence at the field when something is wrong."""
    page, step = _room(ref), STEPS.get(slug)
    if step is None:
        raise NotFound
    form = step.form()
    if form.validate():
        try:
            step.run(Call(db.session(), current_actor(), ref, form, now()))
        except Invalid as error:
            refused(form, error)
        else:
            flash(step.done, "success")
            return redirect(url_for(".show", ref=ref))
    return _page(page, form), 422


def _room(ref: str) -> RoomPage:
    return room_page(db.session(), current_actor(), ref)


def _page(page: RoomPage, failed: BaseForm | None = None) -> str:
    """The forms that are open now, with what is known already; the failed one as it was sent."""
    shown = {
        step.name: failed if type(failed) is step.form
        else step.form(formdata=None, **step.known(page)) if step.shown(page) else None
        for step in STEPS.values()
    }  # fmt: skip
    return render_template(
        "case/room.html", room=page, prompts=PROMPTS, forms=shown, failed=failed, today=local_date(now()),
        without_the_family=WITHOUT_THE_FAMILY,
    )  # fmt: skip
