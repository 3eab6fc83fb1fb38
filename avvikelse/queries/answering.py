"""Who answers for a unit today, as a role: manager, substitutes in order, the position above, the samordnare.

Open when Kontaktvägar shows the wrong role or reason. The order itself stands in domain/presence.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain import presence
from avvikelse.domain.organisation import Post
from avvikelse.domain.presence import Missing
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import FunktionKind, Role
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Enhet, Funktion, Position, PositionAbsence
from avvikelse.queries.identity import valid_on
from avvikelse.queries.organisation_map import Mapping as PackMap
from avvikelse.queries.organisation_map import mapping_of


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
class Answering:
    """Which positions answer today, by pack: the organisation, until when they are away, and who holds them."""

    maps: Mapping[int, PackMap]
    away_until: Mapping[int, date]  # position → last day
    living: Mapping[int, str]  # position → its holder today, where the party shows the name

    @classmethod
    def of(cls, session: Session, units: Iterable[Enhet], today: date) -> Answering:
        pack_ids = {unit.pack_id for unit in units}
        away = session.execute(
            select(PositionAbsence.position_id, PositionAbsence.to_on)
            .join(Position, Position.id == PositionAbsence.position_id)
            .where(Position.pack_id.in_(pack_ids), PositionAbsence.from_on <= today, PositionAbsence.to_on >= today)
        )
        held = session.execute(
            select(Position.id, User.name)
            .join(RoleAssignment, RoleAssignment.position_id == Position.id)
            .join(User, User.id == RoleAssignment.user_id)
            .where(
                Position.pack_id.in_(pack_ids), Position.show_name, RoleAssignment.role == Role.CHEF, User.active,
                valid_on(today),
            )
        )  # fmt: skip
        maps = {pack_id: mapping_of(session, pack_id, today) for pack_id in pack_ids}
        return cls(maps, dict(away.all()), dict(held.all()))

    def for_unit(self, unit: Enhet, office: OfficeContact | None) -> InCharge | None:
        """The ordinary manager, else the next in the order, the samordnare, the position itself."""
        mapping = self.maps[unit.pack_id]
        org = mapping.organisation
        ordinary = org.post_of(unit.slug)
        if ordinary is None:
            return None
        missing = presence.why_missing(org, ordinary)
        if missing is None:
            return self._shown(mapping, ordinary, "")
        reason = self._reason(mapping, ordinary, missing)
        why = f"Ordinarie: {ordinary.title} ({reason})"
        above = org.units[unit.slug].organisation
        stand_in = presence.stand_in(org, ordinary, above, fits=lambda _: True)
        if stand_in is not None:
            return self._shown(mapping, stand_in, why)
        if office is not None:
            return InCharge(office.name, why)
        return InCharge(ordinary.title, f"Just nu {reason}, och ingen ersättare är anmäld.", nobody=True)

    def _reason(self, mapping: PackMap, post: Post, missing: Missing) -> str:
        """Why the position does not answer today, in Swedish."""
        last_day = self.away_until.get(mapping.position_ids[post.id])
        if missing is Missing.AWAY and last_day is not None:
            return f"borta till och med {long_date(last_day)}"
        return {Missing.VACANT: "vakant", Missing.UNHELD: "utan innehavare"}.get(missing, "borta")

    def _shown(self, mapping: PackMap, post: Post, why: str) -> InCharge:
        return InCharge(post.title, why, name=self.living.get(mapping.position_ids[post.id]))


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
