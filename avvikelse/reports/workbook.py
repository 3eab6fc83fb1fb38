"""XlsxWriter: from titles and rows to a workbook. The only file that knows it; tables.py is what others call."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

SHEET_NAME = 31  # Excel's limit
NARROWEST, WIDEST = 9, 70

Value = str | int | float | date | None
Sheet = tuple[str, Sequence[str], Sequence[Sequence[Value]], str]  # title, columns, rows, note


def workbook(title: str, about: Sequence[str], sheets: Sequence[Sheet]) -> bytes:
    """A first sheet that says what it is, then one per table. Text is stored as text, whatever it begins with."""
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
        for name, columns, rows, note in sheets:
            sheet = book.add_worksheet(_sheet_name(name, taken))
            sheet.freeze_panes(1, 0)
            for column, heading in enumerate(columns):
                widest = max([len(heading), *(len(str(row[column] or "")) for row in rows)])
                sheet.set_column(column, column, min(max(widest + 2, NARROWEST), WIDEST), text)
                sheet.write_string(0, column, heading, head)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    _write(sheet, number, column, value, day)
            if note:
                sheet.write_string(len(rows) + 2, 0, note, text)
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: Value, day: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel allows and no other sheet has (it does not tell upper from lower case); `taken` grows."""
    plain = "".join(" " if character in "[]:*?/\\'" else character for character in title).strip() or "Tabell"
    name, number = plain[:SHEET_NAME].strip(), 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: SHEET_NAME - len(str(number)) - 1].strip()} {number}"
    taken.add(name.lower())
    return name
