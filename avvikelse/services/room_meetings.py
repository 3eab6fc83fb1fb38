"""*Avstämning*: the two managers of a joint room talk with each other, without the family, about who is responsible and
who pays. Open for what they plan and what they write down.

A proposal holds no free text, so nothing of an answer that the other may not read yet travels with it. What they write
afterwards is both parties'; what the family is told must stand there.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.joint_money import MAX_FAMILY, MAX_REASON, MeetingForm, MeetingTopic
from avvikelse.domain.notices import Notice
from avvikelse.domain.workdays import local_date
from avvikelse.models.joint_room import JointRoom, RoomMeeting
from avvikelse.services import joint
from avvikelse.services.guarding import guard

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


def propose(
    session: Session,
    actor: Actor,
    ref: str,
    day: date,
    at: str,
    how: MeetingForm,
    topic: MeetingTopic,
    *,
    now: datetime,
) -> RoomMeeting:
    """A day for a talk; another one takes the place of what was proposed. Raises Invalid at `day` or `at`."""
    case, room, party = joint.in_room(session, actor, ref)
    if day < local_date(now):
        raise Invalid("Dagen har redan varit.", field="day")
    when = _CLOCK.fullmatch(at.strip()) if at.strip() else None
    if at.strip() and when is None:
        raise Invalid("Skriv klockslaget så här: 13:30.", field="at")
    meeting = ahead(session, room)
    if meeting is None:
        meeting = RoomMeeting(room_id=room.id, avvikelse_id=case.row.id)
        session.add(meeting)
    meeting.party_id, meeting.on, meeting.how, meeting.topic = party.id, day, how, topic
    meeting.at = f"{int(when[1]):02d}:{when[2]}" if when else None
    meeting.proposed_at, meeting.accepted_at = now, None
    session.flush()
    joint.record(session, case, Event.TALK_PLANNED, party, now)
    key = f"r{room.id}:{now:%Y%m%d%H%M}"
    joint.tell_the_other(session, case, party, Notice.ROOM_TALK_PROPOSED, key, now)
    return meeting


def accept(session: Session, actor: Actor, ref: str, *, now: datetime) -> RoomMeeting:
    """The proposed day fits. Raises Conflict when there is none, or for the side that has proposed it."""
    case, room, party = joint.after_room(session, actor, ref)
    meeting = _ahead(session, room)
    if meeting.party_id == party.id:
        raise Conflict("Ni har själva föreslagit dagen. Den andra parten säger om den passar.")
    if meeting.accepted_at is None:
        meeting.accepted_at = now
        joint.record(session, case, Event.TALK_ACCEPTED, party, now)
        joint.tell_the_other(session, case, party, Notice.ROOM_TALK_ACCEPTED, f"m{meeting.id}:{meeting.on}", now)
    return meeting


def cancel(session: Session, actor: Actor, ref: str, *, now: datetime) -> None:
    """It will not be. Raises Conflict when there is none."""
    case, room, party = joint.after_room(session, actor, ref)
    meeting = _ahead(session, room)
    meeting.cancelled_at = now
    joint.record(session, case, Event.TALK_CANCELLED, party, now)
    joint.tell_the_other(session, case, party, Notice.ROOM_TALK_CANCELLED, f"m{meeting.id}", now)


def held(session: Session, actor: Actor, ref: str, outcome: str, family_told: str, *, now: datetime) -> RoomMeeting:
    """They have talked: what they came to, and what the family is told, by which role.

    Raises Invalid at an empty or too long text, Conflict before its day or when there is none.
    """
    case, room, party = joint.after_room(session, actor, ref)
    guard(outcome=outcome, family_told=family_told)
    if not outcome.strip() or len(outcome) > MAX_REASON:
        raise Invalid(f"Skriv vad ni kom fram till, med högst {MAX_REASON} tecken.", field="outcome")
    if not family_told.strip() or len(family_told) > MAX_FAMILY:
        raise Invalid(f"Skriv vad familjen får veta, med högst {MAX_FAMILY} tecken.", field="family_told")
    meeting = _ahead(session, room)
    if meeting.on > local_date(now):
        raise Conflict("Avstämningen har inte varit än. Har ni talats vid tidigare? Föreslå den dagen i stället.")
    meeting.held_at, meeting.outcome, meeting.family_told = now, outcome.strip(), family_told.strip()
    meeting.accepted_at = meeting.accepted_at or now
    joint.record(session, case, Event.TALK_HELD, party, now)
    return meeting


def ahead(session: Session, room: JointRoom) -> RoomMeeting | None:
    """The talk of the room that is neither held nor cancelled."""
    query = select(RoomMeeting).where(
        RoomMeeting.room_id == room.id, RoomMeeting.held_at.is_(None), RoomMeeting.cancelled_at.is_(None)
    )
    return session.scalar(query.order_by(RoomMeeting.id).limit(1))


def _ahead(session: Session, room: JointRoom) -> RoomMeeting:
    meeting = ahead(session, room)
    if meeting is None:
        raise Conflict("Det finns ingen avstämning att svara på. Någon har kanske redan gjort det.")
    return meeting
