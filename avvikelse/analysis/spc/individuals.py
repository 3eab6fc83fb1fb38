"""The XmR chart (individual values and moving ranges), its signs and its two icons. Open when a chart looks wrong.

    MR_i = |x_i - x_{i-1}|   A = mean(MR), screened once   limits = x̄ ± 2.66·A   near-limits = x̄ ± ⅔·2.66·A

The screening takes moving ranges of 3.267·A and more out of A; x̄ keeps all points. A lower limit below zero is a
number here and cut at zero only where the chart is drawn.

Sources: D. J. Wheeler, "Understanding Variation" (2.66 = 3/1.128); L. S. Nelson (1982) for the screening; NHS England,
"Making Data Count" for rules and icons. Same numbers, labels and icons as NHSRplotthedots 0.2.2, except where a
constant series would have given NaN.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from avvikelse.analysis.spc import rules
from avvikelse.analysis.spc.exact import Number, exact, exact_or_missing, mean, screened_mean, sign
from avvikelse.analysis.spc.rules import RUN_LENGTH, Rule, TwoOfThree

LIMIT = Fraction(266, 100)
SCREEN = Fraction(3267, 1000)
SHORT_SEGMENT = 13  # below this the limits are trial limits
POINTS_AFTER_REBASE = 7


class Improvement(StrEnum):
    """Which way is better. Numbers of reports are NEUTRAL: more reports is not worse quality."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NEUTRAL = "neutral"


class Judgement(StrEnum):
    """What a point's sign means, given which way is better."""

    COMMON = "common_cause"
    IMPROVEMENT = "special_cause_improvement"
    CONCERN = "special_cause_concern"
    NEUTRAL_HIGH = "special_cause_neutral_high"
    NEUTRAL_LOW = "special_cause_neutral_low"


class Variation(StrEnum):
    """The first icon: what the latest point says."""

    COMMON = "common_cause"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"


class Assurance(StrEnum):
    """The second icon: will the target be reached while nothing changes?"""

    PASS = "consistent_pass"  # noqa: S105 -- no password
    FAIL = "consistent_fail"
    HIT_OR_MISS = "inconsistent"


@dataclass(frozen=True, slots=True)
class Segment:
    """One baseline: the points `first` to `last` (inclusive) and their lines.

    Without points there is no mean, and without two neighbouring points no limits: None. `short` = trial limits.
    """

    first: int
    last: int
    mean: float | None
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    short: bool


@dataclass(frozen=True, slots=True)
class XmrPoint:
    """One value with what the rules say of it.

    `side` of the mean and `direction` of the sign: -1, 0 or +1. `near`: between a near-limit and its limit. `excluded`
    points are drawn hollow, without sign; so are missing ones (`value` None).
    """

    value: float | None
    segment: int
    excluded: bool
    side: int
    outside: bool
    near: bool
    rule: Rule | None
    direction: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class XmrChart:
    """Points in time order with the lines of their segments (`segments[point.segment]`)."""

    points: tuple[XmrPoint, ...]
    segments: tuple[Segment, ...]
    k: int
    variation: Variation
    assurance: Assurance | None

    @property
    def latest(self) -> XmrPoint | None:
        """The last point that counts."""
        return next((p for p in reversed(self.points) if p.value is not None and not p.excluded), None)

    @property
    def new_level(self) -> bool:
        """The limits have been drawn anew, and nothing is unusual since: the sign is then "ny nivå"."""
        return len(self.segments) > 1 and self.variation is Variation.COMMON


def xmr_chart(
    values: Sequence[Number | None],
    *,
    starts: Collection[int] = (),
    freeze: int | None = None,
    excluded: Collection[int] = (),
    improvement: Improvement = Improvement.NEUTRAL,
    target: Number | None = None,
    k: int = RUN_LENGTH,
    two_of_three: TwoOfThree = TwoOfThree.MDC2023,
    screen: bool = True,
    multiplier: Number = LIMIT,
    mr_screen: Number = SCREEN,
) -> XmrChart:
    """The chart of `values`, one per month in order; None = missing.

    Args:
        starts: places (from 0) where a new segment begins, as rebase_obstacles() allows. 0 is always one.
        freeze: only the first so many points of a segment make its lines (the months before a measure).
        excluded: places left out of mean, moving ranges and rules; the neighbours then count as consecutive.
        target: with `improvement` gives the assurance icon.
        k: run length of trend and shift.
        multiplier, mr_screen: 2.66 and 3.267, for those who want other limits.

    Raises:
        ValueError: for a value that is no finite number, a place outside the series, k below 2 or freeze below 1.
    """
    if k < 2 or (freeze is not None and freeze < 1):
        raise ValueError("k must be at least 2 and freeze at least 1")
    if not set(starts) | set(excluded) <= set(range(len(values))):
        raise ValueError("starts and excluded must be places in the series")
    numbers = exact_or_missing(values)
    bounds = sorted({0, *starts, len(numbers)})
    points: list[XmrPoint] = []
    segments: list[Segment] = []
    for number, (first, end) in enumerate(pairwise(bounds)):
        one = _OneSegment(numbers[first:end], [place in excluded for place in range(first, end)], number)
        one.compute_lines(freeze, exact(multiplier), exact(mr_screen) if screen else None)
        segments.append(one.segment(first))
        points += one.points(k, two_of_three, improvement)
    aim = None if target is None else exact(target)
    return XmrChart(
        tuple(points), tuple(segments), k, _variation(points), _assurance(one, improvement, aim) if segments else None
    )


class _OneSegment:
    """The work on one segment, in fractions."""

    def __init__(self, values: Sequence[Fraction | None], excluded: Sequence[bool], number: int) -> None:
        self.values, self.excluded, self.number = values, excluded, number
        self.mean: Fraction | None = None
        self.spread: Fraction | None = None  # distance from mean to limit

    def compute_lines(self, freeze: int | None, multiplier: Fraction, screen: Fraction | None) -> None:
        base = list(zip(self.values, self.excluded, strict=True))[:freeze]
        kept = [value for value, out in base if not out]
        present = [value for value in kept if value is not None]
        # A missing month has no moving range on either side; a left-out one joins its neighbours.
        ranges = [abs(b - a) for a, b in pairwise(kept) if a is not None and b is not None]
        self.mean = mean(present) if present else None
        if ranges:
            average = mean(ranges) if screen is None else screened_mean(ranges, screen)
            self.spread = multiplier * average

    def segment(self, first: int) -> Segment:
        return Segment(
            first,
            first + len(self.values) - 1,
            _float(self.mean),
            _float(self._line(-1)),
            _float(self._line(1)),
            _float(self._line(Fraction(-2, 3))),
            _float(self._line(Fraction(2, 3))),
            short=len(self.values) < SHORT_SEGMENT,
        )

    def points(self, k: int, two_of_three: TwoOfThree, improvement: Improvement) -> list[XmrPoint]:
        counted = [i for i, value in enumerate(self.values) if value is not None and not self.excluded[i]]
        numbers = [value for i in counted if (value := self.values[i]) is not None]
        sides = [sign(value - self.mean) if self.mean is not None else 0 for value in numbers]
        outside = [self._beyond(value, Fraction(1)) for value in numbers]
        beyond = [self._beyond(value, Fraction(2, 3)) for value in numbers]
        near = [far and not out for far, out in zip(beyond, outside, strict=True)]
        far_out = beyond if two_of_three is TwoOfThree.MDC2023 else near
        by_rule: dict[Rule, list[int]] = {
            Rule.OUTSIDE: [side if out else 0 for side, out in zip(sides, outside, strict=True)],
            Rule.TREND: rules.trend(numbers, k),
            Rule.TWO_OF_THREE: rules.two_of_three(
                [side if far else 0 for side, far in zip(sides, far_out, strict=True)], sides
            ),
            Rule.SHIFT: rules.shift(sides, k),
        }
        found = {
            place: self._point(
                numbers[i], sides[i], outside[i], near[i], {rule: by_rule[rule][i] for rule in Rule}, improvement
            )
            for i, place in enumerate(counted)
        }
        return [found.get(place) or self._bare(place) for place in range(len(self.values))]

    def _point(
        self, value: Fraction, side: int, outside: bool, near: bool, signs: dict[Rule, int], improvement: Improvement
    ) -> XmrPoint:
        rule = next((rule for rule in Rule if signs[rule]), None)
        direction = signs[rule] if rule else 0
        return XmrPoint(
            float(value), self.number, excluded=False, side=side, outside=outside, near=near, rule=rule,
            direction=direction, judgement=_judge(direction, improvement),
        )  # fmt: skip

    def _bare(self, place: int) -> XmrPoint:
        return XmrPoint(
            _float(self.values[place]), self.number, excluded=self.excluded[place], side=0, outside=False, near=False,
            rule=None, direction=0, judgement=Judgement.COMMON,
        )  # fmt: skip

    def _beyond(self, value: Fraction, part: Fraction) -> bool:
        """Further from the mean than this part of the way to the limit; on it is not beyond."""
        return self.mean is not None and self.spread is not None and abs(value - self.mean) > part * self.spread

    def _line(self, part: Fraction | int) -> Fraction | None:
        return None if self.mean is None or self.spread is None else self.mean + part * self.spread

    @property
    def lines(self) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
        """Lower limit, mean, upper limit."""
        return self._line(-1), self.mean, self._line(1)


def _judge(direction: int, improvement: Improvement) -> Judgement:
    if direction == 0:
        return Judgement.COMMON
    if improvement is Improvement.NEUTRAL:
        return Judgement.NEUTRAL_HIGH if direction > 0 else Judgement.NEUTRAL_LOW
    better = 1 if improvement is Improvement.INCREASE else -1
    return Judgement.IMPROVEMENT if direction == better else Judgement.CONCERN


_KINDS = {
    Judgement.IMPROVEMENT: (Variation.IMPROVEMENT_LOW, Variation.IMPROVEMENT_HIGH),
    Judgement.CONCERN: (Variation.CONCERN_LOW, Variation.CONCERN_HIGH),
    Judgement.NEUTRAL_LOW: (Variation.NEUTRAL_LOW, Variation.NEUTRAL_HIGH),
    Judgement.NEUTRAL_HIGH: (Variation.NEUTRAL_LOW, Variation.NEUTRAL_HIGH),
}


def _variation(points: Sequence[XmrPoint]) -> Variation:
    latest = next((p for p in reversed(points) if p.value is not None and not p.excluded), None)
    if latest is None or latest.judgement is Judgement.COMMON:
        return Variation.COMMON
    return _KINDS[latest.judgement][latest.direction > 0]


def _assurance(last: _OneSegment, improvement: Improvement, target: Fraction | None) -> Assurance | None:
    lower, centre, upper = last.lines
    if target is None or improvement is Improvement.NEUTRAL or lower is None or centre is None or upper is None:
        return None
    up = improvement is Improvement.INCREASE
    if lower == upper:
        return Assurance.PASS if (centre >= target if up else centre <= target) else Assurance.FAIL
    if target > upper:
        return Assurance.FAIL if up else Assurance.PASS
    if target < lower:
        return Assurance.PASS if up else Assurance.FAIL
    return Assurance.HIT_OR_MISS


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


class RebaseObstacle(StrEnum):
    """Why the limits may not be drawn anew at a month."""

    TOO_FEW_AFTER = "too_few_after"
    NO_SIGNAL = "no_signal"


def rebase_obstacles(chart: XmrChart, start: int) -> tuple[RebaseObstacle, ...]:
    """What stands against a new segment from place `start`, judged on the chart as it is; empty = it may be made.

    At least seven counted points from there on, and a sign among them on the old limits. That the cause is dated and
    documented, with reason, person and time, is for whoever stores it.
    """
    after = [p for p in chart.points[start:] if p.value is not None and not p.excluded]
    found = []
    if len(after) < POINTS_AFTER_REBASE:
        found.append(RebaseObstacle.TOO_FEW_AFTER)
    if not any(point.rule for point in after):
        found.append(RebaseObstacle.NO_SIGNAL)
    return tuple(found)
