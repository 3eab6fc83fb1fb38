"""What a reporter may choose from: own units, counterparts, huvudmän and kommuner of the län, points of agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.kommuner import kommun_name
from avvikelse.models.organisation import Enhet, Huvudman, Pack, Sekretessomrade
from avvikelse.queries.choices import avtalspunkt_choices
from avvikelse.queries.receivers import unit_choices

Choices = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class ReportChoices:
    """(value, text) pairs for the selects of the report form."""

    own_units: Choices
    counterparts: Choices
    huvudman: Choices
    kommuner: list[tuple[str, str]]
    avtalspunkter: Choices
    own_reference_allowed: bool


def own_units(session: Session, actor: Actor, today: date) -> list[Enhet]:
    """The living units that the actor works in, the default one first; for a samordnare the område's units."""
    units = {g.enhet_id for g in actor.grants if g.enhet_id is not None and not g.as_substitute}
    omraden = {g.omrade_id for g in actor.grants if g.enhet_id is None and g.omrade_id is not None}
    found = session.scalars(
        select(Enhet)
        .where(
            or_(Enhet.id.in_(units), Enhet.omrade_id.in_(omraden)),
            or_(Enhet.active_to.is_(None), Enhet.active_to >= today),
        )
        .order_by(Enhet.name)
    ).all()
    return sorted(found, key=lambda unit: unit.id != actor.own_enhet_id)


def report_choices(session: Session, actor: Actor, today: date) -> ReportChoices:
    """Everything the form needs; empty lists for somebody who works nowhere."""
    mine = own_units(session, actor, today)
    if not mine:
        return ReportChoices([], [], [], [], [], own_reference_allowed=False)
    pack = session.get_one(Pack, mine[0].pack_id)
    huvudman = session.execute(
        select(Huvudman.id, Huvudman.name).where(Huvudman.pack_id == pack.id).order_by(Huvudman.name)
    ).all()
    allowed = session.scalars(
        select(Sekretessomrade.own_reference_allowed).where(Sekretessomrade.id.in_({unit.omrade_id for unit in mine}))
    )
    return ReportChoices(
        own_units=[(unit.id, unit.name) for unit in mine],
        counterparts=unit_choices(session, pack.id, today),
        huvudman=[(row[0], row[1]) for row in huvudman],
        kommuner=[(kod, kommun_name(kod)) for kod in pack.kommuner],
        avtalspunkter=avtalspunkt_choices(session, pack.id),
        own_reference_allowed=all(allowed),
    )
