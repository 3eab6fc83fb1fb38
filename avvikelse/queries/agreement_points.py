"""Which points of avtal a group's cases lean on, in twelve months: ranked, with the pairs, and where one is missing.

Open for `/grupper/…/avtal`. Counts below five are not told; the group's month shows the same numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.analysis.month_parties import FEWEST_SHOWN, MISSING_POINT
from avvikelse.domain import months
from avvikelse.domain.codes import category_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.party_words import as_concerned, as_reporter
from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.queries.desk import DeskHead
from avvikelse.queries.month_reads import Window

YEAR = 12


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point. `count` None = fewer than five, and then no pairs either. `replaced_on`: the avtal holds no longer.

    `unknown`: of the cases so many in which the reporter did not name it; None = one to four.
    """

    id: int
    avtal: str
    number: str
    text: str
    count: int | None
    pairs: tuple[str, ...]
    replaced_on: date | None
    unknown: int | None = 0


@dataclass(frozen=True, slots=True)
class MissingLine:
    """At least three cases of a category and a pair that name no point."""

    category: str
    pair: str
    count: int


@dataclass(frozen=True, slots=True)
class PointsPage:
    """`without`: cases that name no point, of `total`."""

    points: tuple[PointLine, ...]
    missing: tuple[MissingLine, ...]
    total: int
    without: int


def points_page(session: Session, desk: DeskHead) -> PointsPage:
    """Three reads. Raises NotFound for a group that gets no numbers."""
    if not desk.has_numbers:
        raise NotFound
    current = months.month_of(desk.today)
    window = Window(desk.id, tuple(months.shift(current, n) for n in range(1 - YEAR, 1)))
    counts: Counter[int] = Counter()
    pairs: dict[int, set[str]] = defaultdict(set)
    missing: list[MissingLine] = []
    total = without = 0
    for row in session.execute(window.by_point()):
        pair = f"{as_reporter(row.sender_kind)} rapporterar, gäller {as_concerned(row.receiver_kind)}"
        total += row.number
        if row.avtalspunkt_id is None:
            without += row.number
            if row.number >= MISSING_POINT:
                missing.append(MissingLine(category_label(row.category), pair, row.number))
        else:
            counts[row.avtalspunkt_id] += row.number
            pairs[row.avtalspunkt_id].add(pair)
    unknown = Counter(_unknown_to_reporter(session.execute(window.points_set())))
    lines = [
        _line(point, avtal, counts[point.id], pairs[point.id], unknown[point.id])
        for point, avtal in session.execute(
            select(Avtalspunkt, Avtal).join(Avtal, Avtal.id == Avtalspunkt.avtal_id).where(Avtalspunkt.id.in_(counts))
        )
    ]
    return PointsPage(
        tuple(sorted(lines, key=lambda line: (-(line.count or 0), line.avtal, line.number))),
        tuple(sorted(missing, key=lambda line: (-line.count, line.category))), total, without,
    )  # fmt: skip


def _unknown_to_reporter(rows: Iterable[Any]) -> Iterator[int]:
    """The point of each case that had none until a party set it."""
    seen: set[int] = set()
    for case_id, point_id, detail in rows:
        before, _ = detail["point"]
        if case_id not in seen and before is None:
            yield point_id
        seen.add(case_id)


def _line(point: Avtalspunkt, avtal: Avtal, count: int, pairs: set[str], unknown: int) -> PointLine:
    told = count >= FEWEST_SHOWN
    return PointLine(
        point.id, avtal.name, point.number, point.text, count if told else None, tuple(sorted(pairs)) if told else (),
        point.active_to or avtal.active_to, None if 0 < unknown < FEWEST_SHOWN else unknown,
    )  # fmt: skip
