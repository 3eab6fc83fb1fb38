"""Swedish working days and local dates. Open when a deadline falls on the wrong day.

Holidays come from the `holidays` library (Sweden); the eves that nobody works on are added. Nothing is fetched.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SATURDAY = 5
_FRIDAY = 4


def local_date(moment: datetime) -> date:
    """The day in Sweden at an aware moment. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(STOCKHOLM).date()


def end_of_day(day: date) -> datetime:
    """The first moment after `day` in Sweden, as UTC; also right on days with 23 or 25 hours."""
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM).astimezone(UTC)


@cache
def _days_off(year: int) -> frozenset[date]:
    official = holidays.country_holidays("SE", years=year, include_sundays=False)  # type: ignore[attr-defined]
    midsummer_eve = next(date(year, 6, day) for day in range(19, 26) if date(year, 6, day).weekday() == _FRIDAY)
    eves = {midsummer_eve, date(year, 12, 24), date(year, 12, 31)}
    return frozenset(official.keys()) | eves


def is_workday(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _days_off(day.year)


def add_workdays(day: date, count: int) -> date:
    """The `count`-th working day after `day` (0 = `day` itself, also on a holiday). Raises ValueError for a negative count."""
    if count < 0:
        raise ValueError("count must not be negative")
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def workdays_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; 0 when `end` is not later."""
    return sum(is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
