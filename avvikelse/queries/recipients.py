"""To whom does a message for a position, funktion, område or group go? People first, else the function mailbox."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.vocabulary import HuvudmanKind, Role
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Enhet, Funktion, Huvudman, Position, PositionAbsence
from avvikelse.policy.measures import answers_for
from avvikelse.policy.visibility import may_stand_in
from avvikelse.queries.identity import actor_of, valid_on


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
            valid_on(today),
            *conditions,  # type: ignore[arg-type]
        )
        .order_by(RoleAssignment.user_id)
        .distinct()
    )


def holders(session: Session, position_id: int, today: date) -> tuple[int, ...]:
    """Who answers for the position today: its holders, or the substitutes' (in order) while it is vacant or away."""
    return _answering(session, position_id, today)[1]


def answers_itself(session: Session, position_id: int, today: date) -> bool:
    """No substitute is needed today."""
    return _answering(session, position_id, today)[0] == position_id


def _answering(session: Session, position_id: int, today: date) -> tuple[int | None, tuple[int, ...]]:
    """The position that answers, and its holders.

    Whoever stands in reads the manager's cases: only inside the sekretessområde, as in domain/presence.py.
    """
    seen: set[int] = set()
    current: int | None = position_id
    while current is not None and current not in seen:
        seen.add(current)
        rows = ask(session, _HELD, position=current, today=today).all()
        if not rows:
            break
        found = tuple(row.user_id for row in rows if row.user_id is not None and not row.away)
        if found:
            return current, found
        omraden = {rows[0].omrade_id, rows[0].substitutes_omrade_id} - {None}
        current = rows[0].substitute_id if len(omraden) < 2 else None
    return None, ()


def _held() -> Select[*tuple[Any, ...]]:
    """A row for each holder of a position today, one without user when nobody holds it."""
    today = bindparam("today", type_=Date)
    unit, substitute, substitutes_unit = aliased(Enhet), aliased(Position), aliased(Enhet)
    away = exists().where(
        PositionAbsence.position_id == Position.id, PositionAbsence.from_on <= today, PositionAbsence.to_on >= today
    )
    holds = (
        select(RoleAssignment.position_id, RoleAssignment.user_id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            RoleAssignment.role == Role.CHEF,
            User.active,
            valid_on(today),
        )
        .distinct()
        .subquery()
    )
    return (
        select(
            Position.substitute_id, unit.omrade_id, substitutes_unit.omrade_id.label("substitutes_omrade_id"),
            away.label("away"), holds.c.user_id,
        )
        .outerjoin(unit, unit.id == Position.enhet_id)
        .outerjoin(substitute, substitute.id == Position.substitute_id)
        .outerjoin(substitutes_unit, substitutes_unit.id == substitute.enhet_id)
        .outerjoin(holds, holds.c.position_id == Position.id)
        .where(Position.id == bindparam("position"))
        .order_by(holds.c.user_id)
    )  # fmt: skip


_HELD = _held()


def samordnare_of(session: Session, omrade_id: int, today: date) -> tuple[int, ...]:
    return tuple(
        session.scalars(_living(today, RoleAssignment.role == Role.SAMORDNARE, RoleAssignment.omrade_id == omrade_id))
    )


def administrators_of(session: Session, pack_id: int, today: date) -> tuple[int, ...]:
    """Of a län's public pages: the administrators of its region; the system's where there is none."""
    region = select(Huvudman.id).where(Huvudman.pack_id == pack_id, Huvudman.kind == HuvudmanKind.REGION)
    is_administrator = RoleAssignment.role == Role.ADMINISTRATOR
    found = session.scalars(_living(today, is_administrator, RoleAssignment.huvudman_id.in_(region))).all()
    everywhere = _living(today, is_administrator, RoleAssignment.huvudman_id.is_(None))
    return tuple(found or session.scalars(everywhere))


def convenors_of(session: Session, group_ids: Collection[int], today: date) -> tuple[int, ...]:
    return tuple(
        session.scalars(
            _living(today, RoleAssignment.role == Role.SAMMANKALLANDE, RoleAssignment.group_id.in_(group_ids))
        )
    )


def members_of(session: Session, group_ids: Collection[int], today: date) -> tuple[int, ...]:
    """Everybody who sits in one of the groups, whoever convenes it among them."""
    sits = RoleAssignment.role.in_((Role.SAMMANKALLANDE, Role.MEDLEM))
    return tuple(session.scalars(_living(today, sits, RoleAssignment.group_id.in_(group_ids))))


def of_party(session: Session, party: Party, today: date) -> Recipients:
    """The people behind a party: who answers for it, and who has stepped in for this case."""
    found = of_holder(session, party, today)
    if party.stand_in_position_id is None:
        return found
    both = dict.fromkeys((*found.user_ids, *standing_in(session, party, party.stand_in_position_id, today)))
    return Recipients(tuple(both), found.mailbox)


def of_holder(session: Session, party: Party, today: date) -> Recipients:
    """Who answers for a party: handläggare while she is one, else holders, else samordnare or mailbox."""
    if party.handler_user_id is not None:
        still = _living(today, RoleAssignment.role == Role.HANDLAGGARE, RoleAssignment.enhet_id == party.enhet_id)
        if session.scalar(still.where(RoleAssignment.user_id == party.handler_user_id)) is not None:
            return Recipients((party.handler_user_id,))
    if party.position_id is not None:
        if found := for_position(session, party, party.position_id, today):
            return Recipients(found)
        return Recipients((), session.scalar(select(Enhet.function_mailbox).where(Enhet.id == party.enhet_id)))
    if found := samordnare_of(session, party.omrade_id, today):
        return Recipients(found)
    return Recipients((), session.scalar(select(Funktion.mailbox).where(Funktion.id == party.funktion_id)))


def of_unit(session: Session, enhet_id: int, today: date) -> Recipients:
    """Who manages the unit today, or stands in; else its function mailbox. For what is no case."""
    position_id = ask(session, _CHEF_OF, enhet=enhet_id).scalar()
    if position_id is not None and (found := holders(session, position_id, today)):
        return Recipients(found)
    return Recipients((), session.scalar(select(Enhet.function_mailbox).where(Enhet.id == enhet_id)))


def of_sender_chef(session: Session, party: Party, today: date) -> Recipients:
    """The manager of the reporting unit."""
    position_id = ask(session, _CHEF_OF, enhet=party.enhet_id).scalar()
    return Recipients(for_position(session, party, position_id, today) if position_id is not None else ())


def for_position(session: Session, party: Party, position_id: int, today: date) -> tuple[int, ...]:
    """Who answers for the party's own position; a substitute only in a case that is not her own."""
    answering, found = _answering(session, position_id, today)
    return found if answering == position_id else _impartial(session, party, found, today)


def for_atgard(session: Session, atgard: Atgard, case: Avvikelse, today: date) -> tuple[int, ...]:
    """Who answers for the åtgärd's position today; a substitute only in a case that is not her own."""
    if atgard.position_id is None:
        return ()
    answering, found = _answering(session, atgard.position_id, today)
    if answering == atgard.position_id:
        return found
    return tuple(
        one for one in found if answers_for(actor_of(session, one, today), atgard.position_id, atgard.omrade_id, case)
    )


def standing_in(session: Session, party: Party, position_id: int, today: date) -> tuple[int, ...]:
    """Who answers for the party through a position that steps in: nobody who is a party to the case herself."""
    return _impartial(session, party, holders(session, position_id, today), today)


def _impartial(session: Session, party: Party, user_ids: tuple[int, ...], today: date) -> tuple[int, ...]:
    case = party.avvikelse
    return tuple(one for one in user_ids if may_stand_in(actor_of(session, one, today), case, party))


_CHEF_OF = (
    select(Position.id)
    .where(Position.enhet_id == bindparam("enhet"), Position.active_to.is_(None))
    .order_by(Position.id)
    .limit(1)
)
