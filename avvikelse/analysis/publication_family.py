"""Tables that are read beside each other: what a reader of all of them can work out by subtraction. Open when a wide
table is refused, or hides more, because of what has been published before, by the group itself or by another.

A group's year to date minus what it told before is the months between. A group of a whole län minus the groups of its
kommuner is the rest of the län. Small counts of either are as secret as those of a published table. The cases are
therefore counted by which of the groups they belong to, and by the stretch of months between two publications; every
published sum and shown cell is an equation over these counts, and the range that the equations leave is found by linear
programming, as in suppression.py.

The equations hold the counts as they are known today. A late change makes what was published before differ a little
from them, which only makes the reader less sure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, permutations, product
from math import ceil, floor
from typing import TYPE_CHECKING

from avvikelse.analysis.publication import OTHERS
from avvikelse.analysis.suppression import Cell, K, Unprotectable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Ints = NDArray[np.int_]
    Floats = NDArray[np.float64]

ROUNDING = 1e-6  # of the linear programme
IDLE, MOSTLY = 2, 0.9  # looking in all directions stops when twice more than this share was still narrow

Groups = frozenset[int]  # the groups that a case belongs to


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases, in a month (1-12), about something, concerning somebody, belong to exactly these groups."""

    groups: Groups
    month: int
    row: str
    column: str
    number: int


@dataclass(frozen=True, slots=True)
class FamilyTable:
    """A group's table of the first `months` months. What has no row or column of its own stands in "Övriga"."""

    group: int
    months: int
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    hidden: frozenset[Cell] = frozenset()

    def place(self, row: str, column: str) -> Cell:
        """Where a count of the finest table stands in this one; -1 where it has no place and so is known to be none."""
        return _place(self.rows, row), _place(self.columns, column)


def _place(names: Sequence[str], name: str) -> int:
    here = name if name in names else OTHERS
    return names.index(here) if here in names else -1


@dataclass(frozen=True, slots=True)
class Told:
    """Something that can be worked out too closely: by its cells in the finest table."""

    cells: frozenset[tuple[str, str]]
    low: int
    high: int
    places: Mask = field(compare=False, repr=False)


class ToldAnyway(Unprotectable):
    """Even with every cell hidden the sums of a table tell too much: `told`."""

    def __init__(self, told: Sequence[Told]) -> None:
        super().__init__("the difference to what has been published cannot be protected")
        self.told = told


@dataclass(frozen=True, slots=True)
class Family:
    """What a table of `group` will be read beside: the counts of all the groups, and every table published this year,
    its own too."""

    group: int
    counts: tuple[Counts, ...]
    published: tuple[FamilyTable, ...]


def hide_beside(
    family: Family, table: FamilyTable, countable: Collection[Cell], k: int = K, *, every: bool = False
) -> frozenset[Cell]:
    """The cells of the new table to hide, so that nothing can be worked out by subtraction: those it hides already,
    and of `countable` (what is not 0) as few more as a step-by-step search takes. With `every`, what is hidden only to
    protect others is protected too.

    Raises ToldAnyway when even its sums alone tell too much.
    """

    def told(hidden: Collection[Cell], among: Sequence[Told] | None = None) -> list[Told]:
        tables = (*family.published, replace(table, hidden=frozenset(hidden)))
        return list(FamilyReader(family.counts, tables).narrow(k, among, every=every))

    hidden, left = set(table.hidden), sorted(set(countable) - table.hidden)
    found = told(hidden)
    if found and (anyway := told({*hidden, *left}, found)):
        raise ToldAnyway(anyway)
    while found:
        more = {min(near, default=min(left)) for near in _near(found, table, left)}
        hidden |= more
        left = [cell for cell in left if cell not in more]
        found = told(hidden, found)  # the more is hidden the less is told: what was safe stays so
    return frozenset(hidden)


def still_told(family: Family, table: FamilyTable, told: Sequence[Told], k: int = K) -> list[Told]:
    """Which of these a table that hides everything still tells. With fewer rows than another it tells nothing new, so
    that what the other told anyway is all that need be asked."""
    return FamilyReader(family.counts, (*family.published, table)).still(told, k)


def _near(found: Sequence[Told], table: FamilyTable, left: Sequence[Cell]) -> Iterator[list[Cell]]:
    """For each thing told: the shown cells that it is told by, or, where none are shown, those in line with them."""
    for one in found:
        cells = {table.place(row, column) for row, column in one.cells}
        inside = [cell for cell in left if cell in cells]
        yield inside or [(r, c) for r, c in left if any(r == row or c == column for row, column in cells)]


_Unknown = tuple[Groups, int, str, str]  # groups, stage, row, column


class FamilyReader:
    """Somebody who has all the tables, and knows which groups share cases."""

    def __init__(self, counts: Sequence[Counts], tables: Sequence[FamilyTable]) -> None:
        import numpy as np

        self.tables = tables
        stages = sorted({table.months for table in tables})
        told = {table.group for table in tables}
        rows = {one.row for one in counts}.union(*(table.rows for table in tables)) - {OTHERS}
        columns = {one.column for one in counts}.union(*(table.columns for table in tables)) - {OTHERS}
        self.shared = sorted({one.groups & told for one in counts} - {frozenset()}, key=sorted)
        unknowns = [
            (groups, stage, row, column)
            for groups in self.shared
            for stage in range(len(stages))
            for row in sorted(rows)
            for column in sorted(columns)
        ]
        known = dict.fromkeys(unknowns, 0)
        for one in counts:
            stage = next((n for n, months in enumerate(stages) if one.month <= months), None)
            if stage is not None and one.groups & told:
                known[one.groups & told, stage, one.row, one.column] += one.number
        self.unknowns: list[_Unknown] = unknowns
        self.known: Floats = np.array([known[one] for one in unknowns], dtype=float)
        self.group_of: Ints = np.array([self.shared.index(one[0]) for one in unknowns], dtype=int)
        self.stage_of: Ints = np.array([one[1] for one in unknowns], dtype=int)
        self.stage = {table: stages.index(table.months) for table in tables}
        self.stretches = [(n, m) for m in range(len(stages)) for n in range(m + 1)]

    def narrow(self, k: int = K, among: Sequence[Told] | None = None, *, every: bool = False) -> Iterator[Told]:
        """Every small count of a group, and of what the groups share or do not share, whose range is less than k-1
        wide; with `every` also every hidden cell. Of those `among` which it was found before, if given."""
        secrets: Iterable[Mask] = [*self._secrets(k), *(self._hidden() if every else ())]
        if among is not None:
            secrets = [one.places for one in among]
        targets = list({places.tobytes(): places for places in secrets}.values())
        programme = _Programme(self.known, self._equations())
        for places in programme.perhaps_narrow(targets, enough=k - 1):
            low, high = programme.range_of(places, enough=k - 1)
            if high - low < k - 1:
                cells = frozenset(one[2:] for one, here in zip(self.unknowns, places, strict=True) if here)
                yield Told(cells, low, high, places)

    def still(self, told: Sequence[Told], k: int = K) -> list[Told]:
        """Which of these, found by another reader, are secrets here too, and narrow."""
        secrets = {places.tobytes() for places in self._secrets(k)}
        return list(self.narrow(k, [one for one in told if one.places.tobytes() in secrets]))

    def _equations(self) -> Iterator[Mask]:
        """What stands in the tables: the sums of rows and columns, and the shown cells."""
        for table in self.tables:
            mine, (rows, columns) = self._inside(table), self._places(table)
            for line in range(len(table.rows)):
                yield mine & (rows == line)
            for line in range(len(table.columns)):
                yield mine & (columns == line)
            yield mine & ((rows < 0) | (columns < 0))
            for r, c in product(range(len(table.rows)), range(len(table.columns))):
                if (r, c) not in table.hidden:
                    yield mine & (rows == r) & (columns == c)

    def _secrets(self, k: int) -> Iterator[Mask]:
        """The small cells, rows, columns and wholes of every region in every stretch of months: between any two
        publications, and from January. What is hidden only to protect others is no secret."""
        layouts = [self._places(table) for table in {(one.rows, one.columns): one for one in self.tables}.values()]
        for region, (first, last) in product(self._regions(), self.stretches):
            inside = region[self.group_of] & (self.stage_of >= first) & (self.stage_of <= last)
            if 0 < self.known[inside].sum() < k:
                yield inside
            for rows, columns in layouts:
                placed = inside & (rows >= 0) & (columns >= 0)
                for labels in (rows, columns, rows * (columns.max() + 1) + columns):
                    yield from self._small(placed, labels, k)

    def _hidden(self) -> Iterator[Mask]:
        for table in self.tables:
            mine, (rows, columns) = self._inside(table), self._places(table)
            yield from (mine & (rows == r) & (columns == c) for r, c in table.hidden)

    def _small(self, inside: Mask, labels: Ints, k: int) -> Iterator[Mask]:
        import numpy as np

        sums = np.bincount(labels[inside], weights=self.known[inside])
        for label in np.flatnonzero((sums > 0) & (sums < k)):
            yield inside & (labels == label)

    def _inside(self, table: FamilyTable) -> Mask:
        import numpy as np

        member: Mask = np.array([table.group in groups for groups in self.shared])
        inside: Mask = member[self.group_of] & (self.stage_of <= self.stage[table])
        return inside

    def _places(self, table: FamilyTable) -> tuple[Ints, Ints]:
        """Row and column of each unknown in the table."""
        import numpy as np

        places = np.array([table.place(one[2], one[3]) for one in self.unknowns], dtype=int)
        return places[:, 0], places[:, 1]

    def _regions(self) -> list[Mask]:
        """What belongs to exactly these groups; to one; to it and not another; to both; by the place in `shared`."""
        import numpy as np

        told = sorted({table.group for table in self.tables})
        has = {one: np.array([one in groups for groups in self.shared]) for one in told}
        regions = [np.arange(len(self.shared)) == n for n in range(len(self.shared))]
        regions += has.values()
        regions += [has[one] & ~has[two] for one, two in permutations(told, 2)]
        regions += [has[one] & has[two] for one, two in combinations(told, 2)]
        return list({region.tobytes(): region for region in regions if region.any()}.values())


class _Programme:
    """Ranges under the equations. Every solution found is remembered: it often shows that others are wide enough."""

    def __init__(self, known: Floats, equations: Iterable[Mask]) -> None:
        import numpy as np
        from scipy.sparse import csr_array

        lines = list({line.tobytes(): line for line in equations if line.any()}.values())
        self.told: Mask = np.logical_or.reduce(lines)
        nothing: Mask = np.logical_or.reduce([line for line in lines if not known[line].sum()] or [self.told & False])
        self.open: Mask = self.told & ~nothing
        self.matrix = csr_array(np.array([line[self.open] for line in lines], dtype=float))
        self.values = np.array([known[line].sum() for line in lines])
        self.solutions = [known[self.open]]

    def perhaps_narrow(self, targets: Sequence[Mask], enough: int) -> list[Mask]:
        """Those of the targets that a few solutions in all directions do not already show to be wide enough.

        One programme that pulls all of them, each up or down by chance, does for many what would else take two each.
        """
        import numpy as np

        left = [target for target in targets if not (target & ~self.told).any()]  # the others stand in no table
        chance = np.random.default_rng(0)
        idle = 0
        while left and idle < IDLE:
            goals = np.array([target[self.open] for target in left], dtype=float)
            for sign in (1.0, -1.0):
                self._solve(sign * chance.choice((-1.0, 1.0), len(left)) @ goals)
            reached = goals @ np.array(self.solutions).T
            low, high = np.ceil(reached.min(axis=1) - ROUNDING), np.floor(reached.max(axis=1) + ROUNDING)
            narrow = high - low < enough
            idle = idle + 1 if narrow.sum() > MOSTLY * len(left) else 0
            left = [target for target, here in zip(left, narrow, strict=True) if here]
        return left

    def range_of(self, target: Mask, enough: int) -> tuple[int, int]:
        """The lowest and highest that the target may be; where solutions at hand are `enough` apart, these."""
        goal = target[self.open].astype(float)
        found = [float(goal @ solution) for solution in self.solutions]
        low, high = min(found), max(found)
        for direction in (-1.0, 1.0):
            if floor(high + ROUNDING) - ceil(low - ROUNDING) >= enough:
                break
            reached = float(goal @ self._solve(direction * goal))
            low, high = min(low, reached), max(high, reached)
        return ceil(low - ROUNDING), floor(high + ROUNDING)

    def _solve(self, goal: Floats) -> Floats:
        """The solution that takes the goal highest, remembered."""
        from scipy.optimize import linprog

        solved = linprog(-goal, A_eq=self.matrix, b_eq=self.values, bounds=(0, None), method="highs")
        if solved.x is None:
            raise RuntimeError(solved.message)
        solution: Floats = solved.x
        self.solutions.append(solution)
        return solution
