"""What must hold of every XmR chart, whatever the numbers: shift, scale, mirror, ties, short and constant series."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.analysis.spc.individuals import (
    Assurance,
    Improvement,
    Judgement,
    RebaseObstacle,
    Variation,
    XmrChart,
    rebase_obstacles,
    xmr_chart,
)
from avvikelse.analysis.spc.rules import Rule, TwoOfThree, shift, trend, two_of_three

decimals = st.decimals(min_value=-1000, max_value=1000, places=2, allow_nan=False).map(float)
series = st.lists(decimals, max_size=40)
long_series = st.lists(st.integers(0, 12), min_size=13, max_size=40)
variants = st.sampled_from(TwoOfThree)


def signs(chart: XmrChart) -> list[tuple[Rule | None, int]]:
    return [(point.rule, point.direction) for point in chart.points]


def lines(chart: XmrChart) -> list[float]:
    (segment,) = chart.segments
    return [
        x for x in (segment.mean, segment.lower, segment.upper, segment.near_lower, segment.near_upper) if x is not None
    ]


@given(series, st.decimals(min_value=-500, max_value=500, places=1, allow_nan=False).map(float), variants)
def test_shifted_values_shift_the_lines_and_keep_the_signs(values, by, variant):
    moved = [float(Fraction(str(v)) + Fraction(str(by))) for v in values]
    before, after = xmr_chart(values, two_of_three=variant), xmr_chart(moved, two_of_three=variant)
    assert signs(before) == signs(after)
    if values:
        assert lines(after) == pytest.approx([line + by for line in lines(before)])


@given(series, st.sampled_from([0.1, 0.5, 2, 10, 1000]), variants)
def test_scaled_values_scale_the_lines_and_keep_the_signs(values, factor, variant):
    scaled = [float(Fraction(str(v)) * Fraction(str(factor))) for v in values]
    before, after = xmr_chart(values, two_of_three=variant), xmr_chart(scaled, two_of_three=variant)
    assert signs(before) == signs(after)
    if values:
        assert lines(after) == pytest.approx([line * factor for line in lines(before)])


@given(series, variants)
def test_mirrored_values_mirror_the_signs(values, variant):
    before = xmr_chart(values, two_of_three=variant, improvement=Improvement.INCREASE)
    after = xmr_chart([-v for v in values], two_of_three=variant, improvement=Improvement.DECREASE)
    assert signs(after) == [(rule, -direction) for rule, direction in signs(before)]
    assert [p.judgement for p in after.points] == [p.judgement for p in before.points]


@given(series)
def test_the_direction_turns_concern_into_improvement(values):
    up = xmr_chart(values, improvement=Improvement.INCREASE)
    down = xmr_chart(values, improvement=Improvement.DECREASE)
    other = {Judgement.CONCERN: Judgement.IMPROVEMENT, Judgement.IMPROVEMENT: Judgement.CONCERN}
    assert [p.judgement for p in down.points] == [other.get(p.judgement, p.judgement) for p in up.points]


@given(st.lists(decimals, min_size=2, max_size=40))
def test_a_sign_is_explained_by_its_point(values):
    """Outside means outside, a shift lies on its side of the mean, and precedence goes downwards."""
    chart = xmr_chart(values)
    (segment,) = chart.segments
    for point in chart.points:
        assert point.value is not None
        assert (point.rule is Rule.OUTSIDE) == point.outside
        assert not (point.outside and point.near)
        assert segment.lower is not None
        assert segment.upper is not None
        if point.outside:
            assert point.value >= segment.upper or point.value <= segment.lower
        if point.rule in {Rule.SHIFT, Rule.TWO_OF_THREE, Rule.OUTSIDE}:
            assert point.direction == point.side
        assert (point.rule is None) == (point.direction == 0) == (point.judgement is Judgement.COMMON)


@given(decimals, st.integers(1, 30), st.booleans())
def test_a_constant_series_has_its_mean_as_limits_and_no_sign(value, length, screen):
    chart = xmr_chart([value] * length, screen=screen)
    assert signs(chart) == [(None, 0)] * length
    (segment,) = chart.segments
    assert segment.mean == value
    assert (segment.lower, segment.upper) == ((None, None) if length == 1 else (value, value))


def test_no_points_one_point_two_points():
    empty = xmr_chart([])
    assert (empty.points, empty.segments, empty.variation, empty.assurance) == ((), (), Variation.COMMON, None)
    one = xmr_chart([3], improvement=Improvement.INCREASE, target=2)
    assert (one.segments[0].mean, one.segments[0].upper, one.assurance) == (3.0, None, None)
    two = xmr_chart([3, 5])
    assert (two.segments[0].lower, two.segments[0].mean, two.segments[0].upper) == (-1.32, 4.0, 9.32)
    assert two.segments[0].short


def test_only_missing_values_is_no_chart():
    chart = xmr_chart([None, None])
    assert chart.segments[0].mean is None
    assert chart.variation is Variation.COMMON
    assert chart.latest is None


@given(long_series)
def test_a_missing_month_is_like_no_month_except_for_the_moving_range(values):
    with_gap = xmr_chart([*values[:6], None, *values[6:]])
    kept = [abs(b - a) for part in (values[:6], values[6:]) for a, b in pairwise(part)]
    assert with_gap.segments[0].mean == pytest.approx(sum(values) / len(values))
    assert with_gap.points[6].value is None
    if kept and sum(kept) == 0:
        assert with_gap.segments[0].upper == with_gap.segments[0].mean


@given(long_series, st.integers(0, 12), st.integers(0, 1000))
def test_an_excluded_month_changes_nothing_but_itself(values, place, value):
    """July may be anything: lines and the other points' signs stay as if it were not there."""
    chart = xmr_chart([*values[:place], value, *values[place:]], excluded=[place])
    without = xmr_chart(values)
    assert lines(chart) == lines(without)
    assert [s for i, s in enumerate(signs(chart)) if i != place] == signs(without)
    assert chart.points[place].excluded
    assert chart.points[place].judgement is Judgement.COMMON


@given(st.lists(st.integers(0, 20), min_size=14, max_size=30), st.integers(7, 13))
def test_a_segment_is_a_chart_of_its_own(values, start):
    chart = xmr_chart(values, starts=[start])
    for part, points in ((values[:start], chart.points[:start]), (values[start:], chart.points[start:])):
        alone = xmr_chart(part)
        assert [(p.rule, p.direction) for p in points] == signs(alone)
        assert chart.segments[points[0].segment].upper == alone.segments[0].upper


@given(st.lists(st.integers(0, 20), min_size=14, max_size=30), st.integers(2, 13), st.integers(0, 500))
def test_frozen_limits_do_not_know_what_came_later(values, frozen, later):
    chart = xmr_chart([*values, later], freeze=frozen)
    before = xmr_chart(values[:frozen])
    assert (chart.segments[0].mean, chart.segments[0].upper) == (before.segments[0].mean, before.segments[0].upper)


# --- rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [6, 7, 8])
def test_the_run_length_is_exact(k):
    assert shift([1] * k, k) == [1] * k
    assert shift([1] * (k - 1), k) == [0] * (k - 1)
    assert shift([1] * (k - 1) + [0] + [1], k) == [0] * (k + 1)  # on the mean breaks the run
    rising = [Fraction(n) for n in range(k)]
    assert trend(rising, k) == [1] * k
    assert trend(rising[:-1], k) == [0] * (k - 1)
    assert trend([*rising[:-1], rising[-2]], k) == [0] * k  # a tie breaks it
    values = [8, 12] * 5 + [13] * k + [8, 12] * 3
    assert any(p.rule is Rule.SHIFT for p in xmr_chart(values, k=k).points)
    assert not any(p.rule is Rule.SHIFT for p in xmr_chart(values, k=k + 2).points)


def test_a_point_in_two_trends_takes_the_later_one():
    assert trend([Fraction(v) for v in (0, 1, 2, 3, 2, 1, 0)], 4) == [1, 1, 1, -1, -1, -1, -1]
    # next to each other but not shared: each keeps its own
    assert trend([Fraction(v) for v in (0, 1, 2, 0, 1, 2)], 3) == [1, 1, 1, 1, 1, 1]


def test_two_of_three_needs_all_three_on_one_side_and_flags_those_far_out():
    assert two_of_three([1, 0, 1], [1, 1, 1]) == [1, 0, 1]
    assert two_of_three([1, 0, 1], [1, -1, 1]) == [0, 0, 0]
    assert two_of_three([1, 0, 1], [1, 0, 1]) == [0, 0, 0]
    assert two_of_three([-1, -1], [-1, -1]) == [0, 0]
    assert two_of_three([], []) == []


def test_precedence_outside_before_trend_before_two_of_three_before_shift():
    chart = xmr_chart([0, 1] * 12 + [2, 3, 4, 5, 6, 7, 30])
    assert chart.points[-1].rule is Rule.OUTSIDE
    assert chart.points[-2].rule is not None
    shifted = xmr_chart([10, 0, 10, 0, 10, 0, 10, 0] + [6] * 7 + [0, 1, 2, 3, 4, 5, 6])
    assert {p.rule for p in shifted.points[-7:]} == {Rule.TREND}


# --- icons ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("improvement", "variation"),
    [
        (Improvement.INCREASE, Variation.IMPROVEMENT_HIGH),
        (Improvement.DECREASE, Variation.CONCERN_HIGH),
        (Improvement.NEUTRAL, Variation.NEUTRAL_HIGH),
    ],
)
def test_variation_is_the_sign_of_the_latest_point(improvement, variation):
    values = [10, 12] * 8 + [60]
    assert xmr_chart(values, improvement=improvement).variation is variation
    assert xmr_chart([*values, 11], improvement=improvement).variation is Variation.COMMON
    assert xmr_chart([*values, 11], improvement=improvement, excluded=[17]).variation is variation
    mirrored = xmr_chart([-v for v in values], improvement=improvement).variation
    assert mirrored.value.endswith("_low")


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [
        (3.16, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        (3.1600001, Assurance.FAIL, Assurance.PASS),
        (-2.16, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        (-2.1600001, Assurance.PASS, Assurance.FAIL),
    ],
)
def test_assurance_needs_the_target_beyond_the_limits(target, up, down):
    values = [0, 1] * 7
    assert xmr_chart(values, target=target, improvement=Improvement.INCREASE).assurance is up
    assert xmr_chart(values, target=target, improvement=Improvement.DECREASE).assurance is down
    assert xmr_chart(values, target=target).assurance is None
    assert xmr_chart(values, improvement=Improvement.INCREASE).assurance is None


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [(4, Assurance.PASS, Assurance.PASS), (3, Assurance.PASS, Assurance.FAIL), (5, Assurance.FAIL, Assurance.PASS)],
)
def test_a_constant_series_is_compared_with_its_target(target, up, down):
    assert xmr_chart([4] * 13, target=target, improvement=Improvement.INCREASE).assurance is up
    assert xmr_chart([4] * 13, target=target, improvement=Improvement.DECREASE).assurance is down


def test_assurance_is_about_the_last_segment():
    values = [0, 1] * 7 + [100, 101] * 7
    chart = xmr_chart(values, starts=[14], target=50, improvement=Improvement.INCREASE)
    assert chart.assurance is Assurance.PASS
    assert chart.new_level


# --- rebase -----------------------------------------------------------------------------------------------------------


def test_new_limits_need_seven_points_and_a_sign_on_the_old_ones():
    steady = xmr_chart([10, 12] * 12)
    assert rebase_obstacles(steady, 14) == (RebaseObstacle.NO_SIGNAL,)
    assert rebase_obstacles(steady, 20) == (RebaseObstacle.TOO_FEW_AFTER, RebaseObstacle.NO_SIGNAL)
    risen = xmr_chart([10, 12] * 8 + [30, 32] * 4, freeze=16)
    assert rebase_obstacles(risen, 16) == ()
    assert rebase_obstacles(risen, 18) == (RebaseObstacle.TOO_FEW_AFTER,)


@pytest.mark.parametrize("wrong", [{"k": 1}, {"freeze": 0}, {"starts": [9]}, {"excluded": [-1]}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must be"):
        xmr_chart([1, 2, 3], **wrong)
