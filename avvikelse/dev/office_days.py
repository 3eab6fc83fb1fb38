"""Days and hours at which people of the demo work."""

from __future__ import annotations

from datetime import datetime, timedelta

from avvikelse.domain.workdays import is_workday


def workday(at: datetime, *, later: bool = True) -> datetime:
    """The nearest office hour from `at` on (or before it), so that nobody in the demo works at night or on Sundays."""
    step = timedelta(days=1 if later else -1)
    while not is_workday(at.date()):
        at += step
    return at.replace(hour=7 + at.minute % 7, minute=(at.minute * 7 + at.hour * 13) % 60, second=0, microsecond=0)
