"""A joint room opens and closes. Open when a room is missing; what one does in it: services/joint.py."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from avvikelse.domain.joint_room import PROMPTS, RoomOutcome
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.joint_room import Commitment, JointRoom, RoomAnswer, RoomMeeting


def open_room_of(session: Session, row: Avvikelse) -> JointRoom | None:
    return session.scalar(select(JointRoom).where(JointRoom.avvikelse_id == row.id, JointRoom.closed_at.is_(None)))


def latest_room_of(session: Session, row: Avvikelse) -> JointRoom | None:
    query = select(JointRoom).where(JointRoom.avvikelse_id == row.id).order_by(JointRoom.id.desc())
    return session.scalar(query.limit(1))


def open_room(session: Session, row: Avvikelse, *, now: datetime) -> JointRoom:
    room = JointRoom(avvikelse_id=row.id, opened_at=now)
    session.add(room)
    session.flush()
    return room


def close_room(session: Session, row: Avvikelse, outcome: RoomOutcome, *, now: datetime) -> JointRoom | None:
    """The open room ends; what was written in it stays. None when there is none."""
    room = open_room_of(session, row)
    if room is not None:
        room.closed_at, room.outcome = now, outcome
        session.flush()
    return room


def begin_anew(session: Session, row: Avvikelse, stays: Party, *, now: datetime) -> bool:
    """Another område has come in a party's place: what was written between the two ends, and the one that stays keeps
    its answers in a room of the new two. False when no room is open.
    """
    before = close_room(session, row, RoomOutcome.UNLOCKED, now=now)
    if before is None:
        return False
    session.execute(
        update(RoomMeeting)
        .where(RoomMeeting.room_id == before.id, RoomMeeting.held_at.is_(None), RoomMeeting.cancelled_at.is_(None))
        .values(cancelled_at=now)
    )
    room = open_room(session, row, now=now)
    said = session.scalar(select(RoomAnswer).where(RoomAnswer.room_id == before.id, RoomAnswer.party_id == stays.id))
    if said is not None:
        words = {prompt.field: getattr(said, prompt.field) for prompt in PROMPTS}
        session.add(RoomAnswer(room_id=room.id, party_id=stays.id, sent_at=said.sent_at, **words))
    session.flush()
    return True


def hand_on(session: Session, row: Avvikelse, before: Party, after: Party) -> None:
    """What `before` took upon itself, and both agreed on, is `after`'s to do. What it said otherwise is not."""
    room = latest_room_of(session, row)
    if room is not None and row.joint and room.outcome is RoomOutcome.AGREED:
        session.flush()
        session.execute(
            update(Commitment)
            .where(Commitment.room_id == room.id, Commitment.carrier_id == before.id, *_TO_DO)
            .values(carried_by_party_id=after.id)
        )
        session.flush()


def took_over(session: Session, row: Avvikelse, party_ids: Collection[int]) -> bool:
    """Has one of the parties something to do that another one had promised?"""
    waits = select(Commitment.id).where(Commitment.carried_by_party_id.in_(party_ids), *_TO_DO)
    return row.joint and session.scalar(waits.limit(1)) is not None


_TO_DO = (Commitment.done_on.is_(None), Commitment.not_kept_on.is_(None))
