"""Tables as files: what somebody has typed never becomes a formula (A26), and Swedish programs read the numbers."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest

from avvikelse.reports.tables import Table, all_to_csv, to_csv, to_xlsx

RISKY = ["=1+1", "+46", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://example.org")']
TABLE = Table("prov", "Prov [1]: å/ä", ("Text", "Tal", "Dag"), (("Ört", 1.5, date(2026, 3, 11)), ("=A1", None, None)))


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("text", RISKY)
def test_a_text_is_never_a_formula(text: str) -> None:
    table = Table("x", "X", ("Text",), ((text,),))
    (_, (cell,)) = rows(to_csv(table))
    assert cell == f"'{text}"
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(text, (text,), (table,))))
    for sheet in book.worksheets:
        for cells in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


def test_a_swedish_program_reads_the_csv() -> None:
    content = to_csv(TABLE)
    assert content.startswith(b"\xef\xbb\xbf")
    assert rows(content) == [["Text", "Tal", "Dag"], ["Ört", "1,5", "2026-03-11"], ["'=A1", "", ""]]
    assert rows(all_to_csv([TABLE, TABLE]))[0] == ["Prov [1]: å/ä"]


def test_numbers_and_days_are_values_in_the_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx("Månad", ("Läs så här",), (TABLE,))))
    assert book.sheetnames == ["Om", "Prov  1   å ä"]
    sheet = book.worksheets[1]
    assert sheet["B2"].value == 1.5
    assert sheet["C2"].value.date() == date(2026, 3, 11)
    assert book.worksheets[0]["A3"].value == "Läs så här"


def test_no_two_sheets_have_the_same_name() -> None:
    alike = [
        Table(str(n), "Kallelse med kort varsel, gäller " + kind, ("Text",), ((kind,),))
        for n, kind in enumerate(("BUP", "skolan"))
    ]
    tables = [*alike, Table("om", "OM", ("Text",), (("x",),)), Table("", "?", ("Text",), (("y",),))]
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx("Månad", (), tables)))
    assert len({name.lower() for name in book.sheetnames}) == 5
    assert all(0 < len(name) <= 31 for name in book.sheetnames)
