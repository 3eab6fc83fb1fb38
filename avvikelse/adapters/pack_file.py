"""Read and check an organisation pack (TOML, format 1). Either the whole file is right or nothing of it is used.

Every problem names file, table, id and what to do. Unknown keys are problems too: a misspelt key would otherwise be
lost in silence.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from avvikelse.domain.codes import TILLSTAND, known_unit_type
from avvikelse.domain.organisation import OrganisationMap
from avvikelse.domain.pack_organisation import organisation_of
from avvikelse.domain.vocabulary import FunktionKind, GroupLevel, HuvudmanKind, SeesCases

FORMAT = 1
OWN_PACKS = files("avvikelse") / "data" / "packs"


@dataclass(frozen=True, slots=True)
class PackProblem:
    """One thing that is wrong, in Swedish."""

    file: str
    table: str
    id: str
    problem: str
    what_to_do: str

    def __str__(self) -> str:
        return f"{self.file}: [{self.table}] {self.id}: {self.problem} {self.what_to_do}"


class PackInvalid(Exception):
    """The file cannot be used; `problems` lists all that was found."""

    def __init__(self, problems: tuple[PackProblem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a table's rows look like: required and optional keys with their types, and keys that point to another table's ids."""

    required: Mapping[str, type | tuple[type, ...]]
    optional: Mapping[str, type | tuple[type, ...]]
    points: Mapping[str, str]


_LIST_OR_TEXT = (str, list)
_DAY = (str, date)
# fmt: off
_SHAPES: dict[str, _Shape] = {
    "huvudman": _Shape({"namn": str, "typ": str}, {"kommunkod": str, "orgnr": str}, {}),
    "organisation": _Shape({"namn": str, "typ": str, "huvudman": str}, {"overordnad": str},
                           {"huvudman": "huvudman", "overordnad": "organisation"}),
    "verksamhet": _Shape({"namn": str, "typ": str, "huvudman": str, "sekretessomrade": str, "kommuner": list, "alder": list},
                         {"organisation": str, "gemensam_med": list, "aktiv_fran": _DAY, "aktiv_till": _DAY, "ersatt_av": str,
                          "forsta_linje": bool, "tar_emot_remiss": bool, "innehall": list, "uppgift": str},
                         {"huvudman": "huvudman", "organisation": "organisation", "ersatt_av": "verksamhet", "gemensam_med": "huvudman"}),
    "chefsposition": _Shape({"titel": str}, {"verksamhet": str, "organisation": str, "ersattare": str, "vakant": bool},
                            {"verksamhet": "verksamhet", "organisation": "organisation", "ersattare": "chefsposition"}),
    "funktion": _Shape({"namn": str, "huvudman": str}, {"typ": str, "sekretessomrade": str, "uppgift": str, "antal": int},
                       {"huvudman": "huvudman"}),
    "samverkansgrupp": _Shape({"namn": str, "niva": str, "ser_avvikelser": str, "aktiv": bool},
                              {"overordnad": str, "malgrupp": str, "kommuner": list, "medlemmar": list, "moten_per_ar": list,
                               "motesmanader": list, "verksamhetstyper": list, "sammankallande": str, "medlemspositioner": list,
                               "uppgift": str, "bildad": _DAY, "beredningsorgan_till": list, "uppdragsbeskrivning": _DAY,
                               "saknar": list, "beslutande": bool},
                              {"overordnad": "samverkansgrupp", "medlemspositioner": "chefsposition",
                               "beredningsorgan_till": "samverkansgrupp"}),
    "rapportplikt": _Shape({"fran": str, "till": str, "vad": str, "intervall": str}, {"manad": int}, {}),
    "tidsfrist": _Shape({"avser": str, "varde": int, "enhet": str}, {}, {}),
    "avtal": _Shape({"namn": str}, {"parter": list, "galler": str, "galler_fran": _DAY, "galler_till": _DAY, "beslutad": _DAY,
                                    "reviderad": _DAY, "uppfoljning": str, "uppdragsbeskrivning": _DAY}, {"parter": "huvudman"}),
    "avtalspunkt": _Shape({"avtal": str, "nummer": (str, int), "text": str}, {}, {"avtal": "avtal"}),
}
# fmt: on
_PACK_KEYS = {"id": str, "namn": str, "version": str, "format": int, "lan": str, "lanskod": str, "kommunkoder": list}
_PACK_OPTIONAL = {"regionnamn": str, "galler_fran": _DAY, "nummerprefix": str}
_FREE_TABLES = {"paket", "ansvarsmatris", "routingregel", "ansvar_kommun"}
_SOURCE_KEYS = {"id", "kalla", "antagande"}
# table: key: the closed list it must come from
_CLOSED: dict[tuple[str, str], type] = {
    ("huvudman", "typ"): HuvudmanKind,
    ("samverkansgrupp", "niva"): GroupLevel,
    ("samverkansgrupp", "ser_avvikelser"): SeesCases,
    ("funktion", "typ"): FunktionKind,
}


@cache
def _kommuner() -> frozenset[str]:
    text = (files("avvikelse") / "data" / "kommuner.csv").read_text(encoding="utf-8")
    return frozenset(row["kommunkod"] for row in csv.DictReader(text.splitlines()))


def read_tables(path: Path) -> dict[str, Any]:
    """The file's tables, checked. Raises PackInvalid."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        if isinstance(error, FileNotFoundError):
            what = "Filen finns inte."
        elif isinstance(error, OSError):
            what = "Filen går inte att läsa."
        else:
            what = f"Filen är inte TOML i UTF-8 ({error})."
        raise PackInvalid((PackProblem(path.name, "–", "–", what, "Kontrollera sökväg och innehåll."),)) from error
    found = tuple(_Check(path.name, tables).problems())
    if found:
        raise PackInvalid(found)
    return tables


def read_pack(path: Path) -> OrganisationMap:
    """The organisation that the file describes. Raises PackInvalid."""
    return organisation_of(read_tables(path))


def own_packs() -> dict[str, Path]:
    """The packs that come with the program: id → path."""
    found = {}
    for entry in OWN_PACKS.iterdir():
        if entry.name.endswith(".toml") and entry.name != "gemensamt.toml":
            path = Path(str(entry))
            found[tomllib.loads(path.read_text(encoding="utf-8"))["paket"]["id"]] = path
    return found


@dataclass(frozen=True, slots=True)
class _Check:
    """All checks of one file; each yields its problems."""

    file: str
    tables: Mapping[str, Any]

    def problems(self) -> Iterator[PackProblem]:
        yield from self._pack()
        shape_errors = list(self._shapes())
        yield from shape_errors
        if shape_errors or "paket" not in self.tables:
            return  # references in rows of the wrong shape would only add noise
        for check in (
            self._references,
            self._closed_lists,
            self._units,
            self._positions,
            self._groups,
            self._matrix,
            self._duties,
        ):
            yield from check()

    def _bad(self, table: str, row_id: object, problem: str, what_to_do: str) -> PackProblem:
        return PackProblem(self.file, table, str(row_id), problem, what_to_do)

    def _rows(self, table: str) -> list[Any]:
        rows = self.tables.get(table, [])
        return rows if isinstance(rows, list) else []

    def _ids(self, table: str) -> set[str]:
        return {row["id"] for row in self._rows(table) if isinstance(row, dict) and isinstance(row.get("id"), str)}

    def _pack(self) -> Iterator[PackProblem]:
        pack = self.tables.get("paket")
        if not isinstance(pack, dict):
            yield self._bad(
                "paket",
                "–",
                "Tabellen saknas.",
                "Lägg till [paket] med id, namn, version, format, lan, lanskod och kommunkoder.",
            )
            return
        for key, kind in _PACK_KEYS.items():
            if not _is(pack.get(key), kind):
                yield self._bad("paket", pack.get("id", "–"), f"”{key}” saknas eller har fel form.", "Rätta värdet.")
        if pack.get("format") != FORMAT:
            yield self._bad(
                "paket", pack.get("id", "–"), f"Formatet är {pack.get('format')!r}.", f"Använd format = {FORMAT}."
            )
        for key in set(pack) - set(_PACK_KEYS) - set(_PACK_OPTIONAL) - _SOURCE_KEYS:
            yield self._bad(
                "paket", pack.get("id", "–"), f"Okänd nyckel ”{key}”.", "Ta bort den eller rätta stavningen."
            )
        yield from self._kommunkoder("paket", pack.get("id", "–"), pack.get("kommunkoder"))

    def _shapes(self) -> Iterator[PackProblem]:
        for table in set(self.tables) - set(_SHAPES) - _FREE_TABLES - {"format"}:
            yield self._bad(table, "–", "Okänd tabell.", "Ta bort den eller rätta stavningen.")
        for table, shape in _SHAPES.items():
            if not isinstance(self.tables.get(table, []), list):
                yield self._bad(table, "–", "Tabellen ska ha flera rader.", f"Skriv [[{table}]] med dubbla klamrar.")
                continue
            seen: set[str] = set()
            for row in self._rows(table):
                yield from self._row(table, row, shape, seen)

    def _row(self, table: str, row: Mapping[str, Any], shape: _Shape, seen: set[str]) -> Iterator[PackProblem]:
        row_id = row.get("id", "–")
        if not isinstance(row.get("id"), str) or not row["id"]:
            yield self._bad(table, row_id, "Raden saknar id.", "Ge den ett id som är unikt i tabellen.")
        elif row_id in seen:
            yield self._bad(table, row_id, "Samma id finns två gånger.", "Ge en av raderna ett annat id.")
        else:
            seen.add(row["id"])
        for key, kind in shape.required.items():
            if not _is(row.get(key), kind):
                yield self._bad(table, row_id, f"”{key}” saknas eller har fel form.", "Rätta värdet.")
        for key, kind in shape.optional.items():
            if key in row and not _is(row[key], kind):
                yield self._bad(table, row_id, f"”{key}” har fel form.", "Rätta värdet.")
        for key in set(row) - set(shape.required) - set(shape.optional) - _SOURCE_KEYS:
            yield self._bad(table, row_id, f"Okänd nyckel ”{key}”.", "Ta bort den eller rätta stavningen.")

    def _references(self) -> Iterator[PackProblem]:
        for table, shape in _SHAPES.items():
            for row in self._rows(table):
                for key, target in shape.points.items():
                    values = row.get(key, [])
                    for value in values if isinstance(values, list) else [values]:
                        if value not in self._ids(target):
                            yield self._bad(
                                table,
                                row["id"],
                                f"”{key}” pekar på {value!r}, som inte finns i [[{target}]].",
                                "Rätta id eller lägg till raden.",
                            )
        for table, key in (
            ("organisation", "overordnad"),
            ("samverkansgrupp", "overordnad"),
            ("chefsposition", "ersattare"),
            ("verksamhet", "ersatt_av"),
        ):
            yield from self._loops(table, key)

    def _loops(self, table: str, key: str) -> Iterator[PackProblem]:
        """Substitutes may stand in for each other (two positions); longer chains and hierarchies may not turn back."""
        follows = {row["id"]: row.get(key) for row in self._rows(table)}
        for start, next_id in follows.items():
            seen, current = [start], next_id
            while current is not None and current not in seen:
                seen.append(current)
                current = follows.get(current)
            mutual = table == "chefsposition" and len(seen) == 2
            if current == start and not mutual:
                yield self._bad(
                    table,
                    start,
                    f"”{key}” går runt i ring ({' → '.join([*seen, start])}).",
                    "Bryt ringen på ett ställe.",
                )

    def _closed_lists(self) -> Iterator[PackProblem]:
        for (table, key), allowed in _CLOSED.items():
            codes = [member.value for member in allowed]  # type: ignore[attr-defined]
            for row in self._rows(table):
                if key in row and row[key] not in codes:
                    yield self._bad(table, row["id"], f"”{key}” är {row[key]!r}.", f"Välj ett av: {', '.join(codes)}.")

    def _units(self) -> Iterator[PackProblem]:
        huvudman = self._ids("huvudman")
        for row in self._rows("verksamhet"):
            ages = row["alder"]
            if not known_unit_type(row["typ"]):
                yield self._bad(
                    "verksamhet",
                    row["id"],
                    f"Verksamhetstypen {row['typ']!r} är okänd.",
                    "Använd en kod ur codes.json eller gemensamt.toml.",
                )
            if len(ages) != 2 or not all(_is(a, int) for a in ages) or not 0 <= ages[0] <= ages[1] <= 120:
                yield self._bad("verksamhet", row["id"], f"”alder” är {ages!r}.", "Skriv [yngsta, äldsta] med hela år.")
            if row["sekretessomrade"].partition("/")[0] not in huvudman:
                yield self._bad(
                    "verksamhet",
                    row["id"],
                    f"Sekretessområdet {row['sekretessomrade']!r} hör inte till någon huvudman.",
                    "Skriv ”huvudman” eller ”huvudman/område”.",
                )
            for key in ("aktiv_fran", "aktiv_till"):
                if key in row and not _day(row[key]):
                    yield self._bad("verksamhet", row["id"], f"”{key}” är inte en dag.", "Skriv ÅÅÅÅ-MM-DD.")
            yield from self._kommunkoder("verksamhet", row["id"], row["kommuner"])

    def _positions(self) -> Iterator[PackProblem]:
        for row in self._rows("chefsposition"):
            if ("verksamhet" in row) == ("organisation" in row):
                yield self._bad(
                    "chefsposition",
                    row["id"],
                    "Positionen ska ha antingen verksamhet eller organisation.",
                    "Ange en av dem.",
                )
            if row.get("ersattare") == row["id"]:
                yield self._bad("chefsposition", row["id"], "Positionen är sin egen ersättare.", "Välj en annan.")

    def _groups(self) -> Iterator[PackProblem]:
        for row in self._rows("samverkansgrupp"):
            months, planned = row.get("motesmanader", []), row.get("moten_per_ar")
            if any(month not in range(1, 13) for month in months):
                yield self._bad(
                    "samverkansgrupp", row["id"], "”motesmanader” har ett tal som inte är en månad.", "Använd 1–12."
                )
            if planned is not None and (len(planned) != 2 or not planned[0] <= planned[1]):
                yield self._bad("samverkansgrupp", row["id"], "”moten_per_ar” ska vara [minst, högst].", "Rätta talen.")
            for kind in row.get("verksamhetstyper", []):
                if not known_unit_type(kind):
                    yield self._bad(
                        "samverkansgrupp",
                        row["id"],
                        f"Verksamhetstypen {kind!r} är okänd.",
                        "Använd en kod ur codes.json eller gemensamt.toml.",
                    )
            yield from self._kommunkoder("samverkansgrupp", row["id"], row.get("kommuner", []))

    def _matrix(self) -> Iterator[PackProblem]:
        known = {one.code for one in TILLSTAND}
        seen = set()
        for row in self._rows("ansvarsmatris"):
            cell = f"{row.get('tillstand')} nivå {row.get('niva')}"
            if row.get("tillstand") not in known or row.get("niva") not in (1, 2, 3, 4):
                yield self._bad(
                    "ansvarsmatris", cell, "Tillstånd eller nivå är okänd.", "Använd koderna i gemensamt.toml."
                )
            if cell in seen:
                yield self._bad("ansvarsmatris", cell, "Cellen finns två gånger.", "Ta bort en av dem.")
            seen.add(cell)
            for kind in row.get("mottagare", []):
                if not known_unit_type(kind):
                    yield self._bad("ansvarsmatris", cell, f"Verksamhetstypen {kind!r} är okänd.", "Rätta koden.")
        for row in self._rows("routingregel"):
            if not _is(row.get("regel"), str) or not _is(row.get("text"), str) or not _is(row.get("id"), str):
                yield self._bad(
                    "routingregel", row.get("id", "–"), "Raden ska ha id, regel och text.", "Fyll i det som saknas."
                )

    def _duties(self) -> Iterator[PackProblem]:
        known = self._ids("samverkansgrupp") | self._ids("organisation")
        for row in self._rows("rapportplikt"):
            for key in ("fran", "till"):
                if row[key] not in known:
                    yield self._bad(
                        "rapportplikt",
                        row["id"],
                        f"”{key}” pekar på {row[key]!r}, som inte finns.",
                        "Ange en samverkansgrupp eller organisation.",
                    )
        for row in self._rows("tidsfrist"):
            if row["varde"] < 0:
                yield self._bad("tidsfrist", row["id"], "”varde” är negativt.", "Ange noll eller mer.")

    def _kommunkoder(self, table: str, row_id: object, codes: object) -> Iterator[PackProblem]:
        for code in codes if isinstance(codes, list) else []:
            if code not in _kommuner():
                yield self._bad(
                    table, row_id, f"Kommunkoden {code!r} finns inte.", "Använd SCB:s fyrsiffriga kod som text."
                )


def _is(value: object, kind: type | tuple[type, ...]) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _day(value: object) -> bool:
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False
