"""The register of avtal: to read for everybody, to change for the system's administrator. Open for `/avtal`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Forbidden, Invalid, NotFound
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import avtal as register
from avvikelse.queries import situation
from avvikelse.queries.avtal import AvtalPage
from avvikelse.queries.own_lan import own_lan
from avvikelse.queries.positions import titles_of
from avvikelse.services import avtal
from avvikelse.web.access import LOGGED_IN, current_actor, requires, roles
from avvikelse.web.forms.avtal import EndPointForm, NewAvtalForm, OwnerForm, PointForm, ReviewedForm, RewordForm
from avvikelse.web.forms.base import BaseForm, choices
from avvikelse.web.refusals import refused

blueprint = Blueprint("avtal", __name__, url_prefix="/avtal")
ADMINISTRATORS = roles(Role.ADMINISTRATOR)
MAY_REVIEW = roles(Role.ADMINISTRATOR, Role.CHEF)
Answer = str | Response | tuple[str, int]
NOBODY = 0


@blueprint.get("")
@requires(LOGGED_IN)
def index() -> Response:
    """The register of the own län."""
    return redirect(url_for(".list_all", pack=own_lan(db.session(), current_actor())))


@blueprint.get("/<word:pack>")
@requires(LOGGED_IN)
def list_all(pack: str) -> Answer:
    return _list_page(pack, NewAvtalForm(formdata=None))


@blueprint.post("/<word:pack>")
@requires(ADMINISTRATORS)
def add(pack: str) -> Answer:
    form = NewAvtalForm()
    if form.validate():
        try:
            row = avtal.add(db.session(), current_actor(), pack, form.name.data or "", now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("Avtalet är tillagt. Lägg nu till dess punkter.", "success")
            return redirect(url_for(".change", pack=pack, slug=row.slug))
    return _list_page(pack, form), 422


def _list_page(pack: str, form: NewAvtalForm) -> str:
    session = db.session()
    page = register.register(session, current_actor(), pack, local_date(now()))
    return render_template("avtal/index.html", page=page, packs=situation.packs(session), form=form)


@blueprint.get("/<word:pack>/<word:slug>")
@requires(LOGGED_IN)
def show(pack: str, slug: str) -> str:
    """As it stands, or as it stood on `?dag=`."""
    page = _read(pack, slug, _day())
    return render_template("avtal/show.html", page=page, today=local_date(now()))


@blueprint.get("/<word:pack>/<word:slug>/andra")
@requires(MAY_REVIEW)
def change(pack: str, slug: str) -> Answer:
    return _change_page(_changing(pack, slug))


@blueprint.post("/<word:pack>/<word:slug>/ansvarig")
@requires(ADMINISTRATORS)
def change_owner(pack: str, slug: str) -> Answer:
    page = _changing(pack, slug)
    form = _owner_form(page, posted=True)

    def save() -> object:
        return avtal.change(
            db.session(), current_actor(), page.id, owner_position_id=form.owner.data or None,
            review_on=form.review_on.data, now=now(),
        )  # fmt: skip

    return _saved(page, form, save, "Det är sparat.") or _change_page(page, owner=form)


@blueprint.post("/<word:pack>/<word:slug>/oversyn")
@requires(MAY_REVIEW)
def reviewed(pack: str, slug: str) -> Answer:
    page, form = _changing(pack, slug), ReviewedForm()

    def save() -> object:
        return avtal.reviewed(db.session(), current_actor(), page.id, form.next_on.data, now=now())

    return _saved(page, form, save, "Tack. Det är sparat att avtalet har setts över i dag.") or _change_page(
        page, review=form
    )


@blueprint.post("/<word:pack>/<word:slug>/punkt")
@requires(ADMINISTRATORS)
def add_point(pack: str, slug: str) -> Answer:
    page, form = _changing(pack, slug), PointForm()

    def save() -> object:
        number, text, day = form.number.data or "", form.text.data or "", form.from_on.data or date.max
        return avtal.add_point(db.session(), current_actor(), page.id, number, text, day, now=now())

    return _saved(page, form, save, "Punkten är tillagd.") or _change_page(page, point=form)


@blueprint.get("/<word:pack>/<word:slug>/punkt/<id:point_id>")
@requires(ADMINISTRATORS)
def point(pack: str, slug: str, point_id: int) -> Answer:
    return _point_page(_changing(pack, slug), point_id)


@blueprint.post("/<word:pack>/<word:slug>/punkt/<id:point_id>/lydelse")
@requires(ADMINISTRATORS)
def reword(pack: str, slug: str, point_id: int) -> Answer:
    page, form = _changing(pack, slug), RewordForm()

    def save() -> object:
        text, day = form.text.data or "", form.from_on.data or date.max
        return avtal.reword(db.session(), current_actor(), page.id, point_id, text, day, now=now())

    said = "Den nya lydelsen är sparad. Äldre ärenden visar fortfarande den gamla."
    return _saved(page, form, save, said) or _point_page(page, point_id, wording=form)


@blueprint.post("/<word:pack>/<word:slug>/punkt/<id:point_id>/slut")
@requires(ADMINISTRATORS)
def end_point(pack: str, slug: str, point_id: int) -> Answer:
    page, form = _changing(pack, slug), EndPointForm()

    def save() -> object:
        last = form.last_day.data or date.max
        return avtal.end_point(db.session(), current_actor(), page.id, point_id, last, now=now())

    said = "Punkten slutar gälla. Ärenden som pekar på den gör det fortfarande."
    return _saved(page, form, save, said) or _point_page(page, point_id, end=form)


# --- what they share --------------------------------------------------------------------------------------------------


def _day() -> date | None:
    """`?dag=2026-03-11`. Anything else counts as today."""
    try:
        return date.fromisoformat(request.args.get("dag", "")[:10])
    except ValueError:
        return None


def _read(pack: str, slug: str, day: date | None = None) -> AvtalPage:
    return register.avtal_page(db.session(), current_actor(), pack, slug, local_date(now()), day)


def _changing(pack: str, slug: str) -> AvtalPage:
    """The page of somebody who may change something there. Raises Forbidden."""
    page = _read(pack, slug)
    if not (page.may_change or page.may_review):
        raise Forbidden
    return page


def _saved(page: AvtalPage, form: BaseForm, save: Callable[[], object], said: str) -> Response | None:
    """Back to the changing page when all is well; None when something in the form is not."""
    if not form.validate():
        return None
    try:
        save()
    except Invalid as error:
        refused(form, error)
        return None
    flash(said, "success")
    return redirect(url_for(".change", pack=page.pack, slug=page.slug))


def _owner_form(page: AvtalPage, *, posted: bool = False) -> OwnerForm:
    form = OwnerForm() if posted else OwnerForm(formdata=None, owner=page.owner_id or NOBODY, review_on=page.review_on)
    titles = titles_of(db.session(), page.pack)
    form.owner.choices = choices([(NOBODY, "Ingen än"), *titles])
    return form


def _change_page(
    page: AvtalPage,
    *,
    owner: OwnerForm | None = None,
    review: ReviewedForm | None = None,
    point: PointForm | None = None,
) -> Answer:
    wrong = owner or review or point
    return (
        render_template(
            "avtal/change.html",
            page=page,
            owner=owner or _owner_form(page),
            review=review or ReviewedForm(formdata=None),
            point=point or PointForm(formdata=None, from_on=local_date(now())),
            wrong=wrong,
        ),
        422 if wrong else 200,
    )


def _point_page(
    page: AvtalPage, point_id: int, *, wording: RewordForm | None = None, end: EndPointForm | None = None
) -> Answer:
    found = next((one for one in page.points if one.id == point_id), None)
    if found is None or not page.may_change:
        raise NotFound
    wrong = wording or end
    today = local_date(now())
    return (
        render_template(
            "avtal/point.html",
            page=page,
            point=found,
            wording=wording or RewordForm(formdata=None, text=found.text, from_on=today),
            end=end or EndPointForm(formdata=None, last_day=found.active_to or today),
            wrong=wrong,
        ),
        422 if wrong else 200,
    )
