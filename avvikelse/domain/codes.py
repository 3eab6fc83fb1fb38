"""The code lists: categories, severity, factors, kinds of åtgärd, unit types, age bands, tillstånd.

Open to find a code's Swedish words.

A code is for ever: it may get another name (`tidigare` holds the earlier ones, each with its last day) or be offered no
more (`till`), and an old case keeps the name of its day.

Read once from avvikelse/data/ at import; they are part of the program. codes.json decides; gemensamt.toml adds unit
types that only the packs use, and the tillstånd and nivåer of the responsibility matrix.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from avvikelse.domain.avtal import wording_on
from avvikelse.domain.swedish_order import swedish

_DATA = files("avvikelse") / "data"
_CODES: dict[str, Any] = json.loads((_DATA / "codes.json").read_text(encoding="utf-8"))
_SHARED: dict[str, Any] = tomllib.loads((_DATA / "packs" / "gemensamt.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Category:
    """A category on the lower level; `group` is the upper level's name."""

    code: str
    name: str
    description: str
    group_code: str
    group: str
    earlier: tuple[tuple[date, str], ...] = ()  # (last day, name) of what it was called
    until: date | None = None  # last day; None = it is offered

    def name_on(self, day: date | None) -> str:
        """What it was called on a day; None = today's name."""
        return wording_on(day, self.name, self.earlier) if day is not None else self.name


@dataclass(frozen=True, slots=True)
class Severity:
    code: int
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Code:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AtgardKind:
    """`strength`: svag, medel, stark or — (none)."""

    code: str
    name: str
    strength: str


def _category_from(group: Mapping[str, Any], under: Mapping[str, Any]) -> Category:
    earlier = tuple((date.fromisoformat(one["till"]), one["namn"]) for one in under.get("tidigare", ()))
    until = date.fromisoformat(under["till"]) if "till" in under else None
    about = under.get("beskrivning", "")
    return Category(under["kod"], under["namn"], about, group["kod"], group["namn"], earlier, until)


GOOD_EXAMPLE = "L1"  # tells what went well: no deviation
STRENGTHS = ("svag", "medel", "stark")
CATEGORIES: tuple[Category, ...] = tuple(
    _category_from(group, under) for group in _CODES["kategorier"] for under in group["under"]
)
OFFERED: tuple[Category, ...] = tuple(one for one in CATEGORIES if one.until is None)  # to choose from
SEVERITIES: tuple[Severity, ...] = tuple(Severity(s["kod"], s["namn"], s["beskrivning"]) for s in _CODES["allvar"])
FACTORS: tuple[Code, ...] = tuple(Code(f["kod"], f["namn"]) for f in _CODES["bidragande_faktorer"])
ATGARD_KINDS: tuple[AtgardKind, ...] = tuple(
    AtgardKind(m["kod"], m["namn"], m["styrka"]) for m in _CODES["atgardstyper"]
)
AGE_BANDS: tuple[Code, ...] = tuple(Code(a["kod"], a["namn"]) for a in _CODES["aldersgrupper"])
TILLSTAND: tuple[Code, ...] = tuple(Code(code, name) for code, name in _SHARED["tillstand"].items())
NIVAER: tuple[tuple[int, str], ...] = tuple((int(code), name) for code, name in _SHARED["niva"].items())

CATEGORY_GROUPS: tuple[str, ...] = tuple(dict.fromkeys(c.group for c in CATEGORIES))

_CATEGORY = {c.code: c for c in CATEGORIES}
_SEVERITY = {s.code: s for s in SEVERITIES}
_FACTOR = {f.code: f.name for f in FACTORS}
_ATGARD = {k.code: k for k in ATGARD_KINDS}
_AGE = {a.code: a.name for a in AGE_BANDS}
_TILLSTAND = {t.code: t.name for t in TILLSTAND}
_UNIT_TYPE: dict[str, str] = {code: row["namn"] for code, row in _SHARED["verksamhetstyp"].items()} | {
    row["kod"]: row["namn"] for row in _CODES["verksamhetstyper"]
}
UNIT_TYPES: tuple[Code, ...] = tuple(
    Code(code, name) for code, name in sorted(_UNIT_TYPE.items(), key=lambda item: swedish(item[1]))
)


def category(code: str) -> Category:
    """Raises KeyError for a code that is not in the list."""
    return _CATEGORY[code]


def category_label(code: str, on: date | None = None) -> str:
    """What the category is called, or was called on the day `on`."""
    return _CATEGORY[code].name_on(on)


def known_category(code: str) -> bool:
    return code in _CATEGORY


def category_choices() -> dict[str, list[tuple[str, str]]]:
    """Upper level → (code, name) of the lower, for a grouped select."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in OFFERED:
        found.setdefault(one.group, []).append((one.code, one.name))
    return found


def severity(code: int) -> Severity:
    return _SEVERITY[code]


def known_factor(code: str) -> bool:
    return code in _FACTOR


def factor_label(code: str) -> str:
    return _FACTOR[code]


def known_atgard_kind(code: str) -> bool:
    return code in _ATGARD


def atgard_kind_label(code: str) -> str:
    return _ATGARD[code].name


def atgard_strength(code: str) -> str:
    """svag, medel or stark; "" for what has none."""
    strength = _ATGARD[code].strength
    return strength if strength in STRENGTHS else ""


def known_age_band(code: str) -> bool:
    return code in _AGE


def age_band_label(code: str) -> str:
    return _AGE[code]


def age_range(code: str) -> tuple[int, int]:
    """ "13-15" → (13, 15)."""
    low, high = code.split("-")
    return int(low), int(high)


def tillstand_label(code: str) -> str:
    return _TILLSTAND[code]


def known_unit_type(code: str) -> bool:
    return code in _UNIT_TYPE


def unit_type_label(code: str) -> str:
    """The Swedish name of a unit type (verksamhetstyp)."""
    return _UNIT_TYPE[code]
