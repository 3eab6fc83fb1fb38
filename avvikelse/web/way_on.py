"""What all steps of a log-in share: where it comes from, the brake's answer, and where somebody goes afterwards."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request
from werkzeug.wrappers import Response

from avvikelse.domain.errors import TooMany
from avvikelse.services.login import Visitor
from avvikelse.web import errors, resume
from avvikelse.web.access import safe_next
from avvikelse.web.device import device_of, network_of
from avvikelse.web.forms.auth import WayOn


def visitor() -> Visitor:
    """Where this request comes from, as coarse as the brakes need it."""
    key = current_app.secret_key or ""
    secret = key.encode() if isinstance(key, str) else key
    return Visitor(network_of(request.remote_addr), device_of(request.user_agent.string), secret)


def too_many(error: TooMany) -> Response:
    return errors.answer(429, error.reason, [("Retry-After", str(error.retry_after))])


def go_on(form: WayOn) -> str | Response:
    """Logged in: to what she wanted, with what she had written."""
    if kept := resume.unpacked(form.kept.data, form.kept_for.data):
        return render_template("auth/resume.html", fields=kept[0], path=kept[1])
    return redirect(safe_next(form.next.data), 303)
