"""The desk of a samverkansgrupp: overview, meetings, questions, decisions, places. Open for `/grupper/…`.

What is *done* at the desk stands in web/desk_steps.py; the month in web/groups.py.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Forbidden, Invalid, NotFound
from avvikelse.domain.group_words import MeetingStatus, Presence
from avvikelse.domain.months import month_of
from avvikelse.domain.vocabulary import Role
from avvikelse.models.base import db
from avvikelse.queries import desk as desks
from avvikelse.queries import desk_decisions, desk_meetings
from avvikelse.queries.desk import DeskHead
from avvikelse.queries.desk_meetings import MeetingPage
from avvikelse.services import agenda, group_meetings
from avvikelse.services.group_access import ONLY_THE_CONVENOR
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.base import BaseForm, labelled_choices
from avvikelse.web.forms.desk import NoteForm
from avvikelse.web.refusals import refused

blueprint = Blueprint("desk", __name__, url_prefix="/grupper/<id:group_id>")
MEMBERS = roles(Role.MEDLEM, Role.SAMMANKALLANDE)
CONVENORS = roles(Role.SAMMANKALLANDE)
YEARS_BACK = 5


def head(group_id: int) -> DeskHead:
    return desks.head(db.session(), current_actor(), group_id, now=now())


def led(group_id: int) -> DeskHead:
    """The head, for what only the convenor may see or do. Raises Forbidden for a member."""
    desk = head(group_id)
    if not desk.may_decide:
        raise Forbidden(ONLY_THE_CONVENOR)
    return desk


@blueprint.get("")
@requires(MEMBERS)
def overview(group_id: int) -> str:
    desk, session = head(group_id), db.session()
    return render_template(
        "group/desk.html",
        desk=desk,
        month=month_of(desk.today),
        waiting=desks.waiting(session, desk),
        meeting=desks.next_meeting(session, desk),
        findings=desks.findings(session, desk),
        below=desks.below(session, current_actor(), desk),
        questions=desk_decisions.open_questions(session, group_id),
        decisions=desk_decisions.open_decisions(session, group_id, desk.today),
    )


@blueprint.get("/under")
@requires(MEMBERS)
def below(group_id: int) -> str:
    desk = head(group_id)
    return render_template("group/below.html", desk=desk, below=desks.below(db.session(), current_actor(), desk))


# --- questions and decisions ------------------------------------------------------------------------------------------


@blueprint.get("/fragor")
@requires(MEMBERS)
def questions(group_id: int) -> str:
    desk, session = head(group_id), db.session()
    return render_template(
        "group/questions.html",
        desk=desk,
        open_rows=desk_decisions.open_questions(session, group_id),
        above_rows=desk_decisions.waiting_above(session, group_id),
        settled_rows=desk_decisions.settled_questions(session, group_id),
        to_approve=desks.waiting(session, desk).to_approve,
        room_texts=desk_decisions.room_texts(session, desk),
    )


@blueprint.get("/beslut")
@requires(MEMBERS)
def decisions(group_id: int) -> str:
    desk, session = head(group_id), db.session()
    return render_template(
        "group/decisions.html",
        desk=desk,
        living=desk_decisions.open_decisions(session, group_id, desk.today),
        ended=desk_decisions.ended_decisions(session, group_id, desk.today),
    )


@blueprint.get("/beslut/<ref:ref>")
@requires(MEMBERS)
def decision(group_id: int, ref: str) -> str:
    desk = head(group_id)
    return render_template("group/decision.html", desk=desk, page=desk_decisions.decision_page(db.session(), desk, ref))


# --- meetings ---------------------------------------------------------------------------------------------------------


@blueprint.get("/moten")
@requires(MEMBERS)
def meetings(group_id: int) -> str:
    desk = head(group_id)
    text = request.args.get("ar", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else desk.today.year
    if not desk.today.year - YEARS_BACK <= year <= desk.today.year + 1:
        raise NotFound
    return render_template(
        "group/meetings.html", desk=desk, calendar=desk_meetings.calendar(db.session(), desk, year),
        years=range(desk.today.year - YEARS_BACK, desk.today.year + 2),
    )  # fmt: skip


@blueprint.get("/moten/<ref:ref>")
@requires(MEMBERS)
def meeting(group_id: int, ref: str) -> str:
    desk = head(group_id)
    return render_template("group/meeting.html", desk=desk, page=_meeting(desk, ref))


@blueprint.post("/moten/<ref:ref>/dagordning")
@requires(CONVENORS)
def order(group_id: int, ref: str) -> Response:
    """The small buttons beside an item: up, down, left out, back."""
    session, actor, key, what = db.session(), current_actor(), request.form.get("key", ""), request.form.get("do", "")
    if what in {"upp", "ned"}:
        agenda.move(session, actor, group_id, ref, key, -1 if what == "upp" else 1, now=now())
    elif what in {"bort", "tillbaka"}:
        agenda.leave_out(session, actor, group_id, ref, key, removed=what == "bort", now=now())
    else:
        raise NotFound
    return redirect(url_for(".meeting", group_id=group_id, ref=ref, _anchor="dagordning"))


@blueprint.get("/moten/<ref:ref>/punkt-anteckning")
@requires(CONVENORS)
def note(group_id: int, ref: str) -> str:
    desk = led(group_id)
    page, line = _line(desk, ref)
    return _note_page(desk, page, line, NoteForm(note=line.note, internal_note=line.internal_note))


@blueprint.post("/moten/<ref:ref>/punkt-anteckning")
@requires(CONVENORS)
def write_note(group_id: int, ref: str) -> Response | tuple[str, int]:
    desk = led(group_id)
    page, line = _line(desk, ref)
    form = NoteForm()
    if form.validate():
        words = (form.note.data or "", form.internal_note.data or "")
        try:
            agenda.write(db.session(), current_actor(), group_id, ref, line.item.key, *words, now=now())
        except Invalid as error:
            refused(form, error)
        else:
            return redirect(url_for(".meeting", group_id=group_id, ref=ref, _anchor="dagordning"))
    return _note_page(desk, page, line, form), 422


@blueprint.get("/moten/<ref:ref>/narvaro")
@requires(CONVENORS)
def attendance(group_id: int, ref: str) -> str:
    desk = led(group_id)
    page = _meeting(desk, ref)
    form = _attendance_form(page)(
        formdata=None, **{f"seat_{seat.seat_id}": seat.presence for seat in page.seats if seat.presence}
    )
    return _attendance_page(desk, page, form)


@blueprint.post("/moten/<ref:ref>/narvaro")
@requires(CONVENORS)
def note_attendance(group_id: int, ref: str) -> Response | tuple[str, int]:
    desk = led(group_id)
    page = _meeting(desk, ref)
    form = _attendance_form(page)()
    if form.validate():
        seen = {seat.seat_id: Presence(value) for seat in page.seats if (value := form[f"seat_{seat.seat_id}"].data)}
        group_meetings.note_attendance(db.session(), current_actor(), group_id, ref, seen, now=now())
        flash("Närvaron är sparad.", "success")
        return redirect(url_for(".meeting", group_id=group_id, ref=ref))
    return _attendance_page(desk, page, form), 422


def _meeting(desk: DeskHead, ref: str) -> MeetingPage:
    return desk_meetings.meeting_page(db.session(), desk, ref, now=now())


def _line(desk: DeskHead, ref: str) -> Any:
    """The meeting and the item that ?nyckel= names. Raises NotFound for an item that is not on the agenda."""
    page, key = _meeting(desk, ref), request.args.get("nyckel", "")
    line = next((line for line in page.lines if line.item.key == key), None)
    if line is None or page.row.status is not MeetingStatus.OPEN:
        raise NotFound
    return page, line


def _note_page(desk: DeskHead, page: MeetingPage, line: Any, form: NoteForm) -> str:
    return render_template("group/note.html", desk=desk, page=page, line=line, form=form)


def _attendance_form(page: MeetingPage) -> type[BaseForm]:
    """One question per place."""
    fields = {
        f"seat_{seat.seat_id}": RadioField(seat.name, choices=labelled_choices(Presence), validate_choice=True)
        for seat in page.seats
    }
    return type("AttendanceForm", (BaseForm,), fields)


def _attendance_page(desk: DeskHead, page: MeetingPage, form: BaseForm) -> str:
    return render_template("group/attendance.html", desk=desk, page=page, form=form)


# --- the register -----------------------------------------------------------------------------------------------------


@blueprint.get("/gruppen")
@requires(MEMBERS)
def register(group_id: int) -> str:
    desk, session = head(group_id), db.session()
    return render_template(
        "group/register.html", desk=desk, register=desk_meetings.register(session, desk),
        findings=desks.findings(session, desk),
    )  # fmt: skip


@blueprint.post("/gruppen/adjungera")
@requires(CONVENORS)
def propose_adjunct(group_id: int) -> Response:
    agenda.propose_adjunct(db.session(), current_actor(), group_id, request.form.get("unit_kind", ""), now=now())
    flash("Förslaget står på dagordningen för nästa möte.", "success")
    return redirect(url_for(".register", group_id=group_id))
