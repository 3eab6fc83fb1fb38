"""LibreOffice opens the workbook and the CSV, and nothing that somebody has typed is a formula there.

Half a gigabyte, so no script installs it: docs/DRIFT.md says how. Without it these tests are skipped, and say so.
"""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest

from avvikelse.reports.tables import Table, to_csv, to_xlsx
from tests.unit.test_tables import RISKY

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
TABLE_NS = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE_NS = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT_NS = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# Semicolons, double quotes, UTF-8, from line 1, columns as they come: what a Swedish user's program asks first.
CSV_AS_A_SWEDE_OPENS_IT = "CSV:59,34,76,1,,1053,false,true"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        PROGRAM is None, reason="SKIPPED: LibreOffice is not installed; no spreadsheet program has opened the files"
    ),
]


def opened(path: Path, *options: str) -> list[list[tuple[str, str, str]]]:
    """The sheets as the program has read them: per cell (type, formula, text); empty cells are left out."""
    command = [
        PROGRAM or "", f"-env:UserInstallation=file://{path.parent}/profile", "--headless", *options,
        "--convert-to", "fods", "--outdir", str(path.parent), str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    root = ET.parse(path.with_suffix(".fods")).getroot()
    sheets = []
    for sheet in root.iter(f"{TABLE_NS}table"):
        cells = []
        for cell in sheet.iter(f"{TABLE_NS}table-cell"):
            text = "\n".join("".join(line.itertext()) for line in cell.iter(f"{TEXT_NS}p"))
            kind = cell.get(f"{OFFICE_NS}value-type", "")
            if kind:
                cells.append((kind, cell.get(f"{TABLE_NS}formula", ""), text))
        sheets.append(cells)
    return sheets


def test_the_workbook_opens_and_has_no_formula(tmp_path: Path) -> None:
    rows = tuple((text, number, date(2026, 3, 11)) for number, text in enumerate(RISKY))
    table = Table("prov", "Prov", ("=A1", "Tal", "Dag"), rows, note="=1+1")
    path = tmp_path / "manad.xlsx"
    path.write_bytes(to_xlsx("=cmd|' /C calc'!A0", ("+46 63 14 30 00",), [table]))
    front, sheet = opened(path)
    assert ("string", "", "+46 63 14 30 00") in front
    assert not [cell for cell in (*front, *sheet) if cell[1]]
    assert [kind for kind, _, _ in sheet].count("float") == len(RISKY)
    assert [kind for kind, _, _ in sheet].count("date") == len(RISKY)
    texts = {text for kind, _, text in sheet if kind == "string"}
    assert {text for text in RISKY if text.isprintable()} <= texts


def test_the_csv_opens_and_has_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "manad.csv"
    path.write_bytes(to_csv(Table("prov", "Prov", ("Text", "Tal"), tuple((text, 1.5) for text in RISKY))))
    (sheet,) = opened(path, f"--infilter={CSV_AS_A_SWEDE_OPENS_IT}")
    assert not [cell for cell in sheet if cell[1]]
    assert [kind for kind, _, _ in sheet].count("float") == len(RISKY)  # 1,5 is a number to a Swede
