"""*Ord och förkortningar*: what the parties' own words mean, for those who have others. Open to add one.

The words stand in data/glossary.toml.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from avvikelse.domain.swedish_order import swedish


@dataclass(frozen=True, slots=True)
class Term:
    """`full` = what an abbreviation stands for, if it is one; `who` = who says it."""

    word: str
    full: str
    means: str
    who: str


def _all() -> tuple[Term, ...]:
    tables: dict[str, dict[str, Any]] = tomllib.loads(
        (files("avvikelse") / "data" / "glossary.toml").read_text(encoding="utf-8")
    )
    found = (Term(word, row.get("full", ""), row["means"], row["who"]) for word, row in tables.items())
    return tuple(sorted(found, key=lambda term: swedish(term.word)))


TERMS = _all()


def found(text: str) -> tuple[Term, ...]:
    """The terms in which every word of `text` stands; all of them for an empty one."""
    wanted = text.lower().split()
    return tuple(
        term for term in TERMS if all(word in f"{term.word} {term.full} {term.means}".lower() for word in wanted)
    )
