"""Who answers for a unit today, as a role: manager, substitutes in order, the position above, the samordnare.

Open when Kontaktvägar shows the wrong role. Routing asks domain/organisation.py; here it is also known from the
accounts whether a position has a living holder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import FunktionKind, Role
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Enhet, Funktion, Position, PositionAbsence


@dataclass(frozen=True, slots=True)
class InCharge:
    """Who answers for a unit today, as a role. `why` is empty when it is the ordinary manager."""

    title: str
    why: str = ""
    name: str | None = None  # only where the party shows it
    nobody: bool = False  # the title is the position that should have answered


@dataclass(frozen=True, slots=True)
class OfficeContact:
    """A samordnare's mailbox and phone."""

    name: str
    mailbox: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Post:
    """A position, as much as is needed to know who answers."""

    id: int
    title: str
    enhet_id: int | None
    organisation_id: int | None
    substitute_id: int | None
    vacant: bool
    show_name: bool


@dataclass(frozen=True, slots=True)
class Answering:
    """Which positions answer today: every living position of the packs concerned, with holders and absences."""

    by_unit: Mapping[int, Post]
    by_organisation: Mapping[int, Post]
    by_id: Mapping[int, Post]
    away: Mapping[int, date]  # position → last day
    living: Mapping[int, str]  # position → name of its holder today
    ever_held: frozenset[int]

    @classmethod
    def of(cls, session: Session, units: Iterable[Enhet], today: date) -> Answering:
        pack_ids = {unit.pack_id for unit in units}
        rows = session.execute(
            select(
                Position.id,
                Position.title,
                Position.enhet_id,
                Position.organisation_id,
                Position.substitute_id,
                Position.vacant,
                Position.show_name,
            )
            .where(Position.pack_id.in_(pack_ids), Position.active_to.is_(None))
            .order_by(Position.id.desc())  # the oldest position of a unit comes last and wins
        )
        positions = [Post(*row) for row in rows]
        away = session.execute(
            select(PositionAbsence.position_id, PositionAbsence.to_on).where(
                PositionAbsence.from_on <= today, PositionAbsence.to_on >= today
            )
        )
        held = session.execute(
            select(RoleAssignment.position_id, User.name, holds_on(today).label("living"))
            .join(User, User.id == RoleAssignment.user_id)
            .where(RoleAssignment.role == Role.CHEF, RoleAssignment.position_id.is_not(None))
        ).all()
        return cls(
            {p.enhet_id: p for p in positions if p.enhet_id is not None},
            {p.organisation_id: p for p in positions if p.organisation_id is not None},
            {p.id: p for p in positions},
            dict(away.all()),
            {position_id: name for position_id, name, living in held if living and position_id is not None},
            frozenset(position_id for position_id, _, _ in held if position_id is not None),
        )

    def for_unit(self, unit: Enhet, office: OfficeContact | None) -> InCharge | None:
        """The ordinary manager, else substitutes in order, the position above, the samordnare, the position itself."""
        ordinary = self.by_unit.get(unit.id)
        if ordinary is None:
            return None
        reason = self.missing(ordinary)
        if reason is None:
            return self._shown(ordinary, "")
        why = f"Ordinarie: {ordinary.title} ({reason})"
        for candidate in self._order(ordinary, unit):
            if self.missing(candidate) is None:
                return self._shown(candidate, why)
        if office is not None:
            return InCharge(office.name, why)
        return InCharge(ordinary.title, f"Just nu {reason}, och ingen ersättare är anmäld.", nobody=True)

    def missing(self, position: Post) -> str | None:
        """Why the position cannot answer today, in Swedish; None when it can.

        A position that nobody has held yet counts as staffed: the pack says so until somebody says otherwise.
        """
        if position.vacant:
            return "vakant"
        if position.id in self.away:
            return f"borta till och med {long_date(self.away[position.id])}"
        if position.id in self.ever_held and position.id not in self.living:
            return "utan innehavare"
        return None

    def _order(self, ordinary: Post, unit: Enhet) -> Iterable[Post]:
        seen = {ordinary.id}
        current = self.by_id.get(ordinary.substitute_id or 0)
        while current is not None and current.id not in seen:
            seen.add(current.id)
            yield current
            current = self.by_id.get(current.substitute_id or 0)
        above = self.by_organisation.get(unit.organisation_id or 0)
        if above is not None and above.id not in seen:
            yield above

    def _shown(self, position: Post, why: str) -> InCharge:
        return InCharge(position.title, why, name=self.living.get(position.id) if position.show_name else None)


def holds_on(today: date) -> ColumnElement[bool]:
    return and_(
        User.active,
        RoleAssignment.valid_from <= today,
        or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= today),
    )


def offices_of(session: Session, units: Iterable[Enhet]) -> dict[int, OfficeContact]:
    """område → its samordnare: the område's own funktion before the huvudman's."""
    units = list(units)
    rows = session.scalars(
        select(Funktion)
        .where(
            Funktion.huvudman_id.in_({unit.huvudman_id for unit in units}),
            Funktion.kind == FunktionKind.SAMORDNARE,
            Funktion.active_to.is_(None),
        )
        .order_by(Funktion.id.desc())
    ).all()
    own = {row.omrade_id: row for row in rows if row.omrade_id is not None}
    common = {row.huvudman_id: row for row in rows if row.omrade_id is None}
    found: dict[int, OfficeContact] = {}
    for unit in units:
        row = own.get(unit.omrade_id) or common.get(unit.huvudman_id)
        if row is not None:
            found[unit.omrade_id] = OfficeContact(row.name, row.mailbox, row.phone)
    return found
