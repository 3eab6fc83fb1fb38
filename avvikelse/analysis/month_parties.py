"""Who reports about whom, who is silent, who has no seat, where young people fall between, which points break.

The parts of a group's month that look at twelve months of parties. Open with month.py. Nothing here ranks a party:
rows stand in alphabetical order, since many reports do not mean worse quality.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from avvikelse.analysis.month_content import Count, ForumGap, Matrix, Passage, PointCount, SilentParty
from avvikelse.analysis.month_facts import Cell, MonthFacts, Names
from avvikelse.analysis.month_measures import Numbered
from avvikelse.analysis.words import sentence_case

MONTHS = 12
FEWEST_SHOWN = 5  # a point of an avtal with fewer cases is named without its number
MISSING_POINT = 3  # so many cases alike without a point: perhaps one is missing
MOST_POINTS = 8


def cells_of_year(facts: MonthFacts) -> Counter[Cell]:
    """Cases per cell in the last twelve months of the window."""
    months = frozenset(facts.months[-MONTHS:])
    cells = Counter(case.cell for case in facts.recent if case.month in months)
    for row in facts.earlier:
        if row.month in months and row.count:
            cells[row.cell] += row.count
    return cells


def direction_matrix(cells: Counter[Cell], names: Names) -> Matrix | None:
    """None when nothing has been reported in twelve months."""
    pairs: Counter[tuple[str, str]] = Counter()
    for (_, sender, receiver), count in cells.items():
        pairs[names.reporter(sender), sentence_case(names.concerned(receiver))] += count
    if not pairs:
        return None
    reporters, concerned = (tuple(sorted({pair[side] for pair in pairs})) for side in (0, 1))
    return Matrix(reporters, concerned, tuple(tuple(pairs[one, other] for other in concerned) for one in reporters))


def silent_parties(facts: MonthFacts, cells: Counter[Cell], names: Names) -> tuple[SilentParty, ...]:
    """Kinds of units in the area that others report about and that report nothing themselves."""
    named: Counter[str] = Counter()
    for (_, _, receiver), count in cells.items():
        named[receiver] += count
    reported = {sender for _, sender, _ in cells}
    silent = (frozenset(named) - reported - facts.young) & facts.kinds_in_area
    rows = (SilentParty(sentence_case(names.concerned(kind)), named[kind]) for kind in silent)
    return tuple(sorted(rows, key=lambda row: row.name))


def forum_gaps(facts: MonthFacts, cells: Counter[Cell], names: Names) -> tuple[ForumGap, ...]:
    """Kinds of units in the area that occur in cases and have no seat in any group. () when seats are not known."""
    if facts.seated is None:
        return ()
    occurs: Counter[str] = Counter()
    for (_, sender, receiver), count in cells.items():
        for kind in {sender, receiver}:
            occurs[kind] += count
    homeless = (frozenset(occurs) & facts.kinds_in_area) - facts.seated
    rows = (ForumGap(sentence_case(names.concerned(kind)), occurs[kind]) for kind in homeless)
    return tuple(sorted(rows, key=lambda row: row.name))


def passages(
    facts: MonthFacts, cells: Counter[Cell], names: Names, measures: Sequence[Numbered] = ()
) -> tuple[Passage, ...]:
    """What broke when the care went from one party to another, most first, with what is done about it."""
    rows = (
        Passage(
            f"{names.reporter(sender)} rapporterar, gäller {names.concerned(receiver)}", names.category(code), n,
            tuple(dict.fromkeys(names.concerned(kind) for kind in (sender, receiver, facts.passages[code]) if kind)),
            f"{code}:{sender}:{receiver}",
            _median_gap(facts, (code, sender, receiver)),
            tuple(_actions(facts, (code, sender, receiver), measures)),
        )
        for (code, sender, receiver), n in cells.items()
        if code in facts.passages
    )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.count, row.what, row.route)))


def _median_gap(facts: MonthFacts, cell: Cell) -> float | None:
    """Weeks without help, where so many reports say it that no single one shows."""
    told = sorted(weeks for row in facts.gaps if row.cell == cell for weeks in [row.weeks] * row.count)
    return float(median(told)) if len(told) >= FEWEST_SHOWN else None


def _actions(facts: MonthFacts, cell: Cell, measures: Sequence[Numbered]) -> Iterator[str]:
    """Measures in place against the same problem at the same receiver, and what is decided or planned about a theme
    of it."""
    code, _, receiver = cell
    yield from (f"{name} {row.kind}" for name, row in measures if row.against == (code, receiver))
    yield from sorted(
        f"{row.what}: {row.text} ({row.status})"
        for row in facts.theme_actions
        if all(part in (None, mine) for part, mine in zip(row.about, cell, strict=True))
    )


def broken_points(facts: MonthFacts) -> tuple[PointCount, ...]:
    """The points of avtal that cases lean on, most first; a number below five is not told."""
    counts: Counter[int] = Counter()
    for row in facts.by_point:
        if row.point is not None:
            counts[row.point] += row.count
    found = sorted(counts.items(), key=lambda item: (-item[1] if item[1] >= FEWEST_SHOWN else 0, item[0]))
    return tuple(
        PointCount(point.avtal, point.number, point.text, count if count >= FEWEST_SHOWN else None)
        for id_, count in found[:MOST_POINTS]
        if (point := facts.agreed.get(id_)) is not None
    )


def missing_points(facts: MonthFacts, names: Names) -> tuple[Count, ...]:
    """Cells in which at least three cases name no point: perhaps the avtal says nothing about it."""
    rows: Iterable[Count] = (
        Count(f"{names.category(code)}: {names.reporter(sender)} om {names.concerned(receiver)}", row.count)
        for row in facts.by_point
        for code, sender, receiver in (row.cell,)
        if row.point is None and row.count >= MISSING_POINT and code not in facts.not_problems
    )
    return tuple(sorted(rows, key=lambda row: (-row.count, row.label)))[:MOST_POINTS]
