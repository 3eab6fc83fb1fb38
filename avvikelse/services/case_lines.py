"""One line of a file with earlier cases: read and checked before anything is written.

Open when the file format changes. Nothing here is trusted and nothing here needs a database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from avvikelse.domain.codes import TILLSTAND, known_unit_type
from avvikelse.domain.errors import Invalid
from avvikelse.domain.kommuner import known_kommun
from avvikelse.domain.vocabulary import Channel, Extent, Labelled
from avvikelse.domain.workdays import STOCKHOLM, local_date
from avvikelse.services import reporting
from avvikelse.services.guarding import guard, refuse

LONGEST_ID = 60
LONGEST_HISTORY = 200
COORDINATOR = "koordinator"  # a samordnare has it, and no unit yet
_TILLSTAND = frozenset(code.code for code in TILLSTAND)


class Step(Labelled):
    """The words of the file's history."""

    REPORTED = "rapporterad", "Rapporterad"
    RECEIVED = "mottagen", "Mottagen"
    MOVED = "omfordelad", "Omfördelad"
    INVESTIGATED = "utreds", "Utreds"
    ANSWERED = "besvarad", "Besvarad"
    DECIDED = "atgard_beslutad", "Åtgärd beslutad"
    CLOSED = "avslutad", "Avslutad"
    SENT_BACK = "aterropad", "Återöppnad"


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as the file names it; `lanskod` and `kommunkod` are the report's, `huvudman` may be unknown (None)."""

    slug: str
    kind: str
    lanskod: str
    kommunkod: str
    huvudman: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryStep:
    step: Step
    at: datetime
    place: Place | None  # None = nobody, or a samordnare


@dataclass(frozen=True, slots=True)
class LoadedCase:
    """A checked line. Times in UTC."""

    external_id: str
    lanskod: str
    kommunkod: str
    sender: Place
    counterpart: Place | None
    counterpart_huvudman: str
    unknown: bool
    tillstand: str | None
    niva: int | None
    report: reporting.Report
    history: tuple[HistoryStep, ...]

    @property
    def places(self) -> Iterator[Place]:
        """All units that the line names."""
        yield self.sender
        yield from (place for place in (self.counterpart, *(step.place for step in self.history)) if place is not None)


def parse(line: bytes) -> LoadedCase:
    """The case of one line. Raises Invalid with a sentence that never repeats the line's texts."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise Invalid("raden är inte JSON i UTF-8") from None
    if not isinstance(row, dict):
        raise Invalid("raden är inget JSON-objekt")
    try:
        return _case(row)
    except KeyError as error:
        raise Invalid(f"fältet {error.args[0]} saknas") from None


def _case(row: dict[str, Any]) -> LoadedCase:
    external_id, kommunkod, lanskod = (_text(row, name) for name in ("id", "kommunkod", "lanskod"))
    if not external_id or len(external_id) > LONGEST_ID:
        raise Invalid("id ska ha 1–60 tecken")
    if not known_kommun(kommunkod) or not kommunkod.startswith(lanskod):
        raise Invalid("kommunkod och lanskod hör inte ihop")
    sender = _place(row, "rapportor_enhet", _text(row, "rapportor_typ"), _text(row, "rapportor_huvudman"))
    if sender is None:
        raise Invalid("rapportor_enhet saknas")
    counterpart_huvudman = _text(row, "mottagare_huvudman")
    kind = row["mottagare_typ"]
    named = row["mottagare_enhet"]
    counterpart = None
    if named is not None:
        right = row.get("ratt_mottagare_enhet") == named
        counterpart = _place(row, "mottagare_enhet", kind if right else None, counterpart_huvudman if right else None)
    history = _history(row)
    report = reporting.Report(
        sender_enhet_id=0,
        occurred_on=_day(_text(row, "handelsedatum")),
        description=_text(row, "text"),
        severity=_number(row, "allvarlighet"),
        counterpart_kind=kind if kind is None else _kind(kind),
        counterpart_unknown=counterpart is None,
        kommunkod=kommunkod,
        category=_text(row, "kategori"),
        age_band=row["aldersgrupp"],
        extent=Extent.UPPREPAD if row["har_hant_forut"] else Extent.ENSTAKA,
        channel=Channel.IMPORT,
    )
    check(report, local_date(history[0].at))
    tillstand, niva = row["tillstand"], row["niva"]
    if tillstand is not None and tillstand not in _TILLSTAND:
        raise Invalid("tillstand finns inte i listan")
    if niva is not None and (isinstance(niva, bool) or niva not in (1, 2, 3, 4)):
        raise Invalid("niva ska vara 1–4")
    return LoadedCase(
        external_id, lanskod, kommunkod, sender, counterpart, counterpart_huvudman, counterpart is None,
        tillstand, niva, report, history,
    )  # fmt: skip


def check(report: reporting.Report, today: date) -> None:
    """The same rules as for a report that is filed, and the guard. Raises Invalid."""
    reporting.check(report, today)
    if _seen(report.description) is None:
        guard(description=report.description)


@lru_cache(maxsize=50_000)
def _seen(text: str) -> bool | None:
    """Whether a text has warnings; None = it is refused. Texts repeat in such files, and the guard is the slow part."""
    try:
        return bool(refuse(text=text))
    except Invalid:
        return None


def is_warned(report: reporting.Report) -> bool:
    """Could the text of a loaded case point somebody out? Nobody is there to ask: such cases are counted."""
    return bool(_seen(report.description))


def _history(row: dict[str, Any]) -> tuple[HistoryStep, ...]:
    raw = row["historik"]
    if not isinstance(raw, list) or not 1 <= len(raw) <= LONGEST_HISTORY:
        raise Invalid("historik ska vara en lista med minst ett steg")
    steps = []
    for entry in raw:
        match entry:
            case [str() as word, str() as at, None | str() as unit]:
                steps.append(HistoryStep(_step(word), _moment(at), _step_place(row, unit)))
            case _:
                raise Invalid("ett steg i historik ska vara [status, tid, enhet]")
    if steps[0].step is not Step.REPORTED or any(step.step is Step.REPORTED for step in steps[1:]):
        raise Invalid("historik ska börja med rapporterad, en gång")
    if any(late.at < early.at for early, late in pairwise(steps)):
        raise Invalid("stegen i historik är inte i tidsordning")
    return tuple(steps)


def _step_place(row: dict[str, Any], unit: str | None) -> Place | None:
    if unit is None or unit == COORDINATOR:
        return None
    return _unit(row, unit, None, None)


def _place(row: dict[str, Any], name: str, kind: str | None, huvudman: str | None) -> Place | None:
    value = row[name]
    if value is None:
        return None
    if not isinstance(value, str):
        raise Invalid(f"{name} ska vara en text")
    return _unit(row, value, kind, huvudman)


def _unit(row: dict[str, Any], slug: str, kind: str | None, huvudman: str | None) -> Place:
    return _known_place(slug, kind, str(row["lanskod"]), str(row["kommunkod"]), huvudman)


@lru_cache(maxsize=20_000)
def _known_place(slug: str, kind: str | None, lanskod: str, kommunkod: str, huvudman: str | None) -> Place:
    """A unit's kind begins its id ("bup-23-1") where the line does not say it."""
    found = kind or slug.partition("-")[0]
    if not 0 < len(slug) <= 70 or not known_unit_type(found):
        raise Invalid("en enhet har ett okänt slag")
    return Place(slug, found, lanskod, kommunkod, huvudman)


def _kind(kind: object) -> str:
    if not isinstance(kind, str) or not known_unit_type(kind):
        raise Invalid("en enhet har ett okänt slag")
    return kind


def _text(row: dict[str, Any], name: str) -> str:
    value = row[name]
    if not isinstance(value, str):
        raise Invalid(f"{name} ska vara en text")
    return value


def _number(row: dict[str, Any], name: str) -> int:
    value = row[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid(f"{name} ska vara ett heltal")
    return value


def _step(word: str) -> Step:
    try:
        return Step(word)
    except ValueError:
        raise Invalid("historik har ett okänt steg") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("handelsedatum ska vara ÅÅÅÅ-MM-DD") from None


def _moment(text: str) -> datetime:
    """Local time in Sweden where no zone is given. A date alone is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("en tid i historik går inte att läsa") from None
    return (at if at.tzinfo else at.replace(tzinfo=STOCKHOLM)).astimezone(UTC)
