"""The organisation of a län as routing sees it: plain values keyed by the pack's own ids.

Built from a pack file or from the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from avvikelse.domain.vocabulary import FunktionKind, GroupLevel, HuvudmanKind, SeesCases

REGION_KINDS = (HuvudmanKind.REGION,)


@dataclass(frozen=True, slots=True)
class HuvudmanFacts:
    id: str
    name: str
    kind: HuvudmanKind
    kommunkod: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """*Enhet*. `ages` are whole years, both included; `active_to` is the last day."""

    id: str
    name: str
    kind: str
    huvudman: str
    omrade: str
    organisation: str | None
    kommuner: tuple[str, ...]
    ages: tuple[int, int]
    active_from: date | None = None
    active_to: date | None = None
    successor: str | None = None
    forsta_linje: bool = False
    takes_referrals: bool = True
    shared_with: tuple[str, ...] = ()

    def closed_on(self, day: date) -> bool:
        return self.active_to is not None and self.active_to < day

    def started_by(self, day: date) -> bool:
        return self.active_from is None or self.active_from <= day

    def serves(self, kommunkod: str | None, ages: tuple[int, int] | None) -> bool:
        """Does it serve the kommun and anybody in the age band? Unknown = no objection."""
        here = kommunkod is None or kommunkod in self.kommuner
        fits = ages is None or (self.ages[0] <= ages[1] and ages[0] <= self.ages[1])
        return here and fits


@dataclass(frozen=True, slots=True)
class Post:
    """*Position*: the manager of a unit, or of an organisation above units."""

    id: str
    title: str
    unit: str | None
    organisation: str | None = None
    substitute: str | None = None
    vacant: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """*Funktion*. `omrade` None = all sekretessområden of the huvudman."""

    id: str
    name: str
    huvudman: str
    kind: FunktionKind
    omrade: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """*Samverkansgrupp*. `kinds` None = all unit types."""

    id: str
    name: str
    level: GroupLevel
    sees: SeesCases
    active: bool
    parent: str | None = None
    kommuner: tuple[str, ...] = ()
    kinds: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the responsibility matrix: unit types in the pack's order."""

    receivers: tuple[str, ...]
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationMap:
    """One pack. `overrides` are the ids of standard rules that the pack says are otherwise there (`routingregel`).

    `absent` are positions whose holder is away today, `unheld` those that have been held and have no holder now.
    """

    pack: str
    name: str
    kommuner: tuple[str, ...]
    huvudman: Mapping[str, HuvudmanFacts]
    units: Mapping[str, Unit]
    posts: Mapping[str, Post]
    offices: Mapping[str, Office]
    groups: Mapping[str, Group]
    matrix: Mapping[tuple[str, int], Cell] = field(default_factory=dict)
    overrides: frozenset[str] = frozenset()
    parents: Mapping[str, str | None] = field(default_factory=dict)  # organisation → the one above
    absent: frozenset[str] = frozenset()
    unheld: frozenset[str] = frozenset()
    manual_omraden: frozenset[str] = frozenset()  # their samordnare distributes everything

    def post_of(self, unit: str) -> Post | None:
        """The position that answers for the unit; the first in the pack's order."""
        return next((post for post in self.posts.values() if post.unit == unit), None)

    def samordnare(self, huvudman: str, omrade: str | None = None) -> Office | None:
        """The samordnare of the sekretessområde, else of the huvudman."""
        mine = [o for o in self.offices.values() if o.kind is FunktionKind.SAMORDNARE and o.huvudman == huvudman]
        own = next((o for o in mine if o.omrade is not None and o.omrade == omrade), None)
        return own or next((o for o in mine if o.omrade is None), None)

    def samordnare_of_kommun(self, kommunkod: str | None) -> Office | None:
        found = next(
            (h for h in self.huvudman.values() if h.kind is HuvudmanKind.KOMMUN and h.kommunkod == kommunkod), None
        )
        return self.samordnare(found.id) if found else None

    def samordnare_of_region(self) -> Office | None:
        found = next((h for h in self.huvudman.values() if h.kind is HuvudmanKind.REGION), None)
        return self.samordnare(found.id) if found else None

    def serving(
        self, kinds: Iterable[str], kommunkod: str | None, ages: tuple[int, int] | None, today: date
    ) -> Unit | None:
        """The first living unit of the first kind that serves kommun and age."""
        for kind in kinds:
            for unit in self.units.values():
                living = not unit.closed_on(today) and unit.started_by(today)
                if unit.kind == kind and living and unit.serves(kommunkod, ages):
                    return unit
        return None
