"""`flask suppression audit`: which cells of published tables must be hidden. Needs no database.

Open when the layout of its file changes (tests/cases/suppression_examples.json, without the answers). The computing is
in analysis/suppression.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from avvikelse.cli.unreadable import why

REFUSED, BAD_INPUT = 1, 2

group = click.Group("suppression", help="Små tal i tabeller som ska publiceras.")


class BadFile(Exception):
    """A whole Swedish sentence."""


@group.command("audit")
@click.argument("file", type=click.Path(path_type=Path), metavar="FIL.json")
def audit(file: Path) -> None:
    """Skriver en rad JSON per tabell: vilka celler som måste döljas och vad en läsare kan räkna ut om dem.

    Slutar med 0 om alla tabeller går att skydda, 1 om någon inte gör det, 2 om filen inte går att läsa.
    """
    from avvikelse.analysis.suppression import Unprotectable, suppress

    try:
        k, tables = _read(file)
    except BadFile as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    refused = False
    for name, table in tables:
        answer: dict[str, Any] = {"name": name}
        try:
            found = suppress(table, k)
        except Unprotectable:
            refused = True
            primary = [[r, c] for r, row in enumerate(table) for c, count in enumerate(row) if 0 < count < k]
            answer |= {"primary": primary, "complementary": None, "ranges": None}
            click.echo(f"{name}: tabellen går inte att skydda. Slå ihop rader eller kolumner.", err=True)
        else:
            answer |= {
                "primary": [list(cell) for cell in found.primary],
                "complementary": [list(cell) for cell in found.complementary],
                "ranges": {f"{r},{c}": list(bounds) for (r, c), bounds in sorted(found.ranges.items())},
            }
        click.echo(json.dumps(answer, ensure_ascii=False))
    sys.exit(REFUSED if refused else 0)


def _read(file: Path) -> tuple[int, list[tuple[str, list[list[int]]]]]:
    """k and the named tables. Raises BadFile."""
    try:
        raw = json.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise BadFile(f"{file} går inte att läsa. {why(error)}.") from None
    except (ValueError, RecursionError):
        raise BadFile(f"{file} är inte JSON i UTF-8.") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("examples"), list):
        raise BadFile(f'{file} ska vara ett JSON-objekt med listan "examples".')
    k = raw.get("k", 5)
    if type(k) is not int or k < 2:
        raise BadFile(f"{file}: k ska vara ett heltal, minst 2.")
    return k, [_table(file, number, one) for number, one in enumerate(raw["examples"], start=1)]


def _table(file: Path, number: int, one: Any) -> tuple[str, list[list[int]]]:
    name = str(one.get("name", number)) if isinstance(one, dict) else str(number)
    where = f"{file}, tabell {number} ({name})"
    table = one.get("table") if isinstance(one, dict) else None
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
        raise BadFile(f'{where}: "table" saknas. Skriv den som en lista av rader.')
    if len({len(row) for row in table}) > 1:
        raise BadFile(f"{where}: raderna är olika långa. Skriv 0 där inget har räknats.")
    if any(type(count) is not int or count < 0 for row in table for count in row):
        raise BadFile(f"{where}: ett tal är inget antal. Skriv heltal, minst 0.")
    sums = {
        "row_totals": [sum(row) for row in table],
        "col_totals": [sum(column) for column in zip(*table, strict=True)],
        "total": sum(map(sum, table)),
    }
    wrong = [key for key, value in sums.items() if one.get(key) is not None and one[key] != value]
    if wrong:
        raise BadFile(f"{where}: {wrong[0]} stämmer inte med talen i tabellen. Rätta det ena eller det andra.")
    return name, table
