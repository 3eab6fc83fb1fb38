"""`flask text check`: run the guard over JSON Lines. Open to change its input or output. Needs no database."""

from __future__ import annotations

import json
import sys
from codecs import BOM_UTF8
from typing import Any

import click

from avvikelse.domain.persondata import Finding, Kind, find

FINDINGS, BAD_INPUT = 1, 2
# Readers of the answer have agreed on a list of types; a number that it does not name points out somebody all the same.
AGREED_AS = dict.fromkeys((Kind.KONTONUMMER, Kind.KORTNUMMER, Kind.PASSNUMMER), Kind.INDIREKT)

group = click.Group("text", help="Pröva texter mot personuppgiftsvakten.")


@group.command("check")
def check() -> None:
    """Läser JSON-rader {"id", "text"} och skriver en rad med fynd för var och en.

    Slutar med 0 utan fynd, 1 med fynd, 2 om en rad inte går att läsa (inget mer läses då).
    """
    source, target = sys.stdin.buffer, sys.stdout.buffer  # bytes: UTF-8 whatever the terminal's locale says
    found_any = False
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            key, text = _parse(line.removeprefix(BOM_UTF8) if number == 1 else line)
        except ValueError as error:
            click.echo(f"Rad {number} {error}", err=True)
            sys.exit(BAD_INPUT)
        findings = find(text)
        found_any = found_any or bool(findings)
        answer = {"id": key, "findings": [_as_json(finding) for finding in findings]}
        target.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
    target.flush()
    sys.exit(FINDINGS if found_any else 0)


def _parse(line: bytes) -> tuple[str | int, str]:
    """The id and text of one line. Raises ValueError with a sentence that never repeats the line."""
    try:
        row = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ValueError("är inte JSON i UTF-8.") from None
    match row:
        case {"id": str() | int() as key, "text": str() as text} if not isinstance(key, bool):
            return key, text
        case _:
            raise ValueError('behöver ha "id" och "text", där texten är en sträng.')


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "start": finding.start,
        "end": finding.end,
        "type": AGREED_AS.get(finding.type, finding.type).value,
        "severity": finding.severity.value,
        "suggestion": finding.suggestion,
    }
