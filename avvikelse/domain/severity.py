"""When is a case severe? One rule, asked by clocks, notices and pages."""

from __future__ import annotations

SEVERE_FROM = 3  # "Barnet stod utan hjälp"


def is_severe(severity: int, *, child_waits: bool = False) -> bool:
    """What happened was grave, or the child waits: somebody looks to its safety the same day."""
    return severity >= SEVERE_FROM or child_waits
