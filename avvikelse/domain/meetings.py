"""When does the group meet next? Packs know meeting months only, so the last day of the month is the safe promise."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta

from avvikelse.domain.deadlines import ClockId, Limits, due_on

ON_THE_AGENDA = timedelta(days=14)  # a question that comes later than this before a meeting waits for the next one


def next_meeting_by(meeting_months: Iterable[int], today: date) -> date | None:
    """The last day of the first planned meeting month that is not over on `today`; None without planned months."""
    months = sorted(set(meeting_months))
    if not months:
        return None
    year, month = next(
        ((today.year, m) for m in months if m >= today.month),
        (today.year + 1, months[0]),
    )
    return date(year, month, calendar.monthrange(year, month)[1])


def group_due_on(meeting_months: Iterable[int], since: date, limits: Limits) -> date:
    """By when the group decides: its next planned meeting, but never later than the group clock allows."""
    latest = due_on(ClockId.GRUPP, since, limits)
    planned = next_meeting_by(meeting_months, since + ON_THE_AGENDA)
    return min(planned, latest) if planned else latest
