"""The receipt's code, and moments that are only a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.domain import receipt_code
from avvikelse.domain.whole_days import is_whole_day, when_told, whole_day
from avvikelse.domain.workdays import local_date

moments = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(st.binary(min_size=32, max_size=32))
def test_a_code_is_sixteen_digits_and_reads_back_however_it_is_written(random: bytes) -> None:
    code = receipt_code.from_bytes(random)
    assert len(code) == 16
    shown = receipt_code.grouped(code)
    assert [len(group) for group in shown.split(" ")] == [4, 4, 4, 4]
    for typed in (code, shown, shown.replace(" ", "-"), " " + shown.replace(" ", "\u00a0") + "\n"):
        assert receipt_code.parsed(typed) == code


NO_CODES = ("", "1234 5678 9012 345", "1234 5678 9012 34567", "JH-2026-0042", "١" * 16, "½" * 16)


@pytest.mark.parametrize("typed", NO_CODES)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert receipt_code.parsed(typed) is None


@given(moments)
def test_a_day_is_the_same_local_day_and_never_later_than_the_moment(moment: datetime) -> None:
    day = whole_day(moment)
    assert local_date(day) == local_date(moment)
    assert day <= moment
    assert whole_day(day) == day
    assert is_whole_day(day)


@given(moments.filter(lambda moment: not is_whole_day(moment)))
def test_mails_about_a_day_wait_for_the_morning_and_others_leave_at_once(moment: datetime) -> None:
    assert when_told(moment) == moment
    told = when_told(whole_day(moment))
    assert moment < told <= moment + timedelta(hours=31)
