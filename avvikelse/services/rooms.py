"""A joint room opens and closes. Open when a room is missing; what one does in it: services/joint.py."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.joint_room import RoomOutcome
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.joint_room import JointRoom


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
