"""Filing a report."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from avvikelse.web.access import LOGGED_IN, requires

blueprint = Blueprint("report", __name__)


@blueprint.get("/mina-rapporter")
@requires(LOGGED_IN)
def mine() -> Response:
    return redirect(url_for("start.show"))


@blueprint.get("/rapportera")
@requires(LOGGED_IN)
def new() -> Response:
    return redirect(url_for("start.show"))
