"""Who holds which role, for what, until when, given by whom: everything within a person's reach. Open for `/roller`.

One read, for the list, for one role, and for whoever goes through them now and then.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.quarters import first_day
from avvikelse.domain.role_scope import SCOPE_COLUMNS, label
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import start_of_day
from avvikelse.models.identity import RoleAssignment, RoleCheck, SecondStep, User
from avvikelse.models.organisation import Huvudman, Sekretessomrade
from avvikelse.policy.role_granting import Target, administrator, may_grant
from avvikelse.queries.role_places import PLACE, omrade_of, within_reach
from avvikelse.queries.word_search import has_words

PAGE_SIZE = 50
_Giver = aliased(User)
_Taker = aliased(User)
_SCOPE = {name: getattr(RoleAssignment, name) for name in SCOPE_COLUMNS}


@dataclass(frozen=True, slots=True)
class RoleFilters:
    """`words`: each stands in the person's name or address, or in the place's name. `ended`: those that are over.

    `to_review`: those that nobody has gone through in the quarter (domain/quarters.py): given before it began, to
    somebody else, and giving more than one's own reports.
    """

    words: str = ""
    role: Role | None = None
    omrade_id: int | None = None
    ended: bool = False
    to_review: str | None = None


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role of one person. `given_by` and `taken_by` None = the system (import, operator), or nobody.

    `may_end`: the actor may take it back. `own`: it is the actor's. `may_reset`: she is the administrator of its place,
    and may take away the second step of its holder's log-ins (`second_step_at` None = there is none).
    """

    id: int
    person: str
    email: str
    account_open: bool
    role: Role
    text: str  # "Chef för BUP Karlskrona"
    omrade: str | None
    huvudman: str | None
    valid_from: date
    valid_to: date | None
    given_by: str | None
    given_at: datetime
    reason: str | None
    taken_by: str | None
    taken_at: datetime | None
    position_id: int | None
    omrade_id: int | None
    own: bool
    may_end: bool
    last_login_at: datetime | None = None
    second_step_at: datetime | None = None
    may_reset: bool = False

    def has_ended(self, today: date) -> bool:
        return self.valid_to is not None and self.valid_to < today


@dataclass(frozen=True, slots=True)
class RolePage:
    rows: tuple[RoleRow, ...]
    total: int
    number: int


def role_list(session: Session, actor: Actor, today: date, filters: RoleFilters, number: int = 1) -> RolePage:
    """A page of the roles in reach: those that hold now or later, by place and person, or the ended, latest first."""
    query = _listed(actor, today, filters)
    last = RoleAssignment.valid_to
    total = session.scalar(query.with_only_columns(func.count())) or 0
    order = (last.desc(), RoleAssignment.id.desc()) if filters.ended else (PLACE, RoleAssignment.role, User.name)
    page = query.order_by(*order, RoleAssignment.id).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return RolePage(_rows(session, actor, page, today), total, number)


def count(session: Session, actor: Actor, today: date, filters: RoleFilters) -> int:
    return session.scalar(_listed(actor, today, filters).with_only_columns(func.count())) or 0


def _listed(actor: Actor, today: date, filters: RoleFilters) -> Select[*tuple[Any, ...]]:
    last = RoleAssignment.valid_to
    query = _within(actor).where(last < today if filters.ended else or_(last.is_(None), last >= today))
    if filters.role is not None:
        query = query.where(RoleAssignment.role == filters.role)
    if filters.omrade_id is not None:
        query = query.where(omrade_of(_SCOPE).in_((filters.omrade_id,)))
    if filters.to_review is not None:
        query = query.where(
            RoleAssignment.role != Role.RAPPORTOR,
            RoleAssignment.user_id != (actor.user_id or 0),
            RoleAssignment.granted_at < start_of_day(first_day(filters.to_review)),
            ~exists().where(RoleCheck.assignment_id == RoleAssignment.id, RoleCheck.quarter == filters.to_review),
        )
    return query.where(*has_words(filters.words, User.name, User.email, PLACE, Sekretessomrade.name, Huvudman.name))


def role_row(session: Session, actor: Actor, assignment_id: int, today: date) -> RoleRow:
    """One role. Raises NotFound for one that is out of reach."""
    found = _rows(session, actor, _within(actor).where(RoleAssignment.id == assignment_id), today)
    if not found:
        raise NotFound
    return found[0]


def a_role_of(session: Session, actor: Actor, people: Collection[int], today: date) -> dict[int, int]:
    """user → a role of hers that the actor may read, the first that she was given; some have none."""
    query = _listed(actor, today, RoleFilters()).where(RoleAssignment.user_id.in_(people))
    first = query.with_only_columns(RoleAssignment.user_id, func.min(RoleAssignment.id)).group_by(
        RoleAssignment.user_id
    )
    return dict(session.execute(first).all())


def staffed(session: Session, omrade_ids: Collection[int] | None, today: date) -> frozenset[int]:
    """Those of the områden (None = all) that have, or are to have, a samordnare with an open account."""
    query = (
        select(RoleAssignment.omrade_id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            User.active,
            RoleAssignment.role == Role.SAMORDNARE,
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= today),
        )
    )
    if omrade_ids is not None:
        query = query.where(RoleAssignment.omrade_id.in_(omrade_ids))
    return frozenset(found for found in session.scalars(query) if found is not None)


def is_last_samordnare(session: Session, row: RoleRow, today: date) -> bool:
    """Would the område be left without a samordnare?"""
    if row.role is not Role.SAMORDNARE:
        return False
    others = (
        select(func.count())
        .select_from(RoleAssignment)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            User.active,
            RoleAssignment.role == Role.SAMORDNARE,
            RoleAssignment.omrade_id == row.omrade_id,
            RoleAssignment.id != row.id,
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= today),
        )
    )
    return not session.scalar(others)


def _within(actor: Actor) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            RoleAssignment,
            User.name.label("person"),
            User.email,
            User.active,
            User.last_login_at,
            SecondStep.set_up_at.label("second_step_at"),
            _Giver.name.label("given_by"),
            _Taker.name.label("taken_by"),
        )
        .join(User, User.id == RoleAssignment.user_id)
        .outerjoin(SecondStep, SecondStep.user_id == User.id)
        .outerjoin(_Giver, _Giver.id == RoleAssignment.granted_by_user_id)
        .outerjoin(_Taker, _Taker.id == RoleAssignment.revoked_by_user_id)
    )
    return within_reach(query, actor, _SCOPE)


def _rows(session: Session, actor: Actor, query: Select[*tuple[Any, ...]], today: date) -> tuple[RoleRow, ...]:
    found = session.execute(query).all()
    omraden = {row.omrade_id for row in found if row.RoleAssignment.role is Role.SAMORDNARE}
    with_samordnare = staffed(session, omraden, today) if omraden else frozenset()
    return tuple(_row(actor, row, with_samordnare) for row in found)


def _row(actor: Actor, row: Row[*tuple[Any, ...]], with_samordnare: frozenset[int]) -> RoleRow:
    held: RoleAssignment = row.RoleAssignment
    target = Target(
        row.enhet_id,
        row.omrade_id,
        row.huvudman_id,
        held.group_id,
        held.pack_id,
        omrade_has_samordnare=row.omrade_id in with_samordnare,
    )
    return RoleRow(
        id=held.id,
        person=row.person,
        email=row.email,
        account_open=row.active,
        role=held.role,
        text=label(held.role, row.place or row.huvudman),
        omrade=row.omrade,
        huvudman=row.huvudman,
        valid_from=held.valid_from,
        valid_to=held.valid_to,
        given_by=row.given_by,
        given_at=held.granted_at,
        reason=held.reason,
        taken_by=row.taken_by,
        taken_at=held.revoked_at,
        position_id=held.position_id,
        omrade_id=row.omrade_id,
        own=held.user_id == actor.user_id,
        may_end=may_grant(actor, held.role, target),
        last_login_at=row.last_login_at,
        second_step_at=row.second_step_at,
        may_reset=held.user_id != actor.user_id and administrator(actor, target),
    )
