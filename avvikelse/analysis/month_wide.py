"""What may be told outside the group: the year so far, without small numbers. Open when a wide table hides too much.

Counts of one to four are hidden, with as few other cells as it takes so that nobody can work them out, neither from the
margins nor from the difference to what was published earlier in the year (publication.py). Rows and columns whose sums
are small go together, and stay together for the whole year: a row that came out later would tell what it held before.
Where groups share cases, the table is also read beside what the others have published (publication_family.py): then
more goes together and more is hidden, or nothing is published.
No texts, no case numbers, no day finer than a month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from avvikelse.analysis.publication import OTHERS, Published, Row, merge_small_rows, publish_year_to_date, summed
from avvikelse.analysis.publication_family import Family, FamilyTable, hide_beside
from avvikelse.analysis.suppression import Cell, K, Unprotectable, cells_of

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
    first = earlier[0].table if earlier else None
    layout = (first.rows, first.columns) if first else _layout(months, rows, columns, k)
    known = earlier[-1].monthly if earlier else ()
    if len(known) >= len(months):
        raise CannotPublish("Året är redan publicerat till och med den här månaden.")
    while True:
        monthly = (*known, *(_table(month, *layout) for month in months[len(known) :]))
        try:
            alone = publish_year_to_date(monthly, [Published(one.table.months, one.table.hidden) for one in earlier], k)
        except Unprotectable as error:
            raise CannotPublish(
                "Det har kommit för få rapporter sedan förra publiceringen. Vänta en månad till."
                if earlier
                else TOO_FEW
            ) from error
        try:
            return _made(year, monthly, layout, _hidden_beside(family, monthly, layout, alone.hidden, k))
        except Unprotectable as error:
            wider = None if first else _wider(layout, summed(monthly))
            if wider is None:
                raise CannotPublish(BESIDE) from error
            layout = wider


def _hidden_beside(
    family: Family | None, monthly: Sequence[Sequence[Sequence[int]]], layout: Layout, hidden: frozenset[Cell], k: int
) -> frozenset[Cell]:
    if family is None:
        return hidden
    countable = [cell for cell, count in cells_of(summed(monthly)).items() if count]
    return hide_beside(family, FamilyTable(family.group, len(monthly), *layout, hidden), countable, k)


def _made(year: int, monthly: tuple[tuple[tuple[int, ...], ...], ...], layout: Layout, hidden: frozenset[Cell]) -> Made:
    total = summed(monthly)
    return Made(
        WideTable(
            year, len(monthly), *layout,
            tuple(tuple(None if (r, c) in hidden else n for c, n in enumerate(row)) for r, row in enumerate(total)),
            tuple(sum(row) for row in total), tuple(sum(column) for column in zip(*total, strict=True)),
        ),
        monthly,
    )  # fmt: skip


def _wider(layout: Layout, total: Sequence[Sequence[int]]) -> Layout | None:
    """With the smallest row, or where there is but one the smallest column, in "Övriga". None: there is one cell."""
    rows, columns = layout
    if len(rows) > 1:
        return _together(rows, [sum(row) for row in total]), columns
    return (
        (rows, _together(columns, [sum(column) for column in zip(*total, strict=True)])) if len(columns) > 1 else None
    )


def _together(names: Sequence[str], sums: Sequence[int]) -> tuple[str, ...]:
    named = sorted((number, name) for name, number in zip(names, sums, strict=True) if name != OTHERS)
    gone = {name for _, name in named[: 1 if OTHERS in names else 2]}
    return (*(name for name in names if name not in {*gone, OTHERS}), OTHERS)


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
