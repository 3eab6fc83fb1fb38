"""Sent back and forth, and the interval of a share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.analysis.bounces import Hold, Route, bounces
from avvikelse.analysis.intervals import share, wilson

KINDS = {1: "bup", 2: "grundskola", 3: "socialtjanst_bou", None: None}


def way(*units: int | None, case: int = 1) -> list[Hold]:
    return [Hold(case, order, unit, KINDS[unit]) for order, unit in enumerate(units)]


@pytest.mark.parametrize(
    ("units", "returned"),
    [
        ((), 0),
        ((1,), 0),
        ((1, 2), 0),
        ((1, 2, 3), 0),
        ((1, 2, 1), 1),
        ((1, 2, 3, 1), 1),
        ((1, 2, 1, 2, 1), 1),
        ((1, None, 1), 0),
        ((1, None, 2, None, 1), 1),
        ((None,), 0),
    ],
)
def test_a_return_is_a_unit_that_holds_the_case_again(units, returned: int) -> None:
    assert bounces(way(*units)).returned.count == returned


def test_the_ways_back_are_told_in_kinds() -> None:
    found = bounces(way(1, 2, 1, case=1) + way(1, 2, 1, case=2) + way(3, 2, case=3))
    assert found.routes == (Route(("bup", "grundskola", "bup"), 2),)
    assert (found.returned.count, found.returned.total, found.sent) == (2, 3, 3)
    first = found.pairs[0]
    assert (first.sender, first.receiver, first.returned.count, first.returned.total) == ("bup", "grundskola", 2, 2)


def test_a_long_chain_need_not_come_back() -> None:
    holds = [Hold(1, n, n, "bup") for n in range(4)]
    found = bounces(holds)
    assert (found.long, found.returned.count) == (1, 0)


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from([1, 2, 3, None])), max_size=30), st.randoms())
def test_the_order_of_the_rows_says_nothing(steps, random) -> None:
    holds = [Hold(case, order, unit, KINDS[unit]) for order, (case, unit) in enumerate(steps)]
    before = bounces(holds)
    random.shuffle(holds)
    assert bounces(holds) == before
    assert before.returned.count <= before.sent <= before.returned.total
    assert all(pair.returned.count <= pair.returned.total for pair in before.pairs)


def test_wilsons_interval_of_known_values() -> None:
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775327998628892))
    assert wilson(5, 10) == pytest.approx((0.2365930905125640, 0.7634069094874360))
    assert wilson(11, 14) == pytest.approx((0.5241, 0.9243), abs=1e-4)


def test_nothing_of_nothing_may_be_anything() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert share(0, 0).value is None


def test_a_share_of_few_is_shown_as_numbers_only() -> None:
    assert share(2, 4).value is None
    assert share(2, 5).value == 0.4


@given(st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_its_share_and_mirrors(pair) -> None:
    count, total = pair
    low, high = wilson(count, total)
    assert 0 <= low <= high <= 1
    if total:
        assert low <= count / total <= high
    assert wilson(total - count, total) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(("count", "total"), [(2, 1), (-1, 3)])
def test_more_than_all_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="count"):
        wilson(count, total)
