"""What a reporter may choose from: own units, counterparts, huvudmän and kommuner of the län, points of agreements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, bindparam, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.kommuner import kommun_name
from avvikelse.domain.swedish_order import swedish
from avvikelse.models.asking import ask
from avvikelse.models.organisation import Enhet, Huvudman, Pack, Sekretessomrade
from avvikelse.queries.choices import avtalspunkt_choices
from avvikelse.queries.receivers import PlacedUnit, placed_units

Choices = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class ReportChoices:
    """(value, text) pairs for the selects of the report form."""

    own_units: Choices
    counterparts: list[PlacedUnit]
    huvudman: Choices
    kommuner: list[tuple[str, str]]
    avtalspunkter: Choices
    own_reference_allowed: bool


def own_units(session: Session, actor: Actor, today: date) -> Sequence[Row[Any]]:
    """The living units that the actor works in, the default one first; for a samordnare the område's units.

    Each as (id, name, pack_id, revision of the pack, does its område allow an own reference?).
    """
    units = {g.enhet_id for g in actor.grants if g.enhet_id is not None and not g.as_substitute}
    omraden = {g.omrade_id for g in actor.grants if g.enhet_id is None and g.omrade_id is not None}
    found = ask(session, _OWN_UNITS, units=list(units), omraden=list(omraden), today=today).all()
    return sorted(found, key=lambda unit: unit.id != actor.own_enhet_id)


_OWN_UNITS = (
    select(Enhet.id, Enhet.name, Enhet.pack_id, Pack.revision, Sekretessomrade.own_reference_allowed)
    .join(Pack, Pack.id == Enhet.pack_id)
    .join(Sekretessomrade, Sekretessomrade.id == Enhet.omrade_id)
    .where(
        or_(
            Enhet.id.in_(bindparam("units", expanding=True)),
            Enhet.omrade_id.in_(bindparam("omraden", expanding=True)),
        ),
        or_(Enhet.active_to.is_(None), Enhet.active_to >= bindparam("today", type_=Date)),
    )
    .order_by(Enhet.name)
)


def report_choices(session: Session, actor: Actor, today: date) -> ReportChoices:
    """Everything the form needs; empty lists for somebody who works nowhere."""
    mine = own_units(session, actor, today)
    if not mine:
        return ReportChoices([], [], [], [], [], own_reference_allowed=False)
    offered = _of_pack(session, mine[0].pack_id, mine[0].revision, today)
    return ReportChoices(
        own_units=[(unit.id, unit.name) for unit in mine],
        counterparts=offered.counterparts,
        huvudman=offered.huvudman,
        kommuner=offered.kommuner,
        avtalspunkter=avtalspunkt_choices(session, mine[0].pack_id, today),
        own_reference_allowed=all(unit.own_reference_allowed for unit in mine),
    )


@dataclass(frozen=True, slots=True)
class _PackChoices:
    """What is the same for every reporter of a län on a day."""

    counterparts: list[PlacedUnit]
    huvudman: Choices
    kommuner: list[tuple[str, str]]


_kept: dict[int, tuple[tuple[str, date], _PackChoices]] = {}  # pack → (its revision, the day), what was read then


def _of_pack(session: Session, pack_id: int, revision: str, today: date) -> _PackChoices:
    """Read once a process, and anew on another day or when the pack has another revision (services/organisation.py)."""
    kept = _kept.get(pack_id)
    if kept is None or kept[0] != (revision, today):
        huvudman = session.execute(
            select(Huvudman.id, Huvudman.name).where(Huvudman.pack_id == pack_id).order_by(Huvudman.name)
        )
        offered = _PackChoices(
            counterparts=placed_units(session, pack_id, today),
            huvudman=sorted(((row.id, row.name) for row in huvudman), key=lambda pair: swedish(pair[1])),
            kommuner=[(kod, kommun_name(kod)) for kod in session.get_one(Pack, pack_id).kommuner],
        )
        kept = _kept[pack_id] = (revision, today), offered
    return kept[1]
