"""Report without account: the way in, the form, the review, the receipt with its code; the poster.

Open for those pages.

The receipt is the answer to the POST itself: a redirect would need something in its address. A reload sends the same
form again, whose own key makes it the same receipt.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from sqlalchemy.exc import IntegrityError

from avvikelse.adapters.clock import now
from avvikelse.domain.actor import NOBODY, Actor
from avvikelse.domain.errors import Invalid, NotFound, TooMany
from avvikelse.domain.lan_texts import SOMETHING_ELSE
from avvikelse.domain.languages import LANGUAGES, SWEDISH, Language
from avvikelse.domain.receipt_code import grouped
from avvikelse.domain.vocabulary import Channel
from avvikelse.domain.workdays import local_date, start_of_day
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import db
from avvikelse.models.organisation import Enhet
from avvikelse.queries.case_page import case_page
from avvikelse.queries.lan_texts import texts_of
from avvikelse.queries.open_choices import OpenLan, lan_list, open_lan, place_of_case
from avvikelse.queries.open_routing import propose_open
from avvikelse.reports.poster import poster as make_poster
from avvikelse.services import links, open_reports, receipts
from avvikelse.services.open_reports import Filed
from avvikelse.services.receipts import Holder
from avvikelse.web import open_pass, open_words
from avvikelse.web.forms.open import FamilyForm, OpenReportForm
from avvikelse.web.forms.report import SEVERITY_HINTS, UNKNOWN
from avvikelse.web.refusals import refused_report
from avvikelse.web.unlinked import knock
from config import Settings

blueprint = Blueprint("open_report", __name__, url_prefix="/utan-konto")
Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]
SEVERE = 4
NOT_SHOWN = ("csrf_token", "key", open_pass.FIELD)


@blueprint.get("")
def index() -> str:
    return render_template("open/index.html", lan_list=lan_list(db.session()))


@blueprint.get("/<word:pack>")
def start(pack: str) -> str:
    return render_template("open/start.html", lan=_lan(pack), languages=LANGUAGES)


@blueprint.get("/<word:pack>/<word:slug>")
def start_at_unit(pack: str, slug: str) -> str:
    return render_template("open/start.html", lan=_lan(pack, slug), languages=LANGUAGES)


@blueprint.get("/<word:pack>/rapport")
def new(pack: str) -> str:
    lan = _lan(pack, _word(request.args.get("enhet")))
    form = blank(OpenReportForm(formdata=None))
    form.offer(lan)
    if lan.unit is not None:
        form.sender.data = str(lan.unit.id)
    return _page(lan, form)


@blueprint.post("/<word:pack>/rapport")
def review(pack: str) -> Answer:
    """Second page: everything once more, and to whom it goes. "Ändra" ends here too."""
    lan, form = _lan(pack), OpenReportForm()
    form.offer(lan)
    if "andra" in request.form:
        return _page(lan, form)
    if not form.validate():
        return _page(lan, form), 422
    try:
        to = whither(lan, form)
        event_of(form)
    except (Invalid, TooMany) as error:
        return _refused(lan, form, error)
    return _review(lan, form, to)


@blueprint.post("/<word:pack>/rapport/skicka")
def send(pack: str) -> Answer:
    lan, form = _lan(pack), OpenReportForm()
    form.offer(lan)
    if not form.validate():
        return _page(lan, form), 422
    try:
        filed = filed_by(lan, form, Channel.NO_ACCOUNT)
    except (Invalid, TooMany) as error:
        return _refused(lan, form, error)
    return receipt(filed, SWEDISH, severe=form.severity.data == SEVERE)


@blueprint.get("/<word:pack>/affisch.pdf")
def poster(pack: str) -> Response:
    lan = _lan(pack)
    return _poster(lan.name, url_for(".start", pack=lan.slug))


@blueprint.get("/<word:pack>/<word:slug>/affisch.pdf")
def unit_poster(pack: str, slug: str) -> Response:
    lan = _lan(pack, slug)
    if lan.unit is None:
        raise NotFound
    return _poster(f"{lan.unit.name}, {lan.unit.huvudman}", url_for(".start_at_unit", pack=lan.slug, slug=slug))


# --- shared with the family's pages -----------------------------------------------------------------------------------


def blank(form: Any) -> Any:
    """A new form with its own key, which makes it one report however often it is sent."""
    form.key.data = secrets.token_urlsafe(16)
    form.occurred_on.data = local_date(now())
    return form


def whither(lan: OpenLan, form: OpenReportForm | FamilyForm) -> str:
    """Which samordnare would get the report, in words. Raises Invalid at the field that is wrong."""
    session, report = db.session(), form.report()
    unit = open_reports.checked(session, report, lan.pack_id, now=now())
    return propose_open(session, lan.pack_id, unit, report, today=local_date(now())).to


def filed_by(lan: OpenLan, form: OpenReportForm | FamilyForm, channel: Channel) -> Filed:
    """Send it. Two at once with the same key: the second one finds the first one's report."""
    earlier = earlier_of(form)
    report = replace(form.report(earlier_ref=earlier.ref if earlier else None), event_of=event_of(form))

    def file() -> Filed:
        again = earlier.actor if earlier else None
        return open_reports.file(db.session(), report, lan.pack_id, channel, knock(), again=again, now=now())

    try:
        return file()
    except IntegrityError:
        db.session.rollback()
        return file()


def event_of(form: OpenReportForm | FamilyForm, actor: Actor = NOBODY) -> Avvikelse | None:
    """The report behind the kopplingskod that was typed. A form that is sent twice is not asked again.

    `actor` = who writes for somebody else, on the phone.

    Raises Invalid at the field, TooMany.
    """
    session, code = db.session(), form["link_code"].data if "link_code" in form else None
    if not code or open_reports.is_sent(session, form.key.data or ""):
        return None
    unit_id = form.report().sender_enhet_id
    unit = session.get(Enhet, unit_id) if unit_id is not None else None
    return links.check(session, actor, code, unit.omrade_id if unit else None, knock(), now=now())


def earlier_of(form: OpenReportForm | FamilyForm) -> Holder | None:
    """The closed report that has happened again, when the form was opened from it."""
    ref = open_pass.read(form.code_token.data)
    return receipts.again(db.session(), ref) if ref else None


def receipt(filed: Filed, language: str, *, severe: bool) -> str:
    return render_template(
        "open/receipt.html",
        say=LANGUAGES[language],
        number=filed.row.number,
        code=grouped(filed.code) if filed.code else None,
        severe=severe,
    )


def repeat(holder: Holder, say: Language) -> Answer:
    """*Det har hänt igen*: the form with what is known already; what happened is written anew. web/follow.py asks."""
    view = case_page(db.session(), holder.actor, holder.ref)
    place = place_of_case(db.session(), view.id)
    lan = _lan(place.pack)
    form: Any
    if view.head.channel is Channel.FAMILY:
        form = blank(FamilyForm(formdata=None))
        form.speak(say, lan)
    else:
        form = blank(OpenReportForm(formdata=None))
        form.offer(lan)
        form.sender.data = str(view.sender.id) if view.sender else ""
    form.code_token.data = open_pass.issue(holder.ref)
    form.counterpart.data = str(view.counterpart_id) if view.counterpart_id else UNKNOWN
    form.kommunkod.data = place.kommunkod or ""
    return form_page(lan, form, say.code)


# --- pages ------------------------------------------------------------------------------------------------------------


def form_page(lan: OpenLan, form: Any, language: str) -> str:
    """The form of either kind."""
    if isinstance(form, FamilyForm):
        return render_template("open/story.html", lan=lan, form=form, say=LANGUAGES[language])
    return _page(lan, form)


def _page(lan: OpenLan, form: OpenReportForm) -> str:
    return render_template(
        "open/report.html",
        lan=lan,
        form=form,
        hints=SEVERITY_HINTS,
        again=bool(form.code_token.data),
        elsewhere=SOMETHING_ELSE,
        texts=texts_of(db.session(), lan.pack_id, SWEDISH),
    )


def _review(lan: OpenLan, form: OpenReportForm, to: str) -> str:
    return render_template(
        "open/review.html",
        say=LANGUAGES[SWEDISH],
        form=form,
        to=to,
        rows=open_words.summary(form, NOT_SHOWN, LANGUAGES[SWEDISH]),
        severe=form.severity.data == SEVERE,
        send_to=url_for(".send", pack=lan.slug),
        change_at=url_for(".review", pack=lan.slug),
    )


def _refused(lan: OpenLan, form: OpenReportForm, error: Invalid | TooMany) -> Answer:
    """The form with what is wrong."""
    return refused_report(form, error, lambda: _page(lan, form))


def _lan(pack: str, unit: str | None = None) -> OpenLan:
    return open_lan(db.session(), pack, unit, local_date(now()))


def _word(given: str | None) -> str | None:
    """A unit's code from an address; what cannot be one is none."""
    known = given and len(given) <= 80 and given.isascii() and all(c.isalnum() or c in "-_" for c in given)
    return given if known else None


def _poster(place: str, path: str) -> Response:
    settings: Settings = current_app.extensions["settings"]
    address = (settings.base_url or request.url_root.rstrip("/")) + path
    response = make_response(_made(place, address, start_of_day(local_date(now()))))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="rapportera-utan-konto.pdf"'
    return response


@lru_cache(maxsize=128)
def _made(place: str, address: str, day: datetime) -> bytes:
    """Made once a day: whoever asks for it a thousand times costs one drawing."""
    return make_poster(place, address, made_at=day)
