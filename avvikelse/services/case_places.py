"""The organisation behind loaded cases: found where a län has it already, made where it is missing.

Open when loaded cases end up at the wrong unit. What is made here is a skeleton: a pack, its huvudmän,
sekretessområden, units with a manager each, a samordnare per område, and one group for the whole län.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.errors import Invalid
from avvikelse.domain.kommuner import kommun_name
from avvikelse.domain.pack_rows import INVITED_KINDS, NUMBER_PREFIXES, OMRADE_LABELS
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.vocabulary import FunktionKind, GroupLevel, HuvudmanKind, SeesCases
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Enhet, EnhetKommun, Funktion, Huvudman, Pack, Position, Sekretessomrade
from avvikelse.services.case_lines import Place
from avvikelse.services.organisation import bump

# The nämnd of a kommun that runs a kind of unit; what is not here is health care run by a kommun (Gotland).
OMRADE_OF_KIND = {
    "socialtjanst_bou": "social", "lss": "social", "hvb": "social",
    "elevhalsa": "utbildning", "grundskola": "utbildning", "forskola": "utbildning", "gymnasieskola": "utbildning",
    "kaa": "utbildning", "fritidsgard": "kultur-fritid",
}  # fmt: skip
REGIONAL_KINDS = frozenset({
    "bup", "forsta_linjen", "vardcentral", "barnhalsovard", "ungdomsmottagning", "habilitering", "barnmedicin",
    "vuxenpsykiatri", "heldygnsvard", "logopedmottagning",
})  # fmt: skip
PRIVATE_KINDS = frozenset({"friskola", "hvb"})
LOADED = {"inlast": True}  # what `imported` says of a row that no pack file knows
LOADED_VERSION = "inläst"
UNKNOWN_OWNER = "en huvudman har ett okänt slag"
Row = TypeVar("Row")


@cache
def _lan() -> dict[str, dict[str, str]]:
    with (files("avvikelse") / "data" / "regioner.csv").open(encoding="utf-8") as file:
        return {row["lanskod"]: row for row in csv.DictReader(file)}


@cache
def _kommuner(lanskod: str) -> dict[str, str]:
    """Code → full name."""
    with (files("avvikelse") / "data" / "kommuner.csv").open(encoding="utf-8") as file:
        return {r["kommunkod"]: r["fullstandigt_namn"] for r in csv.DictReader(file) if r["lanskod"] == lanskod}


@dataclass(frozen=True, slots=True)
class Site:
    """A unit in the database, with what a case needs of it."""

    enhet_id: int
    kind: str
    huvudman_id: int
    omrade_id: int
    receiver: Receiver
    triage: Receiver  # who distributes what comes from here


class Owner(NamedTuple):
    """A huvudman."""

    id: int
    slug: str
    name: str
    kind: HuvudmanKind
    kommunkod: str | None


class Office(NamedTuple):
    """Samordnare of one område, or of all of the huvudman's."""

    id: int
    huvudman_id: int
    omrade_id: int | None


class Unit(NamedTuple):
    id: int
    slug: str
    name: str
    kind: str
    huvudman_id: int
    omrade_id: int


@dataclass(slots=True)
class Lan:
    """What a län has: read once, when it is first named, then added to. Plain values, which no commit takes away."""

    id: int
    code: str
    owners: list[Owner] = field(default_factory=list)
    omraden: dict[str, int] = field(default_factory=dict)  # by slug
    offices: list[Office] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)  # by slug
    positions: dict[int, int] = field(default_factory=dict)  # the first living one of each unit
    served: set[tuple[int, str]] = field(default_factory=set)  # (unit, kommun)
    named: dict[str, Owner] = field(default_factory=dict)  # as the files name them
    sites: dict[str, Site] = field(default_factory=dict)  # by the unit's slug


class Places:
    """Finds and makes; remembers what it has seen. One per loading, for one session.

    What a batch needs is made level by level, all its huvudmän, then all its områden …, each level in one statement.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._lan: dict[str, Lan] = {}

    def prepare(self, places: Iterable[Place], owners: Iterable[tuple[str, str]]) -> None:
        """Make what is missing of these units and (lanskod, huvudman). What cannot be is left to whoever asks for it."""
        wanted: defaultdict[str, set[Place]] = defaultdict(set)
        named: defaultdict[str, set[str]] = defaultdict(set)
        for place in places:
            wanted[place.lanskod].add(place)
        for lanskod, owner in owners:
            named[lanskod].add(owner)
        for lanskod in sorted(wanted.keys() | named.keys()):
            with suppress(Invalid):
                self._prepare(self._find_lan(lanskod), wanted[lanskod], named[lanskod])

    def pack_id(self, lanskod: str) -> int:
        """The län's pack. Raises Invalid for a län that does not exist."""
        return self._find_lan(lanskod).id

    def site(self, place: Place) -> Site:
        """A unit that has been prepared, serving the kommun of the case. Raises Invalid when it could not be made."""
        found = self._find_lan(place.lanskod).sites.get(place.slug)
        if found is None:
            _huvudman_kind(place.huvudman or _usual_huvudman(place))
            raise Invalid("en enhet gick inte att skapa")
        return found

    def huvudman_id(self, lanskod: str, named: str) -> int:
        """A huvudman that has been prepared. Raises Invalid for a kind that does not exist."""
        found = self._find_lan(lanskod).named.get(named)
        if found is None:
            raise Invalid(UNKNOWN_OWNER)
        return found.id

    # --- län

    def _find_lan(self, lanskod: str) -> Lan:
        found = self._lan.get(lanskod)
        if found is None:
            query = select(Pack.id).where(Pack.lanskod == lanskod).order_by(Pack.id).limit(1)
            pack_id = self.session.scalar(query) or self._make_pack(lanskod)
            found = self._lan[lanskod] = self._read(Lan(pack_id, lanskod))
        return found

    def _make_pack(self, lanskod: str) -> int:
        lan = _lan().get(lanskod)
        if lan is None:
            raise Invalid("lanskod finns inte")
        pack = Pack(
            slug=f"lan-{lanskod}", name=lan["lan"], version=LOADED_VERSION, lan=lan["lan"], lanskod=lanskod,
            number_prefix=NUMBER_PREFIXES[lanskod], kommuner=sorted(_kommuner(lanskod)), imported=LOADED,
        )  # fmt: skip
        self.session.add(pack)
        self.session.flush()
        self.session.add(
            Samverkansgrupp(
                pack_id=pack.id, slug=f"lansgrupp-{lanskod}", name=f"Länsgrupp {lan['lan_kort']}", level=GroupLevel.TAKTISK,
                sees_cases=SeesCases.ENSKILDA, active=True, kommuner=sorted(_kommuner(lanskod)), verksamhetstyper=None,
                meeting_months=[2, 5, 9, 11], members=[], member_positions=[], imported=LOADED,
            )
        )  # fmt: skip
        bump(self.session, pack.id)
        return pack.id

    def _read(self, lan: Lan) -> Lan:
        """All that the län has, in six questions."""

        def rows(*columns: Any, of: Any, **also: Any) -> Iterable[Any]:
            return self.session.execute(select(*columns).where(of.pack_id == lan.id).filter_by(**also).order_by(of.id))

        h, f, u = Huvudman, Funktion, Enhet
        lan.owners = [Owner(*r) for r in rows(h.id, h.slug, h.name, h.kind, h.kommunkod, of=h)]
        lan.omraden = {r[0]: r[1] for r in rows(Sekretessomrade.slug, Sekretessomrade.id, of=Sekretessomrade)}
        offices = rows(f.id, f.huvudman_id, f.omrade_id, of=f, kind=FunktionKind.SAMORDNARE, active_to=None)
        lan.offices = [Office(*r) for r in offices]
        lan.units = {r[1]: Unit(*r) for r in rows(u.id, u.slug, u.name, u.kind, u.huvudman_id, u.omrade_id, of=u)}
        for enhet_id, position_id in rows(Position.enhet_id, Position.id, of=Position, active_to=None):
            lan.positions.setdefault(enhet_id, position_id)
        served = select(EnhetKommun.enhet_id, EnhetKommun.kommunkod).join(Enhet, Enhet.id == EnhetKommun.enhet_id)
        lan.served = {(r[0], r[1]) for r in self.session.execute(served.where(Enhet.pack_id == lan.id))}
        return lan

    # --- level by level

    def _prepare(self, lan: Lan, places: set[Place], owners: set[str]) -> None:
        here = [place for place in sorted(places, key=_by_slug) if _is_possible(place)]
        fresh = list({place.slug: place for place in reversed(here) if place.slug not in lan.sites}.values())
        needed = {name for name in owners if _huvudman_kind_or_none(name)} | {_owner_of(place) for place in fresh}
        before = (len(lan.owners), len(lan.units), len(lan.served))
        self._make_owners(lan, sorted(needed - lan.named.keys()))
        new_units = [place for place in fresh if place.slug not in lan.units]
        self._make_omraden(lan, [(lan.named[_owner_of(place)], place.kind) for place in new_units])
        self._make_units(lan, new_units)
        self._make_positions(lan, [lan.units[p.slug] for p in fresh if lan.units[p.slug].id not in lan.positions])
        if any(_own_office(lan, lan.units[place.slug]) is None for place in fresh):
            self._make_owners(lan, [name for name in (_region(lan),) if name not in lan.named])
            self._make_omraden(lan, [(lan.named[_region(lan)], "bup")])
        for place in fresh:
            lan.sites[place.slug] = _site(lan, lan.units[place.slug])
        serving = {(lan.units[place.slug].id, place.kommunkod) for place in here} - lan.served
        self._add(EnhetKommun(enhet_id=enhet_id, kommunkod=kommun) for enhet_id, kommun in sorted(serving))
        lan.served |= serving
        if before != (len(lan.owners), len(lan.units), len(lan.served)):
            bump(self.session, lan.id)

    def _make_owners(self, lan: Lan, names: list[str]) -> None:
        made = []
        for name in names:
            kind, code = _huvudman_kind(name)
            found = next((owner for owner in lan.owners if _is_named(owner, name, kind, code)), None)
            if found is not None:
                lan.named[name] = found
            else:
                made.append(Huvudman(
                    pack_id=lan.id, slug=name, name=_huvudman_name(lan.code, kind, code), kind=kind,
                    kommunkod=code if kind in (HuvudmanKind.KOMMUN, HuvudmanKind.FRISTAENDE) else None, imported=LOADED,
                ))  # fmt: skip
        for row in self._add(made):
            owner = lan.named[row.slug] = Owner(row.id, row.slug, row.name, row.kind, row.kommunkod)
            lan.owners.append(owner)

    def _make_omraden(self, lan: Lan, wanted: list[tuple[Owner, str]]) -> None:
        """The områden of huvudmän for kinds of units, each with a samordnare where the huvudman has none for all."""
        missing = {_omrade_slug(owner, kind): owner for owner, kind in wanted}
        made = [
            Sekretessomrade(
                pack_id=lan.id, slug=slug, huvudman_id=owner.id, imported=LOADED,
                name=f"{owner.name} – {OMRADE_LABELS[slug.rpartition('/')[2]]}" if "/" in slug else owner.name,
                invited_party=owner.kind.value in INVITED_KINDS,
            )
            for slug, owner in missing.items()
            if slug not in lan.omraden
        ]  # fmt: skip
        offices = []
        for row in self._add(made):
            lan.omraden[row.slug] = row.id
            owner = missing[row.slug]
            has_one_for_all = any(o.huvudman_id == owner.id and o.omrade_id is None for o in lan.offices)
            if owner.kind in (HuvudmanKind.KOMMUN, HuvudmanKind.REGION) and not has_one_for_all:
                offices.append(Funktion(
                    pack_id=lan.id, slug=f"samordnare-{row.slug.replace('/', '-')}", name=f"Samordnare, {row.name}"[:160],
                    kind=FunktionKind.SAMORDNARE, huvudman_id=owner.id, omrade_id=row.id, imported=LOADED,
                ))  # fmt: skip
        lan.offices += [Office(row.id, row.huvudman_id, row.omrade_id) for row in self._add(offices)]

    def _make_units(self, lan: Lan, places: list[Place]) -> None:
        made = []
        for place in places:
            owner = lan.named[_owner_of(place)]
            made.append(Enhet(
                pack_id=lan.id, slug=place.slug, name=_unit_name(place), kind=place.kind, huvudman_id=owner.id,
                omrade_id=lan.omraden[_omrade_slug(owner, place.kind)], age_min=0, age_max=20, imported=LOADED,
            ))  # fmt: skip
        for row in self._add(made):
            lan.units[row.slug] = Unit(row.id, row.slug, row.name, row.kind, row.huvudman_id, row.omrade_id)

    def _make_positions(self, lan: Lan, units: list[Unit]) -> None:
        made = [
            Position(
                pack_id=lan.id, slug=f"chef-{unit.slug}", title=f"Chef, {unit.name}"[:160], enhet_id=unit.id, imported=LOADED
            )
            for unit in units
        ]  # fmt: skip
        for row in self._add(made):
            lan.positions[row.enhet_id or 0] = row.id

    def _add(self, rows: Iterable[Row]) -> list[Row]:
        """Write the rows, which are of one table, together. Afterwards they know their ids."""
        added = list(rows)
        self.session.add_all(added)
        self.session.flush()
        return added


def _site(lan: Lan, unit: Unit) -> Site:
    receiver = Receiver(unit.omrade_id, unit.id, position_id=lan.positions[unit.id], enhet_kind=unit.kind)
    return Site(unit.id, unit.kind, unit.huvudman_id, unit.omrade_id, receiver, _triage(lan, unit))


def _triage(lan: Lan, unit: Unit) -> Receiver:
    """The own område's samordnare, else the own huvudman's, else the region's."""
    own = _own_office(lan, unit)
    if own is not None:
        return Receiver(unit.omrade_id, funktion_id=own.id)
    region = lan.named[_region(lan)]
    above = next(office for office in lan.offices if office.huvudman_id == region.id)
    return Receiver(above.omrade_id or lan.omraden[_omrade_slug(region, "bup")], funktion_id=above.id)


def _own_office(lan: Lan, unit: Unit) -> Office | None:
    own = {office.omrade_id: office for office in reversed(lan.offices) if office.huvudman_id == unit.huvudman_id}
    return own.get(unit.omrade_id) or own.get(None)


def _region(lan: Lan) -> str:
    return f"region-{lan.code}"


def _by_slug(place: Place) -> tuple[str, bool, str, str]:
    """Where a unit's huvudman is named, that comes first."""
    return place.slug, place.huvudman is None, place.huvudman or "", place.kommunkod


def _is_possible(place: Place) -> bool:
    return _huvudman_kind_or_none(_owner_of(place)) is not None


def _owner_of(place: Place) -> str:
    return place.huvudman or _usual_huvudman(place)


def _is_named(owner: Owner, name: str, kind: HuvudmanKind, code: str) -> bool:
    """Is it the one that a file calls `name`? A län has one region, and one state."""
    if kind is HuvudmanKind.FRISTAENDE:
        return owner.slug == name
    return owner.kind is kind and (kind is not HuvudmanKind.KOMMUN or owner.kommunkod == code)


def _omrade_slug(owner: Owner, kind: str) -> str:
    part = OMRADE_OF_KIND.get(kind, "ovrigt") if owner.kind is HuvudmanKind.KOMMUN else ""
    return f"{owner.slug}/{part}" if part else owner.slug


def _usual_huvudman(place: Place) -> str:
    if place.kind == "polis":
        return "staten"
    if place.kind in PRIVATE_KINDS:
        return f"fri-{place.kommunkod}"
    if place.kind in REGIONAL_KINDS and place.lanskod != "09":  # Gotland is kommun and region in one
        return f"region-{place.lanskod}"
    return f"kommun-{place.kommunkod}"


def _huvudman_kind_or_none(named: str) -> tuple[HuvudmanKind, str] | None:
    with suppress(Invalid):
        return _huvudman_kind(named)
    return None


def _huvudman_kind(named: str) -> tuple[HuvudmanKind, str]:
    kind, _, code = named.partition("-")
    kinds = {
        "region": HuvudmanKind.REGION, "kommun": HuvudmanKind.KOMMUN, "staten": HuvudmanKind.STAT, "fri": HuvudmanKind.FRISTAENDE,
    }  # fmt: skip
    if kind not in kinds or len(named) > 80:
        raise Invalid(UNKNOWN_OWNER)
    return kinds[kind], code


def _huvudman_name(lanskod: str, kind: HuvudmanKind, code: str) -> str:
    if kind is HuvudmanKind.REGION:
        return _lan()[lanskod]["regionnamn"]
    if kind is HuvudmanKind.KOMMUN:
        return _kommuner(lanskod).get(code, f"Kommun {code}")
    return "Polismyndigheten" if kind is HuvudmanKind.STAT else f"Fristående huvudman i {kommun_name(code)}"


def _unit_name(place: Place) -> str:
    """ "BUP 3, Stockholm" for a region's third one, "Grundskola, Åre" for a kommun's."""
    parts: list[Any] = place.slug.split("-")
    label = unit_type_label(place.kind)
    number = parts[2] if len(parts) > 2 and parts[2].isdigit() else ""
    where = _lan()[place.lanskod]["lan_kort"] if number or place.kind == "polis" else kommun_name(parts[-1])
    return f"{label}{' ' + number if number else ''}, {where}"[:160]
