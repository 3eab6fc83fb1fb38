"""The agenda that builds itself: where items come from, how they are named, and in which order they stand.

`key` names the source of an item, so that what people have done to it (moved, left out, noted) is found again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from avvikelse.domain.group_words import AgendaKind

USUAL_STANDING_ITEMS = ("Nytt hos verksamheterna", "Vad ändras på måndag? Vad tar var och en med sig")
MAX_STANDING_ITEMS = 12
_ORDER = {kind: place for place, kind in enumerate(AgendaKind)}


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `ref` leads to its own page, where it has one; `about` says why it stands here. `proposal` and `owner`:
    what is proposed about a question."""

    key: str
    kind: AgendaKind
    title: str
    about: str = ""
    ref: str | None = None
    proposal: str = ""
    owner: str = ""


def key_of(kind: AgendaKind, name: str | int) -> str:
    return f"{kind.value}:{name}"


def in_order(items: Iterable[Item], places: Mapping[str, int]) -> tuple[Item, ...]:
    """Those with a place of their own first, in that order; the others after them, by kind, as they came."""
    return tuple(sorted(items, key=lambda item: (item.key not in places, places.get(item.key, _ORDER[item.kind]))))


def moved(keys: list[str], key: str, step: int) -> list[str]:
    """The keys with one of them `step` places further on (-1 = up). At the end of the list it stays."""
    if key not in keys:
        return keys
    place = keys.index(key)
    other = place + step
    if 0 <= other < len(keys):
        keys[place], keys[other] = keys[other], keys[place]
    return keys


def standing(own: list[str] | None) -> tuple[str, ...]:
    """What stands on every agenda of the group: its own items, else the usual ones."""
    return USUAL_STANDING_ITEMS if own is None else tuple(own)
