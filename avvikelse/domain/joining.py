"""*Jag också*: which open reports somebody else may be told of, before she has written more than whom it concerns.

Open to see what one reporter may learn of another's report, and why (docs/adr/0191). queries/similar_open.py says the
same in SQL.

Only coded facts decide what is similar. If texts were compared, whoever types could find out which words stand in
somebody else's.
"""

from __future__ import annotations

from datetime import timedelta

from avvikelse.domain.answering import NO_FEEDBACK_ON_OROSANMALAN
from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.vocabulary import Status

SHOWN = 3
LOOK_BACK = timedelta(days=183)
WAITING = (Status.ASSIGNED, Status.IN_PROGRESS, Status.DISPUTED, Status.WITH_GROUP)  # has reached a unit, no answer yet
UNREAD_SEVERITY = 3  # from here on only with a gruppmening that a samordnare has approved
# About one child each, or no problem at all: nobody else can have met the same.
NEVER = frozenset({NO_FEEDBACK_ON_OROSANMALAN, GOOD_EXAMPLE})


def joins_by_phone(severity: int, *, child_waits: bool) -> bool:
    """May a report that is phoned in be joined to an open one? What is severe is a case of its own."""
    return severity < UNREAD_SEVERITY and not child_waits


def group_of(category: str) -> str:
    """The upper level ("A2" and "A3" are of A): near enough to show a samordnare, who reads the cases herself."""
    return category.rstrip("0123456789")
