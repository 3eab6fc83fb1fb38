"""A nämnd's numbers for its *interna kontrollplan*: what is checked, how it is counted, what came out.

Goal and judgement are the nämnd's own and stand empty. It is read outside those who handle cases, so nothing small is
told. Open with annual.py, whose rule for shares it follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from avvikelse.analysis.annual import CAVEAT, safe_row
from avvikelse.analysis.month_indicators import indicator_rows
from avvikelse.analysis.sections import Grid, Section, Value
from avvikelse.analysis.small_numbers import HIDDEN, is_small, may_show

CHECKS: Mapping[str, str] = {
    "I05_kvitterade_3_arbetsdagar": "Ansvarig chef tar emot rapporter i tid",
    "I06_besvarade_30_dagar": "Den som rapporterar får svar i tid",
    "I13_bollade": "Ärenden skickas inte fram och tillbaka",
    "I10_atgarder_uppfoljda_i_tid": "Åtgärder följs upp i tid",
    "I11_atgarder_effektiva": "Åtgärder hjälper",
}
EMPTY = ""  # filled in by the nämnd


OWN_COLUMNS = ("Nämndens mål", "Nämndens bedömning")


def to_read(section: Section) -> Section:
    """Without the columns that are empty until somebody fills them in: on a page nobody can."""
    grids = tuple(
        replace(grid, columns=grid.columns[: -len(OWN_COLUMNS)], rows=tuple(r[: -len(OWN_COLUMNS)] for r in grid.rows))
        for grid in section.grids
    )
    return replace(section, grids=grids)


def control_section(
    figures: Mapping[str, Mapping[str, Any]], *, sent: int, received: int, weak: int, measures: int
) -> Section:
    """`sent`, `received`: reports from and to the område. `weak` of `measures` are only information or education."""
    found = {row.id: safe_row(row) for row in indicator_rows(figures, {})}
    rows: list[tuple[Value, ...]] = [
        ("Avvikelser rapporteras", "Rapporter från området under året", _number(sent), "–", EMPTY, EMPTY),
        ("Avvikelser tas emot", "Rapporter som området ansvarar för", _number(received), "–", EMPTY, EMPTY),
    ]
    for id_, check in CHECKS.items():
        row = found.get(id_)
        if row is not None:
            rows.append((check, row.name, row.fraction, row.value, EMPTY, EMPTY))
    if measures:
        told = may_show(weak, measures)
        rows.append(
            (
                "Åtgärder ändrar mer än kunskap", "Åtgärder som bara är information eller utbildning",
                f"{weak} av {measures}" if told else HIDDEN, f"{round(100 * weak / measures)} %" if told else "–",
                EMPTY, EMPTY,
            )
        )  # fmt: skip
    columns = ("Kontrollmoment", "Mätetal", "Antal", "Utfall", *OWN_COLUMNS)
    grid = Grid("internkontroll", "Kontrollmoment", columns, tuple(rows), CAVEAT)
    return Section("internkontroll", "Kontrollmoment", grids=(grid,))


def _number(count: int) -> Value:
    return HIDDEN if is_small(count) else count
