"""Publish each group's month when its time has come. Thin: the work stands in services/month.py."""

from __future__ import annotations

from datetime import datetime

from avvikelse.jobs.house import House
from avvikelse.services import month


def publish(house: House, now: datetime) -> str:
    """One transaction per group and month, so that reporters never wait behind a whole län's numbers."""
    with house.transaction(writing=False) as session:
        due = month.due_months(session, now=now)
    for group_id, name in due:
        with house.transaction() as session:
            month.make_month(session, group_id, name, now)
    return f"{len(due)} månader fastställda"
