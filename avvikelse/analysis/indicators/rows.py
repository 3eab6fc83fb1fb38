"""What the indicators are computed of: plain rows, and what is known of them on the cut-off day.

All days are local days. Open when something that happened after the cut-off shows in a number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

DUPLICATE = "dubblett"


@dataclass(frozen=True, slots=True)
class Params:
    """The period (both days included), the cut-off (on or after its end) and the limits of the definitions.

    Raises ValueError when the period ends before it begins or after the cut-off.
    """

    period_start: date
    period_end: date
    cutoff: date
    population_0_17: int
    holidays: frozenset[date] = frozenset()
    ack_working_days: int = 3
    answer_days: int = 30
    feedback_share_day: int = 60
    recurrence_days: int = 90
    min_denominator: int = 5

    def __post_init__(self) -> None:
        if not self.period_start <= self.period_end <= self.cutoff:
            raise ValueError("period_start <= period_end <= cutoff")

    def inside(self, day: date | None) -> bool:
        return day is not None and self.period_start <= day <= self.period_end

    def known(self, day: date | None) -> date | None:
        """The day, or None when it had not come yet on the cut-off."""
        return day if day is not None and day <= self.cutoff else None


@dataclass(frozen=True, slots=True)
class Case:
    """One avvikelse. `holders`: the units that have had it, in order."""

    id: str
    reported_on: date
    receiver: str
    problem_type: str
    withdrawn_on: date | None = None
    withdrawn_reason: str = ""
    acknowledged_on: date | None = None
    answered_on: date | None = None
    feedback_on: date | None = None
    closed_on: date | None = None
    reopened_on: date | None = None
    closed_again_on: date | None = None
    holders: tuple[str, ...] = ()

    @property
    def duplicate(self) -> bool:
        return self.withdrawn_reason == DUPLICATE

    @property
    def closings(self) -> tuple[date, ...]:
        return tuple(day for day in (self.closed_on, self.closed_again_on) if day is not None)

    @property
    def way(self) -> tuple[str, ...]:
        """The holders, one for each unbroken time."""
        return tuple(holder for holder, _ in groupby(self.holders))

    def open_on(self, day: date) -> bool:
        if self.reported_on > day or self.duplicate or (self.withdrawn_on is not None and self.withdrawn_on <= day):
            return False
        if self.reopened_on is not None and self.reopened_on <= day:
            return self.closed_again_on is None or day < self.closed_again_on
        return self.closed_on is None or day < self.closed_on


@dataclass(frozen=True, slots=True)
class Measure:
    """One åtgärd and its follow-up. `effect`: effektiv, delvis, ej effektiv or empty."""

    id: str
    case_id: str
    problem_type: str
    receiver: str
    decided_on: date | None
    followup_due_on: date | None
    followed_up_on: date | None = None
    effect: str = ""


@dataclass(frozen=True, slots=True)
class SipMeeting:
    """One SIP meeting, planned and perhaps held. `person_key` tells persons apart and says nothing of them."""

    id: str
    sip_id: str
    person_key: str
    called_on: date | None
    planned_on: date | None
    held_on: date | None
    parties_called: int = 0
    parties_attended: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of the action plan."""

    id: str
    planned_done_on: date | None
    done_on: date | None = None
    cancelled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The rows as they were known on the cut-off day, in the order of their ids."""

    cases: tuple[Case, ...]
    measures: tuple[Measure, ...]
    meetings: tuple[SipMeeting, ...]
    activities: tuple[Activity, ...]


def known_on_cutoff(
    cases: Iterable[Case],
    measures: Iterable[Measure],
    meetings: Iterable[SipMeeting],
    activities: Iterable[Activity],
    params: Params,
) -> Known:
    """Whatever came after the cut-off is empty, and rows that came after it are not there."""
    at = params.known
    return Known(
        tuple(sorted((_case(c, params) for c in cases if at(c.reported_on)), key=lambda c: c.id)),
        tuple(
            sorted(
                (
                    replace(m, followed_up_on=at(m.followed_up_on), effect=m.effect if at(m.followed_up_on) else "")
                    for m in measures
                    if m.decided_on is None or at(m.decided_on)
                ),
                key=lambda m: m.id,
            )
        ),
        tuple(
            sorted(
                (replace(m, held_on=at(m.held_on)) for m in meetings if m.called_on is None or at(m.called_on)),
                key=lambda m: m.id,
            )
        ),
        tuple(
            sorted(
                (replace(a, done_on=at(a.done_on), cancelled_on=at(a.cancelled_on)) for a in activities),
                key=lambda a: a.id,
            )
        ),
    )


def _case(case: Case, params: Params) -> Case:
    at = params.known
    later = case.withdrawn_on is not None and at(case.withdrawn_on) is None
    return replace(
        case,
        withdrawn_on=at(case.withdrawn_on),
        withdrawn_reason="" if later else case.withdrawn_reason,  # why is known when it has happened
        acknowledged_on=at(case.acknowledged_on),
        answered_on=at(case.answered_on),
        feedback_on=at(case.feedback_on),
        closed_on=at(case.closed_on),
        reopened_on=at(case.reopened_on),
        closed_again_on=at(case.closed_again_on),
    )
