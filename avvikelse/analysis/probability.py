"""Binomial tails and the false discovery rate. Open when something is called unusual, or not, against expectation.

Source of the latter: Y. Benjamini & Y. Hochberg, "Controlling the False Discovery Rate", Journal of the Royal
Statistical Society B 57 (1995) 289-300.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, fsum, isnan, lgamma, log, log1p


def upper_tail(a: int, n: int, p: float) -> float:
    """P(Bin(n, p) >= a), exact up to rounding.

    Raises:
        ValueError: unless 0 <= a <= n and 0 < p < 1.
    """
    if not (0 <= a <= n and 0 < p < 1):
        raise ValueError("0 <= a <= n and 0 < p < 1")
    if a == 0:
        return 1.0
    hit, miss, whole = log(p), log1p(-p), lgamma(n + 1)
    # In logarithms, because the binomial coefficients outgrow a float.
    terms = (exp(whole - lgamma(i + 1) - lgamma(n - i + 1) + i * hit + (n - i) * miss) for i in range(a, n + 1))
    return min(1.0, fsum(terms))


def lower_tail(a: int, n: int, p: float) -> float:
    """P(Bin(n, p) <= a). Raises ValueError as upper_tail()."""
    return upper_tail(n - a, n, 1 - p)


def rate_test(now: int, before: int, time_now: float, time_before: float) -> float:
    """P of at least `now` events in `time_now`, had they come as evenly as the `before` ones in `time_before`.

    One-sided conditional test of two Poisson rates: given their sum, `now` is binomial. Times in the same unit, above
    0. Raises ValueError for negative numbers or times not above 0. Source: J. Przyborowski & H. Wilenski, Biometrika 31
    (1940) 313-323.
    """
    if time_now <= 0 or time_before <= 0:
        raise ValueError("times must be above 0")
    return upper_tail(now, now + before, time_now / (time_now + time_before))


def adjusted(p: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's adjusted p, in the order given: `q >= adjusted` is a signal at false discovery rate q.

    Raises:
        ValueError: for a p outside 0..1.
    """
    if any(isnan(value) or not 0 <= value <= 1 for value in p):
        raise ValueError("a p-value lies between 0 and 1")
    found, smallest, m = [0.0] * len(p), 1.0, len(p)
    for rank, place in zip(range(m, 0, -1), sorted(range(m), key=lambda i: (-p[i], -i)), strict=True):
        smallest = min(smallest, p[place] * (m / rank))
        found[place] = smallest
    return found
