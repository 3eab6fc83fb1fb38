"""The ladder: its table, and that each step is taken once, on the right day, whatever days the job is away."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avvikelse.domain.deadlines import CLOCKS, SHORTER, ClockId, Unit, Wait, due_on
from avvikelse.domain.escalation import LADDER, NEVER_TO_A_GROUP, Deed, Rung, Target, day_of, next_step
from avvikelse.domain.notices import Notice
from avvikelse.domain.running import Running
from avvikelse.domain.workdays import STOCKHOLM, is_workday, local_date
from avvikelse.services.ladder import DAY_BEGINS, day_of_work

days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
clocks = st.sampled_from(list(LADDER))
ONE_DAY = timedelta(days=1)
HORIZON = 120


def clock_of(clock: ClockId, start: date, waits: tuple[Wait, ...] = ()) -> Running:
    if clock in {ClockId.ATGARD, ClockId.GRUPPBESLUT, ClockId.ATAGANDE, ClockId.KOSTNAD}:  # each has a day of its own
        return Running(clock, start, start + timedelta(days=40), "a1")
    return Running(clock, start, due_on(clock, start, waits=waits))


def walked(running: Running, mornings: list[date], waits: tuple[Wait, ...] = ()) -> dict[str, date]:
    """What the job takes when it looks on these mornings: step → day."""
    taken: dict[str, date] = {}
    for today in mornings:
        while (step := next_step(running, taken, today, waits)) is not None and step.on <= today:
            assert step.name not in taken
            taken[step.name] = today
    return taken


def every_day(running: Running) -> list[date]:
    span = (running.due_on - running.started_on).days + HORIZON
    return [running.started_on + timedelta(days=n) for n in range(span)]


def once(clock: ClockId) -> list[Rung]:
    return [rung for rung in LADDER[clock] if not rung.again]


# --- the table


def test_every_clock_has_a_ladder_or_a_reason_for_none() -> None:
    at_once, only_a_limit = {ClockId.KVITTENS}, set(SHORTER.values())
    assert set(LADDER) == set(ClockId) - at_once - only_a_limit


@pytest.mark.parametrize("clock", LADDER)
def test_a_ladder_reads_from_the_top(clock: ClockId) -> None:
    rungs = LADDER[clock]
    assert [rung.days for rung in rungs] == sorted(rung.days for rung in rungs)
    assert len({rung.code for rung in rungs}) == len(rungs)
    assert all(not rung.again for rung in rungs[:-1])
    for rung in rungs:
        says = {Deed.REMIND, Deed.TELL, Deed.STEP_IN}
        assert (rung.notice is not None) == (rung.deed in says), rung
        closes = {Deed.CLOSE_CASE, Deed.CLOSE_QUESTION, Deed.CLOSE_GOOD, Deed.SEND_ANSWER}
        assert (rung.to is Target.NOBODY) == (rung.deed in closes)


def test_a_childs_safety_never_goes_to_a_group() -> None:
    groups = {Target.GROUP, Target.GROUP_ABOVE, Target.CONVENOR}
    assert ClockId.ALLVARLIG in NEVER_TO_A_GROUP
    assert not [rung for clock in NEVER_TO_A_GROUP for rung in LADDER[clock] if rung.to in groups]


def test_what_goes_to_a_group_names_no_case() -> None:
    groups = {Target.GROUP, Target.GROUP_ABOVE, Target.CONVENOR}
    notices = [rung.notice for rungs in LADDER.values() for rung in rungs if rung.to in groups and rung.notice]
    assert notices
    assert not [notice for notice in notices if "{" in notice.subject + notice.path]


def test_every_message_of_the_ladder_is_used_and_every_reminder_stands_there() -> None:
    used = {n for rungs in LADDER.values() for rung in rungs for n in (rung.notice, rung.owner_hears)}
    ladder_like = {n for n in Notice if n.value.startswith(("soon_", "remind_", "late_", "step_in_"))}
    assert ladder_like <= used


# --- every day, and with gaps


@settings(deadline=None, max_examples=60)
@given(clocks, days)
def test_each_step_is_taken_once_on_its_day(clock: ClockId, start: date) -> None:
    running = clock_of(clock, start)
    taken = walked(running, every_day(running))
    for rung in once(clock):
        on = day_of(rung, running)
        if rung.days < 0 and on <= running.started_on:
            assert rung.code not in taken  # a limit so short that there is no day before
        else:
            assert taken[rung.code] == on
    assert max(Counter(taken.values()).values(), default=0) <= 1


@settings(deadline=None, max_examples=60)
@given(clocks, days)
def test_people_hear_from_us_on_working_days(clock: ClockId, start: date) -> None:
    running = clock_of(clock, start)
    for name, on in walked(running, every_day(running)).items():
        closes = any(rung.code == name and rung.to is Target.NOBODY for rung in LADDER[clock])
        assert closes or is_workday(on)


@settings(deadline=None, max_examples=60)
@given(clocks, days)
def test_before_is_before_and_after_is_after(clock: ClockId, start: date) -> None:
    running = clock_of(clock, start)
    for rung in LADDER[clock]:
        on = day_of(rung, running)
        assert on <= running.due_on if rung.days < 0 else on >= running.due_on
        assert rung.days <= 0 or on > running.due_on
        if CLOCKS[clock].limit.unit is Unit.DAYS and rung.to is Target.NOBODY:
            assert (on - running.due_on).days == rung.days


@settings(deadline=None, max_examples=60)
@given(clocks, days, st.sets(st.integers(0, HORIZON + 200), max_size=150))
def test_who_comes_late_misses_nothing_and_says_nothing_stale(clock: ClockId, start: date, away: set[int]) -> None:
    running = clock_of(clock, start)
    mornings = [day for n, day in enumerate(every_day(running)) if n not in away]
    mornings += [running.due_on + timedelta(days=HORIZON + 200 + n) for n in range(len(LADDER[clock]) + 1)]
    taken = walked(running, mornings)
    for rung in once(clock):
        if rung.days >= 0:
            assert taken[rung.code] >= day_of(rung, running)
        elif rung.code in taken:
            assert taken[rung.code] <= running.due_on
    assert max(Counter(taken.values()).values(), default=0) <= 1
    order = [name for name in taken if "#" not in name]
    assert order == [rung.code for rung in LADDER[clock] if rung.code in taken]


@settings(deadline=None, max_examples=60)
@given(days, st.integers(10, 70))
def test_what_repeats_repeats_at_its_distance(start: date, length: int) -> None:
    running = clock_of(ClockId.TRIAGE, start)
    end = running.due_on + timedelta(days=length)
    taken = walked(running, [day for day in every_day(running) if day <= end])
    weekly = sorted(on for name, on in taken.items() if name.startswith("+3:office"))
    assert all(is_workday(on) for on in weekly)
    assert len(set(weekly)) == len(weekly)


@settings(deadline=None, max_examples=60)
@given(clocks, days, st.integers(1, 60), st.integers(-20, 90))
def test_nobody_hears_from_us_during_a_lov(clock: ClockId, start: date, length: int, offset: int) -> None:
    first = start + timedelta(days=offset)
    wait = Wait(first, first + timedelta(days=length - 1))
    running = clock_of(clock, start, (wait,))
    for rung in LADDER[clock]:
        if rung.days > 0 and rung.to is not Target.NOBODY:
            assert not wait.covers(day_of(rung, running, (wait,)))


# --- the nights when the clocks change


@pytest.mark.parametrize("changes_on", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_every_day_begins_once_also_when_the_clocks_change(changes_on: date) -> None:
    start = datetime(changes_on.year, changes_on.month, changes_on.day, tzinfo=STOCKHOLM).astimezone(UTC) - ONE_DAY
    moments = [start + n * timedelta(minutes=10) for n in range(6 * 72)]
    seen = [day_of_work(moment) for moment in moments]
    assert seen == sorted(seen)
    assert changes_on in seen
    for day in dict.fromkeys(seen[1:]):
        first = moments[seen.index(day)]
        assert first == moments[0] or first.astimezone(STOCKHOLM).time() == DAY_BEGINS
    assert all(local_date(moment) - day in (timedelta(0), ONE_DAY) for moment, day in zip(moments, seen, strict=True))


@pytest.mark.parametrize(
    ("clock", "start", "due", "steps"),
    [
        # Midsommar: the eve is Friday the 19th
        ("mottagen", "2026-06-12", "2026-06-22", {"-1:owner": "2026-06-18", "+1:substitute": "2026-06-23"}),
        # Easter: Good Friday the 3rd, Easter Monday the 6th of April
        ("mottagen", "2026-03-26", "2026-04-02", {"-1:owner": "2026-04-01", "+1:substitute": "2026-04-07"}),
        # jul: from the 23rd of December nothing until the 28th
        ("mottagen", "2026-12-16", "2026-12-23", {"-1:owner": "2026-12-22", "+1:substitute": "2026-12-28"}),
        ("svar", "2026-10-25", "2026-12-24", {"-10:owner": "2026-12-14", "+1:above": "2026-12-28"}),
        # over the night when the clocks go forward
        ("svar", "2026-01-28", "2026-03-29", {"-10:owner": "2026-03-19", "+1:above": "2026-03-30"}),
    ],
)
def test_holidays_move_the_steps(clock: str, start: str, due: str, steps: dict[str, str]) -> None:
    running = clock_of(ClockId(clock), date.fromisoformat(start))
    assert running.due_on == date.fromisoformat(due)
    taken = walked(running, every_day(running))
    assert {name: taken[name].isoformat() for name in steps} == steps
