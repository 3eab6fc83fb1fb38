"""Which samverkansgrupper a case belongs to, and which of them is its home (docs/adr/0007)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from avvikelse.domain.organisation import Group, OrganisationMap
from avvikelse.domain.vocabulary import GroupLevel, SeesCases

# Nearest to the work first; decides between groups at the same depth.
_NEAREST = (
    GroupLevel.OPERATIV, GroupLevel.LOKAL, GroupLevel.TILLFALLIG, GroupLevel.TAKTISK, GroupLevel.STRATEGISK,
    GroupLevel.POLITISK, GroupLevel.INTERN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Membership:
    """Group ids in the pack's order; `home` = where lifts go, None when no group covers the case ("ingen grupp")."""

    groups: tuple[str, ...]
    home: str | None


def kommuner_of(group: Group, org: OrganisationMap) -> frozenset[str]:
    """The group's own kommuner, else all of its descendants'."""
    if group.kommuner:
        return frozenset(group.kommuner)
    below = [child for child in org.groups.values() if child.parent == group.id]
    return frozenset().union(*(kommuner_of(child, org) for child in below))


def groups_of_case(
    org: OrganisationMap, *, kommunkod: str | None, types: Iterable[str], inside_huvudman: bool
) -> Membership:
    """Every active group that sees cases, whose kommuner contain the case's and whose types contain both parties.

    A case inside one huvudman counts only in groups for the whole län, and in intern groups.
    """
    parties = frozenset(types)
    found = []
    for group in org.groups.values():
        if not group.active or group.sees is SeesCases.NEJ or kommunkod is None:
            continue
        kommuner = kommuner_of(group, org)
        if kommunkod not in kommuner or (group.kinds is not None and not parties <= frozenset(group.kinds)):
            continue
        whole_lan = len(kommuner) > 1 and kommuner >= frozenset(org.kommuner)
        if inside_huvudman and not (whole_lan or group.level is GroupLevel.INTERN):
            continue
        if not inside_huvudman and group.level is GroupLevel.INTERN:
            continue
        found.append(group)
    reading = [g for g in found if g.sees is SeesCases.ENSKILDA] or found
    home = max(reading, key=lambda g: (_depth(g, org), -_NEAREST.index(g.level)), default=None)
    return Membership(tuple(g.id for g in found), home.id if home else None)


def _depth(group: Group, org: OrganisationMap) -> int:
    depth, seen = 0, {group.id}
    parent = org.groups.get(group.parent or "")
    while parent is not None and parent.id not in seen:
        seen.add(parent.id)
        depth += 1
        parent = org.groups.get(parent.parent or "")
    return depth
