"""What recurs more than before? The same category between the same two kinds of parties, three months against twelve.

If a cell's cases fell as before, each of its a + b cases would lie in the recent window with probability
t_a / (t_a + t_b), whatever the level; a large a is then a binomial tail. Many cells are tested at once, so the signals
are chosen with the false discovery rate: Y. Benjamini & Y. Hochberg, "Controlling the False Discovery Rate", Journal
of the Royal Statistical Society B 57 (1995) 289-300.

A signal is a reason to talk about something, not a verdict: numbers are reports, not events.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, fsum, lgamma, log, log1p

from avvikelse.analysis.words import decimal

RECENT_MONTHS = 3
EARLIER_MONTHS = 12
MIN_CASES = 3
MIN_REPORTERS = 2
Q = 0.10

Cell = tuple[str, str, str]  # category, who reports (kind of unit), whom it concerns (kind of unit)


@dataclass(frozen=True, slots=True)
class RecentCase:
    """One case of the recent window. `reporter` is any key that tells reporting units apart; None = unknown."""

    cell: Cell
    month: str  # YYYY-MM
    reporter: int | None


@dataclass(frozen=True, slots=True)
class Recurring:
    """One cell with enough cases to look at. `expected` is None when there are no earlier months to expect from."""

    category: str
    sender: str
    receiver: str
    month: int
    recent: int
    earlier: int
    reporters: int
    expected: float | None
    p: float | None
    signal: bool

    @property
    def sentence(self) -> str:
        """ "18 på tre månader, väntat 10", the same numbers as in the table."""
        if self.expected is None:
            return f"{self.recent} på tre månader, inget att jämföra med än"
        return f"{self.recent} på tre månader, väntat {decimal(self.expected)}"


def scan(
    recent: Sequence[RecentCase],
    earlier: Iterable[tuple[Cell, int]],
    *,
    month: str,
    recent_length: float = RECENT_MONTHS,
    earlier_length: float = EARLIER_MONTHS,
    q: float = Q,
) -> tuple[Recurring, ...]:
    """Every cell with at least MIN_CASES recent cases from at least MIN_REPORTERS reporters; signals come first.

    `month` is the one that the page is about. `earlier` holds (cell, number of cases); a cell may come several times.
    Lengths are in months: the recent window of an unfinished month is shorter than three, the earlier one of a young
    group than twelve. Without earlier months nothing is tested. The order of the input does not matter.
    """
    counts = Counter(case.cell for case in recent)
    in_month = Counter(case.cell for case in recent if case.month == month)
    before: Counter[Cell] = Counter()
    for cell, number in earlier:
        before[cell] += number
    reporters: dict[Cell, set[int | None]] = defaultdict(set)
    for case in recent:
        reporters[case.cell].add(case.reporter)
    cells = [c for c, number in counts.items() if number >= MIN_CASES and len(reporters[c]) >= MIN_REPORTERS]
    testable = earlier_length > 0 and recent_length > 0
    chance = recent_length / (recent_length + earlier_length) if testable else 0.0
    p = {cell: upper_tail(counts[cell], counts[cell] + before[cell], chance) for cell in cells} if testable else {}
    signals = benjamini_hochberg(p, q)
    found = (
        Recurring(
            *cell,
            month=in_month[cell],
            recent=counts[cell],
            earlier=before[cell],
            reporters=len(reporters[cell]),
            expected=before[cell] * recent_length / earlier_length if testable else None,
            p=p.get(cell),
            signal=cell in signals,
        )
        for cell in cells
    )
    return tuple(
        sorted(
            found, key=lambda r: (not r.signal, r.p if r.signal else 0.0, -r.recent, r.category, r.sender, r.receiver)
        )
    )


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


def benjamini_hochberg(p: dict[Cell, float], q: float) -> frozenset[Cell]:
    """The cells to call signals: all up to the largest k with p(k) <= q·k/m, of m tested."""
    ordered = sorted(p.items(), key=lambda item: (item[1], item[0]))
    largest = max((k for k, (_, value) in enumerate(ordered, 1) if value <= q * k / len(ordered)), default=0)
    return frozenset(cell for cell, _ in ordered[:largest])
