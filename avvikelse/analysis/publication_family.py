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
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING, Any, cast

from avvikelse.analysis.publication import OTHERS
from avvikelse.analysis.ranges import Ranges
from avvikelse.analysis.suppression import Cell, K, Unprotectable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Ints = NDArray[np.int_]
    Floats = NDArray[np.float64]

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
    rests_on: frozenset[bytes] = field(compare=False, repr=False)  # the equations that tell it


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

    reader = FamilyReader(family.counts, (*family.published, table))

    def told(hidden: Collection[Cell], among: Sequence[Told] | None = None) -> list[Told]:
        return list(reader.when_hiding(hidden).narrow(k, among, every=every))

    hidden, left = set(table.hidden), sorted(set(countable) - table.hidden)
    found = told(hidden)
    if found and (anyway := told({*hidden, *left}, found)):
        raise ToldAnyway(anyway)
    while found:
        if not left:
            raise ToldAnyway(found)
        more = {min(near, default=min(left)) for near in _near(found, table, left)}
        hidden |= more
        left = [cell for cell in left if cell not in more]
        found = told(hidden, found)  # the more is hidden the less is told: what was safe stays so
        if every and not found:
            found = told(hidden)  # what has been hidden meanwhile is to be protected too
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
        self.per_cell = len(rows) * len(columns)
        self.known: Floats = np.array([known[one] for one in unknowns], dtype=float)
        self.group_of: Ints = np.array([self.shared.index(one[0]) for one in unknowns], dtype=int)
        self.stage_of: Ints = np.array([one[1] for one in unknowns], dtype=int)
        self.stages = stages
        self._seen: dict[object, Any] = {}  # of the tables, whatever they hide
        self.stretches = [(n, m) for m in range(len(stages)) for n in range(m + 1)]

    def when_hiding(self, hidden: Collection[Cell]) -> FamilyReader:
        """The same reader, when the last table hides these cells."""
        other = copy(self)
        other.tables = (*self.tables[:-1], replace(self.tables[-1], hidden=frozenset(hidden)))
        return other

    def narrow(self, k: int = K, among: Sequence[Told] | None = None, *, every: bool = False) -> Iterator[Told]:
        """Every small count of a group, and of what the groups share or do not share, whose range is less than k-1
        wide; with `every` also every hidden cell. Of those `among` which it was found before, if given."""
        programme = Ranges(self.known, self._equations())
        standing = frozenset(programme.names)
        asked: Iterable[Mask]
        if among is None:
            asked = (*self._secrets(k), *(self._hidden() if every else ()))
        else:
            yield from (one for one in among if one.rests_on <= standing)
            asked = (one.places for one in among if not one.rests_on <= standing)
        targets = list({places.tobytes(): places for places in asked}.values())
        for places in programme.perhaps_narrow(targets, enough=k - 1):
            low, high, rests_on = programme.range_of(places, enough=k - 1)
            if high - low < k - 1:
                cells = frozenset(one[2:] for one, here in zip(self.unknowns, places, strict=True) if here)
                yield Told(cells, low, high, places, rests_on)

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
        import numpy as np

        finest = self.per_cell  # the unknowns are all cells of the finest table, again for each stage and region
        seen = {tuple(places[:finest].tobytes() for places in self._places(one)): one for one in self.tables}
        layouts = [tuple(places[:finest] for places in self._places(table)) for table in seen.values()]
        by_cell = self.known.reshape(len(self.shared), len(self.stages), finest)
        for region, (first, last) in product(self._regions(), self.stretches):
            numbers = by_cell[region, first : last + 1].sum(axis=(0, 1))
            inside = region[self.group_of] & (self.stage_of >= first) & (self.stage_of <= last)
            blocks, named = len(inside) // finest, set()
            if 0 < numbers.sum() < k:
                yield inside
            for rows, columns in layouts:
                here = (rows >= 0) & (columns >= 0)
                for labels in (rows, columns, rows * (columns.max() + 1) + columns):
                    sums = np.bincount(labels[here], weights=numbers[here])
                    for label in np.flatnonzero((sums > 0) & (sums < k)):
                        cells = here & (labels == label)
                        if (name := cells.tobytes()) not in named:
                            named.add(name)
                            yield inside & np.tile(cells, blocks)

    def _hidden(self) -> Iterator[Mask]:
        for table in self.tables:
            mine, (rows, columns) = self._inside(table), self._places(table)
            yield from (mine & (rows == r) & (columns == c) for r, c in table.hidden)

    def _inside(self, table: FamilyTable) -> Mask:
        import numpy as np

        key = (table.group, table.months)
        if key not in self._seen:
            member: Mask = np.array([table.group in groups for groups in self.shared])
            self._seen[key] = member[self.group_of] & (self.stage_of <= self.stages.index(table.months))
        return cast("Mask", self._seen[key])

    def _places(self, table: FamilyTable) -> tuple[Ints, Ints]:
        """Row and column of each unknown in the table."""
        import numpy as np

        key = (table.rows, table.columns)
        if key not in self._seen:
            places = np.array([table.place(one[2], one[3]) for one in self.unknowns], dtype=int)
            self._seen[key] = (places[:, 0].copy(), places[:, 1].copy())
        return cast("tuple[Ints, Ints]", self._seen[key])

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
