"""File a report: the form, the review, the receipt; drafts; the SIP quick report; my reports.

One random key is made with the form and carried through, so that a double click or a lost answer is one report.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.relation import Relation
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import Extent
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import db
from avvikelse.queries import work_lists
from avvikelse.queries.case_page import case_page
from avvikelse.queries.case_views import CaseView
from avvikelse.queries.report_choices import report_choices
from avvikelse.services import drafts, reporting
from avvikelse.web.access import LOGGED_IN, current_actor, requires
from avvikelse.web.forms.report import REFERENCE, SEVERITY_HINTS, ReportForm, SipForm
from avvikelse.web.refusals import refused
from avvikelse.web.rendering import clock as clock_text

blueprint = Blueprint("report", __name__)
SEVERE = 4
WORKS_NOWHERE = "Ditt konto är inte kopplat till någon enhet. Be din samordnare eller administratör om hjälp."
NOT_SHOWN = ("csrf_token", "key", "draft", "earlier", "routing_contested")


@blueprint.get("/rapportera")
@requires(LOGGED_IN)
def new() -> str:
    form = _form(formdata=None)
    form.key.data = secrets.token_urlsafe(16)
    form.occurred_on.data = local_date(now())
    if ref := _reference(request.args.get("utkast")):
        _fill(form, drafts.load(db.session(), current_actor(), ref))
        form.draft.data = ref
    if ref := _reference(request.args.get("igen")):
        _fill_again(form, case_page(db.session(), current_actor(), ref))
        form.earlier.data = ref
    return _page(form)


@blueprint.post("/rapportera")
@requires(LOGGED_IN)
def review() -> Response | str | tuple[str, int]:
    """Second page: everything once more, and to whom it goes. "Spara utkast" and "Ändra" end here too."""
    form = _form()
    if "spara" in request.form:
        return _save(form)
    if "andra" in request.form:
        return _page(form)
    if not form.validate():
        return _page(form), 422
    try:
        reporting.check(form.report(), local_date(now()))
        proposal = reporting.proposal_for(db.session(), current_actor(), form.report(), now=now())
    except Invalid as error:
        refused(form, error)
        return _page(form), 422
    if reporting.is_sent(db.session(), current_actor(), form.key.data):
        form.key.data = secrets.token_urlsafe(16)  # back in the browser after sending: this is another report
    return render_template(
        "report/review.html", form=form, proposal=proposal, rows=_summary(form), severe=form.severity.data == SEVERE
    )


@blueprint.post("/rapportera/skicka")
@requires(LOGGED_IN)
def send() -> Response | tuple[str, int]:
    form = _form()
    if form.validate():
        try:
            case = _file(form)
        except Invalid as error:
            refused(form, error)
        else:
            drafts.discard_if_mine(db.session(), current_actor(), form.draft.data)
            return redirect(url_for(".receipt", ref=case.ref))
    return _page(form), 422


@blueprint.post("/rapportera/utkast")
@requires(LOGGED_IN)
def draft() -> Response:
    """Autosave from the page's script; the button "Spara utkast" does the same without it."""
    form = _form()
    saved = drafts.save(db.session(), current_actor(), "rapport", form.typed(), ref=form.draft.data or None, now=now())
    return jsonify(draft=saved.ref, stopped=dict(saved.stopped), saved_at=clock_text(now()))


@blueprint.post("/rapportera/utkast/<ref:ref>/slang")
@requires(LOGGED_IN)
def discard(ref: str) -> Response:
    drafts.discard(db.session(), current_actor(), ref)
    flash("Utkastet är borttaget.", "success")
    return redirect(url_for(".mine"))


@blueprint.get("/rapportera/kvitto/<ref:ref>")
@requires(LOGGED_IN)
def receipt(ref: str) -> str:
    view = case_page(db.session(), current_actor(), ref)
    if Relation.REPORTER not in view.relations:
        raise NotFound
    return render_template("report/receipt.html", case=view)


@blueprint.get("/rapportera/sip")
@requires(LOGGED_IN)
def sip() -> str:
    form = _sip(formdata=None)
    form.key.data = secrets.token_urlsafe(16)
    form.occurred_on.data = local_date(now())
    return render_template("report/sip.html", form=form, hints=SEVERITY_HINTS)


@blueprint.post("/rapportera/sip")
@requires(LOGGED_IN)
def send_sip() -> Response | tuple[str, int]:
    form = _sip()
    if form.validate():
        try:
            case = _file(form)
        except Invalid as error:
            refused(form, error)
        else:
            return redirect(url_for(".receipt", ref=case.ref))
    return render_template("report/sip.html", form=form, hints=SEVERITY_HINTS), 422


@blueprint.get("/mina-rapporter")
@requires(LOGGED_IN)
def mine() -> str:
    actor, today = current_actor(), local_date(now())
    text = request.args.get("sida", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return render_template(
        "report/mine.html",
        page=work_lists.my_reports(db.session(), actor, today=today, page=page),
        drafts=drafts.mine(db.session(), actor) if page == 1 else [],
        today=today,
        link=lambda **changes: url_for(".mine", **changes),
    )


# --- the form ---------------------------------------------------------------------------------------------------------


def _file(form: ReportForm | SipForm) -> Avvikelse:
    """Send it. Two at once with the same key: the second one finds the first one's report."""
    try:
        return reporting.file(db.session(), current_actor(), form.report(), now=now())
    except IntegrityError:
        db.session.rollback()
        return reporting.file(db.session(), current_actor(), form.report(), now=now())


def _reference(given: str | None) -> str | None:
    """A reference from an address. Raises NotFound for what cannot be one, before any database is asked."""
    if given and not REFERENCE.fullmatch(given):
        raise NotFound
    return given


def _form(**options: Any) -> ReportForm:
    form = ReportForm(**options)
    form.offer(report_choices(db.session(), current_actor(), local_date(now())))
    return form


def _sip(**options: Any) -> SipForm:
    form = SipForm(**options)
    form.offer(report_choices(db.session(), current_actor(), local_date(now())))
    return form


def _page(form: ReportForm) -> str:
    return render_template(
        "report/new.html",
        form=form,
        hints=SEVERITY_HINTS,
        works_nowhere=None if form.sender_enhet_id.choices else WORKS_NOWHERE,
    )


def _save(form: ReportForm) -> Response | str:
    """Save the draft without JavaScript. A stopped text stays on the page, with the reason, and is stored nowhere."""
    saved = drafts.save(db.session(), current_actor(), "rapport", form.typed(), ref=form.draft.data or None, now=now())
    if saved.stopped:
        form.draft.data = saved.ref
        for name, reason in saved.stopped.items():
            refused(form, Invalid(reason, field=name))
        return _page(form)
    flash("Utkastet är sparat i 30 dagar. Du hittar det under Mina rapporter.", "success")
    return redirect(url_for(".mine"))


def _fill(form: ReportForm, typed: dict[str, Any]) -> None:
    """Take up a draft."""
    for name, value in typed.items():
        if name in form:
            form[name].data = date.fromisoformat(value) if name == "occurred_on" and value else value


def _fill_again(form: ReportForm, case: CaseView) -> None:
    """*Det har hänt igen*: the same unit and counterpart; what happened is written anew."""
    if Relation.REPORTER not in case.relations or case.coding is None:
        raise NotFound
    if case.sender is not None:
        form.sender_enhet_id.data = case.sender.id
    if case.counterpart_id is not None:
        form.counterpart.data = str(case.counterpart_id)
    form.category.data = case.coding.category
    form.extent.data = Extent.UPPREPAD.value


def _summary(form: ReportForm) -> list[tuple[str, str]]:
    """(question, answer) of everything that has been answered, for the review."""
    answered = [
        field
        for field in form
        if field.name not in NOT_SHOWN and (field.name == "severity" or field.data not in (None, "", 0, False))
    ]
    return [(field.label.text, _said(field)) for field in answered]


def _said(field: Any) -> str:
    if isinstance(field.data, bool):
        return "Ja"
    if isinstance(field.data, date):
        return long_date(field.data)
    if getattr(field, "choices", None):
        return next((str(one.label) for one in field.choices if str(one.value) == str(field.data)), "")
    return str(field.data)
