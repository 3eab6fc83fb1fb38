"""A report as a document: parts with sentences and tables, in the look of typst/report.typ. Open to make another one.

    report_pdf(Heading("Birger", "Årsrapport 2025", "Godkänd …"), [part("SIP", tables=[table])], foot="…", made_at=now)

The month (month_pdf.py), the annual report and the revisor's evidence are made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from avvikelse.analysis.words import decimal
from avvikelse.domain.swedish_dates import long_date
from avvikelse.reports import pdf
from avvikelse.reports.tables import Table, Value

# Columns of these names stand to the right.
NUMERIC = frozenset(
    {
        "Antal", "Dagar", "Dagar sent", "Förd vidare", "Månaden", "Tre månader", "Väntat", "Före", "Efter", "Av",
        "Andel", "Mål", "Värde", "Nya SIP", "SIP-möten", "Personer", "Möten per person", "Täljare", "Nämnare",
        "Månader före", "Månader efter", "Planerade", "Hållna", "Inställda", "Rapporter", "Alla", "Andel av alla",
    }
)  # fmt: skip
SHORT, LONG = 12, 90  # characters: a column is made for no fewer, and a longer text gets no wider one
SHARES = ("Andel", "Undre", "Övre")
OF_NUMBERS = frozenset({"manader", "riktning", "avvikelser-brett"})  # tables whose columns after the first are numbers


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the content: group, title ("Oktober 2026"), how final it is, and the chair's comment."""

    group: str
    title: str
    state: str
    comment: str = ""


def report_pdf(
    heading: Heading,
    parts: Sequence[Mapping[str, Any]],
    *,
    foot: str,
    made_at: datetime,
    headlines: Sequence[Mapping[str, Any]] = (),
    charts: Sequence[Mapping[str, Any]] = (),
    legend: Sequence[Mapping[str, Any]] = (),
    caveats: Sequence[str] = (),
) -> bytes:
    """The document. The same content gives the same bytes."""
    data = {
        "group": heading.group, "title": heading.title, "state": heading.state, "comment": heading.comment,
        "foot": foot, "headlines": list(headlines), "parts": list(parts), "charts": list(charts),
        "legend": list(legend), "caveats": list(caveats),
    }  # fmt: skip
    return pdf.render("report", data, made_at=made_at)


def part(
    title: str,
    *,
    lead: str = "",
    lines: Iterable[str] = (),
    tables: Iterable[Table] = (),
    titles: Sequence[str] = (),
    comment: str = "",
) -> dict[str, Any]:
    """A heading with a sentence, somebody's own words, a list of lines and tables; each may be missing. `titles` stand
    above the tables, where the heading does not say enough.
    """
    above = dict(enumerate(titles))
    return {
        "title": title, "lead": lead, "comment": comment, "lines": list(lines),
        "tables": [table_data(table, title=above.get(n, "")) for n, table in enumerate(tables)],
    }  # fmt: skip


def table_data(table: Table, *, title: str = "") -> dict[str, Any]:
    """Numbers stand to the right: in columns of that name, and in the columns after the first of a table of numbers."""
    wide = table.key in OF_NUMBERS
    shares = {n for n, name in enumerate(table.columns) if name in SHARES}
    numeric = [n for n, name in enumerate(table.columns) if name in {*NUMERIC, *SHARES} or (wide and n > 0)]
    rows = [
        [_percent(value) if n in shares else shown(value, zero="–" if wide else "0") for n, value in enumerate(row)]
        for row in table.rows
    ]
    return {
        "title": title, "columns": list(table.columns), "rows": rows, "numeric": numeric, "note": table.note,
        "widths": _widths(table.columns, rows, numeric, wide=wide),
    }  # fmt: skip


def _widths(
    columns: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int], *, wide: bool
) -> list[float]:
    """Each column's part of the width; 0 = as wide as what stands in it. More text gets more room, but not in
    proportion: a long decision beside short days would leave them none. In a table of numbers the numbers share it.
    """
    if wide:
        return [0.0, *[1.0] * (len(columns) - 1)]
    longest = [max([len(name), *(len(row[n]) for row in rows)]) for n, name in enumerate(columns)]
    return [0.0 if n in numeric else min(max(length, SHORT), LONG) ** 0.65 for n, length in enumerate(longest)]


def shown(value: Value, *, zero: str = "0") -> str:
    """A value as people read it; nothing is "–"."""
    if value is None:
        return "–"
    if isinstance(value, date):
        return long_date(value)
    if value == 0:
        return zero
    return decimal(value) if isinstance(value, float) else str(value)


def _percent(value: Value) -> str:
    return f"{round(value * 100)} %" if isinstance(value, float) else "–"
