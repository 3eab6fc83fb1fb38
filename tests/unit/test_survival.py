"""Kaplan–Meier: what must hold of every curve, and where R's conventions differ from ours."""

from __future__ import annotations

import random
from fractions import Fraction
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.analysis.survival import kaplan_meier

watched = st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=40)


@given(watched, st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows, chance: random.Random):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert kaplan_meier(shuffled) == kaplan_meier(rows)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_without_waiting_ones_it_is_the_plain_median(times):
    curve = kaplan_meier((time, True) for time in times)
    assert curve.quantile() == median_low(times)
    assert curve.steps[-1].survival == 0


@given(watched)
def test_the_curve_falls_and_counts_everybody(rows):
    curve = kaplan_meier(rows)
    assert sum(step.events + step.censored for step in curve.steps) == len(rows) == curve.total
    levels = [step.survival for step in curve.steps]
    assert levels == sorted(levels, reverse=True)
    for step in curve.steps:
        assert (step.low is None) == (step.survival == 0)
        if step.low is not None and step.high is not None:
            assert step.low <= float(step.survival) <= step.high + 1e-12


@given(watched, st.integers(0, 30))
def test_one_more_who_waits_never_shortens_the_median(rows, time):
    before, after = kaplan_meier(rows).quantile(), kaplan_meier([*rows, (time, False)]).quantile()
    assert after is None or (before is not None and after >= before)


def test_nobody_and_nothing_happened() -> None:
    assert kaplan_meier([]).quantile() is None
    assert kaplan_meier([]).survival_at(5) == 1
    waiting = kaplan_meier([(3, False), (9, False)])
    assert (waiting.quantile(), waiting.midpoint_median(), waiting.median_interval()) == (None, None, (None, None))
    assert waiting.survival_at(100) == 1


def test_a_flat_stretch_at_exactly_one_half() -> None:
    """Ours is the smallest time; R takes the middle of the stretch."""
    curve = kaplan_meier([(1, True), (2, True), (3, True), (4, True)])
    assert (curve.quantile(), curve.midpoint_median(), curve.midpoint_quantile()) == (2, 2.5, 2.5)
    assert curve.survival_at(2) == Fraction(1, 2)
    ends_there = kaplan_meier([(1, True), (2, True), (3, False), (6, False)])
    assert (ends_there.quantile(), ends_there.midpoint_median(), ends_there.midpoint_quantile()) == (2, 2, 4.0)


def test_a_negative_time_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        kaplan_meier([(-1, True)])
