"""What a log reviewer may ask of the record of readings, and what a review may find. Open to change its limits."""

from __future__ import annotations

from datetime import date, timedelta

from avvikelse.domain.vocabulary import Labelled

USUAL = timedelta(days=30)
LONGEST = timedelta(days=92)  # a quarter at a time


class Finding(Labelled):
    """What came of a review. What is followed up is followed up by the employer, not here."""

    NOTHING = "inget", "Inget att anmärka"
    FOLLOW_UP = "foljs_upp", "Följs upp med personens chef"


def period(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The days that are looked at, both included: the usual ones, never more than the longest, never ahead."""
    end = min(last or today, today)
    start = first if first is not None and first <= end else end - USUAL
    return max(start, end - LONGEST), end
