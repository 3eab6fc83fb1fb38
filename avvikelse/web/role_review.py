"""*Gå igenom rollerna*: each quarter, which roles of my område are still needed. Taking one back is web/roles.py."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.quarters import quarter_of
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import role_list
from avvikelse.queries.role_list import PAGE_SIZE, RoleFilters
from avvikelse.services import role_reviews
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.case_steps import number
from avvikelse.web.forms.organisation import ConfirmForm
from avvikelse.web.list_arguments import page_asked
from avvikelse.web.rendering import plural

blueprint = Blueprint("role_review", __name__, url_prefix="/roller/genomgang")
WHO = roles(Role.SAMORDNARE, Role.ADMINISTRATOR)


@blueprint.get("")
@requires(WHO)
def show() -> str:
    return _page(ConfirmForm(formdata=None))


@blueprint.post("")
@requires(WHO)
def confirm() -> Response | tuple[str, int]:
    form = ConfirmForm()
    chosen = [number(text) for text in request.form.getlist("roll")[:PAGE_SIZE]]
    if not form.validate():
        return _page(form), 422
    if not chosen:
        return _page(form, "Kryssa i de roller som fortfarande behövs."), 422
    done = role_reviews.confirm(db.session(), current_actor(), chosen, now=now())
    flash(f"{plural(done, 'roll', 'roller')} är bekräftade för kvartalet.", "success")
    return redirect(url_for(".show"), 303)


def _page(form: ConfirmForm, wrong: str = "") -> str:
    today = local_date(now())
    filters = RoleFilters(to_review=quarter_of(today))
    return render_template(
        "roles/review.html",
        page=role_list.role_list(db.session(), current_actor(), today, filters, page_asked()),
        size=PAGE_SIZE,
        form=form,
        wrong=wrong,
        link=lambda page=1: url_for(".show", sida=page if page > 1 else None),
    )
