"""Small drawings as SVG: the line of a group's months. Open to change how a chart looks.

Only shapes and presentation attributes: no script and no style that the content security policy would stop. The colours
come from the style sheet by class, so that the same drawing is right on screen and on paper. Under every drawing stands
a table with the same numbers (templates/group/month.html), which is what a screen reader gets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from avvikelse.analysis.month_content import MonthTotal
from avvikelse.domain.swedish_dates import short_month

WIDTH, HEIGHT = 760, 250
LEFT, RIGHT, TOP, BOTTOM = 44, 84, 16, 34


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    value: int
    last: bool


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn line, ready for a template: coordinates in a box of `width` × `height`."""

    width: int
    height: int
    left: int
    right: int
    points: str
    dots: tuple[Dot, ...]
    values: tuple[Tick, ...]
    months: tuple[Tick, ...]
    mean: float
    mean_y: float


def month_line(totals: Sequence[MonthTotal]) -> Line:
    """The months' totals, oldest first, from zero, with their mean.

    Raises:
        ValueError: for no months.
    """
    if not totals:
        raise ValueError("nothing to draw")
    step = _step(max(total.count for total in totals))
    top = max(step, step * ceil(max(total.count for total in totals) / step))
    right = WIDTH - RIGHT
    between = (right - LEFT - 24) / max(1, len(totals) - 1)

    def height(value: float) -> float:
        return round(HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM), 1)

    dots = tuple(
        Dot(round(LEFT + 12 + n * between, 1), height(total.count), total.count, n == len(totals) - 1)
        for n, total in enumerate(totals)
    )
    mean = sum(total.count for total in totals) / len(totals)
    return Line(
        WIDTH,
        HEIGHT,
        LEFT,
        right,
        points=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        dots=dots,
        values=tuple(Tick(height(value), str(value)) for value in range(0, top + 1, step)),
        months=tuple(
            Tick(dots[n].x, short_month(total.month))
            for n, total in enumerate(totals)
            if (len(totals) - 1 - n) % 2 == 0 or total.month.endswith("-01")
        ),
        mean=mean,
        mean_y=height(mean),
    )


def _step(largest: int) -> int:
    """The distance between horizontal lines: 1, 2 or 5 times a power of ten, giving at most five lines."""
    scale = 1
    while True:
        for factor in (1, 2, 5):
            if largest <= 5 * factor * scale:
                return factor * scale
        scale *= 10
