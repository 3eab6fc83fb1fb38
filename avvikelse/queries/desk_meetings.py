"""A samverkansgrupp's calendar, one meeting with its agenda and attendance, and the register of places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain import agenda as agenda_rules
from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import HELD, WAS_THERE, MeetingKind, MeetingStatus, Presence, SeatKind
from avvikelse.domain.seat_words import kinds_of
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.meetings import Attendance, GroupMandate, GroupMeeting, GroupSeat
from avvikelse.queries.agenda import Line, agenda_of
from avvikelse.queries.desk import DeskHead
from avvikelse.queries.desk_decisions import DecisionRow, decisions_of_meeting, open_decisions
from avvikelse.queries.month_reads import COUNTS

FORUM_GAP_CASES = 5  # so often must a party occur before its missing place is pointed out


@dataclass(frozen=True, slots=True)
class MeetingRow:
    ref: str
    kind: MeetingKind
    meets_on: date
    clock: str | None
    place: str | None
    status: MeetingStatus
    cancel_reason: str | None
    minutes_published_at: datetime | None
    there: int
    asked: int


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month with its meetings. `planned` = the group's mandate has a meeting in it."""

    month: str
    planned: bool
    past: bool
    meetings: tuple[MeetingRow, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year. `held` counts the last twelve months, whatever year is shown."""

    year: int
    months: tuple[CalendarMonth, ...]
    held: int
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class SeatPresence:
    seat_id: int
    name: str
    kind: SeatKind
    presence: Presence | None


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting. `lines` in order; `left_out` were taken from this agenda; `to_choose` stop it from being closed."""

    row: MeetingRow
    version: int
    invited: str | None
    lines: tuple[Line, ...]
    left_out: tuple[Line, ...]
    seats: tuple[SeatPresence, ...]
    decisions: tuple[DecisionRow, ...]
    to_choose: tuple[DecisionRow, ...]
    id: int

    @property
    def missing(self) -> tuple[str, ...]:
        """Verksamheter that were not there."""
        return tuple(s.name for s in self.seats if s.presence is not None and s.presence not in WAS_THERE)

    @property
    def unmarked(self) -> tuple[str, ...]:
        return tuple(s.name for s in self.seats if s.presence is None)


@dataclass(frozen=True, slots=True)
class SeatRow:
    id: int
    name: str
    kind: SeatKind
    unit_kind: str | None
    convenes: bool
    vacant: bool
    term_from: date | None
    term_to: date | None
    there: int
    asked: int


@dataclass(frozen=True, slots=True)
class MandateRow:
    text: str
    decided_by: str
    decided_on: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ForumGap:
    """A kind of unit that occurs in the group's cases of a year and has no place in the group."""

    unit_kind: str
    label: str
    cases: int


@dataclass(frozen=True, slots=True)
class Register:
    """`accounts` = people who can log in as members; who they are is no matter of the register."""

    convenor: str | None
    seats: tuple[SeatRow, ...]
    mandate: MandateRow | None
    gaps: tuple[ForumGap, ...]
    standing: tuple[str, ...]


# --- meetings ---------------------------------------------------------------------------------------------------------


def calendar(session: Session, desk: DeskHead, year: int) -> Calendar:
    rows = _meetings(session, GroupMeeting.group_id == desk.id)
    least, most = session.execute(
        select(Samverkansgrupp.meetings_min, Samverkansgrupp.meetings_max).where(Samverkansgrupp.id == desk.id)
    ).one()
    shown = []
    for number in range(1, 13):
        meetings = tuple(row for row in rows if (row.meets_on.year, row.meets_on.month) == (year, number))
        planned = number in desk.facts.meeting_months
        if planned or meetings:
            past = (year, number) < (desk.today.year, desk.today.month)
            shown.append(CalendarMonth(f"{year:04d}-{number:02d}", planned, past, meetings))
    year_ago = desk.today - timedelta(days=365)
    held = sum(row.status in HELD and year_ago < row.meets_on <= desk.today for row in rows)
    return Calendar(year, tuple(shown), held, least, most)


def meeting_page(session: Session, desk: DeskHead, ref: str, *, now: datetime) -> MeetingPage:
    """Raises NotFound for a meeting of another group."""
    meeting = session.scalar(select(GroupMeeting).where(GroupMeeting.ref == ref, GroupMeeting.group_id == desk.id))
    if meeting is None:
        raise NotFound
    (row,) = _meetings(session, GroupMeeting.id == meeting.id)
    lines = agenda_of(session, desk.groups, desk.facts, meeting, now=now, left_out=True)
    to_choose = (
        tuple(d for d in open_decisions(session, desk.id, desk.today) if d.must_choose)
        if meeting.status is MeetingStatus.OPEN
        else ()
    )
    return MeetingPage(
        row, meeting.version_id, meeting.invited, tuple(line for line in lines if not line.removed),
        tuple(line for line in lines if line.removed), _presence(session, desk.id, meeting),
        decisions_of_meeting(session, meeting.id, desk.today), to_choose, meeting.id,
    )  # fmt: skip


def _presence(session: Session, group_id: int, meeting: GroupMeeting) -> tuple[SeatPresence, ...]:
    """The places that were asked, and those that should be."""
    shown: ColumnElement[bool] = Attendance.seat_id.is_not(None)
    if meeting.status is not MeetingStatus.CLOSED:
        shown = or_(shown, and_(GroupSeat.ended_on.is_(None), GroupSeat.vacant.is_(False)))
    rows = session.execute(
        select(GroupSeat.id, GroupSeat.name, GroupSeat.kind, Attendance.presence)
        .outerjoin(Attendance, and_(Attendance.seat_id == GroupSeat.id, Attendance.meeting_id == meeting.id))
        .where(GroupSeat.group_id == group_id, shown)
        .order_by(GroupSeat.id)
    )
    return tuple(SeatPresence(*row) for row in rows)


def _meetings(session: Session, *where: ColumnElement[bool]) -> tuple[MeetingRow, ...]:
    there = func.count(Attendance.seat_id).filter(Attendance.presence.in_(WAS_THERE))
    query = (
        select(GroupMeeting, there, func.count(Attendance.seat_id))
        .outerjoin(Attendance, Attendance.meeting_id == GroupMeeting.id)
        .where(*where)
        .group_by(GroupMeeting.id)
        .order_by(GroupMeeting.meets_on)
    )
    return tuple(
        MeetingRow(
            m.ref, m.kind, m.meets_on, m.clock, m.place, m.status, m.cancel_reason, m.minutes_published_at, here, asked
        )
        for m, here, asked in session.execute(query)
    )


# --- the register -----------------------------------------------------------------------------------------------------


def register(session: Session, desk: DeskHead) -> Register:
    group = session.get_one(Samverkansgrupp, desk.id)
    seats = _seats(session, desk.id)
    convening = next((seat.name for seat in seats if seat.convenes and not seat.vacant), None)
    return Register(
        convening or group.convenor, seats, _mandate(session, group),
        forum_gaps(session, desk, seats) if desk.has_month else (), agenda_rules.standing(group.standing_items),
    )  # fmt: skip


def seat(session: Session, desk: DeskHead, seat_id: int) -> SeatRow:
    """Raises NotFound for a place of another group."""
    found = next((row for row in _seats(session, desk.id) if row.id == seat_id), None)
    if found is None:
        raise NotFound
    return found


def forum_gaps(session: Session, desk: DeskHead, seats: tuple[SeatRow, ...]) -> tuple[ForumGap, ...]:
    """Kinds of units in at least five of the group's cases of twelve months for which no place speaks, most first."""
    speaks = frozenset().union(*(kinds_of(row.name, row.unit_kind) for row in seats))
    occurring: dict[str, int] = {}
    for kind in (Avvikelse.sender_kind, func.coalesce(Avvikelse.receiver_kind, Avvikelse.counterpart_kind)):
        query = (
            select(kind, func.count())
            .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .where(
                GroupMembership.group_id == desk.id,
                GroupMembership.reported_on > desk.today - timedelta(days=365),
                COUNTS,
            )
            .group_by(kind)
        )
        for code, number in session.execute(query):
            if code:
                occurring[code] = occurring.get(code, 0) + number
    found = (
        ForumGap(code, unit_type_label(code), number)
        for code, number in occurring.items()
        if number >= FORUM_GAP_CASES and code not in speaks
    )
    return tuple(sorted(found, key=lambda gap: (-gap.cases, gap.label)))


def _seats(session: Session, group_id: int) -> tuple[SeatRow, ...]:
    there = func.count(Attendance.seat_id).filter(Attendance.presence.in_(WAS_THERE))
    query = (
        select(GroupSeat, there, func.count(Attendance.seat_id))
        .outerjoin(Attendance, Attendance.seat_id == GroupSeat.id)
        .where(GroupSeat.group_id == group_id, GroupSeat.ended_on.is_(None))
        .group_by(GroupSeat.id)
        .order_by(GroupSeat.convenes.desc(), GroupSeat.id)
    )
    return tuple(
        SeatRow(s.id, s.name, s.kind, s.unit_kind, s.convenes, s.vacant, s.term_from, s.term_to, here, asked)
        for s, here, asked in session.execute(query)
    )


def _mandate(session: Session, group: Samverkansgrupp) -> MandateRow | None:
    row = session.scalar(
        select(GroupMandate).where(GroupMandate.group_id == group.id).order_by(GroupMandate.id.desc()).limit(1)
    )
    if row is not None:
        return MandateRow(row.text, row.decided_by, row.decided_on, row.valid_to)
    return MandateRow(group.purpose, "Organisationspaketet", None, None) if group.purpose else None
