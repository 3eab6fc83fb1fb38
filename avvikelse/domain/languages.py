"""The languages of the pages for families and for whoever follows a report with a code. Open to add a language.

Each language is one file in data/languages/: copy sv.toml, translate, say which way it is written. All files have the
same keys; a test holds them to it. The rest of the program speaks Swedish.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

SWEDISH = "sv"


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is the page's `lang`, `direction` its `dir` (ltr or rtl), `name` what the language calls itself."""

    code: str
    name: str
    direction: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: str) -> str:
        """The text `section.name`. Raises KeyError for one that does not exist."""
        return self.texts[key].format(**values) if values else self.texts[key]


def read(toml: str) -> Language:
    """A language from its file."""
    tables: dict[str, Any] = tomllib.loads(toml)
    head = tables.pop("language")
    return Language(head["code"], head["name"], head["direction"], dict(_flat(tables)))


def _flat(tables: Mapping[str, Any], section: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tables.items():
        key = f"{section}.{name}" if section else name
        if isinstance(value, Mapping):
            yield from _flat(value, key)
        else:
            yield key, str(value)


def _all() -> dict[str, Language]:
    folder = files("avvikelse") / "data" / "languages"
    found = [read(file.read_text(encoding="utf-8")) for file in folder.iterdir() if file.name.endswith(".toml")]
    return {one.code: one for one in sorted(found, key=lambda one: (one.code != SWEDISH, one.code))}


LANGUAGES: Mapping[str, Language] = _all()
