"""The administrator's pages: the tree of a huvudman, units, positions, functions. Open to change a form there."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import FunktionKind, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import organisation as units
from avvikelse.queries import positions
from avvikelse.queries.organisation import UnitPage
from avvikelse.queries.positions import FunktionPage, PositionPage
from avvikelse.queries.reviews import opens_reviews
from avvikelse.services import organisation, position_holders
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.base import BaseForm, day_of
from avvikelse.web.forms.organisation import (
    NONE_CHOSEN,
    AbsenceForm,
    ConfirmForm,
    FunktionContactForm,
    FunktionHolderForm,
    HolderForm,
    PositionForm,
    RenameForm,
    UnitContactForm,
)
from avvikelse.web.list_arguments import words_asked
from avvikelse.web.refusals import refused

blueprint = Blueprint("organisation", __name__, url_prefix="/organisation")
ADMINISTRATORS = roles(Role.ADMINISTRATOR)
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@requires(ADMINISTRATORS)
def index() -> str:
    text = words_asked()
    actor = current_actor()
    return render_template(
        "organisation/index.html",
        text=text,
        found=units.find_units(db.session(), actor, text, local_date(now())) if text else (),
        huvudman_list=units.huvudman_list(db.session(), actor, local_date(now())),
        opens_reviews=opens_reviews(actor),
    )


@blueprint.get("/<word:pack>/huvudman/<word:slug>")
@requires(ADMINISTRATORS)
def huvudman(pack: str, slug: str) -> str:
    tree = units.huvudman_tree(db.session(), current_actor(), pack, slug, local_date(now()))
    return render_template("organisation/huvudman.html", tree=tree)


# --- a unit


@blueprint.get("/<word:pack>/enhet/<word:slug>")
@requires(ADMINISTRATORS)
def unit(pack: str, slug: str) -> Answer:
    return _unit_page(_unit(pack, slug))


@blueprint.post("/<word:pack>/enhet/<word:slug>/namn")
@requires(ADMINISTRATORS)
def rename_unit(pack: str, slug: str) -> Answer:
    page, form = _unit(pack, slug), RenameForm()

    def save() -> None:
        organisation.rename_unit(
            db.session(), current_actor(), page.id, name=form.name.data or "", from_on=day_of(form.from_on), now=now()
        )

    if _saved(form, save):
        return _to_unit(page, "Enheten har fått sitt nya namn. Det gamla finns kvar i historiken.")
    return _unit_page(page, rename=form)


@blueprint.post("/<word:pack>/enhet/<word:slug>/kontakt")
@requires(ADMINISTRATORS)
def change_unit_contact(pack: str, slug: str) -> Answer:
    page, form = _unit(pack, slug), UnitContactForm()

    def save() -> None:
        organisation.change_unit_contact(
            db.session(),
            current_actor(),
            page.id,
            mailbox=form.mailbox.data or "",
            phone=form.phone.data or "",
            assignment=form.assignment.data or "",
            now=now(),
        )

    if _saved(form, save):
        return _to_unit(page, "Kontaktvägarna är sparade.")
    return _unit_page(page, contact=form)


def _unit(pack: str, slug: str) -> UnitPage:
    return units.unit_page(db.session(), current_actor(), pack, slug, local_date(now()))


def _unit_page(page: UnitPage, *, rename: RenameForm | None = None, contact: UnitContactForm | None = None) -> Answer:
    status = 200 if rename is None and contact is None else 422
    return (
        render_template(
            "organisation/unit.html",
            unit=page,
            rename=rename or RenameForm(formdata=None, name=page.name, from_on=local_date(now())),
            contact=contact
            or UnitContactForm(formdata=None, mailbox=page.mailbox, phone=page.phone, assignment=page.assignment),
            wrong=rename or contact,
        ),
        status,
    )


def _to_unit(page: UnitPage, sentence: str) -> Response:
    flash(sentence, "success")
    return redirect(url_for(".unit", pack=page.pack, slug=page.slug))


# --- a position


@blueprint.get("/<word:pack>/position/<word:slug>")
@requires(ADMINISTRATORS)
def position(pack: str, slug: str) -> Answer:
    return _position_page(_position(pack, slug))


@blueprint.post("/<word:pack>/position/<word:slug>/andra")
@requires(ADMINISTRATORS)
def change_position(pack: str, slug: str) -> Answer:
    page = _position(pack, slug)
    form = PositionForm()
    form.substitute.choices = _substitutes(page)

    def save() -> None:
        organisation.change_position(
            db.session(),
            current_actor(),
            page.id,
            title=form.title.data or "",
            substitute_id=form.substitute.data or None,
            vacant=form.vacant.data,
            show_name=form.show_name.data,
            now=now(),
        )

    if _saved(form, save):
        return _to_position(page, "Befattningen är sparad.")
    return _position_page(page, change=form)


@blueprint.post("/<word:pack>/position/<word:slug>/innehavare")
@requires(ADMINISTRATORS)
def name_holder(pack: str, slug: str) -> Answer:
    page, form = _position(pack, slug), HolderForm()

    def save() -> None:
        position_holders.name_holder(
            db.session(),
            current_actor(),
            page.id,
            email=form.email.data or "",
            valid_from=day_of(form.valid_from),
            valid_to=form.valid_to.data,
            now=now(),
        )

    if _saved(form, save):
        return _to_position(page, "Befattningen har fått en innehavare.")
    return _position_page(page, holder=form)


@blueprint.post("/<word:pack>/position/<word:slug>/innehavare/<id:assignment_id>/avsluta")
@requires(ADMINISTRATORS)
def release_holder(pack: str, slug: str, assignment_id: int) -> Answer:
    page, form = _position(pack, slug), ConfirmForm()
    if not form.validate():
        return _position_page(page, failed=form)
    vacant = position_holders.release_holder(db.session(), current_actor(), page.id, assignment_id, now=now())
    return _to_position(
        page, "Uppdraget är avslutat. Befattningen är nu vakant." if vacant else "Uppdraget är avslutat."
    )


@blueprint.post("/<word:pack>/position/<word:slug>/franvaro")
@requires(ADMINISTRATORS)
def add_absence(pack: str, slug: str) -> Answer:
    page, form = _position(pack, slug), AbsenceForm()

    def save() -> None:
        organisation.add_absence(
            db.session(), current_actor(), page.id, from_on=day_of(form.from_on), to_on=day_of(form.to_on), now=now()
        )

    if _saved(form, save):
        return _to_position(page, "Frånvaron är inlagd. Ersättaren svarar under tiden.")
    return _position_page(page, absence=form)


@blueprint.post("/<word:pack>/position/<word:slug>/franvaro/<id:absence_id>/ta-bort")
@requires(ADMINISTRATORS)
def remove_absence(pack: str, slug: str, absence_id: int) -> Answer:
    page, form = _position(pack, slug), ConfirmForm()
    if not form.validate():
        return _position_page(page, failed=form)
    organisation.remove_absence(db.session(), current_actor(), page.id, absence_id, now=now())
    return _to_position(page, "Frånvaron är borttagen.")


def _position(pack: str, slug: str) -> PositionPage:
    return positions.position_page(db.session(), current_actor(), pack, slug, local_date(now()))


def _substitutes(page: PositionPage) -> list[tuple[int, str]]:
    return [(NONE_CHOSEN, "Ingen ersättare"), *page.choices]


def _position_page(
    page: PositionPage,
    *,
    change: PositionForm | None = None,
    holder: HolderForm | None = None,
    absence: AbsenceForm | None = None,
    failed: ConfirmForm | None = None,
) -> Answer:
    wrong = change or holder or absence or failed
    if change is None:
        change = PositionForm(
            formdata=None,
            title=page.title,
            substitute=page.substitute_id or NONE_CHOSEN,
            vacant=page.vacant,
            show_name=page.show_name,
        )
        change.substitute.choices = _substitutes(page)
    return (
        render_template(
            "organisation/position.html",
            position=page,
            change=change,
            holder=holder or HolderForm(formdata=None, valid_from=local_date(now())),
            absence=absence or AbsenceForm(formdata=None),
            confirm=ConfirmForm(formdata=None),
            wrong=wrong,
        ),
        200 if wrong is None else 422,
    )


def _to_position(page: PositionPage, sentence: str) -> Response:
    flash(sentence, "success")
    return redirect(url_for(".position", pack=page.pack, slug=page.slug))


# --- a funktion


@blueprint.get("/<word:pack>/funktion/<word:slug>")
@requires(ADMINISTRATORS)
def funktion(pack: str, slug: str) -> Answer:
    return _funktion_page(_funktion(pack, slug))


@blueprint.post("/<word:pack>/funktion/<word:slug>/kontakt")
@requires(ADMINISTRATORS)
def change_funktion_contact(pack: str, slug: str) -> Answer:
    page, form = _funktion(pack, slug), FunktionContactForm()

    def save() -> None:
        organisation.change_funktion_contact(
            db.session(),
            current_actor(),
            page.id,
            mailbox=form.mailbox.data or "",
            phone=form.phone.data or "",
            now=now(),
        )

    if _saved(form, save):
        return _to_funktion(page, "Kontaktvägarna är sparade.")
    return _funktion_page(page, contact=form)


@blueprint.post("/<word:pack>/funktion/<word:slug>/innehavare")
@requires(ADMINISTRATORS)
def name_funktion_holder(pack: str, slug: str) -> Answer:
    page, form = _funktion(pack, slug), FunktionHolderForm()
    form.omrade.choices = list(page.omraden)

    def save() -> None:
        position_holders.name_funktion_holder(
            db.session(),
            current_actor(),
            page.id,
            email=form.email.data or "",
            omrade_id=form.omrade.data,
            valid_from=day_of(form.valid_from),
            valid_to=form.valid_to.data,
            now=now(),
        )

    if _saved(form, save):
        return _to_funktion(page, "Funktionen har fått en innehavare.")
    return _funktion_page(page, holder=form)


@blueprint.post("/<word:pack>/funktion/<word:slug>/innehavare/<id:assignment_id>/avsluta")
@requires(ADMINISTRATORS)
def release_funktion_holder(pack: str, slug: str, assignment_id: int) -> Answer:
    page, form = _funktion(pack, slug), ConfirmForm()
    if not form.validate():
        return _funktion_page(page, failed=form)
    position_holders.release_funktion_holder(db.session(), current_actor(), page.id, assignment_id, now=now())
    return _to_funktion(page, "Uppdraget är avslutat.")


def _funktion(pack: str, slug: str) -> FunktionPage:
    return positions.funktion_page(db.session(), current_actor(), pack, slug, local_date(now()))


def _funktion_page(
    page: FunktionPage,
    *,
    contact: FunktionContactForm | None = None,
    holder: FunktionHolderForm | None = None,
    failed: ConfirmForm | None = None,
) -> Answer:
    wrong = contact or holder or failed
    if holder is None:
        holder = FunktionHolderForm(formdata=None, valid_from=local_date(now()))
        holder.omrade.choices = list(page.omraden)
    return (
        render_template(
            "organisation/funktion.html",
            funktion=page,
            has_role=page.kind in {FunktionKind.SAMORDNARE, FunktionKind.SIP_SAMORDNARE},
            by_omrade=page.kind is FunktionKind.SAMORDNARE and len(page.omraden) > 1,
            contact=contact or FunktionContactForm(formdata=None, mailbox=page.mailbox, phone=page.phone),
            holder=holder,
            confirm=ConfirmForm(formdata=None),
            wrong=wrong,
        ),
        200 if wrong is None else 422,
    )


def _to_funktion(page: FunktionPage, sentence: str) -> Response:
    flash(sentence, "success")
    return redirect(url_for(".funktion", pack=page.pack, slug=page.slug))


def _saved(form: BaseForm, save: Callable[[], None]) -> bool:
    """Does the form hold, and does the service accept it? Otherwise the sentence stands at its field."""
    if not form.validate():
        return False
    try:
        save()
    except Invalid as error:
        refused(form, error)
        return False
    return True
