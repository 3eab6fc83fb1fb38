"""What time it is: the only place in the program that asks. Open when time misbehaves.

Edges (web, jobs, cli) ask here and pass `now` down. Tests stop the clock with time_machine.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
