"""How long does it take until something happens, when some still wait? Kaplan–Meier. Open when a median looks wrong.

The median of the finished ones is too short as long as others wait; here those who wait count for as long as they have
been watched. On a day with both, events come before the end of watching.

    S(t) = Π (1 - d_i / n_i)    median = smallest t with S(t) <= 0.5, None while the curve has not come so far

Sources: E. L. Kaplan & P. Meier, Journal of the American Statistical Association 53 (1958) 457-481; M. Greenwood (1926)
for the variance; intervals on the log scale as the R package survival 3.5.3 (conf.type = "log"). That package takes the
middle of a stretch where the curve lies exactly at the quantile: `midpoint_quantile`. Our own numbers never do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import exp, sqrt

from avvikelse.analysis.intervals import Z95

Time = int | float | Decimal
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Step:
    """The curve at one time: how many were watched until then, what happened, S afterwards and its 95 % interval.

    The interval is None when everybody has had the event.
    """

    time: Time
    at_risk: int
    events: int
    censored: int
    survival: Fraction
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """Steps in time order, one per time at which something happened or watching ended."""

    steps: tuple[Step, ...]

    @property
    def total(self) -> int:
        return self.steps[0].at_risk if self.steps else 0

    @property
    def events(self) -> int:
        return sum(step.events for step in self.steps)

    def quantile(self, share: Fraction = HALF) -> Time | None:
        """The smallest time at which at least `share` have had the event; None = not reached."""
        return next((step.time for step in self.steps if step.survival <= 1 - share), None)

    def survival_at(self, time: Time) -> Fraction:
        """S(time): the share that is still waiting after that time."""
        past = [step.survival for step in self.steps if step.time <= time]
        return past[-1] if past else Fraction(1)

    def midpoint_quantile(self, share: Fraction = HALF) -> Time | float | None:
        """As R's quantile(): halfway along a stretch that lies exactly at the quantile, also when it ends the curve."""
        return self._midpoint(share, until_the_end=True)

    def midpoint_median(self) -> Time | float | None:
        """As the median in R's summary(): as above, but a stretch that ends the curve gives its first time."""
        return self._midpoint(HALF, until_the_end=False)

    def median_interval(self) -> tuple[Time | float | None, Time | float | None]:
        """95 % for the median: where the bounds of the curve come down to 0.5 (R's "log"); None = not reached."""
        return self._crossing(lambda step: step.low), self._crossing(lambda step: step.high)

    def _midpoint(self, share: Fraction, *, until_the_end: bool) -> Time | float | None:
        level = 1 - share
        first = next((step for step in self.steps if step.survival <= level), None)
        if first is None or first.survival < level:
            return None if first is None else first.time
        below = next((step for step in self.steps if step.survival < level), None)
        end = below or (self.steps[-1] if until_the_end else first)
        return first.time if end is first else float(first.time + end.time) / 2  # type: ignore[operator]

    def _crossing(self, bound: Callable[[Step], float | None]) -> Time | float | None:
        bounds = ((step.time, bound(step)) for step in self.steps)
        reached = [(time, value) for time, value in bounds if value is not None and value < 0.5 + NEAR]
        if not reached:
            return None
        time, value = reached[0]
        later = next((other for other, lower in reached if lower < value), None)
        if abs(value - 0.5) < NEAR and later is not None:
            return float(time + later) / 2  # type: ignore[operator]
        return time


NEAR = 2**-26  # two bounds so close to each other are the same


def kaplan_meier(watched: Iterable[tuple[Time, bool]]) -> Curve:
    """The curve of (time, whether the event came then; False = watched so long without it). In any order.

    Raises:
        ValueError: for a negative time.
    """
    events: Counter[Time] = Counter()
    ended: Counter[Time] = Counter()
    for time, happened in watched:
        if time < 0:
            raise ValueError("a time cannot be negative")
        (events if happened else ended)[time] += 1
    at_risk, survival, variance = events.total() + ended.total(), Fraction(1), Fraction(0)
    steps = []
    for time in sorted({*events, *ended}):
        d, c = events[time], ended[time]
        survival *= Fraction(at_risk - d, at_risk)
        low = high = None
        if d < at_risk:
            variance += Fraction(d, at_risk * (at_risk - d))
        if survival:
            width = Z95 * sqrt(variance)
            low, high = float(survival) * exp(-width), min(1.0, float(survival) * exp(width))
        steps.append(Step(time, at_risk, d, c, survival, low, high))
        at_risk -= d + c
    return Curve(tuple(steps))
