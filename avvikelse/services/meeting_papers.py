"""Make a meeting's papers: what happened since the last one, as it is known ten working days before.

Whoever sits in the group is told once. Making them again, on demand, gives a new numbered version when something has
changed; the one that people have read stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain import months
from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.errors import Conflict, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import MeetingStatus
from avvikelse.domain.notices import Notice
from avvikelse.domain.workdays import add_workdays, local_date
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.meeting_papers import MeetingPapers
from avvikelse.models.meetings import GroupMeeting
from avvikelse.queries import recipients
from avvikelse.queries.group_desk import groups_beside
from avvikelse.queries.meeting_papers import last_meeting
from avvikelse.queries.month import compute_month
from avvikelse.services import audit, outbox
from avvikelse.services.ahead import Ahead, read_ahead
from avvikelse.services.group_access import convened
from avvikelse.services.month import SEEING_MONTHS, Content, same_content

DAYS_BEFORE = 10  # working days


def meetings_to_prepare(session: Session, *, now: datetime) -> list[int]:
    """The planned meetings of the coming ten working days that have no papers yet."""
    today = local_date(now)
    prepared = select(MeetingPapers.meeting_id)
    return list(
        session.scalars(
            select(GroupMeeting.id)
            .join(Samverkansgrupp, Samverkansgrupp.id == GroupMeeting.group_id)
            .where(
                GroupMeeting.status == MeetingStatus.PLANNED,
                GroupMeeting.meets_on.between(today, add_workdays(today, DAYS_BEFORE)),
                GroupMeeting.id.not_in(prepared),
                Samverkansgrupp.active,
                Samverkansgrupp.sees_cases.in_(SEEING_MONTHS),
            )
            .order_by(GroupMeeting.meets_on, GroupMeeting.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Papers:
    """What stands in them; `since` is the day of the meeting before."""

    group_id: int
    since: date | None
    content: Content


def papers_ahead(session: Session, meeting_id: int, *, now: datetime) -> Ahead[Papers]:
    """What make_papers() will store, computed before it writes. Raises as it does."""
    return read_ahead(session, (meeting_id, now), lambda: _papers(session, meeting_id, now))


def make_papers(
    session: Session, meeting_id: int, *, now: datetime, actor: Actor = SYSTEM, ahead: Ahead[Papers] | None = None
) -> MeetingPapers:
    """The newest version, made anew if something has changed since it was made.

    Raises NotFound for a meeting of a group that gets no months, Conflict for one that is held or cancelled.
    """
    made = ahead.value if ahead and ahead.holds(session, (meeting_id, now)) else _papers(session, meeting_id, now)
    latest = session.scalar(
        select(MeetingPapers)
        .where(MeetingPapers.meeting_id == meeting_id)
        .order_by(MeetingPapers.version.desc())
        .limit(1)
        .with_for_update()
    )
    if latest is not None and same_content(latest.content, made.content):
        return latest
    version = latest.version + 1 if latest else 1
    row = MeetingPapers(meeting_id=meeting_id, version=version, since_on=made.since, made_at=now, content=made.content)
    session.add(row)
    session.flush()
    detail = {"meeting": meeting_id, "version": version}
    audit.record(session, actor, Event.PAPERS_MADE, now=now, group_id=made.group_id, detail=detail)
    if version == 1:
        _tell(session, meeting_id, made.group_id, now)
    return row


def _papers(session: Session, meeting_id: int, now: datetime) -> Papers:
    meeting = session.get(GroupMeeting, meeting_id)
    groups = groups_beside(session, meeting.group_id) if meeting is not None else {}
    group = groups.get(meeting.group_id) if meeting is not None else None
    if meeting is None or group is None or group.sees not in SEEING_MONTHS:
        raise NotFound
    if meeting.status is not MeetingStatus.PLANNED:
        raise Conflict("Mötet är redan hållet eller inställt. Underlaget står kvar som det var.")
    since = last_meeting(session, group.id, meeting.meets_on)
    month = months.month_of(local_date(now))
    return Papers(group.id, since, compute_month(session, groups, group, month, now=now, since=since).to_json())


def meeting_of(session: Session, actor: Actor, group_id: int, ref: str) -> int:
    """The meeting whose papers the group's convenor makes. Raises NotFound for anybody else."""
    convened(session, actor, group_id)
    meeting_id = session.scalar(
        select(GroupMeeting.id).where(GroupMeeting.ref == ref, GroupMeeting.group_id == group_id)
    )
    if meeting_id is None:
        raise NotFound
    return meeting_id


def _tell(session: Session, meeting_id: int, group_id: int, now: datetime) -> None:
    for user_id in recipients.members_of(session, [group_id], local_date(now)):
        outbox.queue(
            session, Notice.MEETING_PAPERS, to_user_id=user_id, dedup_key=f"papers:{meeting_id}:u{user_id}",
            params={"group": group_id}, now=now,
        )  # fmt: skip
