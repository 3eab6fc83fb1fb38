"""Numbers without rounding errors. Open when a point on a limit is said to be outside it, or the other way round.

A point on the mean, or on a limit, is on neither side of it. Binary floats cannot say that of 0.1 + 0.2; so the values
are read as the decimals that they are written with, means and limits are kept as fractions, and only the finished
numbers become floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite

Number = int | float | Decimal | Fraction


def exact(value: Number) -> Fraction:
    """0.1 → 1/10: the decimal that the number is written with.

    Raises:
        ValueError: for NaN, an infinity and a bool.
    """
    if isinstance(value, bool) or not isfinite(value):
        raise ValueError("a number must be finite")
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def exact_or_missing(values: Sequence[Number | None]) -> list[Fraction | None]:
    """The values, None where one is missing. Raises ValueError as exact()."""
    return [None if value is None else exact(value) for value in values]


def mean(values: Sequence[Fraction]) -> Fraction:
    """Raises ValueError for no values."""
    if not values:
        raise ValueError("no values")
    return sum(values, Fraction(0)) / len(values)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or halfway between the two in the middle. Raises ValueError for no values."""
    if not values:
        raise ValueError("no values")
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def sign(value: Fraction | int) -> int:
    return (value > 0) - (value < 0)


def screened_mean(ranges: Sequence[Fraction], screen: Fraction) -> Fraction:
    """Mean of the moving ranges below `screen` times their mean. Screened once. Raises ValueError for no ranges.

    A constant series, where none is below, keeps the mean of all (0).
    Source: L. S. Nelson, "Control Charts for Individual Measurements", Journal of Quality Technology 14 (1982) 172-173.
    """
    first = mean(ranges)
    kept = [value for value in ranges if value < screen * first]
    return mean(kept) if kept else first
