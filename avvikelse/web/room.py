"""*Gemensamt rum*: the page where two managers solve a case together. Open for what one does there.

What they read of each other says queries/joint_room.py, what they may do services/joint.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.domain.joint_room import PROMPTS
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.joint_room import RoomPage, room_page
from avvikelse.services import joint
from avvikelse.web.access import LOGGED_IN, current_actor, requires
from avvikelse.web.forms import room as forms
from avvikelse.web.forms.base import BaseForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("room", __name__, url_prefix="/avvikelser/<ref:ref>/rum")
Answer = Response | tuple[str, int]


@blueprint.get("")
@requires(LOGGED_IN)
def show(ref: str) -> str:
    return _page(_room(ref))


@blueprint.post("/svar")
@requires(LOGGED_IN)
def answer(ref: str) -> Answer:
    form = forms.PromptsForm()

    def save() -> object:
        answers = {prompt.field: form[prompt.field].data or "" for prompt in PROMPTS}
        return joint.answer(db.session(), current_actor(), ref, answers, now=now())

    return _run(ref, form, save, "Era svar är skickade. När den andra parten också har svarat läser ni varandras.")


@blueprint.post("/atagande")
@requires(LOGGED_IN)
def commit(ref: str) -> Answer:
    form = forms.CommitForm()

    def save() -> object:
        who, what = form.who.data or "", form.what.data or ""
        day: date = form.when_on.data  # type: ignore[assignment]  # the form has asked for it
        return joint.commit(db.session(), current_actor(), ref, who, what, day, now=now())

    return _run(ref, form, save, "Det är sparat. Båda behöver säga ja till det som nu står.")


@blueprint.post("/overens")
@requires(LOGGED_IN)
def agree(ref: str) -> Answer:
    form = forms.AgreeForm()
    return _run(
        ref, form, lambda: joint.agree(db.session(), current_actor(), ref, seen=form.seen.data, now=now()),
        "Ert ja är sparat.",
    )  # fmt: skip


@blueprint.post("/inte-overens")
@requires(LOGGED_IN)
def disagree(ref: str) -> Answer:
    form = forms.DisagreeForm()
    return _run(
        ref, form, lambda: joint.disagree(db.session(), current_actor(), ref, form.reason.data or "", now=now()),
        "Det är sparat. Frågan har gått till samverkansgruppen, som läser båda parters svar.",
    )  # fmt: skip


def _run(ref: str, form: BaseForm, save: Callable[[], object], done: str) -> Answer:
    """Save, and back to the room; with what was typed and a sentence at the field when something is wrong."""
    page = _room(ref)
    if form.validate():
        try:
            save()
        except Invalid as error:
            refused(form, error)
        else:
            flash(done, "success")
            return redirect(url_for(".show", ref=ref))
    return _page(page, form), 422


def _room(ref: str) -> RoomPage:
    return room_page(db.session(), current_actor(), ref)


def _page(page: RoomPage, failed: BaseForm | None = None) -> str:
    """The forms that are open now, with what is known already; the failed one as it was sent."""
    shown: dict[str, Any] = dict.fromkeys(("prompts", "commit", "agree", "disagree"))
    if page.may_write:
        shown = {
            "prompts": None if page.both else _prompts(page),
            "commit": _commitment(page) if page.both else None,
            "agree": forms.AgreeForm(formdata=None, seen=page.words) if _may_agree(page) else None,
            "disagree": forms.DisagreeForm(formdata=None) if page.both else None,
        }
    for name, form in shown.items():
        if failed is not None and type(form) is type(failed):
            shown[name] = failed
    return render_template(
        "case/room.html", room=page, prompts=PROMPTS, forms=shown, failed=failed, today=local_date(now())
    )


def _prompts(page: RoomPage) -> BaseForm:
    texts = [text for _, text in page.mine.answers] if page.mine else []
    known = dict(zip((prompt.field for prompt in PROMPTS), texts, strict=False))
    return forms.PromptsForm(formdata=None, **known)


def _commitment(page: RoomPage) -> BaseForm:
    mine = page.mine.commitment if page.mine else None
    known: dict[str, Any] = {"who": mine.who, "what": mine.what, "when_on": mine.when_on} if mine else {}
    return forms.CommitForm(formdata=None, **known)


def _may_agree(page: RoomPage) -> bool:
    mine = page.mine.commitment if page.mine else None
    return page.words is not None and mine is not None and not mine.agreed
