"""Publish a meeting's minutes: the decisions go back to those behind them, and the public version is fixed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import MeetingStatus
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.meetings import GroupMeeting
from avvikelse.queries.minutes import draft_minutes
from avvikelse.services import audit, publishing
from avvikelse.services.group_access import role_of
from avvikelse.services.meeting_access import meeting_in_hand


def publish(session: Session, actor: Actor, group_id: int, ref: str, *, now: datetime) -> GroupMeeting:
    """Once. Raises Conflict before the meeting is closed, and when they are published already."""
    group, meeting = meeting_in_hand(session, actor, group_id, ref, MeetingStatus.CLOSED)
    if meeting.minutes_published_at is not None:
        raise Conflict("Protokollet är redan publicerat.")
    waiting = session.scalars(
        select(GroupDecision)
        .where(GroupDecision.meeting_id == meeting.id, GroupDecision.published_at.is_(None))
        .order_by(GroupDecision.id)
        .with_for_update()
    ).all()
    for decision in waiting:
        publishing.publish_decision(session, group, decision, now=now)
    content = replace(draft_minutes(session, meeting, internal=False), published=long_date(local_date(now)))
    meeting.minutes, meeting.minutes_published_at = content.to_json(), now
    session.flush()
    audit.record(
        session, actor, Event.MINUTES_PUBLISHED, now=now, group_id=group.id, role=role_of(actor, group.id),
        detail={"meeting": meeting.id, "decisions": len(waiting)},
    )  # fmt: skip
    return meeting
