"""Where young people pass from one part of the care to another, and who should sit at the table when that breaks."""

from __future__ import annotations

from collections.abc import Mapping

# category: who is to be there beside the two ends; "" = nobody more
PASSAGES: Mapping[str, str] = {
    "H1": "kaa", "H2": "vuxenpsykiatri", "H3": "vuxenpsykiatri", "F4": "kaa", "G2": "",
}  # fmt: skip


def suggested_kinds(category: str | None, sender: str | None, receiver: str | None) -> tuple[str, ...]:
    """The kinds of units to ask to a theme: both ends, and whoever the young person passes to. Each once."""
    return tuple(dict.fromkeys(kind for kind in (sender, receiver, PASSAGES.get(category or "", "")) if kind))
