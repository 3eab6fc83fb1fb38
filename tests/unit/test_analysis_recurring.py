"""The scan for what recurs: known values, and what must hold whatever the numbers are."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.analysis.recurring import Cell, RecentCase, benjamini_hochberg, scan, upper_tail

SCHOOL_BUP: Cell = ("A1", "grundskola", "bup")
OTHER: Cell = ("B2", "vardcentral", "bup")
cells = st.sampled_from([SCHOOL_BUP, OTHER, ("A2", "bup", "grundskola")])
recent_cases = st.lists(
    st.builds(RecentCase, cells, st.sampled_from(["2026-08", "2026-09", "2026-10"]), st.integers(1, 4) | st.none())
)
earlier_counts = st.lists(st.tuples(cells, st.integers(0, 30)))


def reported(cell: Cell, number: int, reporters: int = 2, month: str = "2026-10") -> list[RecentCase]:
    return [RecentCase(cell, month, n % reporters) for n in range(number)]


def test_the_tail_is_the_exact_sum() -> None:
    exact = sum(comb(59, i) * 0.2**i * 0.8 ** (59 - i) for i in range(18, 60))
    assert upper_tail(18, 59, 0.2) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize(
    ("a", "n", "p", "tail"), [(0, 0, 0.2, 1.0), (1, 1, 0.2, 0.2), (3, 3, 0.2, 0.008), (0, 9, 0.5, 1.0)]
)
def test_small_tails(a: int, n: int, p: float, tail: float) -> None:
    assert upper_tail(a, n, p) == pytest.approx(tail)


@pytest.mark.parametrize(("a", "n", "p"), [(2, 1, 0.5), (-1, 1, 0.5), (1, 1, 0.0), (1, 1, 1.0)])
def test_a_tail_of_nonsense_is_refused(a: int, n: int, p: float) -> None:
    with pytest.raises(ValueError, match="<"):
        upper_tail(a, n, p)


def test_the_tail_of_very_many_cases_neither_overflows_nor_leaves_the_unit_interval() -> None:
    assert 0.4 < upper_tail(20_000, 100_000, 0.2) < 0.6


def test_benjamini_and_hochbergs_own_example() -> None:
    """The fifteen p-values of their 1995 article: at q = 0.05 the first four are significant."""
    values = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459,
        0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    tests: dict[Cell, float] = {(f"{n:02d}", "", ""): p for n, p in enumerate(values)}
    assert {cell[0] for cell in benjamini_hochberg(tests, 0.05)} == {"00", "01", "02", "03"}
    assert benjamini_hochberg({}, 0.1) == frozenset()


def test_eighteen_where_ten_were_expected() -> None:
    (found,) = scan(reported(SCHOOL_BUP, 18), [(SCHOOL_BUP, 25), (SCHOOL_BUP, 16)], month="2026-10")
    assert (found.recent, found.earlier, found.expected) == (18, 41, 10.25)
    assert found.sentence == "18 på tre månader, väntat 10,2"
    assert found.signal


def test_as_many_as_before_is_no_signal() -> None:
    (found,) = scan(reported(SCHOOL_BUP, 10), [(SCHOOL_BUP, 40)], month="2026-10")
    assert found.expected == 10
    assert found.sentence == "10 på tre månader, väntat 10"
    assert not found.signal


@pytest.mark.parametrize(("number", "reporters"), [(0, 1), (1, 1), (2, 2), (9, 1)])
def test_too_few_cases_or_one_single_reporter_is_not_a_pattern(number: int, reporters: int) -> None:
    assert scan(reported(SCHOOL_BUP, number, reporters), [], month="2026-10") == ()


def test_a_young_group_has_nothing_to_compare_with() -> None:
    (found,) = scan(reported(SCHOOL_BUP, 5), [], month="2026-10", earlier_length=0)
    assert (found.expected, found.p, found.signal) == (None, None, False)
    assert found.sentence == "5 på tre månader, inget att jämföra med än"


def test_only_the_month_itself_counts_as_the_month() -> None:
    cases = reported(SCHOOL_BUP, 3, month="2026-09") + reported(SCHOOL_BUP, 2)
    (found,) = scan(cases, [], month="2026-10")
    assert (found.month, found.recent) == (2, 5)


@given(recent_cases, earlier_counts, st.randoms())
def test_the_order_of_the_rows_says_nothing(recent, earlier, random) -> None:
    before = scan(recent, earlier, month="2026-10")
    random.shuffle(recent)
    random.shuffle(earlier)
    assert scan(recent, earlier, month="2026-10") == before


@given(recent_cases, earlier_counts)
def test_what_is_found_adds_up(recent, earlier) -> None:
    for row in scan(recent, earlier, month="2026-10"):
        cell = (row.category, row.sender, row.receiver)
        assert row.recent == sum(case.cell == cell for case in recent)
        assert row.earlier == sum(number for other, number in earlier if other == cell)
        assert row.expected == pytest.approx(row.earlier / 4)
        assert row.month <= row.recent
        assert row.p is not None
        assert 0 <= row.p <= 1


@given(st.integers(3, 40), st.integers(0, 100))
def test_more_cases_now_never_make_it_less_surprising(a: int, b: int) -> None:
    assert upper_tail(a + 1, a + b + 1, 0.2) <= upper_tail(a, a + b, 0.2) + 1e-12


@given(recent_cases, earlier_counts)
def test_the_same_pattern_a_year_later_gives_the_same_answer(recent, earlier) -> None:
    later = [RecentCase(case.cell, case.month.replace("2026", "2027"), case.reporter) for case in recent]
    assert scan(later, earlier, month="2027-10") == scan(recent, earlier, month="2026-10")
