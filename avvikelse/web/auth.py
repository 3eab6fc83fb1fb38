"""Log in, log out, a forgotten password, an invitation: the pages for somebody who is not logged in yet."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid, TooMany
from avvikelse.models.base import db
from avvikelse.models.identity import SessionEnd
from avvikelse.services import invitations, login, sessions
from avvikelse.web import identity, resume, second_step, way_on
from avvikelse.web.access import AFTER_PASSWORD, current_actor, requires, safe_next
from avvikelse.web.forms.auth import AcceptForm, ForgottenForm, LoginForm, NewPasswordForm
from avvikelse.web.refusals import refused
from avvikelse.web.transaction import commit_in_spite_of_status

blueprint = Blueprint("login", __name__)
Answer = str | Response | tuple[str, int]
MAIL_SENT = "Om adressen hör till ett konto får du strax ett mejl med en länk. Den gäller i en timme."


@blueprint.route("/logga-in", methods=["GET", "POST"])
def show() -> Answer:
    form = (
        LoginForm() if request.method == "POST" else LoginForm(formdata=None, next=safe_next(request.args.get("next")))
    )
    if request.method != "POST":
        if current_actor().user_id is not None:
            return redirect(safe_next(request.args.get("next")))
        return render_template("auth/login.html", form=form)
    if not form.validate():
        return render_template("auth/login.html", form=form), 422
    commit_in_spite_of_status()  # a wrong password is counted
    provider = identity.provider()
    try:
        started = login.log_in(
            db.session(),
            provider.identify,
            {"email": form.email.data or "", "password": form.password.data or ""},
            way_on.visitor(),
            brings_second_step=provider.brings_second_step,
            now=now(),
        )
    except TooMany as error:
        return way_on.too_many(error)
    except Invalid as error:
        refused(form, error)
        return render_template("auth/login.html", form=form), 422
    identity.begin(started)
    if identity.is_half():
        return second_step.after_password(form)
    return way_on.go_on(form)


def ask_to_log_in() -> Response:
    """The answer to a form of ours that came after the log-in had run out. access.guard asks for it."""
    kept, kept_for = resume.packed()
    form = LoginForm(formdata=None, kept=kept, kept_for=kept_for)
    response = current_app.make_response(render_template("auth/login.html", form=form))
    response.status_code = 401
    return response


@blueprint.post("/logga-ut")
@requires(AFTER_PASSWORD)
def leave() -> Response:
    if (session_id := identity.session_id()) is not None:
        sessions.end(db.session(), identity.person(), session_id, SessionEnd.LOGGED_OUT, now=now())
    identity.leave()
    flash("Du är utloggad.", "success")
    return redirect(url_for("login.show"), 303)


# --- forgotten password -----------------------------------------------------------------------------------------------


@blueprint.route("/glomt-losenord", methods=["GET", "POST"])
def forgotten() -> Answer:
    form = ForgottenForm()
    if request.method != "POST" or not form.validate():
        return render_template("auth/forgotten.html", form=form), 200 if request.method != "POST" else 422
    commit_in_spite_of_status()
    try:
        login.ask_for_reset(db.session(), form.email.data or "", way_on.visitor(), now=now())
    except TooMany as error:
        return way_on.too_many(error)
    flash(MAIL_SENT, "success")
    return redirect(url_for("login.show"), 303)


@blueprint.route("/nytt-losenord/<ref:token>", methods=["GET", "POST"])
def choose_password(token: str) -> Answer:
    form = NewPasswordForm()
    try:
        login.find_reset(db.session(), token, now=now())
        if request.method != "POST" or not form.validate():
            return render_template("auth/new_password.html", form=form), 200 if request.method != "POST" else 422
        login.reset_password(db.session(), token, form.new_password.data or "", now=now())
    except Invalid as error:
        if error.field is None:
            return _dead_link(error.reason, url_for("login.forgotten"))
        refused(form, error)
        return render_template("auth/new_password.html", form=form), 422
    identity.leave()
    flash("Ditt nya lösenord är sparat. Logga in med det.", "success")
    return redirect(url_for("login.show"), 303)


# --- invitation -------------------------------------------------------------------------------------------------------


@blueprint.route("/inbjudan/<ref:token>", methods=["GET", "POST"])
def accept(token: str) -> Answer:
    form = AcceptForm()
    try:
        invitation = invitations.find(db.session(), token, now=now())
        if request.method != "POST":
            form = AcceptForm(formdata=None, name=invitation.name)
            return render_template("auth/invitation.html", form=form, email=invitation.email)
        if form.validate():
            name, password = form.name.data or "", form.new_password.data or ""
            invitations.accept(db.session(), token, name=name, password=password, now=now())
            identity.leave()
            flash("Ditt konto är klart. Logga in med din e-postadress och ditt lösenord.", "success")
            return redirect(url_for("login.show"), 303)
    except Invalid as error:
        if error.field is None:
            return _dead_link(error.reason, None)
        refused(form, error)
    return render_template("auth/invitation.html", form=form, email=invitation.email), 422


# --- shared -----------------------------------------------------------------------------------------------------------


def _dead_link(reason: str, new_link: str | None) -> tuple[str, int]:
    """The same page for a wrong, used or expired link."""
    return render_template("auth/dead_link.html", reason=reason, new_link=new_link), 404
