"""The clock table: which clock runs, until when, and what moves it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.domain.deadlines import (
    CLOCKS,
    DEFAULTS,
    ClockId,
    Limit,
    Limits,
    Unit,
    Wait,
    clocks_of,
    current_clock,
    due_on,
    is_late,
)
from avvikelse.domain.vocabulary import OPEN_STATUSES, Status
from avvikelse.domain.workdays import is_workday, workdays_between

WEDNESDAY = date(2026, 3, 11)
days = st.dates(date(2024, 1, 1), date(2035, 12, 31))
C = ClockId


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        (C.KVITTENS, "2026-03-11"),
        (C.TRIAGE, "2026-03-16"),
        (C.TRIAGE_ALLVARLIG, "2026-03-12"),
        (C.MOTTAGEN, "2026-03-18"),
        (C.FORSTA_SVAR, "2026-04-10"),
        (C.FORSTA_SVAR_FAMILJ, "2026-03-25"),
        (C.SVAR, "2026-05-10"),
        (C.SVAR_IGEN, "2026-04-10"),
        (C.GEMENSAMT_TYST, "2026-03-18"),
        (C.GEMENSAMT, "2026-04-01"),
        (C.GODKANNANDE, "2026-03-16"),
        (C.GRUPP, "2026-05-10"),
        (C.PUBLICERING, "2026-03-18"),
        (C.BETYG, "2026-04-10"),
        (C.FRAGA_PAMINNELSE, "2026-03-18"),
        (C.FRAGA, "2026-04-10"),
        (C.ATGARD, "2026-03-11"),
        (C.ATAGANDE, "2026-03-11"),
        (C.KOSTNAD, "2026-03-11"),
        (C.EFFEKT, "2026-06-09"),
        (C.EFFEKT_IGEN, "2026-09-07"),
        (C.ALLVARLIG, "2026-03-13"),
    ],
)
def test_the_default_limits(clock, due):
    assert due_on(clock, WEDNESDAY) == date.fromisoformat(due)


def test_the_table_is_complete():
    assert set(CLOCKS) == set(ClockId)


@pytest.mark.parametrize("status", Status)
def test_the_shown_clock_is_one_that_runs(status):
    for given_already in (False, True):
        shown = current_clock(status, first_answer_given=given_already)
        assert (shown is not None) == (status in OPEN_STATUSES)
        assert shown is None or shown in clocks_of(status)


def test_work_shows_the_answer_that_the_reporter_waits_for():
    assert current_clock(Status.IN_PROGRESS) is C.FORSTA_SVAR
    assert current_clock(Status.IN_PROGRESS, first_answer_given=True) is C.SVAR
    assert current_clock(Status.IN_PROGRESS, first_answer_given=True, again=True) is C.SVAR_IGEN
    assert current_clock(Status.IN_PROGRESS, first_answer_given=True, again=True, good=True) is C.GOTT_EXEMPEL
    assert clocks_of(Status.ASSIGNED) == (C.MOTTAGEN, C.FORSTA_SVAR, C.FORSTA_SVAR_FAMILJ, C.SVAR, C.GOTT_EXEMPEL)
    assert clocks_of(Status.CLOSED) == ()


def test_a_lan_changes_the_clocks_of_the_table_and_nothing_else():
    rows = [
        ("mottagen", 2, "arbetsdagar"),
        ("gemensamt", 30, "dagar"),
        ("sip-start", 0, "skyndsamt"),
        ("bup-nybesok", 30, "dagar"),
    ]
    limits = Limits.from_rows([*rows, ("triage", 3, "skyndsamt"), ("svar", -1, "dagar")])
    assert limits.own == {C.MOTTAGEN: Limit(2, Unit.WORKDAYS), C.GEMENSAMT: Limit(30, Unit.DAYS)}
    assert due_on(C.MOTTAGEN, WEDNESDAY, limits) == date(2026, 3, 13)
    assert due_on(C.GEMENSAMT, WEDNESDAY, limits) == date(2026, 4, 10)
    assert limits.of(C.SVAR) == DEFAULTS.of(C.SVAR)


def test_a_limit_of_no_days_is_a_limit():
    assert due_on(C.BETYG, WEDNESDAY, Limits.from_rows([("betyg", 0, "dagar")])) == WEDNESDAY


def test_some_get_their_answer_sooner_and_never_later():
    assert due_on(C.FORSTA_SVAR, WEDNESDAY, shorter=True) == date(2026, 3, 25)
    assert due_on(C.TRIAGE, WEDNESDAY, shorter=True) == date(2026, 3, 12)
    assert due_on(C.SVAR, WEDNESDAY, shorter=True) == due_on(C.SVAR, WEDNESDAY)
    quick = Limits.from_rows([("forsta_svar", 5, "dagar")])
    assert due_on(C.FORSTA_SVAR, WEDNESDAY, quick, shorter=True) == date(2026, 3, 16)
    generous = Limits.from_rows([("forsta_svar_familj", 20, "dagar")])
    assert due_on(C.FORSTA_SVAR, WEDNESDAY, generous, shorter=True) == date(2026, 3, 31)


def test_what_has_started_keeps_its_limit():
    limits = Limits.from_rows([("svar", 60, "dagar")], [("svar", date(2026, 4, 1), 30, "dagar")])
    assert due_on(C.SVAR, date(2026, 3, 31), limits) == date(2026, 5, 30)
    assert due_on(C.SVAR, date(2026, 4, 1), limits) == date(2026, 5, 1)
    assert limits.of(C.SVAR) == Limit(30, Unit.DAYS)
    assert limits.of(C.SVAR, date(2026, 3, 1)) == Limit(60, Unit.DAYS)


def test_days_of_lov_do_not_count():
    summer = (Wait(date(2026, 6, 15), date(2026, 8, 17)),)
    assert due_on(C.MOTTAGEN, date(2026, 6, 11), waits=summer) == date(2026, 8, 21)
    assert due_on(C.SVAR, date(2026, 6, 1), waits=summer) == date(2026, 10, 3)
    assert due_on(C.SVAR, date(2026, 9, 1), waits=summer) == due_on(C.SVAR, date(2026, 9, 1))


@given(st.sampled_from(ClockId), days, st.integers(1, 90), st.integers(0, 120), st.integers(0, 30))
def test_a_lov_moves_the_day_by_at_most_its_length_and_never_ends_inside(clock, start, length, offset, paused):
    first = start + timedelta(days=offset)
    wait = Wait(first, first + timedelta(days=length - 1))
    plain, moved = due_on(clock, start, paused_days=paused), due_on(clock, start, paused_days=paused, waits=(wait,))
    assert plain <= moved
    assert not wait.covers(moved) or moved == start
    if CLOCKS[clock].limit.unit is Unit.DAYS:
        assert moved <= plain + timedelta(days=length)


@given(st.sampled_from(ClockId), days, st.integers(0, 60))
def test_a_pause_moves_the_day_by_as_many_days(clock, start, paused):
    due, moved = due_on(clock, start), due_on(clock, start, paused_days=paused)
    assert moved >= due + timedelta(days=paused)
    assert moved - due - timedelta(days=paused) < timedelta(days=6)
    if CLOCKS[clock].limit.unit is Unit.DAYS:
        assert moved == due + timedelta(days=paused)
    elif CLOCKS[clock].limit.value:
        assert is_workday(moved)


@given(days, st.integers(1, 60), st.sampled_from(Unit))
def test_a_limit_ends_after_as_many_days(start, value, unit):
    end = Limit(value, unit).after(start)
    assert (workdays_between(start, end) if unit is Unit.WORKDAYS else (end - start).days) == value


def test_the_due_day_itself_is_in_time():
    assert not is_late(WEDNESDAY, WEDNESDAY)
    assert is_late(WEDNESDAY, WEDNESDAY + timedelta(days=1))
    assert not is_late(None, WEDNESDAY)
