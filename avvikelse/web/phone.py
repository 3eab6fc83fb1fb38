"""*Telefonrapport*: write down, read back, file; the receipt with the caller's code; take one to an account."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Forbidden, Invalid, NotFound, TooMany
from avvikelse.domain.languages import LANGUAGES, SWEDISH
from avvikelse.domain.receipt_code import grouped
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.open_choices import OpenLan, open_lan, pack_of_samordnare
from avvikelse.queries.similar_open import OwnOpen
from avvikelse.reports.receipt import receipt_on_paper
from avvikelse.services import drafts, open_reports, receipts
from avvikelse.services.open_reports import Filed
from avvikelse.web import open_words
from avvikelse.web.access import LOGGED_IN, current_actor, requires, roles
from avvikelse.web.autosave import answer_to_script, keep, keep_or_say, saved_for_later
from avvikelse.web.forms.phone import ClaimForm, PaperForm, PhoneForm, main_choices
from avvikelse.web.forms.report import REFERENCE, SEVERITY_HINTS
from avvikelse.web.open_report import event_of
from avvikelse.web.refusals import refused, refused_report
from avvikelse.web.rendering import clock as clock_text
from avvikelse.web.transaction import commit_in_spite_of_status, reads_first
from avvikelse.web.unlinked import knock

blueprint = Blueprint("phone", __name__, url_prefix="/telefonrapport")
SAMORDNARE = roles(Role.SAMORDNARE)
Answer = str | AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]
NOT_SHOWN = ("csrf_token", "key", "draft", "code_token", "main", "read_back")
DRAFT = "telefon"
SEVERE = 4
ON_REVIEW = ("main", "read_back")  # asked when everything has been read back


@blueprint.get("")
@requires(SAMORDNARE)
def new() -> str:
    lan, form = _lan(), PhoneForm(formdata=None)
    form.offer(lan)
    form.key.data = secrets.token_urlsafe(16)
    form.occurred_on.data = form.called_on.data = local_date(now())
    form.called_time.data = clock_text(now())
    ref = request.args.get("utkast")
    if ref:
        if not REFERENCE.fullmatch(ref):
            raise NotFound
        _fill(form, drafts.load(db.session(), current_actor(), ref))
        form.draft.data = ref
    return _page(lan, form)


@blueprint.post("")
@requires(SAMORDNARE)
def review() -> Answer:
    """The read-back: everything once more, to be read aloud. "Ändra" and "Spara utkast" end here too."""
    lan, form = _filled()
    if "spara" in request.form:
        return saved_for_later() if keep_or_say(form, DRAFT) else _page(lan, form)
    if "andra" in request.form:
        return _page(lan, form)
    if not form.validate():
        return _page(lan, form), 422
    try:
        open_reports.checked(db.session(), form.report(), lan.pack_id, now=form.called_at)
        event_of(form, current_actor())
    except (Invalid, TooMany) as error:
        return _refused(lan, form, error)
    return _review(form)


@blueprint.post("/utkast")
@requires(SAMORDNARE)
def draft() -> Response:
    """Autosave from the page's script: a call may drop. With what is open already, once whom it concerns is chosen."""
    _, form = _filled()
    answer = answer_to_script(keep(form, DRAFT))
    if "liknande" in request.form:
        answer["similar"] = render_template(
            "phone/_similar.html", similar=_offers(form) if form.counterpart.validate(form) else ()
        )
    return jsonify(answer)


@blueprint.post("/skicka")
@requires(SAMORDNARE)
def send() -> Answer:
    lan, form = _filled()
    if not form.validate():
        return _page(lan, form), 422
    try:
        filed = _file(lan, form)
    except (Invalid, TooMany) as error:
        return _refused(lan, form, error)
    drafts.discard_if_mine(db.session(), current_actor(), form.draft.data)
    return render_template(
        "phone/receipt.html",
        number=filed.row.number,
        ref=filed.row.ref,
        code=grouped(filed.code) if filed.code else None,
        paper=PaperForm(formdata=None, key=form.key.data),
        severe=form.severity.data == SEVERE,
        joined=filed.row.main_id is not None,
    )


@blueprint.post("/kvitto.pdf")
@requires(SAMORDNARE)
@reads_first
def paper() -> Response:
    """The receipt to print and put into an envelope. The code is made anew from the form's key; it is kept nowhere.

    Nothing is written, so nobody waits for a lock while the paper is made.
    """
    form = PaperForm()
    if not form.validate() or not form.key.data:
        raise NotFound
    filed = open_reports.phone_receipt(db.session(), current_actor(), form.key.data, now=now())
    if filed.code is None:
        raise NotFound
    address = url_for("follow.index", _external=True)
    response = make_response(
        receipt_on_paper(
            filed.row.number, grouped(filed.code), address, local_date(filed.row.submitted_at), made_at=now()
        )
    )
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="kvitto.pdf"'
    return response


# --- the caller -------------------------------------------------------------------------------------------------------


@blueprint.route("/hamta", methods=["GET", "POST"])
@requires(LOGGED_IN)
def claim() -> Answer:
    """Somebody who has phoned follows the report with her account from now on."""
    if request.method != "POST":
        return render_template("phone/claim.html", form=ClaimForm(formdata=None))
    form = ClaimForm()
    if form.validate():
        commit_in_spite_of_status()  # a wrong code is counted
        try:
            row = receipts.claim(db.session(), current_actor(), form.code.data or "", knock(), now=now())
        except TooMany as error:
            form.form_errors.append(error.reason)
            return render_template("phone/claim.html", form=form), 429, {"Retry-After": str(error.retry_after)}
        except Invalid as error:
            refused(form, error)
        else:
            flash("Rapporten finns nu under Mina rapporter. Koden gäller inte längre.", "success")
            return redirect(url_for("cases.show", ref=row.ref))
    return render_template("phone/claim.html", form=form), 422


# --- the form ---------------------------------------------------------------------------------------------------------


def _file(lan: OpenLan, form: PhoneForm) -> Filed:
    report = replace(form.report(), event_of=event_of(form, current_actor()))

    def file() -> Filed:
        return open_reports.file_by_phone(
            db.session(), current_actor(), report, lan.pack_id, form.called_at,
            read_back=bool(form.read_back.data), main_ref=form.main_ref, now=now(),
        )  # fmt: skip

    try:
        return file()
    except IntegrityError:
        db.session.rollback()
        return file()


def _lan() -> OpenLan:
    """The län in which the samordnare works."""
    pack = pack_of_samordnare(db.session(), current_actor())
    if pack is None:
        raise Forbidden
    return open_lan(db.session(), pack, None, local_date(now()))


def _filled() -> tuple[OpenLan, PhoneForm]:
    lan, form = _lan(), PhoneForm()
    form.offer(lan)
    return lan, form


def _page(lan: OpenLan, form: PhoneForm) -> str:
    return render_template("phone/new.html", lan=lan, form=form, hints=SEVERITY_HINTS)


def _refused(lan: OpenLan, form: PhoneForm, error: Invalid | TooMany) -> Answer:
    """What is wrong, where it can be mended."""
    on_review = isinstance(error, Invalid) and error.field in ON_REVIEW
    return refused_report(form, error, lambda: _review(form) if on_review else _page(lan, form))


def _offers(form: PhoneForm) -> tuple[OwnOpen, ...]:
    return open_reports.phone_offers(db.session(), current_actor(), form.report(), now=now())


def _review(form: PhoneForm) -> str:
    form.main.choices = main_choices(_offers(form))
    rows = open_words.summary(form, NOT_SHOWN, LANGUAGES[SWEDISH])
    return render_template("phone/review.html", form=form, rows=rows, severe=form.severity.data == SEVERE)


def _fill(form: PhoneForm, typed: dict[str, Any]) -> None:
    for name, value in typed.items():
        if name in form:
            form[name].data = date.fromisoformat(value) if name.endswith("_on") and value else value
