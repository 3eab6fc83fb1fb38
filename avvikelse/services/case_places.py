"""The organisation behind loaded cases: found where a län has it already, made where it is missing.

Open when loaded cases end up at the wrong unit. What is made here is a skeleton: a pack, its huvudmän,
sekretessområden, units with a manager each, a samordnare per område, and one group for the whole län.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

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


class Places:
    """Finds and makes; remembers what it has seen. One per loading, for one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._packs: dict[str, Pack] = {}
        self._sites: dict[tuple[int, str], Site] = {}
        self._huvudman: dict[tuple[int, str], Huvudman] = {}
        self._served: set[tuple[int, str]] = set()
        self._touched: set[int] = set()

    def settle(self) -> None:
        """Say which packs have changed; call it after each batch, so that nobody sees an old organisation."""
        for pack_id in sorted(self._touched):
            bump(self.session, pack_id)
        self._touched.clear()

    # --- län

    def pack(self, lanskod: str) -> Pack:
        """The län's pack. Raises Invalid for a län that does not exist."""
        found = self._packs.get(lanskod)
        if found is None:
            query = select(Pack).where(Pack.lanskod == lanskod).order_by(Pack.id).limit(1)
            found = self.session.scalar(query) or self._make_pack(lanskod)
            self._packs[lanskod] = found
        return found

    def _make_pack(self, lanskod: str) -> Pack:
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
        self._touched.add(pack.id)
        return pack

    # --- units

    def site(self, place: Place) -> Site:
        """The unit, made if the län does not have it, and serving the kommun of the case."""
        pack = self.pack(place.lanskod)
        site = self._sites.get((pack.id, place.slug))
        if site is None:
            site = self._sites[pack.id, place.slug] = self._find(pack, place) or self._make_unit(pack, place)
        if (site.enhet_id, place.kommunkod) not in self._served:
            self._serve(pack, site.enhet_id, place.kommunkod)
        return site

    def _find(self, pack: Pack, place: Place) -> Site | None:
        unit = self.session.scalar(select(Enhet).where(Enhet.pack_id == pack.id, Enhet.slug == place.slug))
        if unit is None:
            return None
        position_id = self.session.scalar(
            select(Position.id)
            .where(Position.enhet_id == unit.id, Position.active_to.is_(None))
            .order_by(Position.id)
            .limit(1)
        )
        if position_id is None:
            position_id = self._make_position(pack, unit).id
        return self._as_site(pack, unit, position_id)

    def _make_unit(self, pack: Pack, place: Place) -> Site:
        huvudman = self._owner_of(pack, place)
        omrade = self._omrade(pack, huvudman, place.kind)
        unit = Enhet(
            pack_id=pack.id, slug=place.slug, name=_unit_name(place), kind=place.kind, huvudman_id=huvudman.id,
            omrade_id=omrade.id, age_min=0, age_max=20, imported=LOADED,
        )  # fmt: skip
        self.session.add(unit)
        self.session.flush()
        self._touched.add(pack.id)
        return self._as_site(pack, unit, self._make_position(pack, unit).id)

    def _make_position(self, pack: Pack, unit: Enhet) -> Position:
        position = Position(
            pack_id=pack.id,
            slug=f"chef-{unit.slug}",
            title=f"Chef, {unit.name}"[:160],
            enhet_id=unit.id,
            imported=LOADED,
        )
        self.session.add(position)
        self.session.flush()
        return position

    def _as_site(self, pack: Pack, unit: Enhet, position_id: int) -> Site:
        receiver = Receiver(unit.omrade_id, unit.id, position_id=position_id, enhet_kind=unit.kind)
        return Site(unit.id, unit.kind, unit.huvudman_id, unit.omrade_id, receiver, self._triage(pack, unit))

    def _serve(self, pack: Pack, enhet_id: int, kommunkod: str) -> None:
        if self.session.get(EnhetKommun, (enhet_id, kommunkod)) is None:
            self.session.add(EnhetKommun(enhet_id=enhet_id, kommunkod=kommunkod))
            self._touched.add(pack.id)
        self._served.add((enhet_id, kommunkod))

    # --- huvudmän and områden

    def huvudman_id(self, lanskod: str, named: str) -> int:
        """The huvudman that the file names."""
        return self._named_huvudman(self.pack(lanskod), named).id

    def _owner_of(self, pack: Pack, place: Place) -> Huvudman:
        named = place.huvudman or _usual_huvudman(place)
        return self._named_huvudman(pack, named)

    def _named_huvudman(self, pack: Pack, named: str) -> Huvudman:
        found = self._huvudman.get((pack.id, named))
        if found is not None:
            return found
        kind, code = _huvudman_kind(named)
        mine = select(Huvudman).where(Huvudman.pack_id == pack.id).order_by(Huvudman.id).limit(1)
        if kind is HuvudmanKind.KOMMUN:
            found = self.session.scalar(mine.where(Huvudman.kind == kind, Huvudman.kommunkod == code))
        elif kind is HuvudmanKind.FRISTAENDE:
            found = self.session.scalar(mine.where(Huvudman.slug == named))
        else:
            found = self.session.scalar(mine.where(Huvudman.kind == kind))
        if found is None:
            found = Huvudman(
                pack_id=pack.id, slug=named, name=_huvudman_name(pack.lanskod, kind, code), kind=kind,
                kommunkod=code if kind in (HuvudmanKind.KOMMUN, HuvudmanKind.FRISTAENDE) else None, imported=LOADED,
            )  # fmt: skip
            self.session.add(found)
            self.session.flush()
            self._touched.add(pack.id)
        self._huvudman[pack.id, named] = found
        return found

    def _omrade(self, pack: Pack, huvudman: Huvudman, kind: str) -> Sekretessomrade:
        part = OMRADE_OF_KIND.get(kind, "ovrigt") if huvudman.kind is HuvudmanKind.KOMMUN else ""
        slug = f"{huvudman.slug}/{part}" if part else huvudman.slug
        found = self.session.scalar(
            select(Sekretessomrade).where(Sekretessomrade.pack_id == pack.id, Sekretessomrade.slug == slug)
        )
        if found is None:
            found = Sekretessomrade(
                pack_id=pack.id, slug=slug, huvudman_id=huvudman.id, imported=LOADED,
                name=f"{huvudman.name} – {OMRADE_LABELS[part]}" if part else huvudman.name,
                invited_party=huvudman.kind.value in INVITED_KINDS,
            )  # fmt: skip
            self.session.add(found)
            self.session.flush()
            if huvudman.kind in (HuvudmanKind.KOMMUN, HuvudmanKind.REGION):
                self._make_samordnare(pack, huvudman, found)
        return found

    def _make_samordnare(self, pack: Pack, huvudman: Huvudman, omrade: Sekretessomrade) -> None:
        any_office = select(Funktion.id).where(
            Funktion.huvudman_id == huvudman.id, Funktion.kind == FunktionKind.SAMORDNARE, Funktion.omrade_id.is_(None)
        )
        if self.session.scalar(any_office.limit(1)) is None:
            slug = f"samordnare-{omrade.slug.replace('/', '-')}"
            row = Funktion(
                pack_id=pack.id, slug=slug, name=f"Samordnare, {omrade.name}"[:160], kind=FunktionKind.SAMORDNARE,
                huvudman_id=huvudman.id, omrade_id=omrade.id, imported=LOADED,
            )  # fmt: skip
            self.session.add(row)
            self.session.flush()

    def _triage(self, pack: Pack, unit: Enhet) -> Receiver:
        """The own område's samordnare, else the own huvudman's, else the region's."""
        offices = select(Funktion).where(
            Funktion.pack_id == pack.id, Funktion.kind == FunktionKind.SAMORDNARE, Funktion.active_to.is_(None)
        )
        own = self.session.scalars(offices.where(Funktion.huvudman_id == unit.huvudman_id).order_by(Funktion.id)).all()
        best = next((o for o in own if o.omrade_id == unit.omrade_id), None) or next(
            (o for o in own if o.omrade_id is None), None
        )
        if best is not None:
            return Receiver(unit.omrade_id, funktion_id=best.id)
        region = self._named_huvudman(pack, f"region-{pack.lanskod}")
        omrade = self._omrade(pack, region, "bup")
        above = self.session.scalars(
            offices.where(Funktion.huvudman_id == region.id).order_by(Funktion.id).limit(1)
        ).one()
        return Receiver(above.omrade_id or omrade.id, funktion_id=above.id)


def _usual_huvudman(place: Place) -> str:
    if place.kind == "polis":
        return "staten"
    if place.kind in PRIVATE_KINDS:
        return f"fri-{place.kommunkod}"
    if place.kind in REGIONAL_KINDS and place.lanskod != "09":  # Gotland is kommun and region in one
        return f"region-{place.lanskod}"
    return f"kommun-{place.kommunkod}"


def _huvudman_kind(named: str) -> tuple[HuvudmanKind, str]:
    kind, _, code = named.partition("-")
    kinds = {
        "region": HuvudmanKind.REGION, "kommun": HuvudmanKind.KOMMUN, "staten": HuvudmanKind.STAT, "fri": HuvudmanKind.FRISTAENDE,
    }  # fmt: skip
    if kind not in kinds or len(named) > 80:
        raise Invalid("en huvudman har ett okänt slag")
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
