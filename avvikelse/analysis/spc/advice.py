"""Which chart may a series have, if any? Open when a chart is (not) shown for a series of monthly numbers.

Many small series on XmR charts give more false signals than true ones (simulated: 300 small series of which ten
tripled; XmR flags 20, 16 of them falsely, the scan test 3, 0.2 falsely). So a small series goes to analysis/scan.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from statistics import fmean

LINE_MONTHS, CHART_MONTHS = 6, 13
CHART_MEAN, RATE_MEAN = 5.0, 1.0
HUGE_DENOMINATOR = 10_000  # above this the Poisson limits are narrower than any real process is steady
EVEN = 0.25  # denominators within 25 % of their mean are taken as even (Montgomery)


class Shown(StrEnum):
    """How a series is shown, by its length."""

    TABLE = "table"
    LINE = "line"  # line and median, with the words "för få månader"
    CHART = "chart"  # limits, signs and icons


class Chart(StrEnum):
    """What to compute for a series that is long enough. SCAN = none of its own."""

    XMR = "xmr"
    XMR_OF_SHARES = "xmr_of_shares"
    U = "u"
    U_PRIME = "up"
    P = "p"
    T = "t"
    SCAN = "scan"


def shown(months: int) -> Shown:
    """By the number of months with a value (excluded ones not counted)."""
    return Shown.CHART if months >= CHART_MONTHS else Shown.LINE if months >= LINE_MONTHS else Shown.TABLE


def chart_for(
    values: Sequence[float | None],
    denominators: Sequence[float | None] | None = None,
    *,
    share: bool = False,
    tracked: bool = False,
) -> Chart:
    """The chart of a series of monthly counts.

    Args:
        denominators: how many could have been counted (inhabitants, meetings), where that is really known.
        share: the count is a part of the denominator.
        tracked: a measure is followed on it, so that it is worth a chart of its own though it is rare.
    """
    counts = [value for value in values if value is not None]
    below = [n for n in denominators or () if n]
    average = fmean(counts) if counts else 0.0
    if len(counts) >= CHART_MONTHS and share and below:
        centre = fmean(below)
        return Chart.XMR_OF_SHARES if all(abs(n - centre) <= EVEN * centre for n in below) else Chart.P
    if len(counts) >= CHART_MONTHS and average >= CHART_MEAN:
        return Chart.XMR
    if len(counts) >= CHART_MONTHS and below and average >= RATE_MEAN:
        return Chart.U_PRIME if fmean(below) >= HUGE_DENOMINATOR else Chart.U
    return Chart.T if tracked else Chart.SCAN
