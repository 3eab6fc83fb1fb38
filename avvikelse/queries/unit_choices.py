"""What an administrator chooses from when a unit is opened, moved or closed. Open for the pages of web/units.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.kommuner import kommun_name, kommun_order
from avvikelse.domain.swedish_order import swedish
from avvikelse.models.organisation import Enhet, Huvudman, Organisation, Pack, Sekretessomrade
from avvikelse.policy.organisation import require_administrator

Choice = tuple[int, str]


@dataclass(frozen=True, slots=True)
class HuvudmanChoices:
    """Of one huvudman. `own_kommun` is what a kommun's units serve unless somebody says otherwise."""

    id: int
    pack: str
    slug: str
    name: str
    omraden: tuple[Choice, ...]
    organisations: tuple[Choice, ...]
    kommuner: tuple[tuple[str, str], ...]
    own_kommun: str | None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as its forms begin. `successors` are other units of the huvudman that are open."""

    id: int
    pack: str
    slug: str
    name: str
    omrade: str
    organisation_id: int | None
    kommuner: tuple[str, ...]
    age_min: int
    age_max: int
    active_to: date | None
    successor_id: int | None
    is_closed: bool
    huvudman: HuvudmanChoices
    successors: tuple[Choice, ...]


def huvudman_choices(session: Session, actor: Actor, pack: str, slug: str) -> HuvudmanChoices:
    """Raises NotFound for an unknown huvudman and for another administrator's, Forbidden without the role."""
    found = session.execute(
        select(Huvudman, Pack).join(Pack, Pack.id == Huvudman.pack_id).where(Pack.slug == pack, Huvudman.slug == slug)
    ).one_or_none()
    if found is None:
        raise NotFound
    huvudman, its_pack = found
    require_administrator(actor, huvudman.id)
    return _choices(session, huvudman, its_pack)


def unit_facts(session: Session, actor: Actor, pack: str, slug: str, today: date) -> UnitFacts:
    """Raises as huvudman_choices does."""
    found = session.execute(
        select(Enhet, Pack)
        .join(Pack, Pack.id == Enhet.pack_id)
        .where(Pack.slug == pack, Enhet.slug == slug)
        .options(joinedload(Enhet.huvudman), joinedload(Enhet.omrade), joinedload(Enhet.kommuner))
    ).unique()
    row = found.one_or_none()
    if row is None:
        raise NotFound
    unit, its_pack = row
    require_administrator(actor, unit.huvudman_id)
    return UnitFacts(
        id=unit.id,
        pack=its_pack.slug,
        slug=unit.slug,
        name=unit.name,
        omrade=unit.omrade.name,
        organisation_id=unit.organisation_id,
        kommuner=tuple(row.kommunkod for row in unit.kommuner),
        age_min=unit.age_min,
        age_max=unit.age_max,
        active_to=unit.active_to,
        successor_id=unit.successor_id,
        is_closed=unit.active_to is not None and unit.active_to < today,
        huvudman=_choices(session, unit.huvudman, its_pack),
        successors=_successors(session, unit, today),
    )


def _choices(session: Session, huvudman: Huvudman, pack: Pack) -> HuvudmanChoices:
    omraden = session.execute(
        select(Sekretessomrade.id, Sekretessomrade.name)
        .where(Sekretessomrade.huvudman_id == huvudman.id)
        .order_by(Sekretessomrade.name)
    )
    organisations = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.huvudman_id == huvudman.id, Organisation.active_to.is_(None))
        .order_by(Organisation.name)
    )
    return HuvudmanChoices(
        id=huvudman.id,
        pack=pack.slug,
        slug=huvudman.slug,
        name=huvudman.name,
        omraden=tuple((id_, name) for id_, name in omraden),
        organisations=tuple((id_, name) for id_, name in organisations),
        kommuner=tuple((code, kommun_name(code)) for code in sorted(pack.kommuner, key=kommun_order)),
        own_kommun=huvudman.kommunkod if huvudman.kommunkod in pack.kommuner else None,
    )


def _successors(session: Session, unit: Enhet, today: date) -> tuple[Choice, ...]:
    """Each with its sekretessområde where that is another one."""
    rows = session.execute(
        select(Enhet.id, Enhet.name, Enhet.omrade_id, Sekretessomrade.name)
        .join(Sekretessomrade, Sekretessomrade.id == Enhet.omrade_id)
        .where(
            Enhet.huvudman_id == unit.huvudman_id,
            Enhet.id != unit.id,
            or_(Enhet.active_to.is_(None), Enhet.active_to >= today),
        )
        .order_by(Enhet.name)
    )
    own = unit.omrade_id
    named = sorted(rows, key=lambda row: swedish(row[1]))
    return tuple((id_, name if there == own else f"{name} ({omrade})") for id_, name, there, omrade in named)
