"""`flask themes suggest`: suggested problem types and candidate groups for a file of texts. Needs no database.

Open when the layout of its files changes (tests/cases/recurring_examples.json, recurring_catalogue.json). The computing
is in analysis/themes.
"""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from avvikelse.cli.unreadable import why

BAD_INPUT = 2
SUGGESTED = 5  # as many as similar cases; a page shows three

group = click.Group("themes", help="Återkommande problem i texter.")


class BadFile(Exception):
    """A whole Swedish sentence."""


@group.command("suggest")
@click.argument("file", type=click.Path(path_type=Path), metavar="FIL.json")
@click.option("--catalogue", type=click.Path(path_type=Path), help="Problemtyper med bekräftade texter (JSON).")
def suggest(file: Path, catalogue: Path | None) -> None:
    """Skriver JSON: för varje text de troligaste problemtyperna, och vilka texter som kan handla om samma sak.

    Grupperna bryr sig inte om katalogen. Utan --catalogue används den som följer med. Slutar med 0, eller med 2 om en
    fil inte går att läsa.
    """
    from avvikelse.analysis.themes import grouping, suggestions

    try:
        records = _records(file)
        types = _types(catalogue)
    except BadFile as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    ids = [record["id"] for record in records]
    fields = ("sender", "receiver", "category", "reporter")
    told = [grouping.Told(r["text"], **{f: str(r[f]) for f in fields if r.get(f) not in (None, "")}) for r in records]
    groups: dict[str, str | None] = dict.fromkeys(ids)
    for number, candidate in enumerate(grouping.candidates(told), start=1):
        for place in candidate.members:
            groups[ids[place]] = f"G{number}"
    suggested = suggestions.suggest([record["text"] for record in records], types, count=SUGGESTED)
    answer = {"groups": groups, "suggest": {key: list(found) for key, found in zip(ids, suggested, strict=True)}}
    sys.stdout.buffer.write(
        json.dumps(answer, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"
    )
    sys.stdout.buffer.flush()


def _records(file: Path) -> list[dict[str, Any]]:
    found = _list(_json(file.name, _text(file)), "records", file.name)
    seen: set[str] = set()
    for number, record in enumerate(found, start=1):
        key = record.get("id") if isinstance(record, dict) else None
        if not isinstance(key, str | int) or isinstance(key, bool) or not isinstance(record.get("text"), str):
            raise BadFile(f'{file.name}, post {number}: "id" eller "text" saknas. Varje post ska ha båda.')
        if not record["text"].strip():
            raise BadFile(f"{file.name}, post {number}: texten är tom. Fyll i den eller ta bort posten.")
        if str(key) in seen:
            raise BadFile(f"{file.name}, post {number}: samma id finns redan. Ge varje text ett eget id.")
        record["id"] = str(key)
        seen.add(record["id"])
    return found


def _types(file: Path | None) -> list[Any]:
    from avvikelse.analysis.themes.suggestions import ProblemType

    name = file.name if file else "problem_types.json"
    text = _text(file) if file else (files("avvikelse") / "data" / name).read_text("utf-8")
    types: list[Any] = []
    for number, one in enumerate(_list(_json(name, text), "types", name), start=1):
        match one:
            case {"id": str() as key, "sentence": str() as sentence}:
                confirmed = one.get("confirmed") or []
            case _:
                raise BadFile(f'{name}, problemtyp {number}: "id" eller "sentence" saknas. Varje typ ska ha båda.')
        texts = (
            [c.get("text") if isinstance(c, dict) else c for c in confirmed] if isinstance(confirmed, list) else [None]
        )
        if not all(isinstance(text, str) for text in texts):
            raise BadFile(f'{name}, problemtyp {number}: "confirmed" ska vara en lista med texter.')
        if any(key == earlier.id for earlier in types):
            raise BadFile(f"{name}, problemtyp {number}: samma id finns redan. Ge varje typ ett eget id.")
        types.append(ProblemType(key, sentence, tuple(str(text) for text in texts)))
    return types


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile(f"{file} är inte sparad i UTF-8. Spara om den så.") from None
    except OSError as error:
        raise BadFile(f"{file} går inte att läsa. {why(error)}.") from None


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        line = f", rad {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise BadFile(f"{name}{line}: är inte JSON. Rätta filen.") from None


def _list(raw: Any, key: str, name: str) -> list[Any]:
    if not isinstance(raw, dict) or not isinstance(raw.get(key), list):
        raise BadFile(f'{name} ska vara ett JSON-objekt med listan "{key}".')
    found: list[Any] = raw[key]
    return found
