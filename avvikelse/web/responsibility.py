"""*Visa ansvar*: who cares for which tillstånd at which level, for everybody to read. Open for `/ansvar`."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import NotFound
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import responsibility, situation
from avvikelse.queries.own_lan import own_lan
from avvikelse.web.access import LOGGED_IN, current_actor, requires

blueprint = Blueprint("responsibility", __name__, url_prefix="/ansvar")
LONGEST_VERSION = 20


@blueprint.get("")
@requires(LOGGED_IN)
def index() -> Response:
    """The table of the own län."""
    return redirect(url_for(".show", pack=own_lan(db.session(), current_actor())))


@blueprint.get("/<word:pack>")
@requires(LOGGED_IN)
def show(pack: str) -> str:
    """The table of today, or the version `?version=`."""
    wanted = request.args.get("version", "")
    if len(wanted) > LONGEST_VERSION or not wanted.isprintable():
        raise NotFound
    session = db.session()
    page = responsibility.matrix_page(session, pack, wanted or None, local_date(now()))
    return render_template("responsibility/show.html", page=page, packs=situation.packs(session))
