"""*Avtal* over time: which wording of a point held on a day, and when an avtal is to be looked over.

Open when an old case shows the wrong words, or a reminder comes on the wrong day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

REMIND_EVERY = 30  # days, while an avtal that should have been looked over has not been
ADMINISTRATOR_AFTER = 30  # days late, then the län's administrator is told as well


def wording_on(day: date, present: str, earlier: Iterable[tuple[date, str]]) -> str:
    """How a point read on a day. `earlier`: (last day, text) of what it was before."""
    held = [(to_on, text) for to_on, text in earlier if day <= to_on]
    return min(held)[1] if held else present


def is_in_force(day: date, active_from: date | None, active_to: date | None) -> bool:
    """First and last day included; None = without end in that direction."""
    return (active_from is None or active_from <= day) and (active_to is None or day <= active_to)


def is_overdue(review_on: date | None, today: date) -> bool:
    """The day itself is in time."""
    return review_on is not None and review_on < today


def reminder_number(review_on: date, today: date) -> int | None:
    """Which reminder it is time for, from 0 on the day after `review_on`; None while nothing is late."""
    late = (today - review_on).days
    return (late - 1) // REMIND_EVERY if late > 0 else None


def versions(changes: Iterable[date]) -> tuple[date, ...]:
    """The days from which something else held, oldest first, each once."""
    return tuple(sorted(set(changes)))


def day_after(day: date) -> date:
    return day + timedelta(days=1)
