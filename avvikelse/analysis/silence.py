"""What a form says about the silence that is needed after an åtgärd, in plain words. The formula: effect.py."""

from __future__ import annotations

from math import ceil

from avvikelse.analysis.effect import silence_needed
from avvikelse.analysis.words import counted

LONGEST_SAID = 24  # months: a longer silence proves something, but nobody will wait for it


def silence_sentence(cases_year_before: int) -> str:
    """How long nothing may be reported before "löst" can be said."""
    if not cases_year_before:
        return "Det här är inte rapporterat hos er det senaste året. Fråga dem som berörs om åtgärden hjälper."
    months, times = silence_needed(cases_year_before), counted(cases_year_before, "gång", "gånger")
    if months > LONGEST_SAID:
        return (
            f"Det här har rapporterats {times} på ett år. Så få rapporter gör att tystnad säger lite: hör efter hos dem"
            " som rapporterade om åtgärden hjälper."
        )
    silent = counted(ceil(months), "månad", "månader")
    return (
        f"Det här har rapporterats {times} på ett år. Det behöver vara tyst i {silent} efter åtgärden innan ni kan säga"
        " att problemet är löst."
    )
