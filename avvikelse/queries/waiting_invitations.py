"""Invitations that nobody has answered yet: to whom, for which role, until when. Open for `/roller/inbjudna`.

In reach is what the role itself would be, once it is given (policy/role_reach.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.role_scope import SCOPE_COLUMNS, label
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.identity import Invitation, User
from avvikelse.policy.role_granting import Target, may_grant
from avvikelse.queries.role_list import PAGE_SIZE, staffed
from avvikelse.queries.role_places import within_reach

_Inviter = aliased(User)
_SCOPE = {name: Invitation.scope[name].as_integer() for name in SCOPE_COLUMNS}


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One invitation. `invited_by` None = an operator. `may_take_back`: the actor may give the role, so also not."""

    id: int
    email: str
    name: str
    text: str  # "Chef för BUP Karlskrona"
    omrade: str | None
    huvudman: str | None
    omrade_id: int | None
    invited_by: str | None
    invited_at: datetime
    open_until: datetime  # so long the link works
    valid_to: date | None  # the role's last day
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class WaitingPage:
    rows: tuple[WaitingRow, ...]
    total: int
    number: int


def waiting_invitations(session: Session, actor: Actor, now: datetime, number: int = 1) -> WaitingPage:
    """A page of those in reach that can still be accepted, the latest first."""
    query = _within(actor).where(waits(now)).order_by(Invitation.created_at.desc(), Invitation.id.desc())
    page = query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return WaitingPage(_rows(session, actor, page, now), count_waiting(session, actor, now), number)


def count_waiting(session: Session, actor: Actor, now: datetime) -> int:
    return session.scalar(_within(actor).where(waits(now)).with_only_columns(func.count())) or 0


def invitation_row(session: Session, actor: Actor, invitation_id: int, now: datetime) -> WaitingRow:
    """One invitation, also one that no longer waits. Raises NotFound for one that is out of reach."""
    found = _rows(session, actor, _within(actor).where(Invitation.id == invitation_id), now)
    if not found:
        raise NotFound
    return found[0]


def waits(now: datetime) -> ColumnElement[bool]:
    """Can it still be accepted? As services/invitations.find asks: an address with an account accepts nothing more."""
    has_account = exists().where(User.email == Invitation.email)
    return and_(Invitation.used_at.is_(None), Invitation.expires_at > now, ~has_account)


def offered_within(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Invitations in reach, used and expired ones too, with their place."""
    return within_reach(select(Invitation), actor, _SCOPE)


def _within(actor: Actor) -> Select[*tuple[Any, ...]]:
    query = select(Invitation, _Inviter.name.label("invited_by")).outerjoin(
        _Inviter, _Inviter.id == Invitation.invited_by_user_id
    )
    return within_reach(query, actor, _SCOPE)


def _rows(session: Session, actor: Actor, query: Select[*tuple[Any, ...]], now: datetime) -> tuple[WaitingRow, ...]:
    found = session.execute(query).all()
    omraden = {row.omrade_id for row in found if row.Invitation.role is Role.SAMORDNARE}
    with_samordnare = staffed(session, omraden, local_date(now)) if omraden else frozenset()
    return tuple(_row(actor, row, with_samordnare) for row in found)


def _row(actor: Actor, row: Row[*tuple[Any, ...]], with_samordnare: frozenset[int]) -> WaitingRow:
    sent: Invitation = row.Invitation
    target = Target(
        row.enhet_id,
        row.omrade_id,
        row.huvudman_id,
        sent.scope.get("group_id"),
        sent.scope.get("pack_id"),
        omrade_has_samordnare=row.omrade_id in with_samordnare,
    )
    return WaitingRow(
        id=sent.id,
        email=sent.email,
        name=sent.name,
        text=label(sent.role, row.place or row.huvudman),
        omrade=row.omrade,
        huvudman=row.huvudman,
        omrade_id=row.omrade_id,
        invited_by=row.invited_by,
        invited_at=sent.created_at,
        open_until=sent.expires_at,
        valid_to=sent.valid_to,
        may_take_back=may_grant(actor, sent.role, target),
    )
