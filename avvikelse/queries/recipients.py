"""To whom does a message for a position, funktion, område or group go? People first, else the function mailbox."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.vocabulary import Role
from avvikelse.models.avvikelse import Party
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Enhet, Funktion, Position, PositionAbsence


@dataclass(frozen=True, slots=True)
class Recipients:
    """Where one message goes. Both empty = nobody to tell, which the samordnare's desk shows."""

    user_ids: tuple[int, ...] = ()
    mailbox: str | None = None


def _living(today: date, *conditions: object) -> Select[int]:
    return (
        select(RoleAssignment.user_id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            User.active,
            RoleAssignment.valid_from <= today,
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= today),
            *conditions,  # type: ignore[arg-type]
        )
        .order_by(RoleAssignment.user_id)
        .distinct()
    )


def holders(session: Session, position_id: int, today: date) -> tuple[int, ...]:
    """Who answers for the position today: its holders, or the substitutes' (in order) while it is vacant or away."""
    seen: set[int] = set()
    current: int | None = position_id
    while current is not None and current not in seen:
        seen.add(current)
        position = session.get(Position, current)
        if position is None:
            return ()
        away = session.scalar(
            select(PositionAbsence.id)
            .where(
                PositionAbsence.position_id == current, PositionAbsence.from_on <= today, PositionAbsence.to_on >= today
            )
            .limit(1)
        )
        if away is None:
            found = tuple(
                session.scalars(_living(today, RoleAssignment.role == Role.CHEF, RoleAssignment.position_id == current))
            )
            if found:
                return found
        current = position.substitute_id
    return ()


def samordnare_of(session: Session, omrade_id: int, today: date) -> tuple[int, ...]:
    return tuple(
        session.scalars(_living(today, RoleAssignment.role == Role.SAMORDNARE, RoleAssignment.omrade_id == omrade_id))
    )


def convenors_of(session: Session, group_ids: Collection[int], today: date) -> tuple[int, ...]:
    return tuple(
        session.scalars(
            _living(today, RoleAssignment.role == Role.SAMMANKALLANDE, RoleAssignment.group_id.in_(group_ids))
        )
    )


def of_party(session: Session, party: Party, today: date) -> Recipients:
    """The people behind a party: handläggare while she is one, else holders, else samordnare or mailbox."""
    if party.handler_user_id is not None:
        still = _living(today, RoleAssignment.role == Role.HANDLAGGARE, RoleAssignment.enhet_id == party.enhet_id)
        if session.scalar(still.where(RoleAssignment.user_id == party.handler_user_id)) is not None:
            return Recipients((party.handler_user_id,))
    if party.position_id is not None:
        found = holders(session, party.position_id, today)
        mailbox = session.scalar(select(Enhet.function_mailbox).where(Enhet.id == party.enhet_id))
        return Recipients(found) if found else Recipients((), mailbox)
    found = samordnare_of(session, party.omrade_id, today)
    mailbox = session.scalar(select(Funktion.mailbox).where(Funktion.id == party.funktion_id))
    return Recipients(found) if found else Recipients((), mailbox)


def of_unit_chef(session: Session, enhet_id: int, today: date) -> Recipients:
    """The manager of a unit."""
    position_id = session.scalar(
        select(Position.id)
        .where(Position.enhet_id == enhet_id, Position.active_to.is_(None))
        .order_by(Position.id)
        .limit(1)
    )
    return Recipients(holders(session, position_id, today)) if position_id is not None else Recipients()
