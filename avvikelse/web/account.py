"""Mitt konto: as whom I act, where I am logged in, my password."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Forbidden, Invalid
from avvikelse.models.base import db
from avvikelse.models.identity import SessionEnd
from avvikelse.queries.calendar_feed import has_feed
from avvikelse.queries.identity import account_page
from avvikelse.queries.second_step import second_step_of
from avvikelse.services import accounts, calendar_feed, digests, sessions
from avvikelse.web import identity
from avvikelse.web.access import LOGGED_IN, current_actor, requires
from avvikelse.web.forms.auth import ChangePasswordForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("account", __name__, url_prefix="/konto")


@blueprint.get("")
@requires(LOGGED_IN)
def show() -> str:
    return _page(ChangePasswordForm(formdata=None))


@blueprint.get("/inloggning")
@requires(LOGGED_IN)
def stay() -> Response:
    """For the page's script: the request itself keeps the log-in alive, as any other does."""
    found = identity.ending()
    return jsonify(left=found.left if found else 0)


@blueprint.post("/losenord")
@requires(LOGGED_IN)
def change_password() -> Response | tuple[str, int]:
    form = ChangePasswordForm()
    if form.validate():
        try:
            accounts.change_password(
                db.session(),
                current_actor(),
                current=form.current_password.data or "",
                new=form.new_password.data or "",
                keep_session=identity.session_id(),
                now=now(),
            )
        except Invalid as error:
            refused(form, error)
        else:
            flash("Lösenordet är bytt. Du är utloggad på alla andra enheter.", "success")
            return redirect(url_for("account.show"), 303)
    return _page(form), 422


@blueprint.post("/inloggningar/<id:session_id>/avsluta")
@requires(LOGGED_IN)
def end_session(session_id: int) -> Response:
    sessions.end(db.session(), current_actor(), session_id, SessionEnd.BY_USER, now=now())
    if session_id == identity.session_id():
        identity.leave()
        return redirect(url_for("login.show"), 303)
    flash("Inloggningen är avslutad.", "success")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/inloggningar/avsluta-andra")
@requires(LOGGED_IN)
def end_others() -> Response:
    actor = current_actor()
    sessions.end_others(db.session(), actor, keep=identity.session_id(), now=now())
    flash("Du är utloggad på alla andra enheter.", "success")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/mejl")
@requires(LOGGED_IN)
def choose_mails() -> Response:
    weekly = request.form.get("takt") == "vecka"
    digests.choose(db.session(), current_actor(), weekly=weekly, now=now())
    once = "Du får ett mejl i veckan. Det som är bråttom kommer ändå direkt."
    flash(once if weekly else "Du får varje mejl direkt.", "success")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/kalender")
@requires(LOGGED_IN)
def begin_calendar() -> str:
    """The address is shown once, on this page."""
    token = calendar_feed.begin(db.session(), current_actor(), now=now())
    address = current_app.extensions["settings"].base_url + url_for("calendar.feed", token=token)
    return _page(ChangePasswordForm(formdata=None), address=address)


@blueprint.post("/kalender/ta-bort")
@requires(LOGGED_IN)
def end_calendar() -> Response:
    calendar_feed.end(db.session(), current_actor(), now=now())
    flash("Kalenderadressen fungerar inte längre.", "success")
    return redirect(url_for("account.show"), 303)


def _page(form: ChangePasswordForm, *, address: str = "") -> str:
    actor = current_actor()
    if actor.user_id is None:  # @requires(LOGGED_IN) has seen to it
        raise Forbidden
    page = account_page(db.session(), actor.user_id, idle=identity.idle_limit(), now=now())
    return render_template(
        "account/show.html",
        form=form,
        actor=actor,
        page=page,
        current=identity.session_id(),
        address=address,
        second_step=second_step_of(db.session(), actor.user_id),
        weekly=digests.is_weekly(db.session(), actor.user_id),
        has_calendar=has_feed(db.session(), actor.user_id),
    )
