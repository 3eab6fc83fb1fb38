"""Tables for the nämnd and the public: merged rows, and the year to date without telling the month. Open with
suppression.py, when a table that is published every month must not tell more by its difference to the last one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from avvikelse.analysis.suppression import Cell, K, Range, Table, Unprotectable, cells_of, suppress

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


@dataclass(frozen=True, slots=True)
class Published:
    """A table that has been published: the sum of the first `months` monthly tables, without its hidden cells."""

    months: int
    hidden: frozenset[Cell]


def narrow_cells(months: Sequence[Table], published: Sequence[Published], k: int = K) -> dict[tuple[int, Cell], Range]:
    """The audit over time: what a reader of all published tables can work out too closely.

    Year to date minus what was published before is the months between; their small counts are as secret as those of a
    published table. Returns (place in `published`, cell) → range, for each hidden cell, and each small count of a
    difference between two publications, that is less than k-1 wide. The tables have the same rows and columns.
    """
    if not months or not published:
        return {}
    return dict(_Reader(months, published).narrow(k))


class _Reader:
    """Somebody who has all the tables. The unknowns: each cell in each stretch of months between two publications."""

    def __init__(self, months: Sequence[Table], published: Sequence[Published]) -> None:
        self.months, self.published = months, published
        self.stages = sorted({one.months for one in published})
        self.rows, self.columns = range(len(months[0])), range(len(months[0][0]) if months[0] else 0)
        self.cells = [(r, c) for r in self.rows for c in self.columns]
        self.unknowns = len(self.cells) * len(self.stages)
        self.equations: list[list[float]] = []
        self.values: list[float] = []
        for one in published:
            total, stage = summed(months[: one.months]), self.stages.index(one.months)
            groups = [[(r, c) for c in self.columns] for r in self.rows]
            groups += [[(r, c) for r in self.rows] for c in self.columns]
            groups += [[cell] for cell in self.cells if cell not in one.hidden]
            for group in groups:
                self.equations.append(self._sum(place for cell in group for place in self._places(cell, stage)))
                self.values.append(float(sum(total[r][c] for r, c in group)))

    def narrow(self, k: int) -> Iterator[tuple[tuple[int, Cell], Range]]:
        for number, one in enumerate(self.published):
            stage = self.stages.index(one.months)
            since = self.stages[stage - 1] if stage else 0
            step = summed(self.months[since : one.months])
            for cell in self.cells:
                targets = [self._places(cell, stage)] if cell in one.hidden else []
                if 0 < step[cell[0]][cell[1]] < k:
                    targets.append([self._place(cell, stage)])
                for target in targets:
                    low, high = self._range(target)
                    if high - low < k - 1:
                        yield (number, cell), (low, high)

    def _range(self, places: Sequence[int]) -> Range:
        from scipy.optimize import linprog

        bounds = []
        for direction in (1, -1):
            goal = [direction * value for value in self._sum(places)]
            solved = linprog(goal, A_eq=self.equations, b_eq=self.values, bounds=(0, None), method="highs")
            bounds.append(round(direction * float(solved.fun)))
        return bounds[0], bounds[1]

    def _sum(self, places: Collection[int] | Iterator[int]) -> list[float]:
        line = [0.0] * self.unknowns
        for place in places:
            line[place] = 1.0
        return line

    def _place(self, cell: Cell, stage: int) -> int:
        return stage * len(self.cells) + cell[0] * len(self.columns) + cell[1]

    def _places(self, cell: Cell, stage: int) -> list[int]:
        """A published number is the sum of the stretches up to it."""
        return [self._place(cell, earlier) for earlier in range(stage + 1)]


def summed(tables: Sequence[Table]) -> list[list[int]]:
    """Cell by cell."""
    return [[sum(cells) for cells in zip(*rows, strict=True)] for rows in zip(*tables, strict=True)]


def publish_year_to_date(months: Sequence[Table], earlier: Sequence[Published], k: int = K) -> Published:
    """What to hide in the table of all `months`, given what has been published of the first ones.

    Safe by itself, and so that the difference to every earlier publication is too.

    Raises:
        Unprotectable: when it cannot be published without telling too much.
    """
    total = summed(months)
    since = max((one.months for one in earlier), default=0)
    countable = {cell for cell, count in cells_of(total).items() if count}
    also = {cell for cell, count in cells_of(summed(months[since:])).items() if 0 < count < k and earlier} & countable
    while True:
        hidden = suppress(total, k, also=also, every=True).hidden
        made = Published(len(months), hidden)
        mine = {cell for place, cell in narrow_cells(months, [*earlier, made], k) if place == len(earlier)}
        if not mine:
            return made
        wider = {(r, c) for r, c in countable - hidden if any(r == row or c == column for row, column in mine)}
        if not wider:
            raise Unprotectable("the difference to what is published cannot be protected")
        also |= hidden | {min(wider, key=lambda cell: (total[cell[0]][cell[1]], cell))}
