"""The statements behind a group's month. Open with month.py, when a number is missing or slow.

Each goes through the index on (group, reported_on) and is bounded by the window of two years; none grows with history.
Only coded and derived columns are read, approved gruppmeningar and approved questions: never a case's own text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from avvikelse.analysis.scan import RECENT_MONTHS
from avvikelse.domain import months
from avvikelse.domain.action_plan import ActivityStatus
from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import DecisionStatus
from avvikelse.domain.passages import PASSAGES
from avvikelse.domain.vocabulary import GroupQuestionStatus, Outcome, Status
from avvikelse.domain.workdays import end_of_day
from avvikelse.models.action_plan import PlanActivity
from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, Transfer
from avvikelse.models.dialogue import Answer, Atgard, AtgardRecurrence
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.meetings import GroupSeat
from avvikelse.models.organisation import Enhet, EnhetKommun
from avvikelse.models.themes import ProblemType, ProblemTypeCase

AnyRow = Select[*tuple[Any, ...]]
NOT_COUNTED = (Outcome.MERGED, Outcome.NOT_TAKEN_UP)
NO_CATEGORY = "X1"
YEAR = 12
DECISION, ACTIVITY = "Beslut", "Aktivitet"
LONG_AGO = date(1900, 1, 1)

STANDS = or_(Avvikelse.outcome.is_(None), Avvikelse.outcome.not_in(NOT_COUNTED))
# A good example is no deviation: it is read, but nothing counts it.
COUNTS = and_(STANDS, func.coalesce(Avvikelse.category, NO_CATEGORY) != GOOD_EXAMPLE)

_other, _its_group = aliased(Avvikelse), aliased(GroupMembership)
# Reports joined by kopplingskod are one event: in a group it is counted by the first of them that counts there.
FIRST_OF_EVENT = or_(
    Avvikelse.event_id.is_(None),
    ~(
        select(_other.id)
        .join(_its_group, _its_group.avvikelse_id == _other.id)
        .where(
            _other.event_id == Avvikelse.event_id,
            _other.id < Avvikelse.id,
            or_(_other.outcome.is_(None), _other.outcome.not_in(NOT_COUNTED)),
            _its_group.group_id == GroupMembership.group_id,
        )
        .correlate(Avvikelse, GroupMembership)
        .exists()
    ),
)
# The same where no group is asked about: in a whole län.
FIRST_OF_EVENT_ANYWHERE = or_(
    Avvikelse.event_id.is_(None),
    ~(
        select(_other.id)
        .where(
            _other.event_id == Avvikelse.event_id,
            _other.id < Avvikelse.id,
            or_(_other.outcome.is_(None), _other.outcome.not_in(NOT_COUNTED)),
        )
        .correlate(Avvikelse)
        .exists()
    ),
)
_its_theme = aliased(ProblemTypeCase)
# And in a theme: by the first of them that is confirmed there.
FIRST_OF_EVENT_IN_THEME = or_(
    Avvikelse.event_id.is_(None),
    ~(
        select(_other.id)
        .join(_its_theme, _its_theme.avvikelse_id == _other.id)
        .where(
            _other.event_id == Avvikelse.event_id,
            _other.id < Avvikelse.id,
            or_(_other.outcome.is_(None), _other.outcome.not_in(NOT_COUNTED)),
            _its_theme.problem_type_id == ProblemTypeCase.problem_type_id,
        )
        .correlate(Avvikelse, ProblemTypeCase)
        .exists()
    ),
)
CATEGORY = func.coalesce(Avvikelse.category, NO_CATEGORY)
RECEIVER = func.coalesce(Avvikelse.receiver_kind, Avvikelse.counterpart_kind, "")
_cell = (CATEGORY.label("category"), Avvikelse.sender_kind, RECEIVER.label("receiver_kind"))
WAITS_FOR_ANSWER = (Status.SUBMITTED, Status.ASSIGNED, Status.IN_PROGRESS, Status.DISPUTED, Status.WITH_GROUP)


@dataclass(frozen=True, slots=True)
class Window:
    """The reads over one group's months."""

    group_id: int
    months: tuple[str, ...]

    @property
    def start(self) -> date:
        return months.first_day(self.months[0])

    @property
    def recent_start(self) -> date:
        return months.first_day(self.months[-RECENT_MONTHS])

    @property
    def year_start(self) -> date:
        return months.first_day(self.months[-YEAR])

    @property
    def end(self) -> date:
        return months.last_day(self.months[-1])

    def reported(self, first: date, stands: ColumnElement[bool] = COUNTS) -> ColumnElement[bool]:
        """The group's cases reported from `first` to the end of the month."""
        return and_(
            GroupMembership.group_id == self.group_id,
            GroupMembership.reported_on.between(first, self.end),
            stands,
            FIRST_OF_EVENT,
        )

    def recent_cases(self, *, sentences: bool, since: date | None = None) -> AnyRow:
        """Of the last three months, or from the day after `since` when that is longer ago. Good examples too."""
        first = min(self.recent_start, since + timedelta(days=1)) if since else self.recent_start
        approved = case((Avvikelse.gruppmening_approved_at.is_not(None), Avvikelse.gruppmening))
        return (
            select(
                Avvikelse.id, GroupMembership.reported_on, *_cell, Avvikelse.kommunkod, Avvikelse.sender_enhet_id,
                Avvikelse.answered_at, Avvikelse.outcome,
                (approved if sentences else literal(None)).label("sentence"),
            )
            .join(Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .where(self.reported(first, STANDS))
        )  # fmt: skip

    def earlier_counts(self) -> AnyRow:
        year, month = (extract(part, GroupMembership.reported_on) for part in ("year", "month"))
        return (
            select(year.label("year"), month.label("month"), *_cell, Avvikelse.kommunkod, func.count().label("number"))
            .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .where(self.reported(self.start), GroupMembership.reported_on < self.recent_start)
            .group_by(year, month, CATEGORY, Avvikelse.sender_kind, RECEIVER, Avvikelse.kommunkod)
        )

    def themed(self) -> AnyRow:
        """The cases that are confirmed in a problem type of the group; in several, the oldest one counts."""
        theme = func.min(ProblemTypeCase.problem_type_id).label("theme")
        return (
            select(Avvikelse.id, GroupMembership.reported_on, *_cell, Avvikelse.kommunkod, theme)
            .join_from(ProblemTypeCase, Avvikelse, Avvikelse.id == ProblemTypeCase.avvikelse_id)
            .join(ProblemType, ProblemType.id == ProblemTypeCase.problem_type_id)
            .join(GroupMembership, GroupMembership.avvikelse_id == Avvikelse.id)
            .where(self.reported(self.start), ProblemType.group_id == self.group_id)
            .group_by(
                Avvikelse.id, GroupMembership.reported_on, CATEGORY, Avvikelse.sender_kind, RECEIVER,
                Avvikelse.kommunkod,
            )
        )  # fmt: skip

    def by_point(self) -> AnyRow:
        """Twelve months by the point of an avtal that was not kept."""
        return (
            select(Avvikelse.avtalspunkt_id, *_cell, func.count().label("number"))
            .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .where(self.reported(self.year_start))
            .group_by(Avvikelse.avtalspunkt_id, CATEGORY, Avvikelse.sender_kind, RECEIVER)
        )

    def points_set(self) -> AnyRow:
        """Twelve months' cases whose point somebody has set afterwards: what stood before, the oldest change first."""
        return (
            select(AuditEvent.avvikelse_id, Avvikelse.avtalspunkt_id, AuditEvent.detail)
            .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .join(AuditEvent, AuditEvent.avvikelse_id == Avvikelse.id)
            .where(
                self.reported(self.year_start),
                Avvikelse.avtalspunkt_id.is_not(None),
                AuditEvent.on_timeline,
                AuditEvent.event == Event.AVTALSPUNKT_SET.value,
            )
            .order_by(AuditEvent.seq)
        )

    def gaps(self) -> AnyRow:
        """Twelve months' passages by how many weeks it was without help, where somebody has said."""
        return (
            select(*_cell, Avvikelse.gap_weeks, func.count().label("number"))
            .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .where(
                self.reported(self.year_start), Avvikelse.gap_weeks.is_not(None), Avvikelse.category.in_(PASSAGES)
            )
            .group_by(CATEGORY, Avvikelse.sender_kind, RECEIVER, Avvikelse.gap_weeks)
        )  # fmt: skip

    def waits(self) -> AnyRow:
        """When each report came, got its first answer, or was closed without one."""
        return (
            select(
                GroupMembership.reported_on, CATEGORY.label("category"), RECEIVER.label("receiver_kind"),
                Avvikelse.first_answer_at, Avvikelse.closed_at,
            )
            .join(Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .where(self.reported(self.start))
        )  # fmt: skip

    def measures(self) -> AnyRow:
        """Measures that were put in place in the last twelve months, with what they were against."""
        return (
            select(
                Atgard.kind, CATEGORY.label("category"), RECEIVER.label("receiver_kind"), Atgard.done_on,
                func.count(AtgardRecurrence.avvikelse_id.distinct()).label("recurred"),
            )
            .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .join(Atgard, Atgard.avvikelse_id == Avvikelse.id)
            .outerjoin(AtgardRecurrence, AtgardRecurrence.atgard_id == Atgard.id)
            .where(self.reported(self.start), Atgard.done_on.between(self.year_start, self.end))
            .group_by(Atgard.kind, CATEGORY, RECEIVER, Atgard.done_on)
        )  # fmt: skip

    def standing(self, today: date) -> AnyRow:
        late = and_(Avvikelse.due_on < today, Avvikelse.paused_since.is_(None))
        first_on = (
            select(func.min(_its_group.reported_on)).where(_its_group.group_id == self.group_id).scalar_subquery()
        )
        return (
            select(func.count(), func.count(case((late, 1))), func.min(case((late, Avvikelse.due_on))), first_on)
            .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
            .where(self.reported(self.start), Avvikelse.status.in_(WAITS_FOR_ANSWER))
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


def questions(group_id: int) -> Select[GroupQuestion]:
    """Those that wait for the group. Only words that have been approved."""
    return (
        select(GroupQuestion)
        .where(
            GroupQuestion.group_id == group_id,
            GroupQuestion.approved_at.is_not(None),
            GroupQuestion.status == GroupQuestionStatus.OPEN,
        )
        .order_by(GroupQuestion.raised_at, GroupQuestion.id)
    )


def open_decisions(group_id: int) -> AnyRow:
    """Decisions that are not carried out, with the question that they answer."""
    asked = select(func.min(GroupQuestion.text)).where(GroupQuestion.decision_id == GroupDecision.id).scalar_subquery()
    return select(
        GroupDecision.ref,
        asked,
        GroupDecision.text,
        GroupDecision.owner,
        GroupDecision.due_on,
        GroupDecision.carried,
        GroupDecision.gap_outcome,
    ).where(GroupDecision.group_id == group_id, GroupDecision.status == DecisionStatus.OPEN)


def themes(group_id: int) -> AnyRow:
    """The group's problem types, with the category and receiver of the pattern that each was confirmed from."""
    return select(ProblemType.id, ProblemType.name, ProblemType.category, ProblemType.receiver_kind).where(
        ProblemType.group_id == group_id
    )


def passage_actions(group_id: int) -> CompoundSelect[Any]:
    """What the group has decided and planned about its themes of a passage: theirs, the text, how it stands."""
    of_theme = (ProblemType.category, ProblemType.sender_kind, ProblemType.receiver_kind)
    mine = and_(ProblemType.group_id == group_id, ProblemType.category.in_(PASSAGES))
    decided = (
        select(*of_theme, literal(DECISION).label("kind"), GroupDecision.text, cast(GroupDecision.status, String))
        .join(GroupDecision, GroupDecision.problem_type_id == ProblemType.id)
        .where(mine, GroupDecision.status != DecisionStatus.CLOSED)
    )
    planned = (
        select(*of_theme, literal(ACTIVITY).label("kind"), PlanActivity.text, cast(PlanActivity.status, String))
        .join(PlanActivity, PlanActivity.problem_type_id == ProblemType.id)
        .where(mine, PlanActivity.status != ActivityStatus.CANCELLED)
    )
    return union_all(decided, planned)


def seated_kinds(pack_id: int, today: date) -> Select[str | None]:
    """The kinds of units that have a place in some active group of the län."""
    return (
        select(GroupSeat.unit_kind)
        .join(Samverkansgrupp, Samverkansgrupp.id == GroupSeat.group_id)
        .where(
            Samverkansgrupp.pack_id == pack_id,
            Samverkansgrupp.active,
            GroupSeat.unit_kind.is_not(None),
            or_(GroupSeat.ended_on.is_(None), GroupSeat.ended_on >= today),
        )
        .distinct()
    )


def kinds(pack_id: int, kommuner: frozenset[str], today: date) -> AnyRow:
    """Kinds of units that serve the area today, and since when the oldest of each does."""
    return (
        select(Enhet.kind, func.min(func.coalesce(Enhet.active_from, LONG_AGO)))
        .join(EnhetKommun, EnhetKommun.enhet_id == Enhet.id)
        .where(
            Enhet.pack_id == pack_id,
            EnhetKommun.kommunkod.in_(kommuner),
            or_(Enhet.active_from.is_(None), Enhet.active_from <= today),
            or_(Enhet.active_to.is_(None), Enhet.active_to >= today),
        )
        .group_by(Enhet.kind)
    )


def points(pack_id: int) -> AnyRow:
    """The points of the län's avtal."""
    return (
        select(Avtalspunkt.id, Avtal.name, Avtalspunkt.number, Avtalspunkt.text)
        .join(Avtal, Avtal.id == Avtalspunkt.avtal_id)
        .where(Avtal.pack_id == pack_id)
    )
