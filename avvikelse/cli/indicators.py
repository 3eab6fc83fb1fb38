"""`flask indicators compute`: the fifteen indicators from a folder of CSV files. Needs no database.

Open when the layout of the files changes (tests/cases/indicators). The computing is in analysis/indicators.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from avvikelse.cli.unreadable import why

BAD_INPUT = 2
MOST = 3660  # ten years of days
Made = TypeVar("Made")

group = click.Group("indicators", help="De femton mätetalen.")


class BadFile(Exception):
    """A whole Swedish sentence: which file and line, and what to do."""


@group.command("compute")
@click.option("--dir", "folder", required=True, type=click.Path(path_type=Path), help="Mappen med filerna.")
def compute(folder: Path) -> None:
    """Räkna mätetalen av cases.csv, measures.csv, sip_meetings.csv, activities.csv och params.json.

    Skriver JSON. Slutar med 0, eller med 2 om en fil saknas eller inte går att läsa.
    """
    from avvikelse.analysis.indicators import rows
    from avvikelse.analysis.indicators.figures import indicators

    try:
        params = _params(folder / "params.json")
        found = indicators(
            _table(folder / "cases.csv", lambda r: _case(rows, r)),
            _table(folder / "measures.csv", lambda r: _measure(rows, r)),
            _table(folder / "sip_meetings.csv", lambda r: _meeting(rows, r)),
            _table(folder / "activities.csv", lambda r: _activity(rows, r)),
            params,
        )
    except BadFile as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    click.echo(json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False))


class _Row:
    """One line of a file, with readers that say what is wrong."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def text(self, name: str) -> str:
        if name not in self.values:
            raise ValueError(f"kolumnen {name} saknas. Lägg till den i filens första rad")
        return self.values[name].strip()

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise ValueError(f"{name} är tom. Fyll i den eller ta bort raden")
        return value

    def day(self, name: str) -> date | None:
        value = self.text(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise ValueError(f"{name} är inget datum. Skriv det som 2025-03-31") from None

    def needed_day(self, name: str) -> date:
        self.needed(name)
        day = self.day(name)
        assert day is not None  # noqa: S101 -- for mypy; it is filled in
        return day

    def number(self, name: str) -> int:
        value = self.text(name)
        if value and not (value.isascii() and value.isdigit()):
            raise ValueError(f"{name} är inget antal. Skriv ett heltal")
        return int(value or 0)


def _case(rows: Any, r: _Row) -> Any:
    return rows.Case(
        r.needed("case_id"), r.needed_day("reported_on"), r.text("receiver"), r.text("problem_type"),
        withdrawn_on=r.day("withdrawn_on"), withdrawn_reason=r.text("withdrawn_reason"),
        acknowledged_on=r.day("acknowledged_on"), answered_on=r.day("answered_on"), feedback_on=r.day("feedback_on"),
        closed_on=r.day("closed_on"), reopened_on=r.day("reopened_on"), closed_again_on=r.day("closed_again_on"),
        holders=tuple(part.strip() for part in r.text("holders").split(">") if part.strip()),
    )  # fmt: skip


def _measure(rows: Any, r: _Row) -> Any:
    return rows.Measure(
        r.needed("measure_id"), r.text("case_id"), r.text("problem_type"), r.text("receiver"), r.day("decided_on"),
        r.day("followup_due_on"), r.day("followed_up_on"), r.text("effect"),
    )  # fmt: skip


def _meeting(rows: Any, r: _Row) -> Any:
    held = r.day("held_on")
    called, attended = r.number("parties_called"), r.number("parties_attended")
    if held and attended > called:
        raise ValueError("parties_attended är fler än parties_called. Rätta antalen")
    return rows.SipMeeting(
        r.needed("meeting_id"), r.needed("sip_id"), r.text("person_key"), r.day("called_on"), r.day("planned_on"),
        held, called, attended,
    )  # fmt: skip


def _activity(rows: Any, r: _Row) -> Any:
    return rows.Activity(r.needed("activity_id"), r.day("planned_done_on"), r.day("done_on"), r.day("cancelled_on"))


def _table(path: Path, make: Callable[[_Row], Made]) -> list[Made]:
    """The rows of a file; an id may stand there once. Raises BadFile."""
    found: dict[str, Made] = {}
    for number, values in _lines(path):
        try:
            row = make(_Row(values))
        except ValueError as error:
            raise BadFile(f"{path.name}, rad {number}: {error}.") from None
        key = getattr(row, "id")  # noqa: B009 -- each kind of row has one
        if key in found:
            raise BadFile(f"{path.name}, rad {number}: samma id finns redan ovanför. Ge varje rad ett eget id.")
        found[key] = row
    return list(found.values())


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    text = _read(path)
    if not text.strip():
        raise BadFile(f"{path.name} är tom. Den ska börja med en rad med kolumnernas namn.")
    head = text.splitlines()[0]
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in head and "," not in head else ",")
    try:
        for values in reader:
            if None in values or None in values.values():
                which = "fler" if None in values else "färre"
                raise BadFile(f"{path.name}, rad {reader.line_num}: {which} fält än kolumner. Rätta skiljetecknen.")
            yield reader.line_num, values
    except csv.Error:
        raise BadFile(f"{path.name}, rad {reader.line_num}: går inte att läsa som CSV.") from None


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile(f"{path.name} är inte sparad i UTF-8. Spara om den så.") from None
    except OSError as error:
        raise BadFile(f"{path} går inte att läsa. {why(error)}. Ange en mapp där filen finns.") from None


def _params(path: Path) -> Any:
    from avvikelse.analysis.indicators.rows import Params

    try:
        raw = json.loads(_read(path))
    except (ValueError, RecursionError):
        raise BadFile(f"{path.name} är inte JSON. Jämför med tests/cases/indicators/params.json.") from None
    if not isinstance(raw, dict):
        raise BadFile(f"{path.name} ska vara ett JSON-objekt. Jämför med tests/cases/indicators/params.json.")
    numbers = ("ack_working_days", "answer_days", "feedback_share_day", "recurrence_days", "min_denominator")
    try:
        days: dict[str, Any] = {
            name: date.fromisoformat(raw[name]) for name in ("period_start", "period_end", "cutoff")
        }
        people = raw["population_0_17"]
        chosen: dict[str, Any] = {name: raw[name] for name in numbers if raw.get(name) is not None}
        holidays = frozenset(date.fromisoformat(day) for day in raw.get("holidays", []))
        if not all(type(value) is int and value >= 0 for value in (people, *chosen.values())):
            raise BadFile(f"{path.name}: folkmängd och gränser ska vara heltal, inte under 0.")
        if too_long := [name for name, value in chosen.items() if value > MOST]:
            raise BadFile(f"{path.name}: {too_long[0]} är för stort. Skriv högst {MOST}.")
    except KeyError as error:
        raise BadFile(f"{path.name}: {error.args[0]} saknas. Lägg till den.") from None
    except (TypeError, ValueError, AttributeError):
        raise BadFile(f"{path.name}: ett datum går inte att läsa. Skriv datum som 2025-03-31.") from None
    try:
        return Params(**days, population_0_17=people, holidays=holidays, **chosen)
    except ValueError:
        raise BadFile(f"{path.name}: period_start ska vara före period_end, som ska vara senast cutoff.") from None
