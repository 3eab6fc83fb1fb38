"""Give a role to somebody, and take it back.

Who may is policy/role_granting.py; what a role is for, domain/role_scope.py.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.role_scope import SCOPE_COLUMNS, TIME_LIMITED, Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Enhet, Huvudman, Organisation, Pack, Position, Sekretessomrade
from avvikelse.policy.role_granting import Target, may_grant
from avvikelse.queries.role_list import staffed
from avvikelse.services import audit, role_endings
from avvikelse.services.guarding import guard
from avvikelse.services.organisation import changed

NOT_TO_ONESELF = "Ingen ger en roll till sig själv. Be en kollega som får ge rollen."
NOT_YOURS_TO_GIVE = "Den rollen får du inte ge. Be områdets samordnare."


def grant(
    session: Session,
    actor: Actor,
    *,
    user_id: int,
    role: Role,
    scope: Scope,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
    now: datetime,
) -> RoleAssignment:
    """Give a role; `valid_from` None = today. Given again for the same thing, the days change instead.

    Raises Forbidden (to oneself, or not the actor's to give), NotFound (user or thing), Invalid (role and thing do not
    fit, days).
    """
    today = local_date(now)
    valid_from = valid_from or today
    require(session, actor, role, scope, user_id=user_id, now=now)
    guard(reason=reason)
    if session.get(User, user_id) is None:
        raise NotFound
    if valid_to is not None and valid_to < valid_from:
        raise Invalid("Sista dagen ligger före den första.", field="valid_to")
    if role in TIME_LIMITED and valid_to is None:
        raise Invalid("Rollen måste ha en sista dag.", field="valid_to")
    same = [getattr(RoleAssignment, name) == value for name, value in asdict(scope).items() if value is not None]
    same = same or [RoleAssignment.huvudman_id.is_(None)]
    held = session.scalars(
        select(RoleAssignment).where(
            RoleAssignment.user_id == user_id,
            RoleAssignment.role == role,
            *same,
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= valid_from),
            RoleAssignment.revoked_at.is_(None),
        )
    ).first()
    if held is not None:
        held.valid_from, held.valid_to = min(held.valid_from, valid_from), valid_to
        row = held
    else:
        row = RoleAssignment(
            user_id=user_id,
            role=role,
            **asdict(scope),
            valid_from=valid_from,
            valid_to=valid_to,
            granted_by_user_id=actor.user_id,
            granted_at=now,
            reason=" ".join(reason.split())[:200] or None,
        )
        session.add(row)
    session.flush()
    _follow(session, row, now=now)
    audit.record(session, actor, Event.ROLE_GRANTED, now=now, omrade_id=row.omrade_id, detail=_detail(row))
    return row


def revoke(session: Session, actor: Actor, assignment_id: int, *, now: datetime) -> RoleAssignment:
    """Take a role back, from this moment, and tell whoever had it. Raises NotFound, Forbidden."""
    row = session.get(RoleAssignment, assignment_id)
    if row is None:
        raise NotFound
    require(session, actor, row.role, scope_of(row), user_id=None, now=now)
    yesterday = local_date(now) - timedelta(days=1)
    if row.valid_to is None or row.valid_to > yesterday:
        row.valid_to, row.revoked_at, row.revoked_by_user_id = yesterday, now, actor.user_id
        session.flush()
        _follow(session, row, now=now)
        role_endings.tell_taken(session, row, now=now)
        audit.record(session, actor, Event.ROLE_REVOKED, now=now, omrade_id=row.omrade_id, detail=_detail(row))
    return row


def _follow(session: Session, row: RoleAssignment, *, now: datetime) -> None:
    """The open cases of a position follow its holder."""
    position = session.get(Position, row.position_id) if row.position_id is not None else None
    if position is not None:
        changed(session, position.pack_id, now=now)


def require(session: Session, actor: Actor, role: Role, scope: Scope, *, user_id: int | None, now: datetime) -> None:
    """Raises what `grant` would raise about the right to give: to `user_id` (None = to nobody in particular)."""
    if not scope.fits(role):
        raise Invalid("Välj vad rollen gäller.", field="scope")
    if not actor.is_system and actor.user_id is None:
        raise Forbidden
    if user_id is not None and user_id == actor.user_id:
        raise Forbidden(NOT_TO_ONESELF)
    if not may_grant(actor, role, target_of(session, scope, now=now)):
        raise Forbidden(NOT_YOURS_TO_GIVE)


def scope_of(row: RoleAssignment) -> Scope:
    return Scope(**{name: getattr(row, name) for name in SCOPE_COLUMNS})


def target_of(session: Session, scope: Scope, *, now: datetime) -> Target:
    """Everything above the thing that a role is for. Raises NotFound when it does not exist."""
    whole = {Samverkansgrupp: scope.group_id, Huvudman: scope.huvudman_id, Pack: scope.pack_id}
    for table, row_id in whole.items():
        if row_id is not None:
            if session.get(table, row_id) is None:
                raise NotFound
            return Target(group_id=scope.group_id, huvudman_id=scope.huvudman_id, pack_id=scope.pack_id)
    enhet_id, omrade_id, huvudman_id = _place(session, scope)
    has_samordnare = omrade_id is not None and bool(staffed(session, {omrade_id}, local_date(now)))
    return Target(enhet_id, omrade_id, huvudman_id, omrade_has_samordnare=has_samordnare)


def _place(session: Session, scope: Scope) -> tuple[int | None, int | None, int | None]:
    """(enhet, område, huvudman) of a position, a unit or an område; all None when the role is for the whole system."""
    if scope == Scope():
        return None, None, None
    enhet_id = scope.enhet_id
    if scope.position_id is not None:
        position = session.get(Position, scope.position_id)
        if position is None:
            raise NotFound
        if position.organisation_id is not None:
            above = session.get_one(Organisation, position.organisation_id)
            return None, None, above.huvudman_id
        enhet_id = position.enhet_id
    if enhet_id is not None:
        unit = session.get(Enhet, enhet_id)
        if unit is None:
            raise NotFound
        return unit.id, unit.omrade_id, unit.huvudman_id
    omrade = session.get(Sekretessomrade, scope.omrade_id)
    if omrade is None:
        raise NotFound
    return None, omrade.id, omrade.huvudman_id


def _detail(row: RoleAssignment) -> dict[str, object]:
    ids = {name: value for name in SCOPE_COLUMNS if (value := getattr(row, name)) is not None}
    days = {"from": row.valid_from.isoformat(), "to": row.valid_to.isoformat() if row.valid_to else None}
    return {"user": row.user_id, "role": row.role.value, **ids, **days}
