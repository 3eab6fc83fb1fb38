"""Take a meeting of a samverkansgrupp in hand: through its convenor, locked, in the state that the step needs."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, NotFound
from avvikelse.domain.group_words import MeetingStatus
from avvikelse.models.meetings import GroupMeeting
from avvikelse.services.case_access import STALE
from avvikelse.services.group_access import GroupInHand, convened

BEFORE_CLOSING = (MeetingStatus.PLANNED, MeetingStatus.OPEN)


def meeting_in_hand(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    *statuses: MeetingStatus,
    version: int | None = None,
) -> tuple[GroupInHand, GroupMeeting]:
    """A meeting of a group that the actor convenes, locked.

    Raises NotFound, Forbidden; Conflict when it is in none of `statuses` or `version` is not the present one.
    """
    group = convened(session, actor, group_id)
    meeting = session.scalar(
        select(GroupMeeting).where(GroupMeeting.ref == ref, GroupMeeting.group_id == group_id).with_for_update()
    )
    if meeting is None:
        raise NotFound
    if statuses and meeting.status not in statuses:
        raise Conflict(f"Mötet har läget ”{meeting.status.label}”. Då går det inte att göra det här.")
    if version is not None and version != meeting.version_id:
        raise Conflict(STALE.replace("ärendet", "mötet"))
    return group, meeting
