"""*Snabbvarningar*: write, follow, take back; and the manager's *läst*. Open for `/snabbvarningar`.

Staff reads them on the start page and on Läget (templates/safety_warning/_shown.html).
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import safety_warnings as reads
from avvikelse.queries.safety_warnings import Sender
from avvikelse.services import safety_warnings
from avvikelse.services.safety_warnings import WarningWords
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.base import choices
from avvikelse.web.forms.safety_warnings import SafetyWarningForm
from avvikelse.web.refusals import refused
from avvikelse.web.rendering import plural

blueprint = Blueprint("safety_warnings", __name__, url_prefix="/snabbvarningar")
WHO = roles(Role.SAMORDNARE, Role.SAMMANKALLANDE)
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@requires(WHO)
def index() -> str:
    return render_template(
        "safety_warning/list.html", rows=reads.sent(db.session(), current_actor(), local_date(now()))
    )


@blueprint.get("/ny")
@requires(WHO)
def new() -> str:
    senders = _senders()
    form = SafetyWarningForm(formdata=None, sender=senders[0].key if len(senders) == 1 else None)
    return _page(form, senders)


@blueprint.post("/ny")
@requires(WHO)
def send() -> Answer:
    form, senders = SafetyWarningForm(), _senders()
    _offer(form, senders)
    if form.validate():
        words = WarningWords(
            form.sender.data or "", tuple(form.kinds.data or ()), form.watch_for.data or "", form.do_now.data or "",
            form.last_on.data or date.min,
        )  # fmt: skip
        try:
            warning = safety_warnings.send(db.session(), current_actor(), words, now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("Varningen visas nu för dem som arbetar på enheterna, och cheferna får ett mejl.", "success")
            return redirect(url_for(".show", ref=warning.ref), 303)
    return _page(form, senders), 422


@blueprint.get("/<ref:ref>")
@requires(WHO)
def show(ref: str) -> str:
    row, units = reads.sent_one(db.session(), current_actor(), ref, local_date(now()))
    return render_template("safety_warning/show.html", row=row, units=units)


@blueprint.post("/<ref:ref>/ta-tillbaka")
@requires(WHO)
def withdraw(ref: str) -> Response:
    safety_warnings.withdraw(db.session(), current_actor(), ref, now=now())
    flash("Varningen är tillbakatagen och visas inte längre.", "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<ref:ref>/last")
@requires(roles(Role.CHEF))
def say_read(ref: str) -> Response:
    safety_warnings.say_read(db.session(), current_actor(), ref, now=now())
    flash("Tack. Ta gärna upp varningen med dina medarbetare.", "success")
    return redirect(url_for("start.show"), 303)


def _senders() -> tuple[Sender, ...]:
    return reads.senders(db.session(), current_actor(), local_date(now()))


def _offer(form: SafetyWarningForm, senders: tuple[Sender, ...]) -> None:
    """The kinds of all senders together: which of them the chosen one reaches is said by the service."""
    form.sender.choices = choices((one.key, one.name) for one in senders)
    kinds = {code: name for one in senders for code, name, _ in one.kinds}
    most = {code: max(n for one in senders for c, _, n in one.kinds if c == code) for code in kinds}
    form.kinds.choices = choices(
        (code, f"{name} ({plural(most[code], 'enhet', 'enheter')})" if len(senders) == 1 else name)
        for code, name in sorted(kinds.items(), key=lambda kind: swedish(kind[1]))
    )


def _page(form: SafetyWarningForm, senders: tuple[Sender, ...]) -> str:
    _offer(form, senders)
    return render_template("safety_warning/new.html", form=form, senders=senders)
