"""A table as plain values, and its two files: CSV and XLSX. Open when a download looks wrong.

Text that somebody has written never becomes a formula: in CSV an apostrophe stands before = + - @, tab and line ends;
in XLSX every text is stored as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Value = str | int | float | date | None
BOM = "\ufeff"  # without it Excel reads UTF-8 as something else
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
SHEET_NAME = 31  # Excel's limit
NARROWEST, WIDEST = 9, 70


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
    import xlsxwriter  # here, because few requests make a workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        big = book.add_format({"bold": True, "font_size": 16})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        front = book.add_worksheet("Om")
        front.set_column(0, 0, 100, text)
        front.write_string(0, 0, title, big)
        for number, line in enumerate(about, 2):
            front.write_string(number, 0, line, text)
        taken = {front.name.lower()}
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.title, taken))
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(table.columns):
                widest = max([len(name), *(len(str(row[column] or "")) for row in table.rows)])
                sheet.set_column(column, column, min(max(widest + 2, NARROWEST), WIDEST), text)
                sheet.write_string(0, column, name, head)
            for number, row in enumerate(table.rows, 1):
                for column, value in enumerate(row):
                    _write(sheet, number, column, value, day)
            if table.note:
                sheet.write_string(len(table.rows) + 2, 0, table.note, text)
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: Value, day: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)


def _csv(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",")
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(RISKY) else text


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel allows and no other sheet has (it does not tell upper from lower case); `taken` grows."""
    plain = "".join(" " if character in "[]:*?/\\'" else character for character in title).strip() or "Tabell"
    name, number = plain[:SHEET_NAME].strip(), 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: SHEET_NAME - len(str(number)) - 1].strip()} {number}"
    taken.add(name.lower())
    return name
