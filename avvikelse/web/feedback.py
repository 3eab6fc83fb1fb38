"""Tell about a page that is hard to use: for everybody, and nobody is asked who it is. Open for that form.

Stands among the pages on which nobody is known (web/unlinked.py).
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid, TooMany
from avvikelse.domain.lan_texts import LanTextKey
from avvikelse.domain.languages import SWEDISH
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.lan_texts import texts_of
from avvikelse.queries.open_choices import OpenLan, lan_list, open_lan
from avvikelse.services import page_comments
from avvikelse.web.forms.organisation import PageCommentForm
from avvikelse.web.refusals import refused
from avvikelse.web.transaction import commit_in_spite_of_status
from avvikelse.web.unlinked import knock

blueprint = Blueprint("feedback", __name__, url_prefix="/tillganglighet/beratta")
Answer = str | Response | Redirect | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.get("")
def index() -> str:
    return render_template("information/feedback_index.html", lan_list=lan_list(db.session()))


@blueprint.get("/<word:pack>")
def show(pack: str) -> str:
    return _page(_lan(pack), PageCommentForm(formdata=None))


@blueprint.post("/<word:pack>")
def tell(pack: str) -> Answer:
    lan, form = _lan(pack), PageCommentForm()
    if not form.validate():
        return _page(lan, form), 422
    try:
        page_comments.tell(db.session(), lan.pack_id, form.text.data or "", knock(), now=now())
    except TooMany as error:
        form.form_errors.append(error.reason)
        commit_in_spite_of_status()  # the attempt is counted
        return _page(lan, form), 429, {"Retry-After": str(error.retry_after)}
    except Invalid as error:
        refused(form, error)
        return _page(lan, form), 422
    return redirect(url_for(".thanks", pack=pack))


@blueprint.get("/<word:pack>/tack")
def thanks(pack: str) -> str:
    lan = _lan(pack)
    who = texts_of(db.session(), lan.pack_id, SWEDISH)[LanTextKey.ACCESSIBILITY]
    return render_template("information/feedback_thanks.html", lan=lan, who=who)


def _page(lan: OpenLan, form: PageCommentForm) -> str:
    return render_template("information/feedback.html", lan=lan, form=form)


def _lan(pack: str) -> OpenLan:
    return open_lan(db.session(), pack, None, local_date(now()))
