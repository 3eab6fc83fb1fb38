"""A database with so many cases and the people who open them. Open to change who is measured, and on what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from avvikelse.adapters.clock import now
from avvikelse.domain import months
from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.role_scope import Scope
from avvikelse.domain.vocabulary import PartySide, Role, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, Party
from avvikelse.models.base import db
from avvikelse.models.engine import WRITING
from avvikelse.models.organisation import Position
from avvikelse.queries.identity import actor_of
from avvikelse.services import accounts, atgarder, month, roles

PASSWORD = "mätning med fyra ord"
EVENTS = 10
MANAGER, REPORTER, CONVENOR = "chef@example.org", "rapportor@example.org", "sammankallande@example.org"


@dataclass(frozen=True, slots=True)
class Scene:
    """What is opened, and where the numbers are."""

    position_id: int
    open_cases: int
    enhet_id: int
    counterpart_id: int
    ref: str
    group_id: int
    month: str
    summary_id: int
    kommunkod: str


def prepare(app: Flask) -> Scene:
    """Make three people and what they open: the fullest list, a case with ten events, a published month."""
    with app.app_context():
        session = db.session()
        session.connection(execution_options=WRITING)
        kind = "SERIAL" if session.get_bind().dialect.name == "postgresql" else "INTEGER"
        session.execute(text(f"CREATE TABLE bench_log (id {kind} PRIMARY KEY, what TEXT)"))
        scene = _scene(session)
        session.commit()
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("COMMIT"))
            session.execute(text("ANALYZE"))
        else:
            session.execute(text("PRAGMA optimize"))
        session.commit()
        return scene


def _scene(session: Session) -> Scene:
    moment = now()
    position_id, open_cases = session.execute(
        select(Party.position_id, func.count())
        .where(Party.side == PartySide.OWNER, Party.open, Party.position_id.is_not(None))
        .group_by(Party.position_id)
        .order_by(func.count().desc())
        .limit(1)
    ).one()
    enhet_id = session.get_one(Position, position_id).enhet_id
    group_id = session.scalars(
        select(GroupMembership.group_id)
        .join(Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
        .where(Avvikelse.receiver_enhet_id == enhet_id)
        .limit(1)
    ).one()
    for email, role, scope in (
        (MANAGER, Role.CHEF, Scope(position_id=position_id)),
        (REPORTER, Role.RAPPORTOR, Scope(enhet_id=enhet_id)),
        (CONVENOR, Role.SAMMANKALLANDE, Scope(group_id=group_id)),
    ):
        user = accounts.create(session, email=email, name="Mätning", password=PASSWORD, now=moment)
        roles.grant(session, SYSTEM, user_id=user.id, role=role, scope=scope, now=moment)
        if role is Role.CHEF:
            manager = actor_of(session, user.id, local_date(moment))
    case = session.scalars(
        select(Avvikelse)
        .join(Party, Party.avvikelse_id == Avvikelse.id)
        .where(Party.position_id == position_id, Party.side == PartySide.OWNER, Avvikelse.status == Status.IN_PROGRESS)
        .order_by(Avvikelse.id)
        .limit(1)
    ).one()
    shown = select(func.count()).where(AuditEvent.avvikelse_id == case.id, AuditEvent.on_timeline)
    while (session.scalar(shown) or 0) < EVENTS:
        atgarder.add(
            session, manager, case.ref, "M01", "Ny rutin.", local_date(moment) + timedelta(days=30), now=moment
        )
    latest = session.scalars(
        select(func.max(GroupMembership.reported_on)).where(GroupMembership.group_id == group_id)
    ).one()
    published = months.shift(months.month_of(latest), -1)
    summary = month.make_month(session, group_id, published, moment)
    counterpart_id = session.scalars(
        select(Avvikelse.sender_enhet_id)
        .where(Avvikelse.receiver_enhet_id == enhet_id, Avvikelse.sender_enhet_id != enhet_id)
        .limit(1)
    ).one()
    return Scene(
        position_id or 0,
        open_cases,
        enhet_id or 0,
        counterpart_id or 0,
        case.ref,
        group_id,
        published,
        summary.id,
        case.kommunkod or "",
    )
