"""I14 of totals: what kommuner have counted themselves, added up. Open beside figures.py, whose `sip()` counts them.

A number that a kommun could not count is not 0: the sum says over how many kommuner it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from avvikelse.analysis.intervals import wilson

MIN_DENOMINATOR = 5


@dataclass(frozen=True, slots=True)
class SipCount:
    """One kommun's totals for a time. None = not counted.

    new: plans whose first meeting was held · held: meetings that were held · once, twice, more: how many persons had
    one, two, three or more of them · full: held meetings to which all who were called came · called, attended: parties,
    over all held meetings · cancelled: planned and not held · short: called less than 7 days before.
    """

    new: int | None = None
    held: int | None = None
    once: int | None = None
    twice: int | None = None
    more: int | None = None
    full: int | None = None
    called: int | None = None
    attended: int | None = None
    cancelled: int | None = None
    short: int | None = None

    @property
    def persons(self) -> int | None:
        """How many had at least one meeting; None when one of the three numbers is not known."""
        if self.once is None or self.twice is None or self.more is None:
            return None
        return self.once + self.twice + self.more


NUMBERS = tuple(field.name for field in fields(SipCount))


def added(counts: Sequence[SipCount]) -> SipCount:
    """Each number over those who know it; None where nobody does."""
    return SipCount(**{name: total(counts, name) for name in NUMBERS})


def total(counts: Iterable[SipCount], name: str) -> int | None:
    """The sum of a number, `persons` too."""
    known = [value for count in counts if (value := getattr(count, name)) is not None]
    return sum(known) if known else None


def sip_figure(counts: Sequence[SipCount], min_denominator: int = MIN_DENOMINATOR) -> dict[str, Any]:
    """In the layout of `I14_sip` in tests/cases/indicators/expected.json; None for what nobody has counted.

    A share goes over the kommuner that know both its numbers.
    """
    return {
        "nya_sip": total(counts, "new"),
        "genomforda_moten": total(counts, "held"),
        "personer_med_genomford": total(counts, "persons"),
        "full_narvaro": _share(counts, "full", "held", min_denominator),
        "narvaro_parter": _share(counts, "attended", "called", min_denominator),
        "installda": total(counts, "cancelled"),
        "kort_varsel_under_7_dagar": _share(counts, "short", "held", min_denominator),
    }


def _share(counts: Sequence[SipCount], part: str, whole: str, min_denominator: int) -> dict[str, Any]:
    both = [c for c in counts if getattr(c, part) is not None and getattr(c, whole) is not None]
    numerator, denominator = (sum(getattr(c, name) for c in both) for name in (part, whole))
    if not denominator:
        return {"numerator": numerator, "denominator": 0, "value": None, "ci95": None, "show": "–"}
    return {
        "numerator": numerator, "denominator": denominator, "value": numerator / denominator,
        "ci95": list(wilson(numerator, denominator)),
        "show": "andel" if denominator >= min_denominator else "bara antal",
    }  # fmt: skip
