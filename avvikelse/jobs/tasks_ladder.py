"""Climb the ladder of every case whose day has come. Thin: the work stands in services/ladder.py."""

from __future__ import annotations

from datetime import datetime

from avvikelse.jobs.house import House
from avvikelse.services import ladder

CHUNK = 25  # cases in one transaction, so that nobody who writes waits long
MOST_CHUNKS = 400  # of one run; the next one takes the rest


def climb(house: House, now: datetime) -> str:
    """In small transactions. Each looks anew at what waits, so two processes may climb side by side."""
    steps = cases = 0
    for _ in range(MOST_CHUNKS):
        with house.transaction(writing=False) as session:
            ids = ladder.due_cases(session, now, CHUNK)
        if not ids:
            break
        with house.transaction() as session:
            steps += ladder.climb(session, now, ids)
        cases += len(ids)
    return f"{cases} ärenden, {steps} steg"
