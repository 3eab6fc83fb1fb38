"""Where young people pass from one part of the care to another, and who should sit at the table when that breaks.

A report of that may say for how many weeks the young person was without help (`gap_weeks`).
"""

from __future__ import annotations

from collections.abc import Mapping

from avvikelse.domain.codes import UNIT_TYPES

# category: who is to be there beside the two ends; "" = nobody more
PASSAGES: Mapping[str, str] = {
    "H1": "kaa", "H2": "vuxenpsykiatri", "H3": "vuxenpsykiatri", "F4": "kaa", "G2": "",
}  # fmt: skip

LONGEST_GAP = 104  # weeks
GAP_RANGE = f"Skriv veckorna som ett helt tal mellan 0 och {LONGEST_GAP}, eller lämna rutan tom."
NOT_A_PASSAGE = "Veckor anges bara om en övergång. Välj en sådan under ”Vad handlar det om?”, eller lämna rutan tom."


def wrong_gap(weeks: int | None, category: str | None) -> str | None:
    """What is wrong with so many weeks in a report of this category. Who does not know the category may say weeks."""
    if weeks is None:
        return None
    if not 0 <= weeks <= LONGEST_GAP:
        return GAP_RANGE
    return NOT_A_PASSAGE if category and category not in PASSAGES else None


def suggested_kinds(category: str | None, sender: str | None, receiver: str | None) -> tuple[str, ...]:
    """The kinds of units to ask to a theme: both ends, and whoever the young person passes to. Each once."""
    return tuple(dict.fromkeys(kind for kind in (sender, receiver, PASSAGES.get(category or "", "")) if kind))


def as_passage(text: str) -> tuple[str, str, str] | None:
    """Category, sender and receiver ("" = nobody) of "H2:bup:socialtjanst_bou"; None for what is no passage."""
    category, *ends = text.split(":")
    known = {"", *(code.code for code in UNIT_TYPES)}
    if category not in PASSAGES or len(ends) != 2 or not ends[0] or not known.issuperset(ends):
        return None
    return category, ends[0], ends[1]
