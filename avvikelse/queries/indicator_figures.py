"""A group's mätetal for a period, with its goals. Open when the month or the annual report shows a strange number.

The limits of the definitions are those that were fixed with the year's goals. Cases, measures, activities, SIP and
goals: seven reads, bounded by the period.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from avvikelse.analysis.indicators.figures import indicators
from avvikelse.analysis.indicators.rows import Params
from avvikelse.analysis.month_content import IndicatorRow
from avvikelse.analysis.month_indicators import SIP, indicator_rows
from avvikelse.domain.sip import Half, before, half_name, half_of, last_day
from avvikelse.domain.workdays import holidays_of
from avvikelse.policy.group_reading import GroupFacts, Groups
from avvikelse.queries import action_plan
from avvikelse.queries.goals import goal_year
from avvikelse.queries.group_sip import GroupSip, half_of_group
from avvikelse.queries.indicator_rows import case_rows, measure_rows


def period_rows(
    session: Session,
    groups: Groups,
    group: GroupFacts,
    first: date,
    last: date,
    *,
    today: date,
    sip: tuple[str, GroupSip] | None = None,
) -> tuple[IndicatorRow, ...]:
    """The rows of a page, as far as they are known today. SIP: of the last half-year that was over by then, unless
    `sip` (its period in words, and the numbers) says otherwise.
    """
    goals = goal_year(session, group.id, last.year, today)
    figures = _figures(session, group, first, last, dict(goals.params), today)
    if sip is None:
        half = _ended_half(last)
        sip = half_name(half), half_of_group(session, groups, group, half, today)
    period, counted = sip
    about = {}
    if counted.kommuner:
        figures[SIP] = counted.figure()
        about[SIP] = f"{period}, {counted.who_reported}"
    return indicator_rows(figures, goals.words, about=about, names={row.id: row.name for row in goals.rows})


def _figures(
    session: Session, group: GroupFacts, first: date, last: date, params: dict[str, int], today: date
) -> dict[str, Any]:
    years = {first.year, last.year, today.year}
    limits = Params(
        first, last, max(today, last), population_0_17=0, holidays=frozenset().union(*(holidays_of(y) for y in years)),
        **params,
    )  # fmt: skip
    # What came back after an åtgärd is known up to today, also when the period is over.
    known = max(last, min(today, last + timedelta(days=limits.recurrence_days)))
    return indicators(
        case_rows(session, group.id, first, known),
        measure_rows(session, group.pack_id, group.id, first, last), (),
        action_plan.indicator_rows(session, group.id, first, last), limits,
    )  # fmt: skip


def _ended_half(day: date) -> Half:
    half = half_of(day)
    return half if last_day(half) == day else before(half)
