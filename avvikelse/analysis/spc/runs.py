"""The run chart: too long runs or too few crossings of the median. Open when a run chart should (not) signal.

Sources: J. Anhøj & A. V. Olesen, "Run Charts Revisited", PLoS ONE 9 (2014) e113825, where the longest run is from
M. F. Schilling (2012) and the crossings from Z. Chen (2010). Same numbers as the R package qicharts2 0.8.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import log2

SMALLEST_USEFUL = 10  # points off the centre line; with fewer, chance alone makes such runs


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of points on the same side of a centre line.

    `observed` points, `useful` of them off the line. Without useful points there is nothing to count: None.
    """

    observed: int
    useful: int
    longest: int | None
    longest_max: int | None
    crossings: int | None
    crossings_min: int | None
    signal: bool


def runs(sides: Sequence[int], observed: int | None = None) -> Runs:
    """Count the runs in `sides`: -1, 0 (on the line: dropped) or +1 per point. `observed` also counts missing ones."""
    kept = [side for side in sides if side]
    seen = len(sides) if observed is None else observed
    if not kept:
        return Runs(seen, 0, None, None, None, None, signal=False)
    lengths = [len(list(run)) for _, run in groupby(kept)]
    longest, crossings = max(lengths), len(lengths) - 1
    longest_max, crossings_min = longest_run_max(len(kept)), least_crossings(len(kept))
    unusual = longest > longest_max or crossings < crossings_min
    return Runs(
        seen, len(kept), longest, longest_max, crossings, crossings_min, signal=unusual and len(kept) >= SMALLEST_USEFUL
    )


def longest_run_max(useful: int) -> int:
    """The longest run that chance makes among `useful` points. Raises ValueError for none."""
    if useful < 1:
        raise ValueError("at least one useful point")
    return round(log2(useful)) + 3


@lru_cache(maxsize=512)
def least_crossings(useful: int) -> int:
    """The smallest k with P(Bin(useful - 1, ½) <= k) >= 0.05, in whole numbers. Raises ValueError for no points."""
    if useful < 1:
        raise ValueError("at least one useful point")
    n, k, ways, term = useful - 1, 0, 1, 1
    while 20 * ways < 2**n:
        term = term * (n - k) // (k + 1)
        k += 1
        ways += term
    return k
