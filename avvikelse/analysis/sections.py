"""A report as plain values: sections with sentences and tables, to be stored, and shown as page, PDF, Excel and CSV.

Open with the reports that are made of it: the annual report (annual.py), the nämnd's numbers (internal_control.py) and
the revisor's evidence. Files and pages are made by reports/sections.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `note` is one sentence on how to read it."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """`lead` stands first, `lines` as a list, then the tables."""

    key: str
    title: str
    lead: str = ""
    lines: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()


def to_json(sections: Iterable[Section]) -> list[dict[str, Any]]:
    return [asdict(section) for section in sections]


def from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    """What to_json() wrote, also when it has been JSON meanwhile."""
    return tuple(
        Section(
            one["key"], one["title"], one["lead"], tuple(one["lines"]),
            tuple(
                Grid(g["key"], g["title"], tuple(g["columns"]), tuple(tuple(row) for row in g["rows"]), g["note"])
                for g in one["grids"]
            ),
        )
        for one in stored
    )  # fmt: skip
