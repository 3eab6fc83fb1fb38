"""*Kopplingskod*: show one's own, take it back, write in one that somebody has said. Open for that page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid, TooMany
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.links import links_page
from avvikelse.services import links
from avvikelse.web.access import LOGGED_IN, current_actor, requires
from avvikelse.web.forms.report import LinkForm
from avvikelse.web.refusals import refused
from avvikelse.web.transaction import commit_in_spite_of_status
from avvikelse.web.unlinked import knock

blueprint = Blueprint("links", __name__, url_prefix="/mina-rapporter/<ref:ref>/kopplingskod")
Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.get("")
@requires(LOGGED_IN)
def show(ref: str) -> str:
    return _page(ref, LinkForm(formdata=None))


@blueprint.post("")
@requires(LOGGED_IN)
def make(ref: str) -> Answer:
    """The code is the answer to the POST: it stands in no address and is stored nowhere."""
    links_page(db.session(), current_actor(), ref, local_date(now()))
    code = links.issue(db.session(), current_actor(), ref, now=now())
    return _page(ref, LinkForm(formdata=None), code)


@blueprint.post("/ta-tillbaka")
@requires(LOGGED_IN)
def revoke(ref: str) -> Response:
    links_page(db.session(), current_actor(), ref, local_date(now()))
    links.revoke(db.session(), current_actor(), ref, now=now())
    flash("Koden är tillbakatagen. Ingen kan använda den mer.", "success")
    return redirect(url_for(".show", ref=ref))


@blueprint.post("/anvand")
@requires(LOGGED_IN)
def join(ref: str) -> Answer:
    links_page(db.session(), current_actor(), ref, local_date(now()))
    form = LinkForm()
    if not form.validate():
        return _page(ref, form), 422
    try:
        links.join(db.session(), current_actor(), ref, form.code.data or "", knock(), now=now())
    except TooMany as error:
        form.form_errors.append(error.reason)
        commit_in_spite_of_status()  # the guess is counted
        return _page(ref, form), 429, {"Retry-After": str(error.retry_after)}
    except Invalid as error:
        refused(form, error)
        commit_in_spite_of_status()
        return _page(ref, form), 422
    flash("Rapporterna hör nu ihop. Svaret når er båda.", "success")
    return redirect(url_for(".show", ref=ref))


def _page(ref: str, form: LinkForm, code: str | None = None) -> str:
    page = links_page(db.session(), current_actor(), ref, local_date(now()))
    return render_template("report/links.html", page=page, form=form, code=code)
