"""Tell somebody by mail that she no longer holds a role: it was taken back, or its last day has passed.

The mail names no role; the page it leads to does, for whoever logs in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.notices import Notice
from avvikelse.domain.workdays import local_date
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries.identity import not_held_again
from avvikelse.services import outbox

TOLD_WITHIN = timedelta(days=14)  # a day that was missed is caught up with so long


def tell_taken(session: Session, row: RoleAssignment, *, now: datetime) -> None:
    """A role was taken back now. Who took her own away knows it."""
    if row.revoked_by_user_id != row.user_id:
        _queue(session, Notice.ROLE_TAKEN, row, now=now)


def tell_ended(session: Session, now: datetime) -> int:
    """Tell those whose role ran out by itself and was not given again. Returns how many mails."""
    today = local_date(now)
    ended = (
        select(RoleAssignment)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            User.active,
            RoleAssignment.valid_to < today,
            RoleAssignment.valid_to >= today - TOLD_WITHIN,
            RoleAssignment.revoked_at.is_(None),
            not_held_again(today),
        )
        .order_by(RoleAssignment.id)
    )
    return sum(_queue(session, Notice.ROLE_ENDED, row, now=now) for row in session.scalars(ended).all())


def _queue(session: Session, notice: Notice, row: RoleAssignment, *, now: datetime) -> bool:
    last_day = row.valid_to.isoformat() if row.valid_to else ""
    return outbox.queue(
        session, notice, to_user_id=row.user_id, now=now, params={"assignment": row.id},
        dedup_key=f"{notice.value}:{row.id}:{last_day}",
    )  # fmt: skip


def _still_without(session: Session, mail: OutboxMail, now: datetime) -> bool:
    """Has the role ended, and not been given again meanwhile?"""
    today = local_date(now)
    over = (RoleAssignment.id == mail.params["assignment"], RoleAssignment.valid_to < today)
    return session.scalar(select(RoleAssignment.id).where(*over, not_held_again(today))) is not None


for _notice in (Notice.ROLE_TAKEN, Notice.ROLE_ENDED):
    outbox.RECHECK[_notice] = _still_without
