"""A case's texts beside its steps: replace one that must not stand there, and copy the case to one's own system."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.replacing import ReplaceReason
from avvikelse.domain.vocabulary import Role
from avvikelse.models.base import db
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.case_page import case_page
from avvikelse.queries.case_views import CaseView
from avvikelse.queries.joint_room import RoomPage, room_page
from avvikelse.queries.maskable import TextOfCase
from avvikelse.reports.case_text import case_text
from avvikelse.services import masking
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.case_reading import record_reading
from avvikelse.web.forms.case import ReplaceTextForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("case_texts", __name__, url_prefix="/avvikelser")
SAMORDNARE = roles(Role.SAMORDNARE)
HANDLING = roles(Role.CHEF, Role.HANDLAGGARE, Role.SAMORDNARE)


# --- copy -------------------------------------------------------------------------------------------------------------


@blueprint.get("/<ref:ref>/kopiera")
@requires(HANDLING)
def copy(ref: str) -> str:
    case = _to_copy(ref)
    return render_template("case/copy.html", case=case, text=case_text(case, _room(case), now()))


@blueprint.get("/<ref:ref>/kopiera.txt")
@requires(HANDLING)
def copy_as_file(ref: str) -> Response:
    case = _to_copy(ref)
    answer = Response(case_text(case, _room(case), now()), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{case.head.number}.txt"'
    return answer


def _room(case: CaseView) -> RoomPage | None:
    """The latest joint room as this reader sees it, where there is one for her."""
    if case.room is None or not case.room.readable:
        return None
    return room_page(db.session(), current_actor(), case.head.ref)


def _to_copy(ref: str) -> CaseView:
    """The case as the reader's page shows it; that it is taken out is logged."""
    case = _case(ref, Permission.COPY)
    record_reading(case, Event.EXPORTED, what="case_text")
    return case


# --- replace ----------------------------------------------------------------------------------------------------------


@blueprint.get("/<ref:ref>/texter")
@requires(SAMORDNARE)
def texts(ref: str) -> str:
    case = _case(ref, Permission.REPLACE_TEXT)
    record_reading(case)
    found = masking.texts(db.session(), current_actor(), ref)
    look_at = set(request.args.get("titta", "").split("."))
    return render_template(
        "case/texts.html", case=case, texts=found, look_at={one for one in found if _name(one) in look_at}
    )


@blueprint.get("/<ref:ref>/texter/<word:code>/<id:row_id>")
@requires(SAMORDNARE)
def text(ref: str, code: str, row_id: int) -> str:
    case, found = _text(ref, code, row_id)
    record_reading(case)
    form = ReplaceTextForm(formdata=None)
    form.text.data, form.seen.data = found.text, masking.fingerprint(found.text)
    return _text_page(case, found, form)


@blueprint.post("/<ref:ref>/texter/<word:code>/<id:row_id>")
@requires(SAMORDNARE)
def replace(ref: str, code: str, row_id: int) -> AnyResponse | tuple[str, int]:
    case, found = _text(ref, code, row_id)
    form = ReplaceTextForm()
    if form.validate():
        try:
            done = masking.replace(
                db.session(), current_actor(), ref, code, row_id, form.text.data or "", ReplaceReason(form.reason.data),
                seen=form.seen.data, now=now(),
            )  # fmt: skip
        except Invalid as error:
            refused(form, error)
        else:
            if done.look_at:
                flash("Texten är utbytt. Samma ord kan stå i fler texter. De är märkta här.", "info")
                names = ".".join(_name(one) for one in done.look_at)
                return redirect(url_for(".texts", ref=ref, titta=names))
            flash("Texten är utbytt. De gamla orden finns inte kvar.", "success")
            return redirect(url_for("cases.show", ref=ref))
    return _text_page(case, found, form), 422


def _text(ref: str, code: str, row_id: int) -> tuple[CaseView, TextOfCase]:
    case = _case(ref, Permission.REPLACE_TEXT)
    for one in masking.texts(db.session(), current_actor(), ref):
        if (one.code, one.row_id) == (code, row_id):
            return case, one
    raise NotFound


def _text_page(case: CaseView, found: TextOfCase, form: ReplaceTextForm) -> str:
    return render_template("case/replace_text.html", case=case, text=found, form=form)


def _name(one: TextOfCase) -> str:
    return f"{one.code}_{one.row_id}"


def _case(ref: str, permission: Permission) -> CaseView:
    """Raises NotFound for a foreign case, Forbidden without the permission."""
    case = case_page(db.session(), current_actor(), ref)
    if Permission.READ not in case.permissions:
        raise NotFound
    if permission not in case.permissions:
        raise Forbidden
    return case
