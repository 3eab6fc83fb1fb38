"""*Du rapporterade – det här ändrades*: the one sentence that goes back to a reporter and to her unit.

What was reported, what changed, since when. Open when the sentence is wrong; which changes there are says
queries/changes.py.
"""

from __future__ import annotations

from datetime import date

from avvikelse.domain.swedish_dates import long_date

REPORTER, UNIT = "Du", "Ni"
UNSORTED = "något som inte fungerade"  # no category yet


def atgard_sentence(who: str, reported: str | None, changed: str, since: date) -> str:
    """An åtgärd is in place since a day. `who`: REPORTER or UNIT; `reported`: the category's name."""
    return f"{who} rapporterade {_what(reported)}, och sedan {long_date(since)} gäller: {changed}"


def decision_sentence(who: str, reported: str | None, group: str, changed: str, decided_on: date) -> str:
    """A samverkansgrupp has published a decision."""
    return f"{who} rapporterade {_what(reported)}, och {long_date(decided_on)} beslutade {group}: {changed}"


def _what(reported: str | None) -> str:
    return f"”{reported}”" if reported else UNSORTED
