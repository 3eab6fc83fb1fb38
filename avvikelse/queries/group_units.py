"""Which units and positions a samverkansgrupp covers: those of its kinds that serve a kommun of its area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.swedish_order import swedish
from avvikelse.models.organisation import Enhet, EnhetKommun, Huvudman, Organisation, Position
from avvikelse.policy.group_reading import GroupFacts, Groups, area


@dataclass(frozen=True, slots=True)
class CoveredPosition:
    """A position that may be made responsible. `name` is the role and the place, never a person."""

    id: int
    name: str  # "Enhetschef, BUP Karlskrona"
    place: str  # the huvudman


def covered(groups: Groups, group: GroupFacts) -> ColumnElement[bool]:
    """The units, as a condition on Enhet."""
    serves = exists().where(EnhetKommun.enhet_id == Enhet.id, EnhetKommun.kommunkod.in_(sorted(area(groups, group))))
    kinds = [Enhet.kind.in_(sorted(group.kinds))] if group.kinds is not None else []
    return and_(Enhet.pack_id == group.pack_id, serves, *kinds)


def living(today: date) -> ColumnElement[bool]:
    """Units that are open on a day."""
    return and_(
        or_(Enhet.active_from.is_(None), Enhet.active_from <= today),
        or_(Enhet.active_to.is_(None), Enhet.active_to >= today),
    )


def positions(session: Session, groups: Groups, group: GroupFacts, today: date) -> tuple[CoveredPosition, ...]:
    """The managers' positions of its parties: of the units, and of the organisations right above them."""
    here = and_(covered(groups, group), living(today))
    above = select(Enhet.organisation_id).where(here, Enhet.organisation_id.is_not(None))
    still = or_(Position.active_to.is_(None), Position.active_to >= today)
    of_units = (
        select(Position.id, Position.title, Enhet.name, Huvudman.name)
        .join(Enhet, Enhet.id == Position.enhet_id)
        .join(Huvudman, Huvudman.id == Enhet.huvudman_id)
        .where(here, still)
    )
    of_organisations = (
        select(Position.id, Position.title, Organisation.name, Huvudman.name)
        .join(Organisation, Organisation.id == Position.organisation_id)
        .join(Huvudman, Huvudman.id == Organisation.huvudman_id)
        .where(Organisation.id.in_(above), still)
    )
    rows = [*session.execute(of_units), *session.execute(of_organisations)]
    found = (CoveredPosition(id_, _name(title, place), huvudman) for id_, title, place, huvudman in rows)
    return tuple(sorted(found, key=lambda one: (swedish(one.place), swedish(one.name))))


def _name(title: str, place: str) -> str:
    """The place, where the title does not say it already."""
    title = title[:1].upper() + title[1:]
    return title if place.casefold() in title.casefold() else f"{title}, {place}"
