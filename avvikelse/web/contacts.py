"""*Kontaktvägar*: search, one unit's card, and *Stämmer inte?*. Open for those pages."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import contact_reports as open_lists
from avvikelse.queries import contacts
from avvikelse.queries.contacts import ContactCard
from avvikelse.queries.own_lan import own_pack
from avvikelse.services import contact_reports
from avvikelse.web.access import LOGGED_IN, current_actor, requires, roles
from avvikelse.web.forms.base import BaseForm
from avvikelse.web.forms.organisation import ConfirmForm, WrongContactForm
from avvikelse.web.list_arguments import words_asked
from avvikelse.web.refusals import refused

blueprint = Blueprint("contacts", __name__, url_prefix="/kontaktvagar")
MENDERS = roles(Role.SAMORDNARE, Role.ADMINISTRATOR)


@blueprint.get("")
@requires(LOGGED_IN)
def index() -> str:
    text = words_asked()
    actor = current_actor()
    return render_template(
        "contacts/index.html",
        text=text,
        found=contacts.search(db.session(), text, local_date(now()), near=own_pack(db.session(), actor))
        if text
        else None,
        may_mend=MENDERS.allows(actor),
    )


@blueprint.get("/<word:pack>/<word:slug>")
@requires(LOGGED_IN)
def unit(pack: str, slug: str) -> str:
    return _unit_page(_card(pack, slug), WrongContactForm(formdata=None))


@blueprint.post("/<word:pack>/<word:slug>/stammer-inte")
@requires(LOGGED_IN)
def report(pack: str, slug: str) -> Response | tuple[str, int]:
    card, form = _card(pack, slug), WrongContactForm()
    if form.validate():
        try:
            contact_reports.report(db.session(), current_actor(), card.enhet_id, text=form.text.data or "", now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("Tack! Enhetens samordnare har fått veta det och ska rätta det inom fem arbetsdagar.", "success")
            return redirect(url_for(".unit", pack=pack, slug=slug))
    return _unit_page(card, form), 422


@blueprint.get("/stammer-inte")
@requires(MENDERS)
def reports() -> str:
    return _reports_page(ConfirmForm(formdata=None))


@blueprint.post("/stammer-inte/<id:report_id>/klar")
@requires(MENDERS)
def report_done(report_id: int) -> Response | tuple[str, int]:
    form = ConfirmForm()
    if not form.validate():
        return _reports_page(form), 422
    contact_reports.done(db.session(), current_actor(), report_id, now=now())
    flash("Markerad som rättad.", "success")
    return redirect(url_for(".reports"))


def _card(pack: str, slug: str) -> ContactCard:
    found = contacts.card(db.session(), pack, slug, local_date(now()))
    if found is None:
        raise NotFound
    return found


def _unit_page(card: ContactCard, form: WrongContactForm) -> str:
    return render_template("contacts/unit.html", card=card, form=form)


def _reports_page(form: BaseForm) -> str:
    today = local_date(now())
    reports = open_lists.open_reports(db.session(), current_actor(), today)
    return render_template("contacts/reports.html", reports=reports, form=form)
