"""The rules that tell unusual points from usual variation. Open when a point has a sign that it should not have.

Each function takes one baseline segment in order and gives -1, 0 or +1 per point: below or falling, no sign, above or
rising. "Consecutive" is about the given points; missing and left-out months are not among them.

Sources: NHS England, "Making Data Count" (rules 1-4, k = 7; since November 2023 a point beyond a limit counts as one
of "two of three"); the earlier reading of that rule is the one of the R package NHSRplotthedots 0.2.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import groupby, pairwise

from avvikelse.analysis.spc.exact import sign

RUN_LENGTH = 7  # k of the trend and the shift
SHORTEST_RUN, LONGEST_RUN = 6, 8  # what k may be set to


class TwoOfThree(StrEnum):
    """Which points may be one of the two: those beyond the near-limit, or only those between it and the limit."""

    MDC2023 = "mdc2023"
    PTD = "ptd"


class Rule(StrEnum):
    """Why a point is unusual. In the order of precedence: a point under several rules is called by the first."""

    OUTSIDE = "outside"
    TREND = "trend"
    TWO_OF_THREE = "two_of_three"
    SHIFT = "shift"


def trend(values: Sequence[Fraction], k: int = RUN_LENGTH) -> list[int]:
    """`k` values strictly rising or falling; a tie breaks it. A point in two trends takes the later one."""
    found = [0] * len(values)
    for start in range(len(values) - k + 1):
        window = values[start : start + k]
        steps = {sign(after - before) for before, after in pairwise(window)}
        if steps in ({1}, {-1}):
            found[start : start + k] = [steps.pop()] * k
    return found


def shift(sides: Sequence[int], k: int = RUN_LENGTH) -> list[int]:
    """`k` or more in a row on one side of the mean. `sides`: -1, 0 (on the mean, which breaks the run) or +1."""
    found: list[int] = []
    for side, run in groupby(sides):
        length = len(list(run))
        found += [side if length >= k else 0] * length
    return found


def two_of_three(beyond: Sequence[int], sides: Sequence[int] | None = None, *, whole: bool = False) -> list[int]:
    """Three in a row, at least two of them far out on one side; only those far out get the sign.

    Args:
        beyond: per point -1 or +1 where it lies beyond the near-limit, else 0.
        sides: per point the side of the mean; all three must lie on it. None = the third may lie anywhere.
        whole: give all three points of the window the sign.
    """
    found = [0] * len(beyond)
    for start, window in _threes(beyond):
        for side in (-1, 1):
            together = sides is None or all(here == side for here in sides[start : start + 3])
            if together and window.count(side) >= 2:
                for place, here in enumerate(window, start):
                    if whole or here == side:
                        found[place] = side
    return found


def _threes(points: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    for start in range(len(points) - 2):
        yield start, list(points[start : start + 3])
