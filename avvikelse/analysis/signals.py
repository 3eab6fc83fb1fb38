"""A group's signals for one month: the scan over all cells, and a chart per category that is large enough. Open to see
what a page can say of change. `signals(facts)` is the whole computation, of counts alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from avvikelse.analysis import scan as scanning
from avvikelse.analysis.bounces import PairShare, pair_shares
from avvikelse.analysis.scan import EARLIER_MONTHS, RECENT_MONTHS, Counted, Signal
from avvikelse.analysis.spc.advice import Chart, Shown, chart_for, shown
from avvikelse.analysis.spc.individuals import XmrChart, xmr_chart

WINDOW = 24  # months that a chart shows
ROUTE_MONTHS = 12
SCHOOL_FREE = 7  # July
SCHOOL_KINDS = frozenset({"grundskola", "gymnasieskola", "elevhalsa", "friskola", "forskola"})


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """`months`: the window, YYYY-MM, oldest first. `counted` rows have places in it.

    `recent` pairs each combination of the last three months with a reporting unit (None = unknown). `first_month` is
    that of the group's very first case. `elapsed`: how much of the last month has gone, 0..1.
    """

    group: str
    months: tuple[str, ...]
    counted: tuple[Counted, ...]
    recent: tuple[tuple[Counted, int | None], ...]
    first_month: str | None
    elapsed: float = 1.0


@dataclass(frozen=True, slots=True)
class ThemeChart:
    """The group's monthly numbers of one theme. `chart` only where there are months and cases enough."""

    theme: str
    months: tuple[str, ...]
    values: tuple[int, ...]
    shown: Shown
    chart: XmrChart | None


@dataclass(frozen=True, slots=True)
class Signals:
    """`cells`: everything tested, signals first. `charts`: the themes, most cases first.

    `routes`: who sends whom back and forth, over ROUTE_MONTHS.
    """

    cells: tuple[Signal, ...]
    charts: tuple[ThemeChart, ...]
    routes: tuple[PairShare, ...]

    @property
    def tested(self) -> int:
        return len(self.cells)


def signals(facts: SignalFacts) -> Signals:
    """The order of the rows does not matter."""
    last = len(facts.months)
    recent = range(last - RECENT_MONTHS, last)
    earlier = range(max(0, last - RECENT_MONTHS - EARLIER_MONTHS), last - RECENT_MONTHS)
    active = [place for place in earlier if facts.first_month and facts.months[place] >= facts.first_month]
    cells = scanning.scan(
        scanning.count_cells(facts.counted, facts.group, recent),
        scanning.count_cells(facts.counted, facts.group, earlier),
        scanning.count_reporters(facts.recent, facts.group),
        month=scanning.count_cells(facts.counted, facts.group, [last - 1]),
        recent_length=RECENT_MONTHS - 1 + facts.elapsed,
        earlier_length=len(active),
    )
    routes = ((c.sender, c.receiver, c.cases, c.returned) for c in facts.counted if c.month >= last - ROUTE_MONTHS)
    return Signals(cells, _charts(facts), pair_shares(routes))


def _charts(facts: SignalFacts) -> tuple[ThemeChart, ...]:
    """Whole months since the group's first case. Themes that schools report mostly leave July out."""
    whole = facts.months if facts.elapsed >= 1 else facts.months[:-1]
    places = [place for place, month in enumerate(whole) if facts.first_month and month >= facts.first_month]
    by_theme: dict[str, Counter[int]] = {}
    from_schools: Counter[str] = Counter()
    for row in facts.counted:
        by_theme.setdefault(row.theme, Counter())[row.month] += row.cases
        from_schools[row.theme] += row.cases if row.sender in SCHOOL_KINDS else 0
    found = [
        _chart(theme, [facts.months[p] for p in places], [numbers[p] for p in places], july_out=_mostly(
            from_schools[theme], numbers
        ))
        for theme, numbers in by_theme.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-sum(one.values), one.theme)))


def _mostly(part: int, numbers: Mapping[int, int]) -> bool:
    return 2 * part > sum(numbers.values())


def _chart(theme: str, months: list[str], values: list[int], *, july_out: bool) -> ThemeChart:
    excluded = [place for place, month in enumerate(months) if july_out and int(month[5:]) == SCHOOL_FREE]
    counted = [value for place, value in enumerate(values) if place not in excluded]
    how = shown(len(counted))
    enough = how is Shown.CHART and chart_for(counted) is Chart.XMR
    chart = xmr_chart(values, excluded=excluded) if enough else None
    return ThemeChart(theme, tuple(months), tuple(values), how, chart)
