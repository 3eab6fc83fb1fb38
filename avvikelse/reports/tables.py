"""A table as plain values, and its two files: CSV and XLSX. Open when a download looks wrong.

Text that somebody has written never becomes a formula: in CSV an apostrophe stands before = + - @, tab and line ends;
in XLSX (workbook.py) every text is stored as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from avvikelse.reports import making
from avvikelse.reports.making import Kind

Value = str | int | float | date | None
BOM = "\ufeff"  # without it Excel reads UTF-8 as something else
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` have one value per column. `note` is one sentence on how to read it; "" without."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


def to_csv(table: Table) -> bytes:
    """With `;` and Swedish decimals, as a Swedish Excel opens it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_csv(column) for column in table.columns])
    writer.writerows([_csv(value) for value in row] for row in table.rows)
    return (BOM + out.getvalue()).encode()


def all_to_csv(tables: Iterable[Table]) -> bytes:
    """Several tables below each other, each under its title, with an empty line between."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for table in tables:
        writer.writerow([_csv(table.title)])
        writer.writerow([_csv(column) for column in table.columns])
        writer.writerows([_csv(value) for value in row] for row in table.rows)
        writer.writerow([])
    return (BOM + out.getvalue()).encode()


def to_xlsx(title: str, about: Sequence[str], tables: Iterable[Table]) -> bytes:
    """A workbook: a first sheet that says what it is and how to read it, then a sheet per table."""
    sheets = tuple((table.title, table.columns, table.rows, table.note) for table in tables)
    return making.make(Kind.XLSX, title, tuple(about), sheets)


def _csv(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",")
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(RISKY) else text
