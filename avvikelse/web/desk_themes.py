"""*Teman* at a samverkansgrupp's desk: the list, one theme, a pattern to confirm or dismiss, sentences to sort in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.vocabulary import Role
from avvikelse.models.base import db
from avvikelse.queries import desk_themes, unsorted
from avvikelse.queries.desk import DeskHead
from avvikelse.queries.desk_themes import CandidatePage
from avvikelse.queries.unsorted import Unsorted
from avvikelse.services import themes
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.base import choices
from avvikelse.web.forms.desk import CandidateForm
from avvikelse.web.forms.sorting import likeness, sort_fields, sort_form
from avvikelse.web.group_pages import head, led
from avvikelse.web.refusals import refused

blueprint = Blueprint("desk_themes", __name__, url_prefix="/grupper/<id:group_id>")
MEMBERS = roles(Role.MEDLEM, Role.SAMMANKALLANDE)
CONVENORS = roles(Role.SAMMANKALLANDE)


@blueprint.get("/teman")
@requires(MEMBERS)
def index(group_id: int) -> str:
    desk, session = head(group_id), db.session()
    return render_template(
        "group/themes.html", desk=desk, themes=desk_themes.themes(session, desk),
        candidates=desk_themes.candidates(session, desk),
    )  # fmt: skip


@blueprint.get("/teman/<ref:ref>")
@requires(MEMBERS)
def theme(group_id: int, ref: str) -> str:
    desk = head(group_id)
    return render_template("group/theme.html", desk=desk, page=desk_themes.theme_page(db.session(), desk, ref))


@blueprint.get("/meningar")
@requires(CONVENORS)
def to_sort(group_id: int) -> str:
    desk, page = _to_sort(group_id)
    return render_template("group/sentences.html", desk=desk, form=sort_form(page.sentences)(formdata=None), page=page)


@blueprint.post("/meningar")
@requires(CONVENORS)
def sort_in(group_id: int) -> Response | tuple[str, int]:
    desk, page = _to_sort(group_id)
    form = sort_form(page.sentences)()
    if form.validate():
        chosen = {each.key: form[name].data for name, each in sort_fields(page.sentences) if form[name].data}
        try:
            count = themes.sort_in(db.session(), current_actor(), group_id, chosen, now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash(f"{count} fall räknas nu i ett tema.", "success")
            return redirect(url_for(".to_sort", group_id=group_id))
    return render_template("group/sentences.html", desk=desk, form=form, page=page), 422


def _to_sort(group_id: int) -> tuple[DeskHead, Unsorted]:
    """Raises NotFound for a group that reads no sentences."""
    desk = led(group_id)
    if not desk.reads_sentences:
        raise NotFound
    return desk, unsorted.sentences(db.session(), desk, desk_themes.themes(db.session(), desk))


@blueprint.get("/kandidater/<ref:ref>")
@requires(CONVENORS)
def candidate(group_id: int, ref: str) -> str:
    desk = led(group_id)
    page = desk_themes.candidate_page(db.session(), desk, ref)
    form = _form(desk, page, CandidateForm(formdata=None, theme=page.theme_ref or ""))
    form.places.data = [value for value, _ in _said(page)]
    return _page(desk, page, form)


@blueprint.post("/kandidater/<ref:ref>")
@requires(CONVENORS)
def confirm(group_id: int, ref: str) -> Response | tuple[str, int]:
    desk = led(group_id)
    page = desk_themes.candidate_page(db.session(), desk, ref)
    form = _form(desk, page, CandidateForm())
    if form.validate():
        # Where the group reads no sentences, the whole pattern is confirmed.
        chosen = [int(place) for same in form.places.data or () for place in same.split(",")]
        places = chosen if page.sentences else list(page.places)
        theme_ref = form.theme.data or None
        words = None if theme_ref else form.words()
        try:
            made = themes.confirm(db.session(), current_actor(), group_id, ref, places, theme_ref, words, now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash("Fallen är bekräftade och räknas nu i temat.", "success")
            return redirect(url_for(".theme", group_id=group_id, ref=made.ref))
    return _page(desk, page, form), 422


def _form(desk: DeskHead, page: CandidatePage, form: CandidateForm) -> CandidateForm:
    form.places.choices = choices(_said(page))
    known = desk_themes.themes(db.session(), desk)
    likely = desk_themes.likely_themes(db.session(), page, known)
    living = [*likely, *(row for row in known if row.living and row not in likely)]
    form.theme.choices = choices(((row.ref, row.name) for row in living), empty="Ett nytt tema")
    form.theme.description = likeness(likely, living)
    return form


def _said(page: CandidatePage) -> list[tuple[str, str]]:
    """One choice per sentence, for all the cases that say it: who reads it cannot tell them apart."""
    found: dict[str, list[int]] = {}
    for place, text in page.sentences:
        found.setdefault(text, []).append(place)
    return [
        (",".join(map(str, places)), f"{text} ({len(places)} fall)" if len(places) > 1 else text)
        for text, places in found.items()
    ]


def _page(desk: DeskHead, page: CandidatePage, form: CandidateForm) -> str:
    return render_template("group/candidate.html", desk=desk, page=page, form=form)
