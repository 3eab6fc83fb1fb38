"""Swedish working days and local days, also when the clock is turned (R8)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.domain.workdays import (
    STOCKHOLM,
    add_workdays,
    end_of_day,
    holidays_of,
    is_workday,
    local_date,
    start_of_day,
    workdays_between,
)

days = st.dates(date(2015, 1, 1), date(2045, 12, 31))
FREE_2026 = (
    """2026-01-01 2026-01-06 2026-04-03 2026-04-06 2026-05-01 2026-05-14 2026-06-19 2026-12-24 2026-12-25 2026-12-31"""
)


def test_the_free_weekdays_of_2026():
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [str(day) for day in year if day.weekday() < 5 and not is_workday(day)] == FREE_2026.split()
    assert sum(map(is_workday, year)) == 251


@pytest.mark.parametrize("year", range(2020, 2036))
def test_the_eves_are_free_and_the_days_around_easter_too(year):
    assert not any(is_workday(date(year, 12, day)) for day in (24, 25, 26, 31))
    fridays = [date(year, 6, day) for day in range(19, 26) if date(year, 6, day).weekday() == 4]
    assert len(fridays) == 1
    assert not is_workday(fridays[0])
    assert date(year, 6, 6) in holidays_of(year)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-03-11", 0, "2026-03-11"),
        ("2026-03-11", 3, "2026-03-16"),  # over a weekend
        ("2026-03-14", 1, "2026-03-16"),  # from a Saturday
        ("2026-04-01", 3, "2026-04-08"),  # over Easter
        ("2026-06-18", 1, "2026-06-22"),  # over midsommar
        ("2026-12-23", 5, "2027-01-05"),  # over Christmas and New Year
        ("2027-01-05", 1, "2027-01-07"),  # over trettondagen
    ],
)
def test_working_days_after_a_day(start, count, end):
    assert add_workdays(date.fromisoformat(start), count) == date.fromisoformat(end)


def test_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forwards"):
        add_workdays(date(2026, 3, 11), -1)


@given(days, st.integers(1, 80))
def test_adding_and_counting_agree(day, count):
    end = add_workdays(day, count)
    assert is_workday(end)
    assert workdays_between(day, end) == count
    assert workdays_between(end, day) == -count
    assert workdays_between(day, end - timedelta(days=1)) == count - 1


@given(days, st.integers(0, 30), st.integers(0, 30))
def test_adding_in_two_steps_is_adding_at_once(day, first, second):
    assert add_workdays(add_workdays(day, first), second) == add_workdays(day, first + second)


@given(days, st.integers(0, 400))
def test_counting_is_the_sum_of_its_days(day, length):
    assert workdays_between(day, day + timedelta(days=length)) == sum(
        is_workday(day + timedelta(days=n + 1)) for n in range(length)
    )


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 31, 22, 59, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), date(2026, 8, 1)),  # summer time
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), date(2026, 3, 29)),  # the hour that does not exist
    ],
)
def test_the_local_day(moment, day):
    assert local_date(moment) == day


def test_a_naive_moment_has_no_day():
    with pytest.raises(ValueError, match="naive"):
        local_date(datetime(2026, 1, 1))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-03-30", 24)])
def test_days_with_a_change_of_clock(day, hours):
    moment = date.fromisoformat(day)
    assert end_of_day(moment) - start_of_day(moment) == timedelta(hours=hours)


@given(days)
def test_a_day_ends_where_the_next_begins(day):
    end = end_of_day(day)
    assert end.tzinfo is UTC
    assert end == start_of_day(day + timedelta(days=1))
    assert local_date(end - timedelta(microseconds=1)) == day
    assert local_date(end) == day + timedelta(days=1)
    assert end.astimezone(STOCKHOLM).hour == 0
