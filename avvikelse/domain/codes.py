"""The code lists: categories, severity, factors, kinds of åtgärd, unit types, age bands, tillstånd.

Open to find a code's Swedish words.

Read once from avvikelse/data/ at import; they are part of the program. codes.json decides; gemensamt.toml adds unit
types that only the packs use, and the tillstånd and nivåer of the responsibility matrix.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

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


CATEGORIES: tuple[Category, ...] = tuple(
    Category(under["kod"], under["namn"], under.get("beskrivning", ""), group["kod"], group["namn"])
    for group in _CODES["kategorier"]
    for under in group["under"]
)
SEVERITIES: tuple[Severity, ...] = tuple(Severity(s["kod"], s["namn"], s["beskrivning"]) for s in _CODES["allvar"])
FACTORS: tuple[Code, ...] = tuple(Code(f["kod"], f["namn"]) for f in _CODES["bidragande_faktorer"])
ATGARD_KINDS: tuple[AtgardKind, ...] = tuple(
    AtgardKind(m["kod"], m["namn"], m["styrka"]) for m in _CODES["atgardstyper"]
)
AGE_BANDS: tuple[Code, ...] = tuple(Code(a["kod"], a["namn"]) for a in _CODES["aldersgrupper"])
TILLSTAND: tuple[Code, ...] = tuple(Code(code, name) for code, name in _SHARED["tillstand"].items())
NIVAER: tuple[tuple[int, str], ...] = tuple((int(code), name) for code, name in _SHARED["niva"].items())

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
    Code(code, name) for code, name in sorted(_UNIT_TYPE.items(), key=lambda item: item[1])
)


def category(code: str) -> Category:
    """Raises KeyError for a code that is not in the list."""
    return _CATEGORY[code]


def category_label(code: str) -> str:
    return _CATEGORY[code].name


def known_category(code: str) -> bool:
    return code in _CATEGORY


def category_choices() -> dict[str, list[tuple[str, str]]]:
    """Upper level → (code, name) of the lower, for a grouped select."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in CATEGORIES:
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
