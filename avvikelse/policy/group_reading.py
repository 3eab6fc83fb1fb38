"""Which group pages exist for me, and what may I do there? One rule, asked by every read of a samverkansgrupp.

A group's page is for its own members and its convenor. A group above may read along only where it reads single cases
itself and covers the same parties; others have their own page with their own numbers (SECRECY: small numbers stay in
the group they belong to).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avvikelse.domain.actor import Actor
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.vocabulary import GroupLevel, Role, SeesCases


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What is known of a samverkansgrupp. `kommuner` are its own; `kinds` None = all kinds of units."""

    id: int
    pack_id: int
    name: str
    level: GroupLevel
    sees: SeesCases
    active: bool
    parent_id: int | None
    kommuner: frozenset[str]
    kinds: frozenset[str] | None
    convenor: str | None
    meeting_months: tuple[int, ...] = ()


Groups = Mapping[int, GroupFacts]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a person reads a group's page."""

    group: GroupFacts
    own: bool  # member or convenor of this very group
    may_decide: bool  # its convenor


def reading(actor: Actor, groups: Groups, group_id: int) -> Reading | None:
    """How the actor reads the group, None when its page does not exist for her. `groups` holds the whole pack's."""
    group = groups.get(group_id)
    if group is None or not group.active or group.sees is SeesCases.NEJ or actor.user_id is None:
        return None
    mine = actor.group_ids(Role.SAMMANKALLANDE, Role.MEDLEM)
    if group.id in mine:
        return Reading(group, own=True, may_decide=group.id in actor.group_ids(Role.SAMMANKALLANDE))
    if any(above.id in mine and _reads_along(above, group) for above in ancestors(groups, group)):
        return Reading(group, own=False, may_decide=False)
    return None


def desk_reading(actor: Actor, groups: Groups, group_id: int) -> Reading | None:
    """How the actor reads the group's desk: meetings, decisions, questions.

    As its month; and a group that gets no avvikelser has its desk all the same, for its own members.
    """
    group = groups.get(group_id)
    if group is None or not group.active or actor.user_id is None:
        return None
    if group.sees is not SeesCases.NEJ:
        return reading(actor, groups, group_id)
    if group.id not in actor.group_ids(Role.SAMMANKALLANDE, Role.MEDLEM):
        return None
    return Reading(group, own=True, may_decide=group.id in actor.group_ids(Role.SAMMANKALLANDE))


def next_above(groups: Groups, group: GroupFacts) -> GroupFacts | None:
    """Where the group lifts a question: the nearest living group above that gets avvikelser without asking for them."""
    takes = (SeesCases.ENSKILDA, SeesCases.SAMMANSTALLNING)
    return next((above for above in ancestors(groups, group) if above.active and above.sees in takes), None)


def children(groups: Groups, group: GroupFacts) -> tuple[GroupFacts, ...]:
    """The living groups right below, by name."""
    below = (other for other in groups.values() if other.parent_id == group.id and other.active)
    return tuple(sorted(below, key=lambda other: swedish(other.name)))


def ancestors(groups: Groups, group: GroupFacts) -> tuple[GroupFacts, ...]:
    """Its parent, the parent's parent and so on; a circle in the data ends it."""
    found: list[GroupFacts] = []
    above = groups.get(group.parent_id or 0)
    while above is not None and above is not group and above not in found:
        found.append(above)
        above = groups.get(above.parent_id or 0)
    return tuple(found)


def area(groups: Groups, group: GroupFacts) -> frozenset[str]:
    """The kommuner of the group: its own, else those of all groups below it."""
    if group.kommuner:
        return group.kommuner
    below = (other for other in groups.values() if other.kommuner and group in ancestors(groups, other))
    return frozenset().union(*(other.kommuner for other in below))


def _reads_along(above: GroupFacts, group: GroupFacts) -> bool:
    sees = (
        above.active
        and above.sees is SeesCases.ENSKILDA
        and group.sees in {SeesCases.ENSKILDA, SeesCases.SAMMANSTALLNING}
    )
    same_parties = above.kinds is None or (group.kinds is not None and group.kinds <= above.kinds)
    return sees and same_parties and group.level is not GroupLevel.INTERN
