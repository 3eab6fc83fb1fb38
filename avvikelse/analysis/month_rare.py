"""A problem that a measure is against, too rare for counts by month: the days between its reports, a t chart.

Open with month_charts.py. Longer between is better. The limits are those of the time before the measure; how long it
has been quiet until now is said beside them, since a problem that has stopped makes no more points.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from avvikelse.analysis.month_content import Chart, Level, Marker, Point, Sign
from avvikelse.analysis.month_facts import MonthFacts, Names
from avvikelse.analysis.spc.attributes import Kind, control_chart
from avvikelse.analysis.words import counted

FEWEST_BEFORE = 10  # times between reports before the measure; fewer make no limits


def days_between(facts: MonthFacts, names: Names, about: tuple[str, str], markers: Sequence[Marker]) -> Chart | None:
    """None with fewer than `FEWEST_BEFORE` reports before the first measure. Several of one day are one."""
    days = sorted({wait.on for wait in facts.waits if wait.on is not None and wait.about == about})
    ends, gaps = days[1:], [(late - early).days for early, late in pairwise(days)]
    first = min(marker.month for marker in markers)
    before = sum(_month(day) < first for day in ends)
    if before < FEWEST_BEFORE:
        return None
    chart = control_chart(Kind.T, gaps, freeze=before)
    centre, lower, upper = chart.points[0].centre, chart.points[0].lower, chart.points[0].upper
    if centre is None or lower is None or upper is None:
        return None
    quiet = (facts.as_of - days[-1]).days
    signs = [_sign(gap, lower, upper) for gap in gaps]
    return Chart(
        key=f"{about[0]}-{about[1]}",
        title=f"Dagar mellan rapporter: {names.category(about[0])}, gäller {names.concerned(about[1])}",
        about=(
            "Problemet rapporteras sällan, så varje punkt är en rapport. Gränserna är låsta vid tiden före åtgärden."
            " Längre mellan är bättre."
        ),
        unit="Dagar sedan förra",
        points=tuple(Point(_month(day), gap, sign) for day, gap, sign in zip(ends, gaps, signs, strict=True)),
        levels=(Level(0, len(gaps) - 1, centre, lower, upper),),
        markers=tuple(_placed(marker, ends) for marker in markers),
        sign=Sign.FALLING if quiet > upper else signs[-1],
        reading=_reading(quiet, centre, upper, signs[-1]),
        by_report=True,
    )


def _sign(gap: float, lower: float, upper: float) -> Sign:
    """Longer between is a rarer problem."""
    return Sign.FALLING if gap > upper else Sign.RISING if gap < lower else Sign.USUAL


def _placed(marker: Marker, ends: Sequence[date]) -> Marker:
    """At the first report after the measure, where the drawing has a place for it."""
    later = next((_month(day) for day in ends if _month(day) >= marker.month), marker.month)
    return Marker(later, marker.label)


def _reading(quiet: int, centre: float, upper: float, latest: Sign) -> str:
    usual = f"Före åtgärden var det oftast {round(centre)} dagar mellan två rapporter."
    now = f"Nu har det gått {counted(quiet, 'dag', 'dagar')} sedan den senaste"
    if quiet > upper:
        return f"{usual} {now}: längre än den vanliga variationen förklarar."
    if latest is Sign.RISING:
        return f"{usual} {now}. De två senaste kom tätare än den vanliga variationen förklarar."
    if latest is Sign.FALLING:
        return f"{usual} {now}. Före den var det längre mellan än den vanliga variationen förklarar."
    return f"{usual} {now}; upp till {int(upper)} är vanlig variation."


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
