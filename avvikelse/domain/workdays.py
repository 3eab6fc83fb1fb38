"""Swedish working days and local dates. Open when a deadline falls on the wrong day.

Pure: the calendar is computed, never fetched. Times are stored in UTC; a *day* is a day in Europe/Stockholm.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
# Public holidays, and midsommarafton, julafton and nyårsafton, which are holidays in all but law.
_CATEGORIES = ("public", "de_facto")


@lru_cache(maxsize=64)
def holidays_of(year: int) -> frozenset[date]:
    """The days of the year, beside weekends, on which nobody works."""
    return frozenset(holidays.country_holidays("SE", years=year, categories=_CATEGORIES))


def is_workday(day: date) -> bool:
    """Whether `day` is Monday to Friday and no holiday."""
    return day.weekday() < _SATURDAY and day not in holidays_of(day.year)


def add_workdays(day: date, days: int) -> date:
    """The `days`-th working day after `day` (which itself never counts); `day` when `days` is 0.

    Raises ValueError for a negative number.
    """
    if days < 0:
        raise ValueError("working days are counted forwards")
    while days:
        day += _ONE_DAY
        days -= is_workday(day)
    return day


def workdays_before(day: date, days: int) -> date:
    """The `days`-th working day before `day`; the other way round from `add_workdays`."""
    while days:
        day -= _ONE_DAY
        days -= is_workday(day)
    return day


def workday_from(day: date) -> date:
    """`day`, or the first working day after it."""
    return day if is_workday(day) else add_workdays(day, 1)


def workday_until(day: date) -> date:
    """`day`, or the last working day before it."""
    return day if is_workday(day) else workdays_before(day, 1)


def workdays_between(start: date, end: date) -> int:
    """The number of working days after `start` up to and including `end`; negative when `end` is the earlier one.

    Agrees with `add_workdays`: `workdays_between(d, add_workdays(d, n)) == n`.
    """
    if end < start:
        return -workdays_between(end, start)
    return sum(is_workday(start + timedelta(days=days)) for days in range(1, (end - start).days + 1))


def local_date(moment: datetime) -> date:
    """The day in Sweden at an aware moment. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(STOCKHOLM).date()


def start_of_day(day: date) -> datetime:
    """The UTC moment at which `day` begins in Sweden."""
    return datetime.combine(day, time(), tzinfo=STOCKHOLM).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The UTC moment at which `day` is over in Sweden: what is due on `day` is late from this moment on."""
    return start_of_day(day + _ONE_DAY)
