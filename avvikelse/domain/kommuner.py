"""The names of Sweden's kommuner by code. Open when a kommun is missing or has changed its name (data/kommuner.csv)."""

from __future__ import annotations

import csv
from importlib.resources import files

from avvikelse.domain.swedish_order import swedish

with (files("avvikelse") / "data" / "kommuner.csv").open(encoding="utf-8") as _file:
    _NAMES: dict[str, str] = {row["kommunkod"]: row["namn"] for row in csv.DictReader(_file)}


def kommun_name(code: str) -> str:
    """ "2380" → "Östersund"; the code itself when it is not known."""
    return _NAMES.get(code, code)


def kommun_order(code: str) -> str:
    """A key for `sorted`: kommuner by their names in Swedish order."""
    return swedish(kommun_name(code))


def known_kommun(code: str) -> bool:
    return code in _NAMES


def kommun_names() -> tuple[str, ...]:
    return tuple(_NAMES.values())
