"""Small numbers in a list with a sum: what to hide where a whole table (suppression.py) would be too much.

Open when a list that leaves the group shows too much or too little. The rule is suppression.py's: 1 to k-1 are hidden,
zeros are not, and so many others with them that what is hidden together is no small number either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

K = 5
HIDDEN = "färre än 5 eller dolt"


@dataclass(frozen=True, slots=True)
class Hidden:
    """The places of the rows to hide; `sums` are hidden too when the rows alone do not protect each other."""

    rows: frozenset[int] = frozenset()
    sums: bool = False


def is_small(number: int | None, k: int = K) -> bool:
    return number is not None and 0 < number < k


def hide(rows: Sequence[Sequence[int | None]], k: int = K) -> Hidden:
    """Which rows of numbers to hide whole, so that nobody can work a small one out from the sums of the columns.

    None = not known; such a number is in no sum. Two rows at least, and in each column together 0 or at least k: then
    each of them may be anything from 0 to that.
    """
    hidden = {place for place, row in enumerate(rows) if any(is_small(number, k) for number in row)}
    others = sorted(
        (place for place, row in enumerate(rows) if place not in hidden and any(row)),
        key=lambda place: (sum(number or 0 for number in rows[place]), place),
    )
    while hidden and not _protected([rows[place] for place in sorted(hidden)], k):
        if not others:
            return Hidden(frozenset(hidden), sums=True)
        hidden.add(others.pop(0))
    return Hidden(frozenset(hidden))


def _protected(rows: Sequence[Sequence[int | None]], k: int) -> bool:
    for column in zip(*rows, strict=True):
        known = [number for number in column if number is not None]
        if sum(known) and (sum(known) < k or len(known) < 2):
            return False
    return True


def may_show(count: int, total: int, k: int = K) -> bool:
    """May "count of total" leave the group? Neither those who are counted nor the rest are few."""
    return total >= k and not is_small(count, k) and not is_small(total - count, k)
