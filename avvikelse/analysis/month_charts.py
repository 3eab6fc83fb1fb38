"""The drawn series of a group's month, each with its reading in one sentence. Open with month.py.

A series is drawn only where it can be read (spc/advice.py): at least thirteen months, and for counts a mean of at least
five. Fewer say more in a table, but for a problem that a measure is against: it is drawn by the days between reports.
From six months on the table of what came has a line with its median above it. Months that are not over, and months
without school, are drawn hollow and make no limits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean, median

from avvikelse.analysis.month_content import Chart, Level, Marker, Point, Sign
from avvikelse.analysis.month_facts import MonthFacts, Names
from avvikelse.analysis.month_rare import days_between
from avvikelse.analysis.spc import advice
from avvikelse.analysis.spc.individuals import (
    Improvement,
    Judgement,
    RebaseObstacle,
    Variation,
    XmrChart,
    XmrPoint,
    rebase_obstacles,
    xmr_chart,
)
from avvikelse.analysis.survival import kaplan_meier
from avvikelse.analysis.words import counted, decimal, sentence_case

FEWEST_MONTHS = advice.CHART_MONTHS
SMALLEST_SAMPLE = 5  # a median of fewer reports is not told
MOST_TRACKED = 3

TOTALS, WAITS = "inkomna", "dagar-till-svar"
_TOTALS_TITLE = "Inkomna avvikelser per månad"

_SIGNS = {
    Judgement.COMMON: Sign.USUAL,
    Judgement.CONCERN: Sign.RISING,
    Judgement.IMPROVEMENT: Sign.FALLING,
    Judgement.NEUTRAL_HIGH: Sign.SHIFTED,
    Judgement.NEUTRAL_LOW: Sign.SHIFTED,
}


def charts(
    facts: MonthFacts, names: Names, named_measures: Sequence[tuple[str, tuple[str, str], str]]
) -> tuple[Chart, ...]:
    """All series that can be drawn: what came, days to an answer, and the problems that a measure is against.

    `named_measures` are (name, (category, receiver), month in place), as the table of measures calls them.
    """
    tracked: dict[tuple[str, str], list[Marker]] = defaultdict(list)
    for name, about, month in named_measures:
        tracked[about].append(Marker(month, name))
    found = (
        _totals(facts, names),
        _waits(facts, names),
        *(_tracked(facts, names, about, markers) for about, markers in list(tracked.items())[:MOST_TRACKED]),
    )
    return tuple(chart for chart in found if chart is not None)


def line(facts: MonthFacts, names: Names) -> Chart | None:
    """What came in a group's first year, with the median: six to twelve months, with five a month or more."""
    months, counts = active_months(facts), counts_by_month(facts)
    left_out = _left_out(facts, months)
    kept = [place for place in range(len(months)) if place not in left_out]
    values = [counts[months[place]] for place in kept]
    if len(months) >= FEWEST_MONTHS or advice.shown(len(kept)) is not advice.Shown.LINE:
        return None
    if fmean(values) < advice.CHART_MEAN:
        return None
    middle, latest = median(values), months[kept[-1]]
    return Chart(
        key=TOTALS,
        title=_TOTALS_TITLE,
        about="För få månader för att säga vad som är vanlig variation.",
        unit="Antal",
        points=tuple(Point(month, counts[month], Sign.USUAL, place in left_out) for place, month in enumerate(months)),
        levels=(),
        markers=(),
        sign=Sign.FEW,
        reading=(
            f"{counts[latest]} i {names.month(latest)}. Medianen för {counted(len(kept), 'månad', 'månader')} är"
            f" {decimal(middle)}: minst hälften av dem har så många eller färre."
        ),
        median=middle,
    )


def counts_by_month(facts: MonthFacts, about: tuple[str, str] | None = None) -> Counter[str]:
    """Cases per month of the window; of one category and receiver when `about` is given."""
    found: Counter[str] = Counter()
    for case in facts.recent:
        if about in {None, (case.cell[0], case.cell[2])}:
            found[case.month] += 1
    for row in facts.earlier:
        if about in {None, (row.cell[0], row.cell[2])}:
            found[row.month] += row.count
    return found


def active_months(facts: MonthFacts) -> tuple[str, ...]:
    """The months of the window in which the group has had cases to count: from its first one on."""
    first_on = facts.standing.first_on
    return tuple(month for month in facts.months if first_on is not None and month >= f"{first_on:%Y-%m}")


def level_obstacle(facts: MonthFacts, key: str, month: str) -> str | None:
    """Why the chart may not get a new level from `month` on, as a Swedish sentence; None = it may."""
    months = active_months(facts)
    chart = {TOTALS: _totals_xmr, WAITS: _waits_xmr}.get(key, lambda _: None)(facts)
    if chart is None or month not in months:
        return "Diagrammet finns inte för den månaden."
    if month in facts.new_levels.get(key, ()):
        return "Där börjar redan en ny nivå."
    found = rebase_obstacles(chart, months.index(month))
    return _OBSTACLES[found[0]] if found else None


_OBSTACLES = {
    RebaseObstacle.TOO_FEW_AFTER: "En ny nivå behöver minst sju månader från och med den månad du väljer.",
    RebaseObstacle.NO_SIGNAL: "Månaderna efter ligger inom den vanliga variationen. Då finns ingen ny nivå att rita.",
}


def _totals(facts: MonthFacts, names: Names) -> Chart | None:
    chart = _totals_xmr(facts)
    return (
        None
        if chart is None
        else _chart(
            facts,
            chart,
            key=TOTALS,
            title=_TOTALS_TITLE,
            about="",
            unit="Antal",
            names=names,
            improvement=Improvement.NEUTRAL,
        )
    )


def _totals_xmr(facts: MonthFacts) -> XmrChart | None:
    months, counts = active_months(facts), counts_by_month(facts)
    values = [counts[month] for month in months]
    if not _drawable_counts(values):
        return None
    starts = _starts(facts, months, TOTALS)
    return xmr_chart(values, excluded=_left_out(facts, months), improvement=Improvement.NEUTRAL, starts=starts)


def _tracked(facts: MonthFacts, names: Names, about: tuple[str, str], markers: Sequence[Marker]) -> Chart | None:
    months, counts = active_months(facts), counts_by_month(facts, about)
    values = [counts[month] for month in months]
    first = min(marker.month for marker in markers)
    before = sum(month < first for month in months)
    if advice.chart_for(values, tracked=True) is advice.Chart.T:
        return days_between(facts, names, about, markers)
    if before < FEWEST_MONTHS - 1:
        return None
    # The lines stay at the months before the measure: otherwise its own effect would move them.
    chart = xmr_chart(values, freeze=before, excluded=_left_out(facts, months), improvement=Improvement.DECREASE)
    title = f"{names.category(about[0])}, gäller {names.concerned(about[1])}"
    return _chart(
        facts, chart, key=f"{about[0]}-{about[1]}", title=title, unit="Antal", names=names, markers=tuple(markers),
        about="Snitt och gränser är låsta vid månaderna före åtgärden. Färre är bättre.",
    )  # fmt: skip


def _waits(facts: MonthFacts, names: Names) -> Chart | None:
    chart = _waits_xmr(facts)
    about = "Efter så många dagar hade hälften av månadens rapportörer fått svar. Färre är bättre."
    title, unit = "Dagar till svar", "Dagar (median)"
    return None if chart is None else _chart(facts, chart, key=WAITS, title=title, about=about, unit=unit, names=names)


def _waits_xmr(facts: MonthFacts) -> XmrChart | None:
    months = active_months(facts)
    by_month: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for wait in facts.waits:
        by_month[wait.month].append((wait.days, wait.answered))
    values = [_median_wait(by_month[month]) for month in months]
    if sum(value is not None for value in values) < FEWEST_MONTHS:
        return None
    return xmr_chart(values, improvement=Improvement.DECREASE, starts=_starts(facts, months, WAITS))


def _median_wait(waits: Sequence[tuple[int, bool]]) -> float | None:
    """None while fewer than half have an answer, or when there are too few to say."""
    if len(waits) < SMALLEST_SAMPLE:
        return None
    median = kaplan_meier(waits).quantile()
    return None if median is None else float(median)


def _drawable_counts(values: Sequence[int]) -> bool:
    return advice.chart_for(values) is advice.Chart.XMR


def _left_out(facts: MonthFacts, months: Sequence[str]) -> list[int]:
    return [
        place
        for place, month in enumerate(months)
        if int(month[5:]) in facts.school_free or (month == facts.month and facts.elapsed < 1)
    ]


def _starts(facts: MonthFacts, months: Sequence[str], key: str) -> list[int]:
    """Where somebody has decided, with a reason, that a new level begins."""
    return [place for place, month in enumerate(months) if month in facts.new_levels.get(key, ())]


def _chart(
    facts: MonthFacts, chart: XmrChart, *, key: str, title: str, about: str, unit: str, names: Names,
    markers: tuple[Marker, ...] = (), improvement: Improvement = Improvement.DECREASE,
) -> Chart:  # fmt: skip
    months = active_months(facts)
    levels = tuple(
        Level(segment.first, segment.last, segment.mean, segment.lower, segment.upper)
        for segment in chart.segments
        if segment.mean is not None and segment.lower is not None and segment.upper is not None
    )
    reasons = facts.new_levels.get(key, {})
    sign = Sign.BETTER if chart.new_level and _improved(levels, improvement) else _sign_of(chart)
    return Chart(
        key=key,
        title=title,
        about=about,
        unit=unit,
        points=tuple(
            Point(month, p.value, _SIGNS[p.judgement], p.excluded)
            for month, p in zip(months, chart.points, strict=True)
        ),
        levels=levels,
        markers=(*markers, *(Marker(month, reason) for month, reason in reasons.items())),
        sign=sign,
        reading=_reading(chart, months, levels, unit, names),
    )


def _sign_of(chart: XmrChart) -> Sign:
    return Sign.USUAL if chart.variation is Variation.COMMON or chart.latest is None else _SIGNS[chart.latest.judgement]


def _improved(levels: Sequence[Level], improvement: Improvement) -> bool:
    """Only a series in which fewer is better has a better level; a number of reports has just a new one."""
    return improvement is Improvement.DECREASE and len(levels) > 1 and levels[-1].mean < levels[-2].mean


def _reading(chart: XmrChart, months: Sequence[str], levels: Sequence[Level], unit: str, names: Names) -> str:
    """What the drawing says, from the very values that it shows."""
    place = max((n for n, p in enumerate(chart.points) if p.value is not None and not p.excluded), default=None)
    if place is None or not levels:
        return ""
    point, level = chart.points[place], levels[-1]
    value = round(point.value or 0)
    what = f"{counted(value, 'dag', 'dagar')}" if unit.startswith("Dagar") else f"{value}"
    low, high = round(max(0.0, level.lower)), round(level.upper)
    when = names.month(months[place])
    usual = f"Mellan {low} och {high} är vanlig variation; skillnaden mellan två månader säger sällan något i sig."
    first = sentence_case(f"{what} för rapporterna i {when}." if unit.startswith("Dagar") else f"{what} i {when}.")
    return f"{first} {_SENTENCES.get(_why(point), usual)}"


def _why(point: XmrPoint) -> tuple[str, int] | None:
    return (point.rule.value, point.direction) if point.rule is not None else None


# Plain words for the four rules: above or below.
_SENTENCES: Mapping[tuple[str, int] | None, str] = {
    ("outside", 1): "Det är mer än den vanliga variationen förklarar.",
    ("outside", -1): "Det är mindre än den vanliga variationen förklarar.",
    ("trend", 1): "Det har ökat minst sju månader i rad.",
    ("trend", -1): "Det har minskat minst sju månader i rad.",
    ("two_of_three", 1): "Två av de senaste tre månaderna ligger nära den övre gränsen.",
    ("two_of_three", -1): "Två av de senaste tre månaderna ligger nära den undre gränsen.",
    ("shift", 1): "Minst sju månader i rad ligger över snittet.",
    ("shift", -1): "Minst sju månader i rad ligger under snittet.",
}
