"""The scan, the charts per theme and the effect of a measure, on plain counts."""

from __future__ import annotations

import random
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from avvikelse.analysis.effect import Change, effect, silence_needed
from avvikelse.analysis.probability import adjusted, lower_tail, rate_test, upper_tail
from avvikelse.analysis.scan import Cell, CellKind, Counted, count_cells, count_reporters, scan
from avvikelse.analysis.signals import WINDOW, SignalFacts, signals
from avvikelse.analysis.spc.advice import Shown
from avvikelse.domain.months import shift

MONTHS = tuple(shift("2026-10", n) for n in range(1 - WINDOW, 1))
A, B = Cell("A1", CellKind.RECEIVER, "bup"), Cell("B1", CellKind.KOMMUN, "2380")
counted = st.builds(
    Counted,
    st.integers(0, WINDOW - 1),
    st.sampled_from(["A1", "B1"]),
    st.sampled_from(["grundskola", "bup"]),
    st.sampled_from(["bup", ""]),
    st.sampled_from(["2380", None]),
    st.integers(1, 9),
)


def steady(per_month: int, theme: str = "A1", sender: str = "bup") -> list[Counted]:
    return [Counted(month, theme, sender, "vardcentral", "2380", per_month) for month in range(WINDOW)]


def facts(rows: list[Counted], *, units: int = 2, first: str = MONTHS[0], elapsed: float = 1.0) -> SignalFacts:
    recent = [(row, unit) for row in rows if row.month >= WINDOW - 3 for unit in range(units)]
    return SignalFacts("7", MONTHS, tuple(rows), tuple(recent), first, elapsed)


def test_eighteen_where_ten_were_expected() -> None:
    (found,) = scan({A: 18}, {A: 40}, {A: 2})
    assert found.sentence == "18 på tre månader, väntat 10"
    assert found.p == pytest.approx(binom.sf(17, 58, 0.2))
    assert found.signal


def test_one_reporter_is_no_pattern_but_is_tested() -> None:
    (found,) = scan({A: 18}, {A: 10}, {A: 1})
    assert not found.signal
    assert found.p is not None
    assert scan({A: 2}, {}, {A: 2}) == ()


def test_without_earlier_months_nothing_is_called_unusual() -> None:
    (found,) = scan({A: 9}, {}, {A: 3}, earlier_length=0)
    assert (found.p, found.q, found.expected, found.signal) == (None, None, None, False)
    assert found.sentence == "9 på tre månader, inget att jämföra med än"


def test_many_cells_need_stronger_reasons() -> None:
    """The same cell is a signal alone and none among many quiet ones."""
    others = {Cell(f"C{n}", CellKind.RECEIVER, "x"): 3 for n in range(50)}
    alone, many = {A: 9}, {A: 9, **others}
    earlier = {A: 16, **dict.fromkeys(others, 12)}
    everybody = dict.fromkeys(many, 2)
    assert [s.signal for s in scan(alone, earlier, everybody)] == [True]
    assert not any(s.signal for s in scan(many, earlier, everybody))


@given(st.lists(counted, max_size=40), st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows, chance: random.Random):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert signals(facts(shuffled)) == signals(facts(rows))


@given(st.lists(counted, max_size=40))
def test_every_signal_is_large_enough_and_its_q_is_at_least_its_p(rows):
    for one in signals(facts(rows)).cells:
        assert one.a >= 3
        if one.p is not None and one.q is not None:
            assert one.p <= one.q <= 1
        if one.signal:
            assert one.reporters >= 2


def test_a_case_counts_in_each_of_its_cells() -> None:
    row = Counted(0, "A1", "grundskola", "bup", "2380", 4)
    cells = count_cells([row], "7", [0])
    assert {cell.name: number for cell, number in cells.items()} == {
        "A1|group:7": 4, "A1|receiver:bup": 4, "A1|pair:grundskola>bup": 4, "A1|kommun:2380": 4,
    }  # fmt: skip
    assert count_cells([row], "7", [1]) == {}
    assert count_reporters([(row, 1), (row, None), (row, 1)], "7")[A] == 2


# --- charts -----------------------------------------------------------------------------------------------------------


def test_a_large_theme_has_a_chart_and_a_small_one_has_not() -> None:
    large, small = signals(facts([*steady(8), *steady(1, "B1")])).charts
    assert (large.theme, large.chart is not None, large.shown) == ("A1", True, Shown.CHART)
    assert (small.theme, small.chart) == ("B1", None)


def test_a_young_group_has_no_limits() -> None:
    (young,) = signals(facts(steady(8)[-10:], first=MONTHS[-10])).charts
    assert (young.shown, young.chart, len(young.values)) == (Shown.LINE, None, 10)
    assert signals(facts([], first=MONTHS[0])).charts == ()


def test_july_is_left_out_where_schools_report_and_an_unfinished_month_everywhere() -> None:
    (schools,) = signals(facts(steady(8, sender="grundskola"))).charts
    assert schools.chart is not None
    july = [place for place, month in enumerate(schools.months) if month.endswith("-07")]
    assert [place for place, point in enumerate(schools.chart.points) if point.excluded] == july
    (others,) = signals(facts(steady(8))).charts
    assert others.chart is not None
    assert not any(point.excluded for point in others.chart.points)
    (unfinished,) = signals(facts(steady(8), elapsed=0.5)).charts
    assert unfinished.months == MONTHS[:-1]


# --- effect and silence -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [(24, 2, Change.LESS), (6, 16, Change.MORE), (12, 10, Change.TOO_EARLY), (0, 0, Change.TOO_EARLY)],
)
def test_effect_of_a_measure(before: int, after: int, change: Change) -> None:
    assert effect(before, after, 12, 12).change is change


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 24), st.integers(1, 24))
def test_less_backwards_is_more(before, after, months_before, months_after):
    forth, back = effect(before, after, months_before, months_after), effect(after, before, months_after, months_before)
    other = {Change.LESS: Change.MORE, Change.MORE: Change.LESS}
    assert back.change is other.get(forth.change, forth.change)


def test_too_early_without_months_and_nonsense_refused() -> None:
    assert effect(5, 0, 12, 0).change is Change.TOO_EARLY
    with pytest.raises(ValueError, match="negative"):
        effect(-1, 0, 1, 1)
    with pytest.raises(ValueError, match="negative"):
        silence_needed(-1)


@pytest.mark.parametrize(("cases", "needed"), [(3, 21), (6, 7.8), (12, 3.4)])
def test_the_rarer_the_longer_silence(cases: int, needed: float) -> None:
    assert silence_needed(cases) == pytest.approx(needed, abs=0.6)
    assert silence_needed(0) == inf


# --- probability ------------------------------------------------------------------------------------------------------


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.01, 0.99))
def test_tails_are_those_of_the_binomial(a, more, p):
    n = a + more
    assert upper_tail(a, n, p) == pytest.approx(binom.sf(a - 1, n, p), rel=1e-7, abs=1e-12)
    assert lower_tail(a, n, p) == pytest.approx(binom.cdf(a, n, p), rel=1e-7, abs=1e-12)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjusted_p_keeps_the_order_and_is_never_smaller(p):
    q = adjusted(p)
    assert all(high >= low for low, high in zip(p, q, strict=True))
    ranked = [q[i] for i in sorted(range(len(p)), key=lambda i: p[i])]
    assert ranked == sorted(ranked)


@pytest.mark.parametrize("wrong", [(1, 1, 0, 1), (1, 1, 1, 0), (-1, 1, 1, 1)])
def test_rates_of_nonsense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"time|<="):
        rate_test(*wrong)
    with pytest.raises(ValueError, match="between"):
        adjusted([1.5])
