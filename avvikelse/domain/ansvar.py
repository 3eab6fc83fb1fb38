"""The *ansvarstabell* (matrix of responsibility) over time, and what counts as a departure from it.

Open when "Visa ansvar" marks the wrong receiver, or an old case shows the wrong version.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from avvikelse.domain.organisation import Cell
from avvikelse.domain.situation import MATRIX_GROUPS

LEVELS = (1, 2, 3, 4)


def version_on(day: date, versions: Iterable[tuple[str, date | None]]) -> str | None:
    """The version in force on a day: the latest that had begun, else the first. None = the län has no table."""
    ordered = sorted(versions, key=lambda one: (one[1] or date.min, one[0]))
    begun = [version for version, from_on in ordered if (from_on or date.min) <= day]
    if begun:
        return begun[-1]
    return ordered[0][0] if ordered else None


def asks_table(category: str | None) -> bool:
    """Is the table about this kind of report at all? Who shall care for the child, not who came to the meeting."""
    return category is not None and category[:1] in MATRIX_GROUPS


def is_outside(cell: Cell | None, kind: str | None) -> bool:
    """Does the receiver stand outside the cell? An uncertain cell names nobody that one could depart from."""
    return cell is not None and not cell.uncertain and kind is not None and kind not in cell.receivers
