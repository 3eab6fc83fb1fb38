"""Tables for the nämnd and the public: merged rows, and months that are summed. Open with suppression.py (one table by
itself) and publication_family.py (tables that are read beside each other).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from avvikelse.analysis.suppression import K, Table

OTHERS = "Övriga"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table to be published."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


def merge_small_rows(rows: Sequence[Row], k: int = K) -> tuple[Row, ...]:
    """Rows with a total below k go together into "Övriga", last; the next smallest with them while it is below k."""
    small = [row for row in rows if row.total < k]
    if not small:
        return tuple(rows)
    large = sorted((row for row in rows if row.total >= k), key=lambda row: (row.total, row.label))
    while large and sum(row.total for row in small) < k:
        small.append(large.pop(0))
    kept = [row for row in rows if row in large]
    return (*kept, Row(OTHERS, tuple(sum(counts) for counts in zip(*(row.counts for row in small), strict=True))))


def summed(tables: Sequence[Table]) -> list[list[int]]:
    """Cell by cell."""
    return [[sum(cells) for cells in zip(*rows, strict=True)] for rows in zip(*tables, strict=True)]
