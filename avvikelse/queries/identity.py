"""Who is this person today? Accounts, roles and whom she stands in for. Open when somebody sees too much or too little.

`with_roles` and `acting_from` are asked at every request, with the log-in: one query, and one more for somebody whose
position is another's substitute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import NOBODY, Actor, Grant
from avvikelse.domain.role_scope import SCOPE_COLUMNS, label
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import ask, looked_up
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

ENDED_SHOWN = timedelta(days=90)  # so long a role that has ended stands on its owner's page
_PLACE_ROLES = (Role.RAPPORTOR, Role.CHEF, Role.HANDLAGGARE)


def actor_of(session: Session, user_id: int, today: date) -> Actor:
    """The person with all that she may act as on `today`, her own roles first.

    NOBODY for a closed or unknown account.
    """
    name = ask(session, _NAME, user_id=user_id).scalar()
    return NOBODY if name is None else acting(session, user_id, name, today)


def acting(session: Session, user_id: int, name: str, today: date) -> Actor:
    """The same for an account that is known to be open."""
    return acting_from(session, user_id, name, ask(session, _OWN_GRANTS, user_id=user_id, today=today).all(), today)


def acting_from(session: Session, user_id: int, name: str, rows: Sequence[Row[*tuple[Any, ...]]], today: date) -> Actor:
    """The same for one whose own roles of the day are read: rows of a query that was made `with_roles`."""
    grants = [_grant(row) for row in rows if row.role is not None]
    if any(row.role is Role.CHEF and row.is_substitute for row in rows):
        stood_in = ask(session, _STOOD_IN, user_id=user_id, today=today)
        grants += [_grant(row, as_substitute=True) for row in stood_in]
    places = [
        g.enhet_id for role in _PLACE_ROLES for g in grants if g.role is role and not g.as_substitute and g.enhet_id
    ]
    return Actor(user_id=user_id, name=name, grants=tuple(grants), own_enhet_id=places[0] if places else None)


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
class EndedRole:
    """A role that its owner has had. `taken_at` None = its last day passed by itself."""

    text: str  # "Chef för BUP Karlskrona"
    last_day: date
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What "Mitt konto" shows besides the actor herself."""

    email: str
    log_ins: tuple[LogIn, ...]
    ended_roles: tuple[EndedRole, ...]


def account_page(session: Session, user_id: int, *, idle: timedelta, now: datetime) -> AccountPage:
    """The person's address, the log-ins that work now (the latest used first), and the roles that ended lately."""
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
    log_ins = tuple(LogIn(*row) for row in session.execute(query))
    return AccountPage(session.get_one(User, user_id).email, log_ins, _ended_roles(session, user_id, local_date(now)))


def _ended_roles(session: Session, user_id: int, today: date) -> tuple[EndedRole, ...]:
    """Roles that ended lately and that she does not hold again, the latest first."""
    last = RoleAssignment.valid_to
    query = (
        _roles_of(user_id)
        .add_columns(last.label("last_day"), RoleAssignment.revoked_at)
        .where(last < today, last >= today - ENDED_SHOWN, not_held_again(today))
        .order_by(last.desc(), RoleAssignment.id.desc())
    )
    return tuple(EndedRole(label(row.role, row.place), row.last_day, row.revoked_at) for row in session.execute(query))


def not_held_again(today: Any) -> ColumnElement[bool]:
    """Role assignments that their owner has no other of, for the same thing, on a day."""
    other = aliased(RoleAssignment)
    same = [getattr(other, name).is_not_distinct_from(getattr(RoleAssignment, name)) for name in SCOPE_COLUMNS]
    holds = and_(other.valid_from <= today, or_(other.valid_to.is_(None), other.valid_to >= today))
    return ~exists().where(
        other.user_id == RoleAssignment.user_id, other.id != RoleAssignment.id, other.role == RoleAssignment.role,
        *same, holds,
    )  # fmt: skip


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


def _own_positions(user_id: Any, today: Any) -> Select[int | None]:
    return select(RoleAssignment.position_id).where(
        RoleAssignment.user_id == user_id,
        RoleAssignment.role == Role.CHEF,
        RoleAssignment.position_id.is_not(None),
        valid_on(today),
    )


def with_roles(people: Select[*tuple[Any, ...]], today: Any) -> Select[*tuple[Any, ...]]:
    """A query of users, with a row for each of their own roles of the day; one without role for who has none."""
    substitute_for = aliased(Position)
    substitutes = exists().where(substitute_for.substitute_id == RoleAssignment.position_id)
    roles = people.outerjoin(RoleAssignment, and_(RoleAssignment.user_id == User.id, valid_on(today)))
    return _with_places(roles.add_columns(substitutes.label("is_substitute"))).order_by(RoleAssignment.id)


def _roles_of(user_id: Any) -> Select[*tuple[Any, ...]]:
    """Her roles of all days, with what each is for."""
    return _with_places(select().select_from(RoleAssignment)).where(RoleAssignment.user_id == user_id)


def _with_places(roles: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Role assignments with what each is for."""
    return (
        roles.add_columns(
            RoleAssignment.role,
            RoleAssignment.position_id,
            RoleAssignment.group_id,
            RoleAssignment.huvudman_id,
            RoleAssignment.pack_id,
            Enhet.id.label("enhet_id"),
            func.coalesce(RoleAssignment.omrade_id, Enhet.omrade_id, _omrade_below()).label("omrade_id"),
            func.coalesce(
                Enhet.name,
                looked_up(Organisation.name, Position.organisation_id),
                looked_up(Sekretessomrade.name, RoleAssignment.omrade_id),
                looked_up(Samverkansgrupp.name, RoleAssignment.group_id),
                looked_up(Huvudman.name, RoleAssignment.huvudman_id),
                looked_up(Pack.name, RoleAssignment.pack_id),
            ).label("place"),
        )
        .outerjoin(Position, Position.id == RoleAssignment.position_id)
        .outerjoin(Enhet, Enhet.id == func.coalesce(RoleAssignment.enhet_id, Position.enhet_id))
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

    The same rule as queries/recipients.holders, from the other end. A substitute who is away herself passes it on;
    one of another sekretessområde does not stand in.
    """
    chain = (
        select(Position.id)
        .where(Position.id.in_(positions), ~_is_away(Position.id, today))
        .cte("chain", recursive=True)
    )
    waiting, here = aliased(Position), aliased(Position)
    theirs, ours = aliased(Enhet), aliased(Enhet)
    same_omrade = or_(theirs.id.is_(None), ours.id.is_(None), theirs.omrade_id == ours.omrade_id)
    chain = chain.union(
        select(waiting.id)
        .join(chain, waiting.substitute_id == chain.c.id)
        .join(here, here.id == chain.c.id)
        .outerjoin(theirs, theirs.id == waiting.enhet_id)
        .outerjoin(ours, ours.id == here.enhet_id)
        .where(or_(_is_away(waiting.id, today), ~_has_holder(waiting.id, today)), same_omrade)
    )
    return (
        select(
            literal(Role.CHEF, RoleAssignment.role.type).label("role"),
            Position.id.label("position_id"),
            null().label("group_id"),
            null().label("huvudman_id"),
            null().label("pack_id"),
            Enhet.id.label("enhet_id"),
            func.coalesce(Enhet.omrade_id, _omrade_below()).label("omrade_id"),
            func.coalesce(Enhet.name, Organisation.name).label("place"),
        )
        .outerjoin(Enhet, Enhet.id == Position.enhet_id)
        .outerjoin(Organisation, Organisation.id == Position.organisation_id)
        .where(Position.id.in_(select(chain.c.id)), Position.id.not_in(positions))
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


def _grant(row: Row[*tuple[Any, ...]], *, as_substitute: bool = False) -> Grant:
    return Grant(
        role=row.role,
        omrade_id=row.omrade_id,
        enhet_id=row.enhet_id,
        position_id=row.position_id,
        group_id=row.group_id,
        huvudman_id=row.huvudman_id,
        pack_id=row.pack_id,
        as_substitute=as_substitute,
        label=label(row.role, row.place, as_substitute=as_substitute),
    )


_NAME = select(User.name).where(User.id == bindparam("user_id"), User.active)
_USER = bindparam("user_id", type_=Integer)
_TODAY = bindparam("today", type_=Date)
_OWN_GRANTS = with_roles(select(User.id).where(User.id == _USER), _TODAY)
_STOOD_IN = _stands_in_for(_own_positions(_USER, _TODAY), _TODAY)
