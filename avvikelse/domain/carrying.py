"""A decision that is not carried out: how often it has gone on to the next meeting, and when the group must choose.

Nothing is forgotten in silence: a decision that has been carried three times stops the next meeting from being closed
until the group has lifted it, closed it with a reason, or given it a new owner and day.
"""

from __future__ import annotations

from datetime import date

from avvikelse.domain.group_words import DecisionStatus
from avvikelse.domain.vocabulary import Labelled

MOST_CARRIED = 3


class Choice(Labelled):
    """What the group may choose for a decision that remains."""

    LIFT = "lyft", "Lyft frågan till gruppen ovanför"
    CLOSE = "avsluta", "Avsluta med skäl"
    NEW_OWNER = "ny", "Ge den en ny ansvarig eller en ny dag"
    DONE = "klar", "Den är genomförd"


def must_choose(status: DecisionStatus, carried: int) -> bool:
    """Has the group carried it as often as it may?"""
    return status is DecisionStatus.OPEN and carried >= MOST_CARRIED


def days_late(due_on: date, today: date) -> int:
    """0 while there is time."""
    return max(0, (today - due_on).days)
