"""File a report: the form, the review, the receipt; drafts; the SIP quick report; my reports.

One random key is made with the form and carried through, so that a double click or a lost answer is one report.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid, NotFound, TooMany
from avvikelse.domain.lan_texts import SOMETHING_ELSE
from avvikelse.domain.languages import SWEDISH
from avvikelse.domain.relation import Relation
from avvikelse.domain.severity import is_severe
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import Extent
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import db
from avvikelse.policy.permission_map import Permission
from avvikelse.queries import changes, work_lists
from avvikelse.queries.case_page import case_page
from avvikelse.queries.case_views import CaseView
from avvikelse.queries.choices import pack_of_unit
from avvikelse.queries.emergency import EmergencyLine, emergency_lines
from avvikelse.queries.lan_texts import texts_at
from avvikelse.queries.report_choices import report_choices
from avvikelse.queries.voices import my_voices
from avvikelse.services import drafts, links, reporting
from avvikelse.services.reporting import Report
from avvikelse.web.access import LOGGED_IN, current_actor, requires
from avvikelse.web.autosave import answer_to_script, keep, keep_or_say, saved_for_later
from avvikelse.web.forms.report import REFERENCE, SEVERITY_HINTS, ZERO_SAYS_SOMETHING, ReportForm, SipForm
from avvikelse.web.refusals import refused, refused_report
from avvikelse.web.unlinked import knock
from avvikelse.web.voices import Offers, joined, offers

blueprint = Blueprint("report", __name__)
Answer = Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]
WORKS_NOWHERE = "Ditt konto är inte kopplat till någon enhet. Be din samordnare eller administratör om hjälp."
DRAFT_GONE = "Utkastet finns inte kvar. Det kan vara skickat, borttaget eller äldre än 30 dagar."
DRAFT = "rapport"
EARLIEST_YEAR = 2020  # nothing here is older
DAYS = ("occurred_on", "occurred_from", "managers_talked_on")
NOT_SHOWN = ("csrf_token", "kind", "key", "draft", "earlier", "routing_contested", "outside_reason")


@blueprint.get("/rapportera")
@requires(LOGGED_IN)
def new() -> str:
    ref = _reference(request.args.get("utkast"))
    typed = _draft(ref) if ref else {}
    form = _form(formdata=None, kind=typed.get("kind") or request.args.get("slag", ""))
    form.key.data = secrets.token_urlsafe(16)
    form.occurred_on.data = local_date(now())
    if ref:
        _fill(form, typed)
        form.draft.data = ref
    if ref := _reference(request.args.get("igen")):
        _fill_again(form, case_page(db.session(), current_actor(), ref))
        form.earlier.data = ref
    return _page(form)


@blueprint.post("/rapportera")
@requires(LOGGED_IN)
def review() -> Answer:
    """Second page: everything once more, and to whom it goes. "Spara utkast" and "Ändra" end here too."""
    form = _form()
    if "spara" in request.form:
        return saved_for_later() if keep_or_say(form, DRAFT) else _page(form)
    if "andra" in request.form:
        return _page(form)
    if not form.validate():
        return _page(form), 422
    try:
        report = form.report()
        reporting.check(report, local_date(now()))
        proposal = reporting.proposal_for(db.session(), current_actor(), report, now=now())
        _event_of(form)
    except (Invalid, TooMany) as error:
        return _refused(form, error)
    similar = offers(report, routed=True)
    if reporting.is_sent(db.session(), current_actor(), form.key.data):
        form.key.data = secrets.token_urlsafe(16)  # back in the browser after sending: this is another report
    pack_id = pack_of_unit(db.session(), form.report().sender_enhet_id)
    about = reporting.table_says(db.session(), pack_id, form.report(), proposal) if pack_id is not None else None
    return render_template(
        "report/review.html",
        form=form,
        proposal=proposal,
        about=about,
        outside=reporting.chooses_outside(about, form.report()),
        rows=_summary(form),
        similar=similar,
        urgent=_urgent_lines(report) if is_severe(report.severity or 0, child_waits=report.child_waits) else (),
    )


def _urgent_lines(report: Report) -> tuple[EmergencyLine, ...]:
    """Whom to call in the reporting unit's län. Severity never stops a report."""
    return emergency_lines(db.session(), pack_of_unit(db.session(), report.sender_enhet_id))


@blueprint.post("/rapportera/skicka")
@requires(LOGGED_IN)
def send() -> Answer:
    form = _form()
    if form.validate():
        try:
            case = _file(replace(form.report(), event_of=_event_of(form)))
        except (Invalid, TooMany) as error:
            return _refused(form, error)
        drafts.discard_if_mine(db.session(), current_actor(), form.draft.data)
        return redirect(url_for(".receipt", ref=case.ref))
    return _page(form), 422


@blueprint.post("/rapportera/jag-ocksa")
@requires(LOGGED_IN)
def join() -> Response | str | tuple[str, int]:
    """*Jag också* instead of a report of one's own. What has been written stays as a draft."""
    form = _form()
    if not keep_or_say(form, DRAFT):
        return _page(form), 422
    try:
        address = joined(form.report(), request.form.get("rost"))
    except Invalid as error:
        refused(form, error)
        return _page(form), 422
    flash("Tack, din röst är räknad. Det du hade skrivit ligger kvar som utkast under Mina rapporter.", "success")
    return redirect(address)


@blueprint.post("/rapportera/utkast")
@requires(LOGGED_IN)
def draft() -> Response:
    """Autosave from the page's script; the button "Spara utkast" does the same without it."""
    form = _form()
    answer = answer_to_script(keep(form, DRAFT))
    if "liknande" in request.form:  # whom it concerns has changed
        answer["similar"] = render_template("report/_similar.html", similar=_offered_while_writing(form))
    return jsonify(answer)


def _offered_while_writing(form: ReportForm) -> Offers:
    try:
        return offers(form.report(), routed=False)
    except Invalid:  # half filled in: nothing to offer yet
        return ()


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
def send_sip() -> Response | str | tuple[str, int]:
    """Straight to the receipt. Only where the same is reported already she is asked first, once."""
    form = _sip()
    if form.validate():
        try:
            if similar := _sip_offers(form):
                return render_template("report/sip_similar.html", form=form, similar=similar)
            case = _file(form.report())
        except Invalid as error:
            refused(form, error)
        else:
            return redirect(url_for(".receipt", ref=case.ref))
    return render_template("report/sip.html", form=form, hints=SEVERITY_HINTS), 422


def _sip_offers(form: SipForm) -> Offers:
    if form.offered.data or reporting.is_sent(db.session(), current_actor(), form.key.data):
        return ()
    form.offered.data = "ja"
    return offers(form.report(), routed=False)


@blueprint.post("/rapportera/sip/jag-ocksa")
@requires(LOGGED_IN)
def join_sip() -> Response | tuple[str, int]:
    """*Jag också* instead of the quick report."""
    form = _sip()
    if form.validate():
        try:
            address = joined(form.report(), request.form.get("rost"))
        except Invalid as error:
            refused(form, error)
        else:
            flash("Tack, din röst är räknad. Någon egen rapport är inte skickad.", "success")
            return redirect(address)
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
        voices=my_voices(db.session(), actor) if page == 1 else (),
        drafts=drafts.mine(db.session(), actor) if page == 1 else [],
        today=today,
        link=lambda **other: url_for(".mine", **other),
    )


@blueprint.get("/mina-rapporter/<year:year>")
@requires(LOGGED_IN)
def year(year: int) -> str:
    """What changed in a year after the reader's own reports."""
    this_year = local_date(now()).year
    if not EARLIEST_YEAR <= year <= this_year:
        raise NotFound
    page = changes.year_of(db.session(), current_actor(), year)
    return render_template("report/year.html", page=page, this_year=this_year, earliest=EARLIEST_YEAR)


# --- the form ---------------------------------------------------------------------------------------------------------


def _file(report: Report) -> Avvikelse:
    """Send it. Two at once with the same key: the second one finds the first one's report."""
    try:
        return reporting.file(db.session(), current_actor(), report, now=now())
    except IntegrityError:
        db.session.rollback()
        return reporting.file(db.session(), current_actor(), report, now=now())


def _event_of(form: ReportForm) -> Avvikelse | None:
    """The report behind the kopplingskod that was typed. A form that is sent twice is not asked again.

    Raises Invalid at the field, TooMany.
    """
    session, actor = db.session(), current_actor()
    code = form.link_code.data if "link_code" in form else None
    if not code or reporting.is_sent(session, actor, form.key.data):
        return None
    unit = reporting.sender_unit(session, actor, form.sender_enhet_id.data, local_date(now()))
    return links.check(session, actor, code, unit.omrade_id, knock(), now=now())


def _refused(form: ReportForm, error: Invalid | TooMany) -> tuple[str, int] | tuple[str, int, dict[str, str]]:
    """The form with what is wrong."""
    return refused_report(form, error, lambda: _page(form))


def _draft(ref: str) -> dict[str, Any]:
    try:
        return drafts.load(db.session(), current_actor(), ref)
    except NotFound:  # an address from before it was sent, removed or purged; somebody else's looks the same
        raise NotFound(DRAFT_GONE) from None


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
        elsewhere=SOMETHING_ELSE,
        texts=texts_at(db.session(), current_actor().own_enhet_id, SWEDISH),
    )


def _fill(form: ReportForm, typed: dict[str, Any]) -> None:
    """Take up a draft."""
    for name, value in typed.items():
        if name in form:
            form[name].data = date.fromisoformat(value) if name in DAYS and value else value


def _fill_again(form: ReportForm, case: CaseView) -> None:
    """*Det har hänt igen*: the same unit and counterpart; what happened is written anew."""
    if Permission.REPORT_AGAIN not in case.permissions or case.coding is None:
        raise NotFound
    if case.sender is not None:
        form.sender_enhet_id.data = case.sender.id
    if case.counterpart_id is not None:
        form.counterpart.data = str(case.counterpart_id)
    form.category.data = case.coding.category
    form.extent.data = Extent.UPPREPAD.value


def _summary(form: ReportForm) -> list[tuple[str, str]]:
    """(question, answer) of everything that has been answered, for the review."""
    answered = [field for field in form if field.name not in NOT_SHOWN and _is_answer(field)]
    return [(field.label.text, _said(field)) for field in answered]


def _is_answer(field: Any) -> bool:
    return field.data not in ((None, "") if field.name in ZERO_SAYS_SOMETHING else (None, "", 0, False))


def _said(field: Any) -> str:
    if isinstance(field.data, bool):
        return "Ja"
    if isinstance(field.data, date):
        return long_date(field.data)
    if getattr(field, "choices", None):
        return next((str(one.label) for one in field.choices if str(one.value) == str(field.data)), "")
    return str(field.data)
