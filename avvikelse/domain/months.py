"""A month as text, "2026-10": neighbours, first and last day, and when its numbers are fixed."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from avvikelse.domain.swedish_dates import MONTHS

DAYS_UNTIL_FROZEN = 5  # after the month's last day: late registrations of the month's last days have come in


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def first_day(month: str) -> date:
    """Raises ValueError unless `month` is YYYY-MM."""
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    first = first_day(month)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def shift(month: str, count: int) -> str:
    """The month `count` later (earlier when negative)."""
    first = first_day(month)
    index = first.year * 12 + first.month - 1 + count
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def freezes_on(month: str) -> date:
    """From this day the month is fixed: its cut-off (the last day) and DAYS_UNTIL_FROZEN more."""
    return last_day(month) + timedelta(days=DAYS_UNTIL_FROZEN)


def elapsed(month: str, today: date) -> float:
    """How much of the month has gone, `today` counted: 0..1."""
    last = last_day(month)
    return min(max((today - first_day(month)).days + 1, 0), last.day) / last.day


def name_alone(month: str) -> str:
    """ "2026-10" → "oktober"."""
    return MONTHS[first_day(month).month - 1]
