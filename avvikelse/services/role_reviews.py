"""The quarter's review: of each role somebody says that it is still needed, or takes it back (position_holders.py).

Nobody confirms her own role. Rapportörer are left out: their role gives nothing but their own reports.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.quarters import first_day, quarter_of
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date, workday_from
from avvikelse.models.identity import RoleAssignment, RoleCheck, User
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries import role_list
from avvikelse.queries.identity import actor_of, valid_on
from avvikelse.queries.role_list import RoleFilters
from avvikelse.services import audit, outbox

NOT_ONES_OWN = "Ingen bekräftar sin egen roll. Be en kollega eller administratören."
# (days after the quarter's first working day, who): a mail goes out within the two weeks that follow
REMINDERS: tuple[tuple[int, tuple[Role, ...]], ...] = (
    (0, (Role.SAMORDNARE,)),
    (28, (Role.SAMORDNARE, Role.ADMINISTRATOR)),
)
LATE_BY = timedelta(days=13)  # a day that was missed is caught up with so long


def waiting(session: Session, actor: Actor, now: datetime) -> int:
    """How many roles within the actor's reach nobody has gone through this quarter."""
    today = local_date(now)
    return role_list.count(session, actor, today, RoleFilters(to_review=quarter_of(today)))


def confirm(session: Session, actor: Actor, assignment_ids: Iterable[int], *, now: datetime) -> int:
    """The roles are still needed. Returns how many were confirmed now; what is confirmed already is no error.

    Raises NotFound for one that is out of reach, Forbidden for one's own.
    """
    today = local_date(now)
    quarter = quarter_of(today)
    done = 0
    for assignment_id in assignment_ids:
        row = role_list.role_row(session, actor, assignment_id, today)
        if row.own:
            raise Forbidden(NOT_ONES_OWN)
        if session.get(RoleCheck, (row.id, quarter)) is None:
            session.add(RoleCheck(assignment_id=row.id, quarter=quarter, at=now, by_user_id=actor.user_id))
            session.flush()
            detail = {"assignment": row.id, "quarter": quarter}
            audit.record(session, actor, Event.ROLE_CONFIRMED, now=now, omrade_id=row.omrade_id, detail=detail)
            done += 1
    return done


def remind(session: Session, now: datetime) -> int:
    """Mail those who have roles to go through, when the quarter is new and once more later. Returns how many mails."""
    today = local_date(now)
    quarter = quarter_of(today)
    begins = workday_from(first_day(quarter))
    count = 0
    for days, roles in REMINDERS:
        if not timedelta(days=days) <= today - begins <= timedelta(days=days) + LATE_BY:
            continue
        holders = select(RoleAssignment.user_id).where(RoleAssignment.role.in_(roles), valid_on(today)).distinct()
        for user_id in session.scalars(select(User.id).where(User.active, User.id.in_(holders)).order_by(User.id)):
            if waiting(session, actor_of(session, user_id, today), now):
                count += outbox.queue(
                    session, Notice.ROLES_TO_REVIEW, to_user_id=user_id, now=now,
                    dedup_key=f"{Notice.ROLES_TO_REVIEW.value}:{quarter}:{days}:u{user_id}",
                )  # fmt: skip
    return count


def _something_waits(session: Session, mail: OutboxMail, now: datetime) -> bool:
    reader = actor_of(session, mail.recipient_user_id or 0, local_date(now))
    return reader.has(Role.SAMORDNARE, Role.ADMINISTRATOR) and waiting(session, reader, now) > 0


outbox.RECHECK[Notice.ROLES_TO_REVIEW] = _something_waits
