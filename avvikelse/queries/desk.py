"""The desk of a samverkansgrupp: its head, what waits, and what it lacks. Every page of the desk begins with `head()`.

`head()` raises NotFound for who may not read the group; the other reads take the head as the proof that she may.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain import group_health, months
from avvikelse.domain.actor import Actor
from avvikelse.domain.carrying import must_choose
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_health import Finding
from avvikelse.domain.group_words import HELD, CandidateStatus, DecisionStatus, MeetingKind, MeetingStatus
from avvikelse.domain.meetings import next_meeting_by
from avvikelse.domain.vocabulary import GroupLevel, GroupQuestionStatus, Role, SeesCases
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.meetings import GroupMandate, GroupMeeting, GroupSeat
from avvikelse.models.themes import ThemeCandidate
from avvikelse.policy.group_reading import GroupFacts, Groups, children, desk_reading, next_above
from avvikelse.queries.group_desk import groups_beside
from avvikelse.queries.identity import valid_on


@dataclass(frozen=True, slots=True)
class DeskHead:
    """A group as one reader has it. `own` = she is in it; otherwise she reads along from the group above."""

    id: int
    name: str
    level: GroupLevel
    sees: SeesCases
    own: bool
    may_decide: bool
    above: str | None  # where the group lifts questions
    facts: GroupFacts
    groups: Groups
    today: date

    @property
    def month(self) -> str:
        return months.month_of(self.today)

    @property
    def has_month(self) -> bool:
        return self.sees is not SeesCases.NEJ

    @property
    def has_numbers(self) -> bool:
        """The group gets its numbers without asking for them."""
        return self.sees in {SeesCases.ENSKILDA, SeesCases.SAMMANSTALLNING}

    @property
    def reads_sentences(self) -> bool:
        return self.sees is SeesCases.ENSKILDA


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for the group; what the boxes of the overview count."""

    questions: int
    to_approve: int  # put to the group, words not approved yet
    must_choose: int
    decisions: int
    decisions_late: int
    to_publish: int
    publish_by: date | None
    candidates: int


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next meeting with a day, or (`ref` None) the month in which one is planned."""

    ref: str | None
    on: date | None
    clock: str | None
    place: str | None
    open: bool
    by: date | None


@dataclass(frozen=True, slots=True)
class ChildGroup:
    """A group right below, with what it lacks. `readable` = its desk is there for the reader."""

    id: int
    name: str
    findings: tuple[Finding, ...]
    readable: bool


def head(session: Session, actor: Actor, group_id: int, *, now: datetime) -> DeskHead:
    """Raises NotFound when the group is not there for the actor."""
    groups = groups_beside(session, group_id)
    read = desk_reading(actor, groups, group_id)
    if read is None:
        raise NotFound
    above = next_above(groups, read.group)
    return DeskHead(
        read.group.id, read.group.name, read.group.level, read.group.sees, read.own, read.may_decide,
        above.name if above else None, read.group, groups, local_date(now),
    )  # fmt: skip


def waiting(session: Session, desk: DeskHead) -> Waiting:
    asked = session.execute(
        select(func.count(), func.count(GroupQuestion.approved_at)).where(
            GroupQuestion.group_id == desk.id, GroupQuestion.status == GroupQuestionStatus.OPEN
        )
    ).one()
    decisions = session.execute(
        select(GroupDecision.status, GroupDecision.carried, GroupDecision.due_on).where(
            GroupDecision.group_id == desk.id, GroupDecision.status == DecisionStatus.OPEN
        )
    ).all()
    to_publish, publish_by = session.execute(
        select(func.count(), func.min(GroupDecision.publish_by)).where(
            GroupDecision.group_id == desk.id, GroupDecision.published_at.is_(None)
        )
    ).one()
    candidates = session.scalar(
        select(func.count()).where(ThemeCandidate.group_id == desk.id, ThemeCandidate.status == CandidateStatus.WAITING)
    )
    return Waiting(
        questions=asked[1], to_approve=asked[0] - asked[1],
        must_choose=sum(must_choose(status, carried) for status, carried, _ in decisions), decisions=len(decisions),
        decisions_late=sum(due_on < desk.today for _, _, due_on in decisions), to_publish=to_publish,
        publish_by=publish_by, candidates=candidates or 0,
    )  # fmt: skip


def next_meeting(session: Session, desk: DeskHead) -> NextMeeting:
    row = session.scalar(
        select(GroupMeeting)
        .where(GroupMeeting.group_id == desk.id, GroupMeeting.status.in_((MeetingStatus.PLANNED, MeetingStatus.OPEN)))
        .order_by(GroupMeeting.meets_on)
        .limit(1)
    )
    by = next_meeting_by(desk.facts.meeting_months, desk.today)
    if row is None:
        return NextMeeting(None, None, None, None, open=False, by=by)
    return NextMeeting(row.ref, row.meets_on, row.clock, row.place, row.status is MeetingStatus.OPEN, by)


# --- what groups lack -------------------------------------------------------------------------------------------------


def findings(session: Session, desk: DeskHead) -> tuple[Finding, ...]:
    """What the group itself lacks."""
    return health_of(session, desk.groups, [desk.facts], desk.today)[desk.id]


def below(session: Session, actor: Actor, desk: DeskHead) -> tuple[ChildGroup, ...]:
    """The groups right below, with what the level above should know. No case, question or decision of theirs."""
    found = children(desk.groups, desk.facts)
    known = health_of(session, desk.groups, found, desk.today)
    return tuple(
        ChildGroup(
            group.id, group.name, tuple(f for f in known[group.id] if f.also_above),
            desk_reading(actor, desk.groups, group.id) is not None,
        )
        for group in found
    )  # fmt: skip


def health_of(
    session: Session, groups: Groups, wanted: Iterable[GroupFacts], today: date
) -> dict[int, tuple[Finding, ...]]:
    """By group: what it lacks. Five reads, whatever the number of groups."""
    facts = {group.id: group for group in wanted}
    if not facts:
        return {}
    ids = list(facts)
    seats = session.scalars(
        select(GroupSeat).where(GroupSeat.group_id.in_(ids), GroupSeat.ended_on.is_(None)).order_by(GroupSeat.id)
    ).all()
    meetings = session.scalars(select(GroupMeeting).where(GroupMeeting.group_id.in_(ids))).all()
    mandated = set(
        session.scalars(
            select(GroupMandate.group_id).where(
                GroupMandate.group_id.in_(ids),
                (GroupMandate.valid_to.is_(None)) | (GroupMandate.valid_to >= today),
            )
        )
    )
    purposes = session.execute(
        select(Samverkansgrupp.id, Samverkansgrupp.purpose, Samverkansgrupp.meetings_min).where(
            Samverkansgrupp.id.in_(ids)
        )
    )
    convened = _convened(session, today)
    rows = {group_id: (bool(purpose), least) for group_id, purpose, least in purposes}
    return {
        group.id: group_health.findings(
            _facts(
                group, groups, [s for s in seats if s.group_id == group.id],
                [m for m in meetings if m.group_id == group.id], rows[group.id],
                mandated=group.id in mandated, convened=convened, today=today,
            ),
            today,
        )
        for group in facts.values()
    }  # fmt: skip


def _facts(
    group: GroupFacts,
    groups: Groups,
    seats: Sequence[GroupSeat],
    meetings: Sequence[GroupMeeting],
    row: tuple[bool, int | None],
    *,
    mandated: bool,
    convened: frozenset[int],
    today: date,
) -> group_health.GroupFacts:
    held = tuple(m.meets_on for m in meetings if m.status in HELD)
    since = min((m.meets_on for m in meetings), default=today)
    has_purpose, least = row
    above = groups.get(group.parent_id or 0)
    follow_ups = [
        m.meets_on for m in meetings if m.kind is MeetingKind.FOLLOW_UP and m.invited and m.status is not CANCELLED
    ]
    return group_health.GroupFacts(
        has_convenor=bool(group.convenor) or group.id in convened or any(s.convenes and not s.vacant for s in seats),
        convenor_above=above.convenor if above is not None else None,
        seats=tuple(group_health.Seat(s.name, s.vacant, s.term_to) for s in seats),
        has_mandate=mandated or has_purpose,
        meetings_min=least,
        held=sum(today - timedelta(days=365) < day <= today for day in held),
        known_for_a_year=since <= today - timedelta(days=365),
        missed=group_health.missed_months(group.meeting_months, held, today, since),
        follow_up_on=max(follow_ups, default=None),
    )


CANCELLED = MeetingStatus.CANCELLED


def _convened(session: Session, today: date) -> frozenset[int]:
    """Groups for which somebody holds the role of sammankallande today."""
    query = (
        select(RoleAssignment.group_id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(RoleAssignment.role == Role.SAMMANKALLANDE, User.active, valid_on(today))
    )
    return frozenset(group_id for group_id in session.scalars(query) if group_id is not None)
