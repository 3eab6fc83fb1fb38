"""The start page: what waits for me."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from avvikelse.web.access import LOGGED_IN, requires

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
@requires(LOGGED_IN)
def show() -> Response:
    return redirect(url_for("contacts.index"))
