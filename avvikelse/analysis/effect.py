"""Did a measure help? Open when a page says that a problem has (not) decreased, or how long silence must last.

Words are "minskat", "ökat" and "för tidigt": that a problem has not decreased does not tell what the measure did.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from avvikelse.analysis.probability import lower_tail, upper_tail

LEVEL = 0.05
YEAR = 12


class Change(StrEnum):
    LESS = "minskat"
    MORE = "ökat"
    TOO_EARLY = "för tidigt"


@dataclass(frozen=True, slots=True)
class Effect:
    """Cases before and after, months each, and what can be said. `p` is that of the side that the numbers lean to."""

    before: int
    after: int
    months_before: float
    months_after: float
    p: float | None
    change: Change


def effect(before: int, after: int, months_before: float, months_after: float) -> Effect:
    """One-sided conditional binomial test of the same problem type and receiver before and after, at 5 %.

    Raises:
        ValueError: for negative numbers.
    """
    if min(before, after) < 0 or min(months_before, months_after) < 0:
        raise ValueError("counts and months cannot be negative")
    if not before + after or not months_before or not months_after:
        return Effect(before, after, months_before, months_after, None, Change.TOO_EARLY)
    share = months_after / (months_before + months_after)
    fewer, more = lower_tail(after, before + after, share), upper_tail(after, before + after, share)
    change = Change.LESS if fewer <= LEVEL else Change.MORE if more <= LEVEL else Change.TOO_EARLY
    return Effect(before, after, months_before, months_after, min(fewer, more), change)


def silence_needed(cases_year_before: int) -> float:
    """Months without a case before "löst" can be said: T = 12 · (0.05^(-1/x) - 1). 3 a year → 21, 12 → 3.4.

    Infinite for a problem without cases the year before: its silence says nothing. Raises ValueError below 0.
    """
    if cases_year_before < 0:
        raise ValueError("a count cannot be negative")
    return YEAR * (LEVEL ** (-1 / cases_year_before) - 1) if cases_year_before else inf
