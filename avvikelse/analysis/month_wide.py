"""What may be told outside the group: the year so far, without small numbers. Open when a wide table hides too much.

Counts of one to four are hidden, with as few other cells as it takes so that nobody can work them out from the sums
(suppression.py). Rows and columns whose sums are small go together, and stay together for the whole year: a row that
came out later would tell what it held before. The table is read beside what was published earlier in the year, and,
where groups share cases, beside what the others have published (publication_family.py): the cells, sums and wholes of
the months between are as secret as those of a table. Then more goes together and more is hidden, or nothing is told.
No texts, no case numbers, no day finer than a month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from avvikelse.analysis.publication import OTHERS, Row, merge_small_rows, summed
from avvikelse.analysis.publication_family import (
    Counts,
    Family,
    FamilyTable,
    Told,
    ToldAnyway,
    hide_beside,
    still_told,
)
from avvikelse.analysis.suppression import Cell, K, Unprotectable, cells_of, suppress

Pair = tuple[str, str]  # row (what it is about), column (whom it concerns)
Layout = tuple[tuple[str, ...], tuple[str, ...]]


class CannotPublish(ValueError):
    """The numbers are too small for any table; the message is a Swedish sentence."""


@dataclass(frozen=True, slots=True)
class WideTable:
    """A published table. `cells[r][c]` None = hidden. `months` monthly tables lie behind it, for later audits."""

    year: int
    months: int
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int, ...]
    column_totals: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.row_totals)

    @property
    def hidden(self) -> frozenset[tuple[int, int]]:
        return frozenset((r, c) for r, row in enumerate(self.cells) for c, cell in enumerate(row) if cell is None)


@dataclass(frozen=True, slots=True)
class Made:
    """A table with the monthly tables that it was made of: kept with it, never shown."""

    table: WideTable
    monthly: tuple[tuple[tuple[int, ...], ...], ...]


def publish(
    year: int,
    months: Sequence[Mapping[Pair, int]],
    rows: Sequence[str],
    columns: Sequence[str],
    earlier: Sequence[Made] = (),
    k: int = K,
    *,
    family: Family | None = None,
) -> Made:
    """The table of the months so far, given what has been published of the first ones.

    Args:
        months: per month of the year, from January on, the number of cases per (row, column).
        rows, columns: all that there can be.
        earlier: this year's publications, oldest first. What they were made of stands: a late change to one of their
            months waits for the next year's table.
        family: what groups that share cases with this one have published.

    Raises:
        CannotPublish: with the reason, when fewer than k cases have come, or too few since the last publication, or
            when the difference to another group's table would tell a small number.
    """
    last = earlier[-1] if earlier else None
    layout = (last.table.rows, last.table.columns) if last else _layout(months, rows, columns, k)
    if last and last.table.months >= len(months):
        raise CannotPublish("Året är redan publicerat till och med den här månaden.")
    told: Sequence[Told] = ()  # what no table of a layout so far could keep, beside the others
    while True:
        known = _regrouped(last, layout) if last else ()
        monthly = (*known, *(_table(month, *layout) for month in months[len(known) :]))
        try:
            _ask_first(family, monthly, layout, told, k)
            hidden = _hidden_alone(monthly, layout, earlier, k)
            return _made(year, monthly, layout, _hidden_beside(family, monthly, layout, hidden, k))
        except Unprotectable as error:
            told = error.told if isinstance(error, ToldAnyway) else told
            wider = _wider(layout, summed(monthly[len(known) :]), k)
            if wider is None:
                raise CannotPublish(BESIDE if isinstance(error, ToldAnyway) else str(error)) from error
            layout = wider


Monthly = tuple[tuple[tuple[int, ...], ...], ...]


def _hidden_alone(monthly: Monthly, layout: Layout, earlier: Sequence[Made], k: int) -> frozenset[Cell]:
    """What to hide in the table by itself and beside what the group has told of the year before."""
    total = summed(monthly)
    try:
        hidden = suppress(total, k, every=True).hidden
        if earlier:
            tables = [
                FamilyTable(OWN, one.table.months, one.table.rows, one.table.columns, one.table.hidden)
                for one in earlier
            ]
            told = Family(OWN, tuple(_own_counts(monthly, layout, earlier)), tuple(tables))
            table = FamilyTable(OWN, len(monthly), *layout, hidden)
            hidden = hide_beside(told, table, _countable(total), k, every=True)
    except Unprotectable as error:
        raise Unprotectable(SINCE if earlier else TOO_FEW) from error
    return hidden


def _own_counts(monthly: Monthly, layout: Layout, earlier: Sequence[Made]) -> Iterator[Counts]:
    """Each month as it was first told: later tables may have fewer rows."""
    told = [(one.table.months, one.monthly, (one.table.rows, one.table.columns)) for one in earlier]
    start = 0
    for end, tables, (rows, columns) in [*told, (len(monthly), monthly, layout)]:
        for month, table in enumerate(tables[start:end], start + 1):
            for (r, c), number in cells_of(table).items():
                yield Counts(frozenset({OWN}), month, _apart(rows[r]), _apart(columns[c]), number)
        start = end


def _apart(name: str) -> str:
    """What has no name of its own is still a row of its own; in each of the tables it stands in "Övriga"."""
    return UNNAMED if name == OTHERS else name


def _hidden_beside(
    family: Family | None, monthly: Monthly, layout: Layout, hidden: frozenset[Cell], k: int
) -> frozenset[Cell]:
    if family is None:
        return hidden
    table = FamilyTable(family.group, len(monthly), *layout, hidden)
    return hide_beside(family, table, _countable(summed(monthly)), k)


def _ask_first(family: Family | None, monthly: Monthly, layout: Layout, told: Sequence[Told], k: int) -> None:
    """The quick question before the long ones: does this layout too tell what the one before could not keep?"""
    if family is not None and told:
        table = FamilyTable(family.group, len(monthly), *layout, frozenset(_countable(summed(monthly))))
        if anyway := still_told(family, table, told, k):
            raise ToldAnyway(anyway)


def _countable(total: Sequence[Sequence[int]]) -> list[Cell]:
    return [cell for cell, count in cells_of(total).items() if count]


def _regrouped(made: Made, layout: Layout) -> Monthly:
    """Its monthly tables in a layout with fewer rows or columns."""
    rows, columns = made.table.rows, made.table.columns
    return tuple(
        _table({(rows[r], columns[c]): n for (r, c), n in cells_of(month).items()}, *layout) for month in made.monthly
    )


def _made(year: int, monthly: Monthly, layout: Layout, hidden: frozenset[Cell]) -> Made:
    total = summed(monthly)
    return Made(
        WideTable(
            year, len(monthly), *layout,
            tuple(tuple(None if (r, c) in hidden else n for c, n in enumerate(row)) for r, row in enumerate(total)),
            tuple(sum(row) for row in total), tuple(sum(column) for column in zip(*total, strict=True)),
        ),
        monthly,
    )  # fmt: skip


def _wider(layout: Layout, new: Sequence[Sequence[int]], k: int) -> Layout | None:
    """With one row or column fewer: what has the fewest new cases goes into "Övriga". None: there is one cell.

    Rows first, unless it is only columns that have few new ones.
    """
    rows, columns = layout
    by_row, by_column = [sum(row) for row in new], [sum(column) for column in zip(*new, strict=True)]
    few_rows, few_columns = (any(0 < number < k for number in sums) for sums in (by_row, by_column))
    if len(rows) > 1 and not (few_columns and not few_rows and len(columns) > 1):
        return _together(rows, by_row), columns
    return (rows, _together(columns, by_column)) if len(columns) > 1 else None


def _together(names: Sequence[str], sums: Sequence[int]) -> tuple[str, ...]:
    named = sorted((number == 0, number, name) for name, number in zip(names, sums, strict=True) if name != OTHERS)
    gone = {name for _, _, name in named[: 1 if OTHERS in names else 2]}
    return (*(name for name in names if name not in {*gone, OTHERS}), OTHERS)


OWN = 0  # the group itself, where no other is spoken of
UNNAMED = ""
SINCE = "Det har kommit för få rapporter sedan förra publiceringen. Vänta en månad till."
BESIDE = (
    "En annan grupp med delvis samma ärenden har publicerat sina antal för året. Skillnaden mot dem skulle berätta om "
    "enstaka ärenden. Vänta tills det har kommit fler."
)
TOO_FEW = f"Minst {K} rapporter behövs för att något ska kunna visas utanför gruppen."


def _layout(months: Sequence[Mapping[Pair, int]], rows: Sequence[str], columns: Sequence[str], k: int) -> Layout:
    """Rows and columns with at least k cases; the others, also those without any yet, stand together.

    So whatever comes later in the year has a place, whose sum is no small number.
    """
    total: Counter[Pair] = Counter()
    for month in months:
        total.update(month)
    if sum(total.values()) < k:
        raise CannotPublish(TOO_FEW)
    by_row = [Row(row, (sum(n for (r, _), n in total.items() if r == row),)) for row in rows]
    by_column = [Row(column, (sum(n for (_, c), n in total.items() if c == column),)) for column in columns]
    return tuple(row.label for row in merge_small_rows(by_row, k)), tuple(
        column.label for column in merge_small_rows(by_column, k)
    )


def _table(month: Mapping[Pair, int], rows: Sequence[str], columns: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    counts: Counter[Pair] = Counter()
    for (row, column), count in month.items():
        counts[row if row in rows else OTHERS, column if column in columns else OTHERS] += count
    return tuple(tuple(counts[row, column] for column in columns) for row in rows)


def to_json(made: Made) -> dict[str, Any]:
    """Plain values, to be stored."""
    table = made.table
    return {
        "year": table.year, "months": table.months, "rows": list(table.rows), "columns": list(table.columns),
        "cells": [list(row) for row in table.cells],
        "monthly": [[list(row) for row in month] for month in made.monthly],
        "row_totals": list(table.row_totals), "column_totals": list(table.column_totals),
    }  # fmt: skip


def from_json(stored: Mapping[str, Any]) -> Made:
    """What to_json() wrote."""
    table = WideTable(
        stored["year"], stored["months"], tuple(stored["rows"]), tuple(stored["columns"]),
        tuple(tuple(row) for row in stored["cells"]), tuple(stored["row_totals"]), tuple(stored["column_totals"]),
    )  # fmt: skip
    return Made(table, tuple(tuple(tuple(row) for row in month) for month in stored["monthly"]))
