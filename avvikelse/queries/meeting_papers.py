"""A meeting's papers, as they were made or as they would look now. Open for `/grupper/…/underlag`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.analysis.month_content import MonthContent, from_json
from avvikelse.domain import months
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import HELD, MeetingStatus
from avvikelse.domain.vocabulary import SeesCases
from avvikelse.domain.workdays import local_date
from avvikelse.models.meeting_papers import MeetingPapers
from avvikelse.models.meetings import GroupMeeting
from avvikelse.policy.group_reading import reading
from avvikelse.queries.group_desk import Later, groups_beside, what_came_later
from avvikelse.queries.month import compute_month


@dataclass(frozen=True, slots=True)
class PapersPage:
    """Read by the same templates as a month. `version` 0 = not made yet; `annex` = the fixed month beside them."""

    group_id: int
    name: str
    convenor: str | None
    sees: SeesCases
    own: bool
    may_decide: bool
    meeting_ref: str
    meets_on: date
    status: MeetingStatus
    since: date | None
    month: str
    annex: str
    content: MonthContent
    version: int
    made_at: datetime
    frozen: bool
    later: dict[str, Later]
    new_questions: int


def papers_page(session: Session, actor: Actor, group_id: int, ref: str, *, now: datetime) -> PapersPage:
    """Raises NotFound for a group that the actor may not read, one that gets no numbers, and a meeting that is not
    there."""
    groups = groups_beside(session, group_id)
    read = reading(actor, groups, group_id)
    meeting = session.scalar(select(GroupMeeting).where(GroupMeeting.ref == ref, GroupMeeting.group_id == group_id))
    if read is None or meeting is None or read.group.sees not in {SeesCases.ENSKILDA, SeesCases.SAMMANSTALLNING}:
        raise NotFound
    group = read.group
    stored = newest(session, meeting.id)
    made_at = stored.made_at if stored else now
    since = stored.since_on if stored else last_meeting(session, group_id, meeting.meets_on)
    month = months.month_of(local_date(made_at))
    content = (
        from_json(stored.content) if stored else compute_month(session, groups, group, month, now=now, since=since)
    )
    later, new_questions = what_came_later(session, group_id, content) if stored else ({}, 0)
    return PapersPage(
        group_id=group_id, name=group.name, convenor=group.convenor, sees=group.sees, own=read.own,
        may_decide=read.may_decide, meeting_ref=meeting.ref, meets_on=meeting.meets_on, status=meeting.status,
        since=since, month=month, annex=months.shift(month, -1), content=content,
        version=stored.version if stored else 0, made_at=made_at, frozen=stored is not None, later=later,
        new_questions=new_questions,
    )  # fmt: skip


def newest(session: Session, meeting_id: int) -> MeetingPapers | None:
    """The last version that was made of a meeting's papers."""
    query = select(MeetingPapers).where(MeetingPapers.meeting_id == meeting_id)
    return session.scalar(query.order_by(MeetingPapers.version.desc()).limit(1))


def last_meeting(session: Session, group_id: int, before: date) -> date | None:
    """The day of the group's latest held meeting before a day."""
    return session.scalar(
        select(GroupMeeting.meets_on)
        .where(GroupMeeting.group_id == group_id, GroupMeeting.status.in_(HELD), GroupMeeting.meets_on < before)
        .order_by(GroupMeeting.meets_on.desc())
        .limit(1)
    )
