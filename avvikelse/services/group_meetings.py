"""A samverkansgrupp's meetings: planned, changed, cancelled, opened, closed. What stands on the agenda: agenda.py.

A meeting that is open is being held: decisions taken meanwhile belong to it. Closing it carries on every decision that
is not done, and is refused while one of them has been carried as often as it may.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.carrying import MOST_CARRIED, must_choose
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import DecisionStatus, DecisionStep, MeetingKind, MeetingStatus, Presence
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.meetings import Attendance, GroupMeeting, GroupSeat
from avvikelse.services import agenda, audit, group_decisions
from avvikelse.services.group_access import GroupInHand, convened, role_of
from avvikelse.services.guarding import guard
from avvikelse.services.meeting_access import meeting_in_hand
from avvikelse.services.refs import new_ref

_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Plan:
    """When and where. `invited` is the user organisation, for the yearly follow-up."""

    meets_on: date
    kind: MeetingKind = MeetingKind.ORDINARY
    clock: str = ""
    place: str = ""
    invited: str = ""


def plan(session: Session, actor: Actor, group_id: int, wanted: Plan, *, now: datetime) -> GroupMeeting:
    """Set a day. Raises Invalid for a day that has been, or on which the group meets already."""
    group = convened(session, actor, group_id)
    meeting = GroupMeeting(ref=new_ref(), group_id=group.id, status=MeetingStatus.PLANNED)
    _fill(session, meeting, wanted, now)
    session.add(meeting)
    session.flush()
    _record(session, group, Event.MEETING_PLANNED, meeting, now)
    return meeting


def change(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    wanted: Plan,
    *,
    version: int | None = None,
    now: datetime,
) -> GroupMeeting:
    """Another day, time or place for a meeting that has not been opened."""
    group, meeting = meeting_in_hand(session, actor, group_id, ref, MeetingStatus.PLANNED, version=version)
    _fill(session, meeting, wanted, now)
    session.flush()
    _record(session, group, Event.MEETING_CHANGED, meeting, now)
    return meeting


def cancel(session: Session, actor: Actor, group_id: int, ref: str, reason: str, *, now: datetime) -> GroupMeeting:
    """It will not be held. The reason stays, and the meeting counts as planned but not held."""
    group, meeting = meeting_in_hand(session, actor, group_id, ref, MeetingStatus.PLANNED)
    guard(reason=reason)
    if not reason.strip():
        raise Invalid("Skriv varför mötet ställs in.", field="reason")
    meeting.status, meeting.cancel_reason = MeetingStatus.CANCELLED, reason.strip()[:300]
    session.flush()
    _record(session, group, Event.MEETING_CANCELLED, meeting, now)
    return meeting


def open_meeting(session: Session, actor: Actor, group_id: int, ref: str, *, now: datetime) -> GroupMeeting:
    """The meeting begins: its agenda stands as it is now. Raises Conflict before its day, or while another is open."""
    group, meeting = meeting_in_hand(session, actor, group_id, ref, MeetingStatus.PLANNED)
    if meeting.meets_on > local_date(now):
        raise Conflict("Mötet kan öppnas när dagen är inne. Ändra dagen om gruppen träffas tidigare.")
    other = select(GroupMeeting.id).where(GroupMeeting.group_id == group.id, GroupMeeting.status == MeetingStatus.OPEN)
    if session.scalar(other.limit(1)) is not None:
        raise Conflict("Ett annat möte är öppet. Avsluta det först.")
    agenda.freeze(session, group, meeting, now=now)
    meeting.status = MeetingStatus.OPEN
    session.flush()
    _record(session, group, Event.MEETING_OPENED, meeting, now)
    return meeting


def note_attendance(
    session: Session, actor: Actor, group_id: int, ref: str, seen: Mapping[int, Presence], *, now: datetime
) -> GroupMeeting:
    """Which verksamheter were there. Raises NotFound for a place of another group."""
    group, meeting = meeting_in_hand(session, actor, group_id, ref, MeetingStatus.OPEN)
    known = set(session.scalars(select(GroupSeat.id).where(GroupSeat.group_id == group.id)))
    if not set(seen) <= known:
        raise NotFound
    for seat_id, presence in seen.items():
        row = session.get(Attendance, (meeting.id, seat_id))
        if row is None:
            session.add(Attendance(meeting_id=meeting.id, seat_id=seat_id, presence=presence))
        else:
            row.presence = presence
    session.flush()
    _record(session, group, Event.MEETING_CHANGED, meeting, now)
    return meeting


def close(
    session: Session, actor: Actor, group_id: int, ref: str, *, version: int | None = None, now: datetime
) -> GroupMeeting:
    """End the meeting. Raises Conflict while attendance is missing, or a decision waits for the group's choice."""
    group, meeting = meeting_in_hand(session, actor, group_id, ref, MeetingStatus.OPEN, version=version)
    if missing := unmarked_seats(session, group.id, meeting):
        raise Conflict(f"Fyll i närvaron först. Det saknas för: {', '.join(missing)}.")
    living = session.scalars(
        select(GroupDecision)
        .where(GroupDecision.group_id == group.id, GroupDecision.status == DecisionStatus.OPEN)
        .order_by(GroupDecision.id)
        .with_for_update()
    ).all()
    waiting = [d for d in living if must_choose(d.status, d.carried)]
    if waiting:
        raise Conflict(
            f"{len(waiting)} beslut har förts vidare {MOST_CARRIED} gånger. Välj vad gruppen gör, sedan avslutas mötet."
        )
    for decision in living:
        if decision.meeting_id != meeting.id:
            decision.carried += 1
            group_decisions.note(session, decision, DecisionStep.CARRIED, now, meeting_id=meeting.id)
    meeting.status, meeting.closed_at = MeetingStatus.CLOSED, now
    session.flush()
    _record(session, group, Event.MEETING_HELD, meeting, now)
    return meeting


def unmarked_seats(session: Session, group_id: int, meeting: GroupMeeting) -> list[str]:
    """Places of the group of which nobody has said whether they were there."""
    marked = select(Attendance.seat_id).where(Attendance.meeting_id == meeting.id)
    query = (
        select(GroupSeat.name)
        .where(
            GroupSeat.group_id == group_id, GroupSeat.ended_on.is_(None), GroupSeat.vacant.is_(False),
            GroupSeat.id.not_in(marked),
        )
        .order_by(GroupSeat.name)
    )  # fmt: skip
    return list(session.scalars(query))


def _fill(session: Session, meeting: GroupMeeting, wanted: Plan, now: datetime) -> None:
    guard(place=wanted.place, invited=wanted.invited)
    if wanted.meets_on < local_date(now):
        raise Invalid("Dagen har redan varit.", field="meets_on")
    taken = session.scalar(
        select(GroupMeeting.id).where(
            GroupMeeting.group_id == meeting.group_id, GroupMeeting.meets_on == wanted.meets_on,
            GroupMeeting.ref != meeting.ref,
        )
    )  # fmt: skip
    if taken is not None:
        raise Invalid("Gruppen har redan ett möte den dagen.", field="meets_on")
    meeting.meets_on, meeting.kind, meeting.clock = wanted.meets_on, wanted.kind, _clock(wanted.clock)
    meeting.place, meeting.invited = wanted.place.strip()[:160] or None, wanted.invited.strip()[:160] or None


def _clock(text: str) -> str | None:
    """ "9:00" → "09.00"; nothing for nothing."""
    if not text.strip():
        return None
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise Invalid("Skriv klockslaget så här: 13.00.", field="clock")
    return f"{int(found[1]):02d}.{found[2]}"


def _record(session: Session, group: GroupInHand, event: Event, meeting: GroupMeeting, now: datetime) -> None:
    audit.record(
        session, group.actor, event, now=now, group_id=group.id, role=role_of(group.actor, group.id),
        detail={"meeting": meeting.id},
    )  # fmt: skip
