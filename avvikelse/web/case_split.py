"""*Dela rapporten*: the page on which a samordnare makes two cases of a report that held two events."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain import codes
from avvikelse.domain.errors import Conflict, Forbidden, Invalid, NotFound
from avvikelse.domain.vocabulary import WITHOUT_ACCOUNT, Role
from avvikelse.models.base import db
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.case_page import case_page
from avvikelse.queries.case_views import CaseView
from avvikelse.services import splitting
from avvikelse.services.splitting import SecondEvent
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.case_reading import record_reading
from avvikelse.web.case_steps import number
from avvikelse.web.forms.base import choices
from avvikelse.web.forms.case import SplitForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("case_split", __name__, url_prefix="/avvikelser")
SAMORDNARE = roles(Role.SAMORDNARE)


@blueprint.get("/<ref:ref>/dela")
@requires(SAMORDNARE)
def show(ref: str) -> str:
    case = _case(ref)
    record_reading(case)
    form = _form(case, formdata=None, version=str(case.head.version))
    form.occurred_on.data = case.head.occurred_on
    form.remaining.data = case.shared.description if case.shared else ""
    if case.coding is not None:
        form.severity.data = case.coding.severity
    return _page(case, form)


@blueprint.post("/<ref:ref>/dela")
@requires(SAMORDNARE)
def split(ref: str) -> Response | tuple[str, int]:
    case = _case(ref)
    form = _form(case)
    if form.validate() and form.occurred_on.data is not None:
        second = SecondEvent(
            form.description.data or "",
            form.occurred_on.data,
            form.severity.data,
            category=form.category.data or None,
            remaining=form.remaining.data,
        )
        version = number(form.version.data) if form.version.data else None
        try:
            row = splitting.split(db.session(), current_actor(), ref, second, version=version, now=now())
        except Invalid as error:
            refused(form, error)
        else:
            flash(
                f"Rapporten är delad. Fördela {row.number}, så får det en ansvarig chef. Rapportören har fått veta.",
                "success",
            )
            return redirect(url_for("cases.show", ref=row.ref))
    return _page(case, form), 422


def _case(ref: str) -> CaseView:
    """Raises NotFound for a foreign case, Forbidden or Conflict when it cannot be split by the reader, or now."""
    case = case_page(db.session(), current_actor(), ref)
    if Permission.READ not in case.permissions:
        raise NotFound
    if case.head.channel in WITHOUT_ACCOUNT:
        raise Conflict(splitting.NO_ACCOUNT)
    if Permission.SPLIT not in case.permissions:
        raise Forbidden
    return case


def _form(case: CaseView, **given: Any) -> SplitForm:
    form = SplitForm(**given)
    form.category.choices = choices(((c.code, c.name) for c in codes.CATEGORIES), empty="Ingen kategori")
    form.severity.choices = choices((s.code, s.name) for s in codes.SEVERITIES)
    form.remaining.label.text = f"Det här läser den andra parten i {case.head.number}"
    return form


def _page(case: CaseView, form: SplitForm) -> str:
    return render_template("case/split.html", case=case, form=form)
