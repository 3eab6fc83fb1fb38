"""Pages for everybody: what an avvikelse is and what it is not, words, accessibility. Open for one of them.

They say a län's own words when it is known which: in the address, or by where the reader works.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain import codes, glossary
from avvikelse.domain.lan_texts import SOMETHING_ELSE, LanTextKey
from avvikelse.domain.languages import SWEDISH
from avvikelse.domain.plain_categories import IN_OWN_WORDS, NOT_HERE
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import page_comments as open_lists
from avvikelse.queries.choices import pack_of_unit
from avvikelse.queries.lan_texts import texts_at, texts_of
from avvikelse.queries.open_choices import OpenLan, lan_list, lan_of, open_lan
from avvikelse.services import page_comments
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.base import BaseForm
from avvikelse.web.forms.organisation import ConfirmForm
from avvikelse.web.list_arguments import words_asked

blueprint = Blueprint("information", __name__)
ADMINISTRATORS = roles(Role.ADMINISTRATOR)
TESTED_ON = date(2026, 11, 26)  # the last time that the pages were tested; the statement says so


@blueprint.get("/om-avvikelser")
def about() -> str:
    return _about(_own_lan())


@blueprint.get("/om-avvikelser/<word:pack>")
def about_in(pack: str) -> str:
    return _about(_lan(pack))


@blueprint.get("/ordlista")
def words() -> str:
    text = words_asked()
    return render_template("information/words.html", text=text, terms=glossary.found(text))


@blueprint.get("/tillganglighet")
def accessibility() -> str:
    return _accessibility(_own_lan())


@blueprint.get("/tillganglighet/lan/<word:pack>")
def accessibility_in(pack: str) -> str:
    return _accessibility(_lan(pack))


# --- what people have told about the pages ----------------------------------------------------------------------------


@blueprint.get("/tillganglighet/synpunkter")
@requires(ADMINISTRATORS)
def comments() -> str:
    return _comments(ConfirmForm(formdata=None))


@blueprint.post("/tillganglighet/synpunkter/<id:comment_id>/klar")
@requires(ADMINISTRATORS)
def comment_done(comment_id: int) -> Response | tuple[str, int]:
    form = ConfirmForm()
    if not form.validate():
        return _comments(form), 422
    page_comments.done(db.session(), current_actor(), comment_id, now=now())
    flash("Markerad som klar.", "success")
    return redirect(url_for(".comments"))


def _comments(form: BaseForm) -> str:
    found = open_lists.open_comments(db.session(), current_actor())
    return render_template("information/comments.html", comments=found, form=form)


# --- in a län's words -------------------------------------------------------------------------------------------------


def _about(lan: OpenLan | None) -> str:
    examples: dict[str, list[str]] = {}
    for category in codes.CATEGORIES:
        if category.group_code != "X":
            examples.setdefault(category.group, []).append(IN_OWN_WORDS[category.code])
    return render_template(
        "information/about.html",
        lan=lan,
        lan_list=lan_list(db.session()),
        examples=examples,
        not_here=NOT_HERE,
        elsewhere=SOMETHING_ELSE,
        texts=_texts(lan),
    )


def _accessibility(lan: OpenLan | None) -> str:
    return render_template(
        "information/accessibility.html",
        lan=lan,
        lan_list=lan_list(db.session()),
        who=_texts(lan)[LanTextKey.ACCESSIBILITY],
        tested_on=TESTED_ON,
    )


def _texts(lan: OpenLan | None) -> Mapping[str, str]:
    if lan is None:
        return texts_at(db.session(), None, SWEDISH)
    return texts_of(db.session(), lan.pack_id, SWEDISH)


def _lan(pack: str) -> OpenLan:
    return open_lan(db.session(), pack, None, local_date(now()))


def _own_lan() -> OpenLan | None:
    """Where the reader works; else the only one there is."""
    return lan_of(db.session(), pack_of_unit(db.session(), current_actor().own_enhet_id))
