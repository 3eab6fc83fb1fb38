"""A chart of the month as one SVG, the same on screen, on paper and in the document. Open to change how it looks.

Shapes and presentation attributes only: no script and no style attribute that the content security policy would stop.
Signs differ in shape and fill, not only in colour. Under every drawing stands a table with the same numbers, which is
what a screen reader gets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from math import ceil, floor, log10

from avvikelse.analysis.month_content import Chart, Level, Point, Sign
from avvikelse.analysis.words import decimal
from avvikelse.domain.swedish_dates import short_month

BLUE, ORANGE, GREY, INK, BAND, GRID = "#005ea5", "#b4520a", "#5f6b73", "#1b2a30", "#e8eef0", "#e3e0d9"
FONT = "Source Sans 3, Source Sans 3 Variable, sans-serif"


@dataclass(frozen=True, slots=True)
class Size:
    """A drawing's box and letters; `labels` = write at the limits what they are."""

    width: int
    height: int
    text: int
    left: int
    right: int
    labels: bool

    top: int = 26
    bottom: int = 30


WIDE = Size(width=760, height=280, text=15, left=44, right=92, labels=True)
NARROW = Size(width=380, height=260, text=15, left=36, right=16, labels=False)
WIDE_LINE, NARROW_LINE = (
    replace(WIDE, height=190),
    replace(NARROW, height=190),
)  # a line with its median has less to say


def chart_svg(chart: Chart, size: Size = WIDE) -> str:
    """The drawing. Raises ValueError for a chart without a single value."""
    return "".join(_Drawing(chart, size).parts())


class _Drawing:
    def __init__(self, chart: Chart, size: Size) -> None:
        values = [point.value for point in chart.points if point.value is not None]
        if not values:
            raise ValueError("nothing to draw")
        self.chart, self.size = chart, size
        highest = max([*values, *(level.upper for level in chart.levels)])
        self.step = _step(highest)
        self.ceiling = max(1, ceil(highest / self.step)) * self.step
        self.between = (size.width - size.left - size.right - 24) / max(1, len(chart.points) - 1)

    def x(self, place: float) -> float:
        return round(self.size.left + 12 + place * self.between, 1)

    def y(self, value: float) -> float:
        drawable = self.size.height - self.size.top - self.size.bottom
        return round(self.size.height - self.size.bottom - max(0.0, value) / self.ceiling * drawable, 1)

    def parts(self) -> Iterator[str]:
        size = self.size
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size.width} {size.height}" '
            f'font-family="{FONT}" font-size="{size.text}" aria-hidden="true" focusable="false">'
        )
        yield from self._grid()
        for level in self.chart.levels:
            yield from self._level(level, last=level is self.chart.levels[-1])
        if self.chart.median is not None:
            yield from self._median(self.chart.median)
        yield from self._markers()
        yield self._line()
        for place, point in enumerate(self.chart.points):
            if point.value is not None:
                yield self._point(place, point, point.value)
        yield "</svg>"

    def _grid(self) -> Iterator[str]:
        size, right = self.size, self.size.width - self.size.right
        for n in range(round(self.ceiling / self.step) + 1):
            y = self.y(n * self.step)
            yield f'<path d="M{size.left} {y}H{right}" stroke="{GRID}"/>'
            yield _text(size.left - 8, y + 5, decimal(n * self.step), anchor="end")
        last = len(self.chart.points) - 1
        every = max(1, ceil(52 / self.between))
        for place, point in enumerate(self.chart.points):
            if (last - place) % every == 0:
                yield _text(self.x(place), size.height - 8, short_month(point.month), anchor="middle")

    def _level(self, level: Level, *, last: bool) -> Iterator[str]:
        left, right = self.x(level.first - 0.4), self.x(level.last + 0.4)
        top, foot, middle = self.y(level.upper), self.y(level.lower), self.y(level.mean)
        yield f'<path d="M{left} {top}H{right}V{foot}H{left}z" fill="{BAND}"/>'
        for y in (top, foot):
            yield f'<path d="M{left} {y}H{right}" stroke="{GREY}" stroke-dasharray="5 4"/>'
        yield f'<path d="M{left} {middle}H{right}" stroke="{INK}" stroke-width="1.8"/>'
        if last and self.size.labels:
            apart = 0 if middle - top > 16 else 6
            yield _text(right + 8, top + 5 - apart, f"övre {_number(self.chart, level.upper)}", fill=GREY)
            yield _text(right + 8, middle + 5 + apart, f"snitt {_number(self.chart, level.mean)}", weight=600)

    def _median(self, value: float) -> Iterator[str]:
        right, y = self.size.width - self.size.right, self.y(value)
        yield f'<path d="M{self.size.left} {y}H{right}" stroke="{INK}" stroke-width="1.8"/>'
        if self.size.labels:
            yield _text(right + 8, y + 5, f"median {decimal(value)}", weight=600)

    def _markers(self) -> Iterator[str]:
        months = [point.month for point in self.chart.points]
        for marker in self.chart.markers:
            if marker.month in months:
                x = self.x(months.index(marker.month) - 0.5)
                foot = self.size.height - self.size.bottom
                yield f'<path d="M{x} {self.size.top - 8}V{foot}" stroke="{INK}" stroke-width="1.8" stroke-dasharray="2 4"/>'
                side, shift = ("end", -5) if x > self.size.width * 0.6 else ("start", 5)
                yield _text(x + shift, self.size.top - 10, marker.label, anchor=side, weight=600)

    def _line(self) -> str:
        """Broken where a month has no value."""
        path, pen_down = "", False
        for place, point in enumerate(self.chart.points):
            if point.value is None:
                pen_down = False
                continue
            path += f"{'L' if pen_down else 'M'}{self.x(place)} {self.y(point.value)}"
            pen_down = True
        return f'<path d="{path}" fill="none" stroke="{GREY}" stroke-width="1.8" stroke-linejoin="round"/>'

    def _point(self, place: int, point: Point, value: float) -> str:
        x, y = self.x(place), self.y(value)
        if point.left_out:
            return f'<circle cx="{x}" cy="{y}" r="4.5" fill="#ffffff" stroke="{GREY}" stroke-width="1.8"/>'
        if point.sign is Sign.RISING:
            return _shape(x, y, ((0, -7.5), (7.5, 6), (-7.5, 6)), ORANGE)
        if point.sign in {Sign.FALLING, Sign.BETTER}:
            return _shape(x, y, ((0, 7.5), (7.5, -6), (-7.5, -6)), BLUE)
        if point.sign is Sign.SHIFTED:
            return _shape(x, y, ((0, -7), (7, 0), (0, 7), (-7, 0)), INK)
        return f'<circle cx="{x}" cy="{y}" r="4.5" fill="{GREY}"/>'


def _shape(x: float, y: float, corners: tuple[tuple[float, float], ...], fill: str) -> str:
    points = " ".join(f"{round(x + dx, 1)},{round(y + dy, 1)}" for dx, dy in corners)
    return f'<polygon points="{points}" fill="{fill}"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = INK, weight: int = 400) -> str:
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return f'<text x="{round(x, 1)}" y="{round(y, 1)}" text-anchor="{anchor}" fill="{fill}"{bold}>{escape(text)}</text>'


def _number(chart: Chart, value: float) -> str:
    return decimal(round(value, chart.decimals)) if chart.decimals else str(floor(value + 0.5))


def _step(largest: float) -> float:
    """The distance between horizontal lines: 1, 2 or 5 times a power of ten, giving at most five lines."""
    if largest <= 0:
        return 1.0
    scale = 10.0 ** floor(log10(largest / 5))
    return next(factor * scale for factor in (1, 2, 5, 10) if largest <= 5 * factor * scale * 1.0000001)
