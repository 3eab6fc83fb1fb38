"""The second step of a log-in, setting it up, and its page under Mitt konto.

The pages under `/logga-in` are the only ones that somebody reaches who has only passed the password (AFTER_PASSWORD).
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain import second_step as codes
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden, Invalid, TooMany
from avvikelse.models.base import db
from avvikelse.queries.second_step import SecondStepView, second_step_of
from avvikelse.reports.poster import qr_code
from avvikelse.services import second_step
from avvikelse.web import identity, resume, way_on
from avvikelse.web.access import AFTER_PASSWORD, LOGGED_IN, requires, safe_next
from avvikelse.web.forms.auth import AppCodeForm, RecoveryForm, SecondStepChangeForm, WayOn
from avvikelse.web.refusals import refused
from avvikelse.web.transaction import commit_in_spite_of_status

blueprint = Blueprint("second_step", __name__)
Answer = str | Response | tuple[str, int]
CHANGES = {"telefon": "Byta telefon eller app", "koder": "Skapa nya reservkoder", "sluta": "Logga in utan andra steget"}


# --- while logging in -------------------------------------------------------------------------------------------------


def after_password(form: WayOn) -> str:
    """The answer to a right password that is not enough."""
    return _first_page(next=safe_next(form.next.data), kept=form.kept.data or "", kept_for=form.kept_for.data or "")


def ask_first() -> Response:
    """The answer to a form of ours from somebody whose log-in has become half meanwhile. access.guard asks for it."""
    kept, kept_for = resume.packed()
    response = current_app.make_response(_first_page(next="", kept=kept, kept_for=kept_for))
    response.status_code = 401
    return response


@blueprint.route("/logga-in/andra-steget", methods=["GET", "POST"])
@requires(AFTER_PASSWORD)
def show() -> Answer:
    if not identity.is_half():
        return redirect(safe_next(request.args.get("next")))
    if _state().set_up_at is None:
        return redirect(url_for(".set_up", next=request.args.get("next")))
    return _taken(AppCodeForm, second_step.take, "auth/second_step.html")


@blueprint.route("/logga-in/reservkod", methods=["GET", "POST"])
@requires(AFTER_PASSWORD)
def recover() -> Answer:
    if not identity.is_half():
        return redirect(safe_next(request.args.get("next")))
    return _taken(RecoveryForm, second_step.take_recovery, "auth/recovery.html")


def _taken(kind: type[AppCodeForm] | type[RecoveryForm], take: Callable[..., None], template: str) -> Answer:
    """The page with the field for one kind of code, and what was typed there."""
    if request.method != "POST":
        form = kind(formdata=None, next=safe_next(request.args.get("next")))
        return render_template(template, form=form, who=identity.person())
    form = kind()
    if request.form.get("visa"):  # came over from the page of the other kind, with what is kept
        return render_template(template, form=form, who=identity.person())
    if form.validate():
        commit_in_spite_of_status()  # a wrong code is counted
        try:
            take(db.session(), identity.person(), _session_id(), form.code.data or "", way_on.visitor(), now=now())
        except TooMany as error:
            return way_on.too_many(error)
        except Invalid as error:
            refused(form, error)
        else:
            return way_on.go_on(form)
    form.code.data = ""
    return render_template(template, form=form, who=identity.person()), 422


@blueprint.route("/logga-in/satt-upp", methods=["GET", "POST"])
@requires(AFTER_PASSWORD)
def set_up() -> Answer:
    """What it is, then the picture for the app, then the first code."""
    person, half = identity.person(), identity.is_half()
    secret = second_step.offered(db.session(), person, _session_id(), way_on.visitor().secret)
    if secret is None and _state().set_up_at is not None:
        return redirect(url_for(".show" if half else ".change"))
    form = AppCodeForm() if request.method == "POST" else AppCodeForm(formdata=None, next=_wanted(half=half))
    if request.method != "POST":
        return _set_up_page(form, secret)
    if secret is None or "code" not in request.form:
        return _set_up_page(form, second_step.offer(db.session(), person, _session_id(), way_on.visitor().secret))
    renewed = _state().set_up_at is not None
    if form.validate():
        commit_in_spite_of_status()
        try:
            made = second_step.confirm(
                db.session(), person, _session_id(), form.code.data or "", way_on.visitor(), now=now()
            )
        except TooMany as error:
            return way_on.too_many(error)
        except Invalid as error:
            refused(form, error)
        else:
            return _codes_page(made, form, renewed=renewed)
    form.code.data = ""
    return _set_up_page(form, secret), 422


# --- Mitt konto -------------------------------------------------------------------------------------------------------


@blueprint.route("/konto/andra-steget", methods=["GET", "POST"])
@requires(LOGGED_IN)
def change() -> Answer:
    """Change the phone, make new recovery codes, or stop: each after the password once more."""
    state = _state()
    if state.set_up_at is None:
        return redirect(url_for(".set_up"))
    form = SecondStepChangeForm()
    form.what.choices = [(key, text) for key, text in CHANGES.items() if key != "sluta" or not _is_demanded()]
    if request.method != "POST" or not form.validate():
        return _change_page(form, state, 200 if request.method != "POST" else 422)
    commit_in_spite_of_status()
    try:
        return _changed(form)
    except TooMany as error:
        return way_on.too_many(error)
    except Invalid as error:
        refused(form, error)
    return _change_page(form, state, 422)


def _changed(form: SecondStepChangeForm) -> Answer:
    session, person, password, visitor = db.session(), identity.person(), form.password.data or "", way_on.visitor()
    if form.what.data == "koder":
        made = second_step.new_codes(session, person, password, visitor, now=now())
        return _codes_page(made, WayOn(formdata=None, next=url_for("account.show")), renewed=True)
    if form.what.data == "telefon":
        second_step.change_phone(session, person, _session_id(), password, visitor, now=now())
        return redirect(url_for(".set_up"), 303)
    required = identity.is_second_step_required()
    second_step.stop(session, person, _session_id(), password, visitor, required=required, now=now())
    flash("Du loggar nu in med bara ditt lösenord.", "success")
    return redirect(url_for("account.show"), 303)


# --- shared -----------------------------------------------------------------------------------------------------------


def _first_page(**way: str) -> str:
    form = AppCodeForm(formdata=None, **way)
    if _state().set_up_at is None:
        return _set_up_page(form, None)
    return render_template("auth/second_step.html", form=form, who=identity.person())


def _set_up_page(form: AppCodeForm, secret: str | None) -> str:
    """`secret` None = before it is shown. The picture is drawn here: nothing is fetched from elsewhere."""
    state = _state()
    address = codes.address(secret, state.email) if secret else ""
    return render_template(
        "auth/set_up_second_step.html",
        form=form,
        picture=Markup(qr_code(address, for_screen=True)) if address else None,  # noqa: S704 -- our own SVG
        address=address,
        secret=codes.grouped(secret) if secret else "",
        half=identity.is_half(),
        demanded=_is_demanded(),
        state=state,
        who=identity.person(),
    )


def _codes_page(made: tuple[str, ...], form: WayOn, *, renewed: bool) -> str:
    kept = resume.unpacked(form.kept.data, form.kept_for.data)
    return render_template(
        "auth/recovery_codes.html", codes=made, kept=kept, href=safe_next(form.next.data), renewed=renewed
    )


def _change_page(form: SecondStepChangeForm, state: SecondStepView, status: int) -> tuple[str, int]:
    return render_template("account/second_step.html", form=form, state=state), status


def _wanted(*, half: bool) -> str:
    return safe_next(request.args.get("next")) if half else url_for("account.show")


def _state() -> SecondStepView:
    return second_step_of(db.session(), _known(identity.person()))


def _known(person: Actor) -> int:
    if person.user_id is None:
        raise Forbidden
    return person.user_id


def _session_id() -> int:
    found = identity.session_id()
    if found is None:
        raise Forbidden
    return found


def _is_demanded() -> bool:
    return identity.is_second_step_required() and codes.is_demanded(identity.person())
