"""A samverkansgrupp's two-year *handlingsplan*: states of an activity and the steps between them. Open with
services/action_plan.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from avvikelse.domain.vocabulary import Labelled

YEARS = 2


class ActivityStatus(Labelled):
    PLANNED = "planerad", "Planerad"
    RUNNING = "pagar", "Pågår"
    DONE = "klar", "Klar"
    CANCELLED = "avbruten", "Avbruten"


LIVING = (ActivityStatus.PLANNED, ActivityStatus.RUNNING)


class ActivityStep(Labelled):
    """What happened to an activity, in its history."""

    ADDED = "tillagd", "Aktiviteten lades till i planen"
    FOLLOWED_UP = "uppfoljd", "Uppföljning"
    MOVED = "flyttad", "Ny ansvarig eller ny dag"
    DONE = "klar", "Aktiviteten är klar"
    CANCELLED = "avbruten", "Aktiviteten avbröts"


# step: the state after it (None = it stays)
AFTER: Mapping[ActivityStep, ActivityStatus | None] = {
    ActivityStep.FOLLOWED_UP: ActivityStatus.RUNNING,
    ActivityStep.MOVED: None,
    ActivityStep.DONE: ActivityStatus.DONE,
    ActivityStep.CANCELLED: ActivityStatus.CANCELLED,
}


def plan_name(first_year: int) -> str:
    """ "2026–2027"."""
    return f"{first_year}–{first_year + YEARS - 1}"
