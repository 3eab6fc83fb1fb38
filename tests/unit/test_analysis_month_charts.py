"""The drawn series of a month: which are drawn, what they leave out, what their sentence says, when a level is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.analysis.month import month_content
from avvikelse.analysis.month_charts import TOTALS, WAITS, charts, level_obstacle, line
from avvikelse.analysis.month_content import Chart, Sign
from avvikelse.analysis.month_facts import EarlierCount, MonthFacts, RecentCase, Standing, Wait
from avvikelse.domain.months import shift
from tests.unit.test_analysis_month import CELL, EMPTY, NAMES

MONTHS = EMPTY.months


def with_counts(counts: Sequence[int], **changes) -> MonthFacts:
    """Cases in the last months of the window, oldest first; the group's first case is that of the first count."""
    months = MONTHS[-len(counts) :]
    earlier = tuple(EarlierCount(m, CELL, n) for m, n in zip(months[:-3], counts[:-3], strict=True))
    recent = tuple(
        RecentCase(CELL, month, n) for month, count in zip(months[-3:], counts[-3:], strict=True) for n in range(count)
    )
    first = date.fromisoformat(f"{months[0]}-03")
    return replace(EMPTY, earlier=earlier, recent=recent, standing=Standing(first_on=first), **changes)


def drawn(facts: MonthFacts, key: str = TOTALS) -> Chart:
    return next(chart for chart in charts(facts, NAMES, ()) if chart.key == key)


def test_twelve_months_are_a_table_and_thirteen_a_chart() -> None:
    assert charts(with_counts([6] * 12), NAMES, ()) == ()
    assert [chart.key for chart in charts(with_counts([6] * 13), NAMES, ())] == [TOTALS]


def test_few_reports_are_a_table() -> None:
    assert charts(with_counts([4] * 20), NAMES, ()) == ()
    assert charts(with_counts([5] * 20), NAMES, ()) != ()


@pytest.mark.parametrize(
    ("months", "there"), [(5, False), (6, True), (12, True), (13, False)], ids=["five", "six", "twelve", "thirteen"]
)
def test_a_first_year_has_a_line_beside_its_table(months: int, there: bool) -> None:
    content = month_content(with_counts([6] * months), NAMES)
    assert (content.line is not None) is there
    assert content.chart is (months == 13)


def test_a_line_has_its_median_and_no_limits() -> None:
    chart = line(with_counts([9, 5, 6, 8, 7, 30]), NAMES)
    assert chart is not None
    assert chart.median == 7.5
    assert (chart.levels, chart.sign) == ((), Sign.FEW)
    assert {point.sign for point in chart.points} == {Sign.USUAL}  # thirty is not called unusual
    assert (
        chart.reading == "30 i oktober. Medianen för sex månader är 7,5: minst hälften av dem har så många eller färre."
    )


def test_a_month_that_is_not_over_and_july_are_not_in_the_median() -> None:
    chart = line(with_counts([9, 5, 6, 8, 1, 7, 30, 1], elapsed=0.5, school_free=frozenset({7})), NAMES)
    assert chart is not None
    hollow = [point.month[5:] for point in chart.points if point.left_out]
    assert (hollow, chart.median) == (["07", "10"], 7.5)
    assert chart.reading.startswith("30 i september.")
    assert line(with_counts([9, 5, 6, 8, 7, 30], elapsed=0.5), NAMES) is None  # five that are over


def test_few_reports_have_no_line_either() -> None:
    assert line(with_counts([4] * 8), NAMES) is None
    assert line(with_counts([5] * 8), NAMES) is not None


def test_a_group_is_not_compared_with_the_months_before_it_existed() -> None:
    assert len(drawn(with_counts([8, 6] * 8)).points) == 16


def test_usual_variation_says_so_with_the_numbers_of_the_drawing() -> None:
    chart = drawn(with_counts([8, 6, 9, 7] * 4))
    level = chart.levels[0]
    assert chart.sign is Sign.USUAL
    assert chart.reading == (
        f"7 i oktober. Mellan {round(max(0.0, level.lower))} och {round(level.upper)} är vanlig variation; "
        "skillnaden mellan två månader säger sällan något i sig."
    )


def test_more_reports_are_unlike_before_and_never_worse() -> None:
    chart = drawn(with_counts([8, 6, 9, 7] * 4 + [30]))
    assert (chart.sign, chart.points[-1].sign) == (Sign.SHIFTED, Sign.SHIFTED)
    assert chart.reading == "30 i oktober. Det är mer än den vanliga variationen förklarar."
    assert month_content(with_counts([8, 6, 9, 7] * 4 + [30]), NAMES).headlines[0].sign in {Sign.RISING, Sign.SHIFTED}


def test_july_and_the_month_that_runs_are_hollow_and_make_no_limits() -> None:
    full = with_counts([8, 6, 9, 7] * 5, school_free=frozenset({7}))
    low = list([8, 6, 9, 7] * 5)
    months = MONTHS[-20:]
    for place, month in enumerate(months):
        if month.endswith("-07"):
            low[place] = 0
    summer = drawn(with_counts(low, school_free=frozenset({7})))
    assert summer.levels == drawn(full).levels
    assert [point.month for point in summer.points if point.left_out] == [m for m in months if m.endswith("-07")]
    running = drawn(with_counts([8, 6, 9, 7] * 5, elapsed=0.3))
    assert running.points[-1].left_out
    assert "i september" in running.reading


def waits(per_month: Sequence[tuple[int, int, int]]) -> tuple[Wait, ...]:
    """(days, answered, still waiting) per month of the window's end."""
    months = MONTHS[-len(per_month) :]
    return tuple(
        Wait(month, days, answered=n < answered)
        for month, (days, answered, waiting) in zip(months, per_month, strict=True)
        for n in range(answered + waiting)
    )


def test_days_to_an_answer_count_those_who_still_wait() -> None:
    facts = with_counts([6] * 16, waits=waits([(30, 5, 1)] * 15 + [(30, 2, 4)]))
    chart = drawn(facts, WAITS)
    assert chart.points[0].value == 30
    assert chart.points[-1].value is None  # fewer than half have an answer: nothing is claimed
    assert chart.reading.startswith("30 dagar för rapporterna i september.")


def test_a_median_of_four_reports_is_not_told() -> None:
    facts = with_counts([6] * 16, waits=waits([(30, 4, 0)] * 16))
    assert WAITS not in {chart.key for chart in charts(facts, NAMES, ())}


def quicker() -> MonthFacts:
    slow = [(50, 6, 0), (54, 6, 0)] * 5
    quick = [(30, 6, 0), (33, 6, 0)] * 4
    return with_counts([6] * 18, waits=waits([*slow, *quick]))


def test_quicker_answers_show_and_may_become_a_new_level() -> None:
    facts = quicker()
    start = MONTHS[-8]
    assert drawn(facts, WAITS).sign is Sign.FALLING
    assert level_obstacle(facts, WAITS, start) is None
    level = replace(facts, new_levels={WAITS: {start: "Ny rutin"}})
    chart = drawn(level, WAITS)
    assert chart.sign is Sign.BETTER
    assert [(one.first, one.last) for one in chart.levels] == [(0, 9), (10, 17)]
    assert [(marker.month, marker.label) for marker in chart.markers] == [(start, "Ny rutin")]
    assert level_obstacle(level, WAITS, start) == "Där börjar redan en ny nivå."


def test_a_new_level_needs_seven_months_and_a_sign() -> None:
    assert "sju månader" in (level_obstacle(quicker(), WAITS, MONTHS[-6]) or "")
    assert "vanliga variationen" in (level_obstacle(with_counts([8, 6, 9, 7] * 4), TOTALS, MONTHS[-8]) or "")
    assert level_obstacle(quicker(), WAITS, shift(MONTHS[0], -1)) is not None
    assert level_obstacle(quicker(), "annat", MONTHS[-8]) is not None


def test_the_lines_of_a_tracked_problem_stay_at_the_months_before_the_measure() -> None:
    counts = [8, 6, 9, 7] * 3 + [8, 3, 2, 3, 2]
    facts = with_counts(counts)
    done = MONTHS[-4]
    chart = next(c for c in charts(facts, NAMES, (("Å1", ("A1", "bup"), done),)) if c.key not in {TOTALS, WAITS})
    assert chart.title == "Kallad part uteblev, gäller BUP"
    assert [(m.month, m.label) for m in chart.markers] == [(done, "Å1")]
    assert chart.points[-1].sign is Sign.FALLING
    assert chart.levels[0].mean == sum(counts[:13]) / 13


@given(st.lists(st.integers(0, 40), min_size=3, max_size=24))
def test_every_series_can_be_read(counts: list[int]) -> None:
    """Whatever came: no chart is without values and limits, and each has a sentence."""
    for chart in charts(with_counts(counts), NAMES, ()):
        assert chart.reading
        assert all(level.lower <= level.mean <= level.upper for level in chart.levels)
        assert len(chart.points) == len(counts)
