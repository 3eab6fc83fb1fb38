"""Small numbers in published tables: what to hide, so that nobody can work out what is hidden. Open when a table shows
too much or too little.

Counts of 1 to k-1 are *primary*: hidden. Margins are published, so single hidden cells can be computed back; the fewest
*complementary* cells (then those with the smallest sum) are hidden with them, until the range that margins and shown
cells leave for each primary cell is at least k-1 wide. The choice is an integer programme, the ranges are linear
programmes: never a rule of thumb. Zeros stay visible.

Source of the method: M. Fischetti & J. J. Salazar, "Models and Algorithms for the 2-Dimensional Cell Suppression
Problem in Statistical Disclosure Control", Mathematical Programming 84 (1999) 283-312.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

K = 5
SECONDS = 30  # of search, twice

Cell = tuple[int, int]  # row, column
Table = Sequence[Sequence[int]]
Range = tuple[int, int]


class Unprotectable(ValueError):
    """No set of hidden cells makes the table safe: it must be merged further, or not published."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """What to hide in a table, and for each hidden cell the lowest and highest number that a reader can work out."""

    primary: tuple[Cell, ...]
    complementary: tuple[Cell, ...]
    ranges: Mapping[Cell, Range]

    @property
    def hidden(self) -> frozenset[Cell]:
        return frozenset((*self.primary, *self.complementary))


def suppress(table: Table, k: int = K, *, also: Collection[Cell] = (), every: bool = False) -> Suppression:
    """The fewest cells to hide, those with the smallest sum among them.

    Args:
        also: cells to treat as primary whatever their count.
        every: complementary cells too get a range of k-1. Publishing asks for it; it may take more cells.

    Raises:
        Unprotectable: when even hiding everything does not do.
        ValueError: for a table that is no rectangle of whole numbers from 0.
    """
    _check(table)
    cells, wanted = cells_of(table), set(also)
    primary = tuple(cell for cell, count in cells.items() if 0 < count < k or cell in wanted)
    guarded: set[Cell] = set()  # only the cells that are not safe anyway: a smaller programme with the same answer
    while True:
        complementary = _choose(table, primary, guarded, k)
        ranges = ranges_of(table, {*primary, *complementary})
        must = {*primary, *complementary} if every else set(primary)
        narrow = {cell for cell in must if ranges[cell][1] - ranges[cell][0] < k - 1}
        if not narrow:
            return Suppression(primary, complementary, ranges)
        if narrow <= guarded:
            raise Unprotectable("the table cannot be protected")
        guarded |= narrow


def ranges_of(table: Table, hidden: Collection[Cell]) -> dict[Cell, Range]:
    """The audit: what margins and shown cells allow for each hidden cell, by linear programming."""
    import numpy as np
    from scipy.optimize import linprog

    cells = sorted(hidden)
    if not cells:
        return {}
    rows, columns = sorted({r for r, _ in cells}), sorted({c for _, c in cells})
    margins = np.zeros((len(rows) + len(columns), len(cells)))
    left = np.zeros(len(margins))
    for place, (r, c) in enumerate(cells):
        for line in (rows.index(r), len(rows) + columns.index(c)):
            margins[line, place] = 1
            left[line] += table[r][c]
    found = {}
    for place, cell in enumerate(cells):
        bounds = []
        for direction in (1, -1):
            goal = np.zeros(len(cells))
            goal[place] = direction
            solved = linprog(goal, A_eq=margins, b_eq=left, bounds=(0, None), method="highs")
            bounds.append(round(direction * float(solved.fun)))
        found[cell] = (bounds[0], bounds[1])
    return found


def _choose(table: Table, primary: Sequence[Cell], guarded: Collection[Cell], k: int) -> tuple[Cell, ...]:
    """The complementary cells by integer programming: first their number, then their sum.

    A very large table gets the best that is found in SECONDS: still safe (the audit sees to that), perhaps not fewest.
    """
    if not guarded:
        return ()
    programme = _Programme(table, primary, sorted(guarded), k)
    fewest = programme.solve([1.0] * programme.binaries)
    number = sum(fewest)
    if not number:
        return ()
    smallest = programme.solve([float(table[r][c]) for r, c in programme.candidates], number=number)
    return tuple(cell for cell, taken in zip(programme.candidates, smallest, strict=True) if taken)


class _Programme:
    """Which candidates to hide, so that each guarded cell can both rise and fall enough.

    Per guarded cell two other tables with the same margins, as differences from the true one: one where it is higher,
    one where it is lower, together k-1 apart. A difference runs through hidden cells only, never below 0, and k-1 is
    the most that any cell of it must change.
    """

    def __init__(self, table: Table, primary: Sequence[Cell], guarded: Sequence[Cell], k: int) -> None:
        hidden = set(primary)
        self.table, self.width, self.guarded = table, k - 1, guarded
        self.candidates = [cell for cell, count in cells_of(table).items() if count and cell not in hidden]
        self.movable = [*sorted(hidden), *self.candidates]
        self.binaries = len(self.candidates)

    def solve(self, weights: Sequence[float], number: int | None = None) -> list[int]:
        """0 or 1 per candidate. Raises Unprotectable when there is no solution."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import lil_array

        cells, n, rows = len(self.movable), self.binaries, len(self.table)
        flows = 2 * len(self.guarded)
        size = n + flows * cells
        lower, upper = np.zeros(size), np.ones(size)
        counts = np.array([self.table[r][c] for r, c in self.movable], dtype=float)
        lower[n:] = np.tile(-np.minimum(counts, self.width), flows)
        upper[n:] = self.width
        lines: list[tuple[dict[int, float], float, float]] = []
        for flow in range(flows):
            start = n + flow * cells
            margins: dict[int, dict[int, float]] = {}
            for place, (r, c) in enumerate(self.movable):
                for line in (r, rows + c):
                    margins.setdefault(line, {})[start + place] = 1.0
                if place >= cells - n:  # a candidate moves only if it is hidden
                    hides = place - (cells - n)
                    fall = float(min(counts[place], self.width))
                    lines.append(({start + place: 1.0, hides: -float(self.width)}, -np.inf, 0.0))
                    lines.append(({start + place: 1.0, hides: fall}, 0.0, np.inf))
            lines += [(line, 0.0, 0.0) for line in margins.values()]
        for index, cell in enumerate(self.guarded):
            place = self.movable.index(cell)
            up, down = n + 2 * index * cells + place, n + (2 * index + 1) * cells + place
            lines.append(({up: 1.0, down: -1.0}, float(self.width), np.inf))
        if number is not None:
            lines.append((dict.fromkeys(range(n), 1.0), float(number), float(number)))
        matrix = lil_array((len(lines), size))
        for row, (terms, _, _) in enumerate(lines):
            for column, value in terms.items():
                matrix[row, column] = value
        solved = milp(
            np.concatenate([np.asarray(weights), np.zeros(size - n)]),
            integrality=np.concatenate([np.ones(n), np.zeros(size - n)]),
            bounds=Bounds(lower, upper),
            constraints=LinearConstraint(matrix.tocsr(), [line[1] for line in lines], [line[2] for line in lines]),
            options={"mip_rel_gap": 0.0, "time_limit": SECONDS},
        )
        if solved.x is None:
            raise Unprotectable("the table cannot be protected")
        return [round(float(value)) for value in solved.x[:n]]


def cells_of(table: Table) -> dict[Cell, int]:
    return {(r, c): count for r, row in enumerate(table) for c, count in enumerate(row)}


def _check(table: Table) -> None:
    if len({len(row) for row in table}) > 1:
        raise ValueError("the rows must be equally long")
    if any(isinstance(n, bool) or not isinstance(n, int) or n < 0 for row in table for n in row):
        raise ValueError("counts are whole numbers from 0")
