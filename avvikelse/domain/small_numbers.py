"""Below which number nothing is said: it would be about somebody. Open for pages that more than a group reads."""

from __future__ import annotations

FEWEST = 5
FEWER = "färre än 5"


def told(number: int) -> int | None:
    """The number, or None where it is too small to say. Nothing at all is no secret."""
    return number if number == 0 or number >= FEWEST else None
