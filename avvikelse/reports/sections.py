"""The files of a report that is made of sections (analysis/sections.py): tables for CSV and Excel, parts for PDF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from avvikelse.analysis.sections import Grid, Section
from avvikelse.reports.parts import Heading, part, report_pdf
from avvikelse.reports.tables import Table, all_to_csv, to_xlsx

NO_COMMENTS: Mapping[str, str] = {}


def tables(sections: Iterable[Section]) -> tuple[Table, ...]:
    """Each table under the title of its section; sections without any have their sentence as one."""
    found = []
    for section in sections:
        found += [_table(section, grid) for grid in section.grids]
        if not section.grids:
            found.append(Table(section.key, section.title, ("Uppgift",), ((section.lead or "–",),)))
    return tuple(found)


def sections_csv(sections: Iterable[Section]) -> bytes:
    return all_to_csv(tables(sections))


def sections_xlsx(title: str, about: Sequence[str], sections: Iterable[Section]) -> bytes:
    return to_xlsx(title, about, tables(sections))


def sections_pdf(
    heading: Heading,
    sections: Iterable[Section],
    *,
    comments: Mapping[str, str] = NO_COMMENTS,
    foot: str,
    caveats: Sequence[str] = (),
    made_at: datetime,
) -> bytes:
    """`comments`: somebody's words by the key of a section."""
    return report_pdf(
        heading,
        [
            part(
                section.title, lead=section.lead, lines=section.lines, comment=comments.get(section.key, ""),
                tables=[_table(section, grid) for grid in section.grids],
                titles=[grid.title if len(section.grids) > 1 else "" for grid in section.grids],
            )
            for section in sections
        ],
        foot=foot, caveats=caveats, made_at=made_at,
    )  # fmt: skip


def _table(section: Section, grid: Grid) -> Table:
    number = section.title.partition(" ")[0]
    title = f"{number} {grid.title}" if number[:1].isdigit() else grid.title
    return Table(grid.key, title, grid.columns, grid.rows, grid.note)
