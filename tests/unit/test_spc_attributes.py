"""Charts of counts, shares and rare events: the ends of their scales, missing values, runs, and which chart to use."""

from __future__ import annotations

from math import isnan, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from avvikelse.analysis.spc.advice import Chart, Shown, chart_for, shown
from avvikelse.analysis.spc.attributes import ControlChart, Kind, control_chart
from avvikelse.analysis.spc.runs import least_crossings, longest_run_max, runs

NEEDS_N = (Kind.U, Kind.U_PRIME, Kind.P, Kind.P_PRIME)
pairs = st.lists(st.tuples(st.integers(0, 30), st.integers(30, 90)), max_size=30)


def columns(chart: ControlChart, name: str) -> list:
    return [getattr(point, name) for point in chart.points]


def first_upper(chart: ControlChart) -> float:
    upper = chart.points[0].upper
    assert upper is not None
    return upper


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("length", [0, 1, 2])
def test_short_series(kind: Kind, length: int) -> None:
    chart = control_chart(kind, [1, 2][:length], [4, 4][:length] if kind in NEEDS_N else None)
    assert len(chart.points) == length
    for point in chart.points:
        assert not point.outside
        assert not any(isnan(value) for value in (point.centre, point.lower, point.upper) if value is not None)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("value", [0, 3])
def test_constant_series_never_give_nan_and_nothing_outside(kind: Kind, value: int) -> None:
    if kind is Kind.T and value == 0:
        return  # a time between events is above 0
    chart = control_chart(kind, [value] * 14, [3] * 14 if kind in NEEDS_N else None, screened=True)
    for point in chart.points:
        if kind is Kind.RUN:
            assert point.lower is None
            continue
        assert not point.outside
        assert point.lower is not None
        assert point.upper is not None
        assert point.lower <= point.upper
        if kind in {Kind.I, Kind.P_PRIME, Kind.U_PRIME, Kind.T}:
            assert point.lower == pytest.approx(point.centre) == pytest.approx(point.upper)
    assert not any(found.signal for found in chart.runs)


@given(pairs, st.sampled_from(NEEDS_N))
def test_limits_stay_on_the_scale_of_what_is_counted(rows, kind):
    chart = control_chart(kind, [y for y, _ in rows], [n for _, n in rows])
    for point in chart.points:
        limits = [point.lower, point.lower_warning, point.upper_warning, point.upper]
        known = [limit for limit in limits if limit is not None]
        assert known == sorted(known)
        assert all(0 <= limit <= (1 if kind in {Kind.P, Kind.P_PRIME} else limit) for limit in known)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_the_c_chart_is_the_u_chart_with_one_of_each(counts):
    c, u = control_chart(Kind.C, counts), control_chart(Kind.U, counts, [1] * len(counts))
    assert columns(c, "upper") == pytest.approx(columns(u, "upper"))
    assert columns(c, "upper")[0] == pytest.approx(sum(counts) / len(counts) + 3 * sqrt(sum(counts) / len(counts)))


@given(pairs.filter(lambda rows: len(rows) > 2), st.sampled_from(NEEDS_N), st.sampled_from([10, 100, 10_000]))
def test_multiplied_charts_say_the_same(rows, kind, factor):
    y, n = [y for y, _ in rows], [n for _, n in rows]
    plain, per = control_chart(kind, y, n), control_chart(kind, y, n, multiply=factor)
    assert columns(plain, "outside") == columns(per, "outside")
    assert plain.runs == per.runs
    for a, b in zip(plain.points, per.points, strict=True):
        if a.upper is not None:
            assert b.upper == pytest.approx(a.upper * factor)


@pytest.mark.parametrize("kind", NEEDS_N)
def test_a_zero_denominator_is_a_missing_point(kind: Kind) -> None:
    with_zero = control_chart(kind, [2, 0, 3, 1], [10, 0, 12, 9])
    without = control_chart(kind, [2, None, 3, 1], [10, 11, 12, 9])
    assert with_zero.points[1].plotted is None
    assert with_zero.points[1].upper is None
    assert columns(with_zero, "centre") == pytest.approx(columns(without, "centre"))
    assert with_zero.runs[0].observed == 4
    assert with_zero.runs[0].useful == 3


def test_missing_values_are_in_nothing() -> None:
    chart = control_chart(Kind.I, [1, None, 3, 5, 3])
    assert columns(chart, "centre") == [3.0] * 5
    assert chart.points[0].upper == pytest.approx(3 + 3 * 2 / 1.128)
    assert control_chart(Kind.MR, [1, None, 3, 5]).points[3].plotted == 2


def test_everything_missing_has_no_lines() -> None:
    for kind in Kind:
        chart = control_chart(kind, [None, None], [None, None] if kind in NEEDS_N else None)
        assert columns(chart, "centre") == [None, None]
        assert chart.runs[0].longest is None


def test_parts_are_charts_of_their_own_and_frozen_lines_do_not_move() -> None:
    y = [4, 6, 5, 7, 12, 14, 13, 15]
    split = control_chart(Kind.C, y, parts=[4])
    assert columns(split, "centre")[3:5] == [5.5, 13.5]
    assert columns(split, "part") == [1] * 4 + [2] * 4
    assert len(split.runs) == 2
    assert columns(control_chart(Kind.C, y, freeze=4), "centre") == [5.5] * 8
    assert columns(control_chart(Kind.C, y, exclude=[1]), "centre")[0] == pytest.approx(72 / 7)
    assert columns(control_chart(Kind.C, y, parts=[0, 8, 99]), "part") == [1] * 8  # no part is empty


def test_screening_narrows_the_limits_once() -> None:
    y = [1, 2] * 8 + [40] + [1, 2] * 8
    assert first_upper(control_chart(Kind.I, y, screened=True)) < first_upper(control_chart(Kind.I, y))


def test_a_value_on_the_limit_is_inside() -> None:
    chart = control_chart(Kind.I, [0, 1.128] * 6)
    on_it = chart.points[0].upper
    assert on_it == pytest.approx(0.564 + 3)
    frozen = control_chart(Kind.I, [0, 1.128] * 6 + [3.564, 3.565], freeze=12)
    assert [point.outside for point in frozen.points[-2:]] == [False, True]


@pytest.mark.parametrize(
    ("kind", "y", "n"),
    [
        (Kind.U, [1], None),
        (Kind.C, [-1], None),
        (Kind.P, [3], [2]),
        (Kind.U, [1], [-1]),
        (Kind.T, [0], None),
        (Kind.I, [1, 2], [1]),
        (Kind.I, [float("inf")], None),
    ],
)
def test_nonsense_is_refused(kind, y, n):
    with pytest.raises(ValueError, match=r"."):
        control_chart(kind, y, n)


# --- runs -------------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from([-1, 0, 1]), max_size=60))
def test_runs_are_the_same_backwards_and_upside_down(sides):
    found = runs(sides)
    assert runs(sides[::-1]) == found
    assert runs([-side for side in sides]) == found
    assert runs([side for side in sides if side], observed=len(sides)) == found


def test_fewer_than_ten_useful_points_never_signal() -> None:
    assert not runs([1] * 9).signal
    assert runs([1] * 10).signal


@given(st.integers(1, 400))
def test_crossings_have_their_five_percent(useful):
    k = least_crossings(useful)
    assert binom.cdf(k, useful - 1, 0.5) >= 0.05 - 1e-12
    assert k == 0 or binom.cdf(k - 1, useful - 1, 0.5) < 0.05
    with pytest.raises(ValueError, match="useful"):
        least_crossings(0)
    with pytest.raises(ValueError, match="useful"):
        longest_run_max(0)


# --- which chart ------------------------------------------------------------------------------------------------------


def test_short_series_get_no_limits() -> None:
    assert [shown(n) for n in (0, 5, 6, 12, 13, 36)] == [
        Shown.TABLE, Shown.TABLE, Shown.LINE, Shown.LINE, Shown.CHART, Shown.CHART,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "denominators", "how", "chart"),
    [
        ([5] * 13, None, {}, Chart.XMR),
        ([5] * 12, None, {}, Chart.SCAN),
        ([4] * 24, None, {}, Chart.SCAN),
        ([4] * 24, None, {"tracked": True}, Chart.T),
        ([4] * 24, [100] * 24, {}, Chart.U),
        ([4] * 24, [1_000_000] * 24, {}, Chart.U_PRIME),
        ([0.5] * 24, [100] * 24, {}, Chart.SCAN),
        ([4] * 24, [100] * 24, {"share": True}, Chart.XMR_OF_SHARES),
        ([4] * 24, [50, 150] * 12, {"share": True}, Chart.P),
        ([None] * 20, None, {}, Chart.SCAN),
        ([], None, {}, Chart.SCAN),
    ],
)
def test_which_chart(values, denominators, how, chart):
    assert chart_for(values, denominators, **how) is chart
