"""The minutes of a meeting in two versions: the group's own, and the public one without what is marked or not theirs.

A question to the group is read by the group alone, so the public minutes say only that there was one; its decision
stands there. The public version is stored when it is published and does not change afterwards.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import AgendaKind, MeetingStatus
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.meetings import AgendaItem, Attendance, GroupMeeting, GroupSeat
from avvikelse.models.organisation import Pack

# Whose title everybody may read: written for the minutes, or a theme's name.
OPEN_TITLES = frozenset(
    {AgendaKind.OWN, AgendaKind.STANDING, AgendaKind.THEME, AgendaKind.NOT_HELPED, AgendaKind.FORUM_GAP}
)


@dataclass(frozen=True, slots=True)
class MinutesItem:
    kind: str
    title: str
    note: str
    internal: str
    proposal: str = ""  # of a question: the group's own version only, as the question is


@dataclass(frozen=True, slots=True)
class MinutesDecision:
    text: str
    what_changes: str
    owner: str
    due: str
    ask: str
    internal: str
    withheld: bool


@dataclass(frozen=True, slots=True)
class Minutes:
    """`withheld` = so many notes were left out of the public version."""

    group: str
    kind: str
    day: str
    where: str
    present: tuple[tuple[str, str], ...]
    items: tuple[MinutesItem, ...]
    decisions: tuple[MinutesDecision, ...]
    withheld: int
    published: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def minutes_from(content: dict[str, Any]) -> Minutes:
    """What to_json() wrote."""
    return Minutes(
        **{
            **content,
            "present": tuple((name, state) for name, state in content["present"]),
            "items": tuple(MinutesItem(**item) for item in content["items"]),
            "decisions": tuple(MinutesDecision(**one) for one in content["decisions"]),
        }
    )


def draft_minutes(session: Session, meeting: GroupMeeting, *, internal: bool) -> Minutes:
    """As they would be now."""
    group = session.get_one(Samverkansgrupp, meeting.group_id)
    rows = session.scalars(
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting.id, AgendaItem.removed.is_(False))
        .order_by(AgendaItem.place, AgendaItem.id)
    ).all()
    taken = session.scalars(
        select(GroupDecision).where(GroupDecision.meeting_id == meeting.id).order_by(GroupDecision.id)
    ).all()
    there = session.execute(
        select(GroupSeat.name, Attendance.presence)
        .join(Attendance, Attendance.seat_id == GroupSeat.id)
        .where(Attendance.meeting_id == meeting.id)
        .order_by(GroupSeat.id)
    )
    clock = f"kl. {meeting.clock}" if meeting.clock else ""
    return Minutes(
        group.name, meeting.kind.label, long_date(meeting.meets_on),
        ", ".join(part for part in (clock, meeting.place or "") if part),
        tuple((name, presence.label) for name, presence in there),
        tuple(_item(row, internal=internal) for row in rows),
        tuple(_decision(row, internal=internal) for row in taken),
        0 if internal else sum(row.internal_note is not None for row in rows),
    )  # fmt: skip


def own_minutes(session: Session, group_id: int, ref: str, *, internal: bool) -> tuple[GroupMeeting, Minutes]:
    """For the group. Raises NotFound for another group's meeting, or one that has not been opened."""
    meeting = session.scalar(
        select(GroupMeeting).where(
            GroupMeeting.ref == ref, GroupMeeting.group_id == group_id,
            GroupMeeting.status.in_((MeetingStatus.OPEN, MeetingStatus.CLOSED)),
        )
    )  # fmt: skip
    if meeting is None:
        raise NotFound
    return meeting, draft_minutes(session, meeting, internal=internal)


def public_minutes(session: Session, ref: str) -> tuple[date, str, Minutes]:
    """(day, slug of the län, minutes). Raises NotFound for minutes that are not published."""
    found = session.execute(
        select(GroupMeeting, Pack.slug)
        .join(Samverkansgrupp, Samverkansgrupp.id == GroupMeeting.group_id)
        .join(Pack, Pack.id == Samverkansgrupp.pack_id)
        .where(GroupMeeting.ref == ref, GroupMeeting.minutes_published_at.is_not(None))
    ).one_or_none()
    if found is None or found[0].minutes is None:
        raise NotFound
    return found[0].meets_on, found[1], minutes_from(found[0].minutes)


@dataclass(frozen=True, slots=True)
class PublishedMinutes:
    ref: str
    group: str
    meets_on: date
    published_on: date


def latest_minutes(session: Session, pack_id: int, count: int = 8) -> tuple[PublishedMinutes, ...]:
    rows = session.execute(
        select(GroupMeeting.ref, Samverkansgrupp.name, GroupMeeting.meets_on, GroupMeeting.minutes_published_at)
        .join(Samverkansgrupp, Samverkansgrupp.id == GroupMeeting.group_id)
        .where(Samverkansgrupp.pack_id == pack_id, GroupMeeting.minutes_published_at.is_not(None))
        .order_by(GroupMeeting.meets_on.desc())
        .limit(count)
    )
    return tuple(PublishedMinutes(ref, name, day, local_date(at)) for ref, name, day, at in rows if at is not None)


def _item(row: AgendaItem, *, internal: bool) -> MinutesItem:
    title = row.title if internal or row.kind in OPEN_TITLES else ""
    owner = f" Föreslås ansvara: {row.proposed_owner}." if row.proposed_owner else ""
    proposal = f"{row.proposal or ''}{owner}".strip() if internal else ""
    return MinutesItem(row.kind.label, title, row.note or "", (row.internal_note or "") if internal else "", proposal)


def _decision(row: GroupDecision, *, internal: bool) -> MinutesDecision:
    return MinutesDecision(
        row.text, row.what_changes or "", row.owner, long_date(row.due_on), row.ask or row.owner,
        (row.internal_text or "") if internal else "", row.internal_text is not None and not internal,
    )  # fmt: skip
