"""Whether a huvudman's samordnare reads each answer before the reporter gets it, for its administrator."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import InputRequired

from avvikelse.adapters.clock import now
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.organisation import HuvudmanTree, huvudman_tree
from avvikelse.services import answer_checks
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.base import BaseForm, choices

blueprint = Blueprint(
    "answer_check", __name__, url_prefix="/organisation/<word:pack>/huvudman/<word:slug>/genomlasning"
)
ADMINISTRATORS = roles(Role.ADMINISTRATOR)


class AnswerCheckForm(BaseForm):
    on = RadioField(
        "Ska en samordnare läsa svaren innan de skickas?",
        choices=choices([("ja", "Ja, samordnaren läser först"), ("nej", "Nej, svaren skickas direkt")]),
        validators=[InputRequired("Välj ja eller nej.")],
    )


@blueprint.get("")
@requires(ADMINISTRATORS)
def show(pack: str, slug: str) -> str:
    tree = _read(pack, slug)
    return _page(tree, AnswerCheckForm(formdata=None, on="ja" if tree.answers_checked else "nej"))


@blueprint.post("")
@requires(ADMINISTRATORS)
def change(pack: str, slug: str) -> Response | tuple[str, int]:
    tree, form = _read(pack, slug), AnswerCheckForm()
    if not form.validate():
        return _page(tree, form), 422
    answer_checks.switch(db.session(), current_actor(), tree.id, on=form.on.data == "ja", now=now())
    flash("Valet är sparat. Det gäller svar som skrivs från och med nu.", "success")
    return redirect(url_for("organisation.huvudman", pack=pack, slug=slug))


def _read(pack: str, slug: str) -> HuvudmanTree:
    return huvudman_tree(db.session(), current_actor(), pack, slug, local_date(now()))


def _page(tree: HuvudmanTree, form: AnswerCheckForm) -> str:
    return render_template("organisation/answer_check.html", tree=tree, form=form)
