"""What a public page may show of a län: its units by name, its kommuner. Nothing about people or cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.kommuner import kommun_name, kommun_order
from avvikelse.domain.vocabulary import Role
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.organisation import Enhet, Huvudman, Pack, Sekretessomrade
from avvikelse.queries.receivers import PlacedUnit, placed_units


@dataclass(frozen=True, slots=True)
class OpenUnit:
    id: int
    slug: str
    name: str
    huvudman: str


@dataclass(frozen=True, slots=True)
class OpenLan:
    """A län as the public pages know it. `unit` = the one whose address was opened."""

    pack_id: int
    slug: str
    name: str
    units: list[PlacedUnit]
    kommuner: list[tuple[str, str]]
    unit: OpenUnit | None = None


def lan_list(session: Session) -> list[tuple[str, str]]:
    """(slug, name) of every län in the installation."""
    return [(row[0], row[1]) for row in session.execute(select(Pack.slug, Pack.lan).order_by(Pack.lan, Pack.id))]


def open_lan(session: Session, pack: str, unit: str | None, today: date) -> OpenLan:
    """Raises NotFound for an unknown län, and for a unit that it does not have or that has closed."""
    row = session.scalar(select(Pack).where(Pack.slug == pack))
    if row is None:
        raise NotFound
    kommuner = [(code, kommun_name(code)) for code in sorted(row.kommuner, key=kommun_order)]
    found = _unit(session, row.id, unit, today) if unit is not None else None
    return OpenLan(row.id, row.slug, row.lan, placed_units(session, row.id, today), kommuner, found)


def lan_of(session: Session, pack_id: int | None) -> OpenLan | None:
    """A län by its id, without its units; with None the installation's only län, or None when it has several."""
    rows = session.execute(select(Pack.id, Pack.slug, Pack.lan).order_by(Pack.id)).all()
    mine = [row for row in rows if pack_id in (None, row[0])]
    return OpenLan(mine[0][0], mine[0][1], mine[0][2], [], []) if len(mine) == 1 else None


def _unit(session: Session, pack_id: int, slug: str, today: date) -> OpenUnit:
    row = session.execute(
        select(Enhet.id, Enhet.slug, Enhet.name, Huvudman.name, Enhet.active_to)
        .join(Huvudman, Huvudman.id == Enhet.huvudman_id)
        .where(Enhet.pack_id == pack_id, Enhet.slug == slug)
    ).first()
    if row is None or (row[4] is not None and row[4] < today):
        raise NotFound
    return OpenUnit(row[0], row[1], row[2], row[3])


def pack_of_samordnare(session: Session, actor: Actor) -> str | None:
    """The län in which somebody is samordnare; the first, should there be several."""
    mine = Sekretessomrade.id.in_(actor.omrade_ids(Role.SAMORDNARE))
    query = select(Pack.slug).join(Sekretessomrade, Sekretessomrade.pack_id == Pack.id).where(mine)
    return session.scalars(query.order_by(Pack.id).limit(1)).first()


@dataclass(frozen=True, slots=True)
class CasePlace:
    """The län and kommun of a case that the caller has already been let into."""

    pack: str
    kommunkod: str | None


def place_of_case(session: Session, avvikelse_id: int) -> CasePlace:
    row = session.execute(
        select(Pack.slug, Avvikelse.kommunkod)
        .join(Avvikelse, Avvikelse.pack_id == Pack.id)
        .where(Avvikelse.id == avvikelse_id)
    ).one()
    return CasePlace(row[0], row[1])
