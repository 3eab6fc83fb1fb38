"""A samverkansgrupp's month: the rows it is computed from, and the page that is read. Open when a number looks wrong.

Eight reads make a month, each through an index and bounded by the window of fifteen months; a published month is one
read. Only derived and coded fields come here, approved gruppmeningar and approved questions: never a case's text,
number, reference or people. Cases that were merged into another or not taken up never count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from avvikelse.analysis.bounces import Hold
from avvikelse.analysis.month import WINDOW, month_content
from avvikelse.analysis.month_content import MonthContent, from_json
from avvikelse.analysis.month_facts import (
    CaseRow,
    EarlierCount,
    MonthFacts,
    Names,
    QuestionRow,
    Standing,
    Verdict,
)
from avvikelse.analysis.recurring import RECENT_MONTHS, Cell, RecentCase
from avvikelse.domain import months
from avvikelse.domain.codes import category_label
from avvikelse.domain.party_words import as_concerned, as_reporter
from avvikelse.domain.vocabulary import GroupQuestionStatus, Outcome, SeesCases, Status
from avvikelse.domain.workdays import end_of_day, local_date
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, Transfer
from avvikelse.models.dialogue import Answer
from avvikelse.models.group_work import GroupQuestion, MonthSummary
from avvikelse.models.organisation import Enhet, EnhetKommun
from avvikelse.policy.group_reading import GroupFacts, Groups, area

AnyRow = Select[*tuple[Any, ...]]
NOT_COUNTED = (Outcome.MERGED, Outcome.NOT_TAKEN_UP)
NO_CATEGORY = "X1"
GOOD_EXAMPLES = frozenset({"L1"})  # tells what went well: counted, but it is no problem that recurs
NAMES = Names(category=category_label, reporter=as_reporter, concerned=as_concerned, month=months.name_alone)

_counts = or_(Avvikelse.outcome.is_(None), Avvikelse.outcome.not_in(NOT_COUNTED))
_category = func.coalesce(Avvikelse.category, NO_CATEGORY)
_receiver = func.coalesce(Avvikelse.receiver_kind, Avvikelse.counterpart_kind, "")
_WAITS_FOR_ANSWER = (Status.SUBMITTED, Status.ASSIGNED, Status.IN_PROGRESS, Status.DISPUTED, Status.WITH_GROUP)


@dataclass(frozen=True, slots=True)
class StoredMonth:
    """A group's month. `version` 0 = computed now and not published."""

    content: MonthContent
    version: int
    made_at: datetime
    frozen: bool


def read_month(session: Session, groups: Groups, group: GroupFacts, month: str, *, now: datetime) -> StoredMonth:
    """The published month as it stands, else the month as it looks now."""
    stored = published(session, group.id, month)
    if stored is not None:
        return StoredMonth(from_json(stored.content), stored.version, stored.made_at, frozen=True)
    content = compute_month(session, groups, group, month, now=now)
    return StoredMonth(content, version=0, made_at=now, frozen=False)


def published(session: Session, group_id: int, month: str) -> MonthSummary | None:
    """The newest frozen version."""
    query = select(MonthSummary).where(
        MonthSummary.group_id == group_id, MonthSummary.month == month, MonthSummary.frozen
    )
    return session.scalar(query.order_by(MonthSummary.version.desc()).limit(1))


def compute_month(session: Session, groups: Groups, group: GroupFacts, month: str, *, now: datetime) -> MonthContent:
    """The month from what is known now."""
    return month_content(month_facts(session, groups, group, month, now=now), NAMES)


def month_facts(session: Session, groups: Groups, group: GroupFacts, month: str, *, now: datetime) -> MonthFacts:
    """The plain rows. A group without `enskilda` gets no gruppmeningar, only their number."""
    today = local_date(now)
    window = tuple(months.shift(month, n) for n in range(1 - WINDOW, 1))
    mine = _Window(group.id, window)
    rows = session.execute(mine.recent_cases(sentences=group.sees is SeesCases.ENSKILDA)).all()
    return MonthFacts(
        months=window,
        as_of=today,
        elapsed=months.elapsed(month, today),
        cases=tuple(_case_row(row) for row in rows if months.month_of(row.reported_on) == month),
        recent=tuple(RecentCase(_cell(row), months.month_of(row.reported_on), row.sender_enhet_id) for row in rows),
        earlier=tuple(
            EarlierCount(f"{int(row.year):04d}-{int(row.month):02d}", _cell(row), row.number)
            for row in session.execute(mine.earlier_counts())
        ),
        standing=Standing(*session.execute(mine.standing(today)).one()),
        verdicts=tuple(Verdict(*row) for row in session.execute(mine.verdicts())),
        holds=tuple(Hold(*row) for row in session.execute(mine.holds())),
        questions=tuple(_question(row) for row in session.scalars(_questions(group.id))),
        kinds_in_area=frozenset(session.scalars(_kinds(group.pack_id, area(groups, group), today))),
        not_problems=GOOD_EXAMPLES,
    )


@dataclass(frozen=True, slots=True)
class _Window:
    """The reads over one group's fifteen months."""

    group_id: int
    months: tuple[str, ...]

    @property
    def start(self) -> date:
        return months.first_day(self.months[0])

    @property
    def recent_start(self) -> date:
        return months.first_day(self.months[-RECENT_MONTHS])

    @property
    def end(self) -> date:
        return months.last_day(self.months[-1])

    def reported(self, first: date) -> ColumnElement[bool]:
        """The group's cases reported from `first` to the end of the month."""
        return and_(
            GroupMembership.group_id == self.group_id, GroupMembership.reported_on.between(first, self.end), _counts
        )

    def recent_cases(self, *, sentences: bool) -> AnyRow:
        approved = case((Avvikelse.gruppmening_approved_at.is_not(None), Avvikelse.gruppmening))
        return (
            select(
                GroupMembership.reported_on, _category.label("category"), Avvikelse.sender_kind,
                _receiver.label("receiver_kind"), Avvikelse.sender_enhet_id, Avvikelse.answered_at, Avvikelse.outcome,
                (approved if sentences else literal(None)).label("sentence"),
            )
            .join(Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .where(self.reported(self.recent_start))
        )  # fmt: skip

    def earlier_counts(self) -> AnyRow:
        year, month = (extract(part, GroupMembership.reported_on) for part in ("year", "month"))
        cell = (_category, Avvikelse.sender_kind, _receiver)
        return (
            select(
                year.label("year"), month.label("month"), _category.label("category"), Avvikelse.sender_kind,
                _receiver.label("receiver_kind"), func.count().label("number"),
            )
            .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .where(self.reported(self.start), GroupMembership.reported_on < self.recent_start)
            .group_by(year, month, *cell)
        )  # fmt: skip

    def standing(self, today: date) -> AnyRow:
        late = and_(Avvikelse.due_on < today, Avvikelse.paused_since.is_(None))
        other = aliased(GroupMembership)
        first_on = select(func.min(other.reported_on)).where(other.group_id == self.group_id).scalar_subquery()
        return (
            select(func.count(), func.count(case((late, 1))), func.min(case((late, Avvikelse.due_on))), first_on)
            .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .where(self.reported(self.start), Avvikelse.status.in_(_WAITS_FOR_ANSWER))
        )

    def verdicts(self) -> AnyRow:
        since = end_of_day(self.recent_start - timedelta(days=1))
        return (
            select(Answer.avvikelse_id, Answer.version, Answer.rating)
            .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .join(Answer, Answer.avvikelse_id == Avvikelse.id)
            .where(self.reported(self.start), Avvikelse.answered_at >= since, Answer.sent_at >= since)
        )

    def holds(self) -> AnyRow:
        return (
            select(Transfer.avvikelse_id, Transfer.id, Transfer.to_enhet_id, Enhet.kind)
            .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .join(Transfer, Transfer.avvikelse_id == Avvikelse.id)
            .outerjoin(Enhet, Enhet.id == Transfer.to_enhet_id)
            # A transfer to a position is a hold; what lies with a samordnare is held by no unit.
            .where(self.reported(self.recent_start), Transfer.to_position_id.is_not(None))
        )


def _questions(group_id: int) -> Select[GroupQuestion]:
    """Open ones, and decided ones whose reporter still waits for the answer. Only words that have been approved."""
    unfinished = and_(GroupQuestion.status == GroupQuestionStatus.DECIDED, Avvikelse.status.in_(_WAITS_FOR_ANSWER))
    return (
        select(GroupQuestion)
        .join(Avvikelse, Avvikelse.id == GroupQuestion.avvikelse_id)
        .where(
            GroupQuestion.group_id == group_id,
            GroupQuestion.approved_at.is_not(None),
            or_(GroupQuestion.status == GroupQuestionStatus.OPEN, unfinished),
        )
        .order_by(GroupQuestion.raised_at, GroupQuestion.id)
    )


def _kinds(pack_id: int, kommuner: frozenset[str], today: date) -> Select[str]:
    """Kinds of units that serve the area today."""
    return (
        select(Enhet.kind)
        .join(EnhetKommun, EnhetKommun.enhet_id == Enhet.id)
        .where(
            Enhet.pack_id == pack_id,
            EnhetKommun.kommunkod.in_(kommuner),
            or_(Enhet.active_from.is_(None), Enhet.active_from <= today),
            or_(Enhet.active_to.is_(None), Enhet.active_to >= today),
        )
        .distinct()
    )


def _cell(row: Any) -> Cell:
    return (row.category, row.sender_kind, row.receiver_kind)


def _case_row(row: Any) -> CaseRow:
    return CaseRow(
        *_cell(row), row.sentence, answered=row.answered_at is not None, withdrawn=row.outcome is Outcome.WITHDRAWN
    )


def _question(row: GroupQuestion) -> QuestionRow:
    return QuestionRow(
        row.ref,
        row.kind.label,
        row.text,
        local_date(row.raised_at),
        local_date(row.decided_at) if row.decided_at else None,
        row.decision or "",
        row.decision_owner or "",
        row.decision_due_on,
    )
