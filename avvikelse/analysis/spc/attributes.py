"""Control charts for counts, rates, shares and rare events: i, mr, c, u, u′, p, p′, t, g, and the run chart.

Open when a series has real denominators, or is too rare for an XmR chart. Limits at 3σ, warning limits at 2σ. Counts
have no limit below 0, shares none above 1. Missing values (None) and points whose denominator is 0 are left out of
everything and get no limits; they never become NaN.

Sources: D. C. Montgomery, "Introduction to Statistical Quality Control" (c, u, p, i, mr); D. B. Laney, Quality
Engineering 14 (2002) 531-537 (u′, p′); L. S. Nelson, Journal of Quality Technology 26 (1994) 239-241 (t: x^(1/3.6));
L. P. Provost & S. K. Murray, "The Health Care Data Guide" (g). Same numbers as the R package qicharts2 0.8.1.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import inf, sqrt

from avvikelse.analysis.spc.exact import Number, exact, exact_or_missing, mean, median, screened_mean, sign
from avvikelse.analysis.spc.runs import Runs, runs

D2 = Fraction(1128, 1000)
SCREEN = Fraction(3267, 1000)
T_POWER = 3.6


class Kind(StrEnum):
    """The chart types, by the names that the field uses."""

    RUN = "run"
    I = "i"  # noqa: E741 -- its name
    MR = "mr"
    C = "c"
    U = "u"
    U_PRIME = "up"
    P = "p"
    P_PRIME = "pp"
    T = "t"
    G = "g"


COUNTS = frozenset({Kind.C, Kind.U, Kind.U_PRIME, Kind.P, Kind.P_PRIME, Kind.G})
WITH_DENOMINATOR = frozenset({Kind.U, Kind.U_PRIME, Kind.P, Kind.P_PRIME})
SHARES = frozenset({Kind.P, Kind.P_PRIME})


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One point and the lines at it. None = missing, or no such line. `part` counts from 1."""

    plotted: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    lower_warning: float | None
    upper_warning: float | None
    outside: bool
    part: int


@dataclass(frozen=True, slots=True)
class ControlChart:
    """`runs` holds the run analysis of each part, in order."""

    kind: Kind
    points: tuple[ControlPoint, ...]
    runs: tuple[Runs, ...]


@dataclass(slots=True)
class _Part:
    """One part of the series: numerators, denominators, the ratio or value, and which points make the lines."""

    y: list[Fraction | None]
    n: list[Fraction | None]
    ratio: list[Fraction | None]
    base: list[bool]
    included: list[bool]
    screened: bool
    d2: Fraction
    screen: Fraction


Real = Fraction | float


@dataclass(frozen=True, slots=True)
class _Lines:
    """What is drawn before it is multiplied: values, centre (None without points) and σ per point (None = no limits).

    `lowest` and `highest` cut the limits. `shown_centre` where the line in the middle is not what the limits are
    counted from. `back` turns everything back from the scale on which it was computed.
    """

    values: Sequence[Fraction | None]
    centre: Fraction | None
    sigma: Sequence[Real | None]
    lowest: float = -inf
    highest: float = inf
    shown_centre: Fraction | None = None
    back: Callable[[float], float] | None = None

    def limit(self, sigma: Real | None, sigmas: int) -> Real | None:
        if sigma is None or self.centre is None:
            return None
        return min(max(self.centre + sigmas * sigma, self.lowest), self.highest)


def control_chart(
    kind: Kind,
    y: Sequence[Number | None],
    n: Sequence[Number | None] | None = None,
    *,
    parts: Collection[int] = (),
    freeze: int | None = None,
    exclude: Collection[int] = (),
    multiply: Number = 1,
    screened: bool = False,
    d2: Number = D2,
    screen: Number = SCREEN,
) -> ControlChart:
    """The chart of numerators or values `y` over denominators `n`, in order.

    Args:
        n: required for u, u′, p and p′; for run, i and mr the ratio y/n is drawn.
        parts: after how many points (from 1) the lines are computed anew.
        freeze: the lines come from the first so many points; has no meaning together with `parts`.
        exclude: points (from 1) that make no lines and no runs.
        multiply: factor for everything that is drawn, as "per 10 000".
        screened: take out large moving ranges once (i, t, u′, p′).

    Raises:
        ValueError: when lengths differ, a denominator is missing where the chart needs it, counts are negative, a
            share is above 1 or a time between events is not above 0.
    """
    numbers = exact_or_missing(y)
    below: list[Fraction | None] = exact_or_missing(n) if n is not None else [None] * len(numbers)
    _check(kind, numbers, below, has_n=n is not None)
    usable = [a if n is None or (b is not None and b > 0) else None for a, b in zip(numbers, below, strict=True)]
    ratio = [a if a is None or b is None else a / b for a, b in zip(usable, below, strict=True)]
    ends = sorted({0, *(end for end in parts if 0 < end < len(numbers)), len(numbers)})
    base_end = len(numbers) if freeze is None or len(ends) > 2 else freeze
    factor = exact(multiply)
    points: list[ControlPoint] = []
    counted: list[Runs] = []
    for number, (first, end) in enumerate(pairwise(ends), 1):
        included = [place + 1 not in exclude for place in range(first, end)]
        part = _Part(
            usable[first:end], below[first:end], ratio[first:end],
            [inside and place < base_end for place, inside in enumerate(included, first)], included,
            screened, exact(d2), exact(screen),
        )  # fmt: skip
        lines = _LINES[kind](part)
        points += _points(lines, factor, number)
        counted.append(_runs(kind, lines, included))
    return ControlChart(kind, tuple(points), tuple(counted))


def _check(kind: Kind, y: Sequence[Fraction | None], n: Sequence[Fraction | None], *, has_n: bool) -> None:
    if len(y) != len(n):
        raise ValueError("as many denominators as numerators")
    if kind in WITH_DENOMINATOR and not has_n:
        raise ValueError("this chart needs denominators")
    if any(b is not None and b < 0 for b in n) or (kind in COUNTS and any(a is not None and a < 0 for a in y)):
        raise ValueError("counts and denominators cannot be negative")
    pairs = [(a, b) for a, b in zip(y, n, strict=True) if a is not None and b is not None]
    if kind in SHARES and any(a > b for a, b in pairs):
        raise ValueError("a share cannot be above 1")
    if kind is Kind.T and any(a is not None and a <= 0 for a in y):
        raise ValueError("time between events must be above 0")


def _points(lines: _Lines, factor: Fraction, number: int) -> list[ControlPoint]:
    centre = lines.centre if lines.shown_centre is None else lines.shown_centre

    def drawn(value: Fraction | float | None) -> float | None:
        if value is None:
            return None
        if lines.back is not None:
            return lines.back(float(value)) * float(factor)
        return float(value * factor) if isinstance(value, Fraction) else value * float(factor)

    found = []
    for value, sigma in zip(lines.values, lines.sigma, strict=True):
        lower, upper, lower_warning, upper_warning = (lines.limit(sigma, sigmas) for sigmas in (-3, 3, -2, 2))
        point = ControlPoint(
            drawn(value), drawn(centre), drawn(lower), drawn(upper), drawn(lower_warning), drawn(upper_warning),
            outside=_outside(value, lower, upper), part=number,
        )  # fmt: skip
        found.append(point)
    return found


def _outside(value: Fraction | None, lower: Fraction | float | None, upper: Fraction | float | None) -> bool:
    if value is None or lower is None or upper is None:
        return False
    # Limits that are no fractions are rounded; then the value is rounded too, so that a point on the line stays there.
    return _above(value, upper) or _above(-value, -lower)


def _above(value: Fraction, limit: Fraction | float) -> bool:
    return value > limit if isinstance(limit, Fraction) else float(value) > limit


def _runs(kind: Kind, lines: _Lines, included: Sequence[bool]) -> Runs:
    centre = lines.centre if lines.shown_centre is None else lines.shown_centre
    kept = [value for value, inside in zip(lines.values, included, strict=True) if inside]
    sides = [] if centre is None else [sign(value - centre) for value in kept if value is not None]
    found = runs(sides, observed=len(kept))
    return replace(found, signal=False) if kind is Kind.MR else found


# --- the charts -------------------------------------------------------------------------------------------------------


def _of_base(values: Sequence[Fraction | None], part: _Part) -> list[Fraction]:
    return [value for value, inside in zip(values, part.base, strict=True) if inside and value is not None]


def _run_lines(part: _Part) -> _Lines:
    base = _of_base(part.ratio, part)
    return _Lines(part.ratio, median(base) if base else None, [None] * len(part.ratio))


def _i_lines(part: _Part) -> _Lines:
    base = _of_base(part.ratio, part)
    average = _average_range(part, part.ratio)
    sigma = None if average is None else average / part.d2
    return _Lines(part.ratio, mean(base) if base else None, [sigma] * len(part.ratio))


def _average_range(part: _Part, values: Sequence[Fraction | None]) -> Fraction | None:
    """Mean moving range of the base; left-out points join their neighbours, missing ones do not."""
    kept = [value for value, inside in zip(values, part.base, strict=True) if inside]
    ranges = [abs(b - a) for a, b in pairwise(kept) if a is not None and b is not None]
    if not ranges:
        return None
    return screened_mean(ranges, part.screen) if part.screened else mean(ranges)


def _mr_lines(part: _Part) -> _Lines:
    values: list[Fraction | None] = [None] * len(part.ratio)
    for place, (a, b) in enumerate(pairwise(part.ratio), 1):
        values[place] = None if a is None or b is None else abs(b - a)
    base = _of_base(values, part)
    if not base:
        return _Lines(values, None, [None] * len(values))
    centre = mean(base)
    # The limits lie at 3.267 and ⅔ of 3.267 times the centre, counted from zero.
    return _Lines(values, Fraction(0), [part.screen * centre / 3] * len(values), lowest=0.0, shown_centre=centre)


def _c_lines(part: _Part) -> _Lines:
    base = _of_base(part.y, part)
    centre = mean(base) if base else None
    sigma = None if centre is None else sqrt(centre)
    return _Lines(part.y, centre, [sigma] * len(part.y), lowest=0.0)


def _pooled(part: _Part) -> Fraction | None:
    """Sum of numerators over sum of denominators, of the base."""
    pairs = [(a, b) for a, b, inside in zip(part.y, part.n, part.base, strict=True) if inside and a is not None and b]
    return sum((a for a, _ in pairs), Fraction(0)) / sum((b for _, b in pairs), Fraction(0)) if pairs else None


def _poisson(part: _Part) -> tuple[Fraction | None, list[Real | None]]:
    centre = _pooled(part)
    if centre is None:
        return None, [None] * len(part.y)
    return centre, [sqrt(centre / b) if a is not None and b else None for a, b in zip(part.y, part.n, strict=True)]


def _binomial(part: _Part) -> tuple[Fraction | None, list[Real | None]]:
    centre = _pooled(part)
    if centre is None:
        return None, [None] * len(part.y)
    spread = centre * (1 - centre)
    return centre, [sqrt(spread / b) if a is not None and b else None for a, b in zip(part.y, part.n, strict=True)]


def _u_lines(part: _Part) -> _Lines:
    return _Lines(part.ratio, *_poisson(part), lowest=0.0)


def _p_lines(part: _Part) -> _Lines:
    return _Lines(part.ratio, *_binomial(part), lowest=0.0, highest=1.0)


def _laney(part: _Part, centre: Fraction | None, sigma: Sequence[Real | None]) -> list[Real | None]:
    """σ widened by how much more than chance the points vary: σ_z, the mean moving range of z over 1.128."""
    if centre is None:
        return list(sigma)
    z = [
        exact(float(value - centre) / here) if value is not None and here else None
        for value, here in zip(part.ratio, sigma, strict=True)
    ]
    average = _average_range(part, z)
    if average is None:  # fewer than two points with variation: nothing is known of σ_z, except that σ = 0 stays 0
        return [0.0 if here == 0.0 else None for here in sigma]
    return [None if here is None else here * float(average / part.d2) for here in sigma]


def _u_prime_lines(part: _Part) -> _Lines:
    centre, sigma = _poisson(part)
    return _Lines(part.ratio, centre, _laney(part, centre, sigma), lowest=0.0)


def _p_prime_lines(part: _Part) -> _Lines:
    centre, sigma = _binomial(part)
    return _Lines(part.ratio, centre, _laney(part, centre, sigma), lowest=0.0, highest=1.0)


def _t_lines(part: _Part) -> _Lines:
    root = [None if value is None else exact(float(value) ** (1 / T_POWER)) for value in part.y]
    lines = _i_lines(replace(part, ratio=root))
    return replace(lines, lowest=0.0, back=lambda value: value**T_POWER)


def _g_lines(part: _Part) -> _Lines:
    base = _of_base(part.y, part)
    if not base:
        return _Lines(part.y, None, [None] * len(part.y))
    average = mean(base)
    sigma = sqrt(average * (average + 1))
    return _Lines(part.y, average, [sigma] * len(part.y), lowest=0.0, shown_centre=median(base))


_LINES: dict[Kind, Callable[[_Part], _Lines]] = {
    Kind.RUN: _run_lines, Kind.I: _i_lines, Kind.MR: _mr_lines, Kind.C: _c_lines, Kind.U: _u_lines,
    Kind.U_PRIME: _u_prime_lines, Kind.P: _p_lines, Kind.P_PRIME: _p_prime_lines, Kind.T: _t_lines, Kind.G: _g_lines,
}  # fmt: skip
