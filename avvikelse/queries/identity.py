"""Who is this person today? Accounts, roles and whom she stands in for. Open when somebody sees too much or too little.

`actor_of` is asked at every request: two queries, three for a manager.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, SQLColumnExpression, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import NOBODY, Actor, Grant
from avvikelse.domain.role_scope import label
from avvikelse.domain.vocabulary import Role
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.identity import RoleAssignment, User, UserSession
from avvikelse.models.organisation import (
    Enhet,
    Huvudman,
    Organisation,
    Pack,
    Position,
    PositionAbsence,
    Sekretessomrade,
)

_PLACE_ROLES = (Role.RAPPORTOR, Role.CHEF, Role.HANDLAGGARE)


def actor_of(session: Session, user_id: int, today: date) -> Actor:
    """The person with all that she may act as on `today`, her own roles first.

    NOBODY for a closed or unknown account.
    """
    user = session.get(User, user_id)
    if user is None or not user.active:
        return NOBODY
    grants = [_grant(row) for row in session.execute(_OWN_GRANTS, {"user_id": user_id, "today": today})]
    positions = sorted({g.position_id for g in grants if g.role is Role.CHEF and g.position_id is not None})
    if positions:
        grants += [
            _substitute(row) for row in session.execute(_STANDS_IN_FOR, {"positions": positions, "today": today})
        ]
    places = [
        g.enhet_id for role in _PLACE_ROLES for g in grants if g.role is role and not g.as_substitute and g.enhet_id
    ]
    return Actor(user_id=user.id, name=user.name, grants=tuple(grants), own_enhet_id=places[0] if places else None)


def user_by_email(session: Session, email: str) -> User | None:
    """The account of an address, however it is written. Closed ones too."""
    return session.scalar(select(User).where(User.email == plain_email(email)))


def plain_email(email: str) -> str:
    """The one form in which an address is stored and compared."""
    return email.strip().casefold()


@dataclass(frozen=True, slots=True)
class LogIn:
    """One living log-in, as its owner sees it."""

    id: int
    device: str
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What "Mitt konto" shows besides the actor herself."""

    email: str
    log_ins: tuple[LogIn, ...]


def account_page(session: Session, user_id: int, *, idle: timedelta, now: datetime) -> AccountPage:
    """The person's address and the log-ins that work now, the latest used first."""
    query = (
        select(UserSession.id, UserSession.device, UserSession.created_at, UserSession.last_seen_at)
        .where(
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now,
            UserSession.last_seen_at > now - idle,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    )
    return AccountPage(session.get_one(User, user_id).email, tuple(LogIn(*row) for row in session.execute(query)))


def all_users(session: Session) -> Sequence[User]:
    return session.scalars(select(User).order_by(User.email)).all()


def assignments_of(session: Session, user_id: int) -> Sequence[RoleAssignment]:
    """All roles of a user, also those that have ended, the newest first."""
    query = select(RoleAssignment).where(RoleAssignment.user_id == user_id)
    return session.scalars(query.order_by(RoleAssignment.valid_from.desc(), RoleAssignment.id.desc())).all()


def valid_on(today: Any) -> ColumnElement[bool]:
    """Role assignments that hold on a day."""
    return and_(
        RoleAssignment.valid_from <= today, or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= today)
    )


def _own_grants(user_id: Any, today: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            RoleAssignment.role,
            RoleAssignment.position_id,
            RoleAssignment.group_id,
            RoleAssignment.huvudman_id,
            RoleAssignment.pack_id,
            Enhet.id.label("enhet_id"),
            func.coalesce(RoleAssignment.omrade_id, Enhet.omrade_id, _omrade_below()).label("omrade_id"),
            func.coalesce(
                Enhet.name, Organisation.name, Sekretessomrade.name, Samverkansgrupp.name, Huvudman.name, Pack.name
            ).label("place"),
        )
        .outerjoin(Position, Position.id == RoleAssignment.position_id)
        .outerjoin(Enhet, Enhet.id == func.coalesce(RoleAssignment.enhet_id, Position.enhet_id))
        .outerjoin(Organisation, Organisation.id == Position.organisation_id)
        .outerjoin(Sekretessomrade, Sekretessomrade.id == RoleAssignment.omrade_id)
        .outerjoin(Samverkansgrupp, Samverkansgrupp.id == RoleAssignment.group_id)
        .outerjoin(Huvudman, Huvudman.id == RoleAssignment.huvudman_id)
        .outerjoin(Pack, Pack.id == RoleAssignment.pack_id)
        .where(RoleAssignment.user_id == user_id, valid_on(today))
        .order_by(RoleAssignment.id)
    )


def _omrade_below() -> ColumnElement[int | None]:
    """A manager above units belongs to their sekretessområde, where they all share one."""
    unit = aliased(Enhet)
    return (
        select(func.min(unit.omrade_id))
        .where(unit.organisation_id == Position.organisation_id)
        .having(func.min(unit.omrade_id) == func.max(unit.omrade_id))
        .correlate(Position)
        .scalar_subquery()
    )


def _stands_in_for(positions: Any, today: Any) -> Select[*tuple[Any, ...]]:
    """Positions that answer through one of `positions` today: away or without a holder, and so is everyone between.

    The same rule as queries/recipients.holders, from the other end. A substitute who is away herself passes it on.
    """
    chain = (
        select(Position.id)
        .where(Position.id.in_(positions), ~_is_away(Position.id, today))
        .cte("chain", recursive=True)
    )
    waiting = aliased(Position)
    chain = chain.union(
        select(waiting.id)
        .join(chain, waiting.substitute_id == chain.c.id)
        .where(or_(_is_away(waiting.id, today), ~_has_holder(waiting.id, today)))
    )
    return (
        select(
            Position.id.label("position_id"),
            Enhet.id.label("enhet_id"),
            func.coalesce(Enhet.omrade_id, _omrade_below()).label("omrade_id"),
            func.coalesce(Enhet.name, Organisation.name).label("place"),
        )
        .join(chain, chain.c.id == Position.id)
        .outerjoin(Enhet, Enhet.id == Position.enhet_id)
        .outerjoin(Organisation, Organisation.id == Position.organisation_id)
        .where(Position.id.not_in(positions))
        .order_by(Position.id)
    )


def _is_away(position_id: SQLColumnExpression[int], today: Any) -> ColumnElement[bool]:
    return exists().where(
        PositionAbsence.position_id == position_id, PositionAbsence.from_on <= today, PositionAbsence.to_on >= today
    )


def _has_holder(position_id: SQLColumnExpression[int], today: Any) -> ColumnElement[bool]:
    return exists().where(
        RoleAssignment.position_id == position_id,
        RoleAssignment.role == Role.CHEF,
        valid_on(today),
        RoleAssignment.user_id == User.id,
        User.active,
    )


def _grant(row: Row[*tuple[Any, ...]]) -> Grant:
    return Grant(
        role=row.role,
        omrade_id=row.omrade_id,
        enhet_id=row.enhet_id,
        position_id=row.position_id,
        group_id=row.group_id,
        huvudman_id=row.huvudman_id,
        pack_id=row.pack_id,
        label=label(row.role, row.place),
    )


def _substitute(row: Row[*tuple[Any, ...]]) -> Grant:
    return Grant(
        role=Role.CHEF,
        omrade_id=row.omrade_id,
        enhet_id=row.enhet_id,
        position_id=row.position_id,
        as_substitute=True,
        label=label(Role.CHEF, row.place, as_substitute=True),
    )


# Asked at every request, so they are put together once: building them takes longer than asking.
_OWN_GRANTS = _own_grants(bindparam("user_id"), bindparam("today", type_=Date))
_STANDS_IN_FOR = _stands_in_for(bindparam("positions", expanding=True), bindparam("today", type_=Date))
