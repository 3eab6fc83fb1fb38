"""What comes more often than before? Every cell of a group, three months against the twelve before. Open when something
is (not) said to recur.

A cell is a category or problem type together with a kind of receiver, the group, a pair of parties, or a kommun. If its
cases fell as before, each of its a + b cases would lie in the last three months with probability t_a / (t_a + t_b); a
large a is then a binomial tail. Hundreds of cells are tested at once, so signals are chosen by false discovery rate
over all that were tested this month.

A signal is a reason to talk about something, not a verdict: numbers are reports, not events.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from avvikelse.analysis.probability import adjusted, rate_test
from avvikelse.analysis.words import decimal

RECENT_MONTHS, EARLIER_MONTHS = 3, 12
MIN_CASES, MIN_REPORTERS = 3, 2
Q = 0.10


class CellKind(StrEnum):
    """What a theme (category or problem type) is counted together with."""

    RECEIVER = "receiver"
    GROUP = "group"
    PAIR = "pair"
    KOMMUN = "kommun"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A theme and the place it is counted at: ("A1", PAIR, "grundskola>bup")."""

    theme: str
    kind: CellKind
    place: str

    @property
    def name(self) -> str:
        return f"{self.theme}|{self.kind.value}:{self.place}"


@dataclass(frozen=True, slots=True)
class Counted:
    """So many cases alike, in one month (place 0 = the first of the window). `kommun` may be unknown.

    `returned` of them have been sent back to a unit that had let go.
    """

    month: int
    theme: str
    sender: str
    receiver: str
    kommun: str | None
    cases: int
    returned: int = 0

    def cells(self, group: str) -> tuple[Cell, ...]:
        pair = f"{self.sender}>{self.receiver}"
        found = [Cell(self.theme, CellKind.GROUP, group), Cell(self.theme, CellKind.PAIR, pair)]
        if self.receiver:
            found.append(Cell(self.theme, CellKind.RECEIVER, self.receiver))
        if self.kommun:
            found.append(Cell(self.theme, CellKind.KOMMUN, self.kommun))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Signal:
    """A tested cell. `a` and `b` cases, `expected` of them in the recent window; `q` = p adjusted for all that were
    tested. `p`, `q` and `expected` are None without earlier months."""

    cell: Cell
    month: int
    a: int
    b: int
    reporters: int
    expected: float | None
    p: float | None
    q: float | None
    signal: bool

    @property
    def sentence(self) -> str:
        """ "18 på tre månader, väntat 10", the same numbers as in the table."""
        if self.expected is None:
            return f"{self.a} på tre månader, inget att jämföra med än"
        return f"{self.a} på tre månader, väntat {decimal(self.expected)}"


def count_cells(counted: Iterable[Counted], group: str, months: Iterable[int]) -> Counter[Cell]:
    """Cases per cell in the months (places) given."""
    wanted, found = frozenset(months), Counter[Cell]()
    for row in counted:
        if row.month in wanted:
            for cell in row.cells(group):
                found[cell] += row.cases
    return found


def count_reporters(recent: Iterable[tuple[Counted, int | None]], group: str) -> dict[Cell, int]:
    """How many reporting units per cell. A report without a known unit counts as one unit of its own."""
    units: dict[Cell, set[int | None]] = defaultdict(set)
    for row, unit in recent:
        for cell in row.cells(group):
            units[cell].add(unit)
    return {cell: len(found) for cell, found in units.items()}


def scan(
    recent: Mapping[Cell, int],
    earlier: Mapping[Cell, int],
    reporters: Mapping[Cell, int],
    *,
    month: Mapping[Cell, int] | None = None,
    recent_length: float = RECENT_MONTHS,
    earlier_length: float = EARLIER_MONTHS,
    q: float = Q,
) -> tuple[Signal, ...]:
    """Every cell with at least MIN_CASES recent cases, tested; signals first, strongest first.

    Args:
        reporters: reporting units per cell in the recent window; a signal needs MIN_REPORTERS.
        month: cases per cell in the month that the page is about.
        recent_length, earlier_length: in months: shorter for an unfinished month, and for a young group.
    """
    cells = sorted(cell for cell, number in recent.items() if number >= MIN_CASES)
    testable = recent_length > 0 and earlier_length > 0
    p = [rate_test(recent[c], earlier.get(c, 0), recent_length, earlier_length) for c in cells] if testable else []
    found = []
    for place, (cell, value) in enumerate(zip(cells, adjusted(p) if testable else [None] * len(cells), strict=True)):
        seen = reporters.get(cell, 0)
        found.append(
            Signal(
                cell,
                (month or {}).get(cell, 0),
                recent[cell],
                earlier.get(cell, 0),
                seen,
                earlier.get(cell, 0) * recent_length / earlier_length if testable else None,
                p[place] if testable else None,
                value,
                signal=value is not None and value <= q and seen >= MIN_REPORTERS,
            )
        )
    return tuple(sorted(found, key=lambda s: (not s.signal, s.p if s.p is not None else 1.0, -s.a, s.cell)))
