"""Set the day by which the next step is expected. The limits themselves stand in domain/deadlines.py and per län."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.deadlines import ClockId, Limits, current_clock, due_on
from avvikelse.domain.meetings import group_due_on
from avvikelse.domain.vocabulary import Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.queries.limits import limits_of


def start(session: Session, row: Avvikelse) -> None:
    """Set `due_clock` and `due_on` for the present status. While a question is open the clock stands still."""
    if row.status is Status.CLOSED or row.paused_since is not None:
        row.due_clock, row.due_on = None, None
        return
    clock, day = expected(session, row, limits_of(session, row.pack_id))
    row.due_clock, row.due_on = clock.value, day


def expected(session: Session, row: Avvikelse, limits: Limits) -> tuple[ClockId, date]:
    """Which clock runs, and until which day. Answering counts from the day the first manager received the case."""
    since = local_date(row.status_since)
    clock = current_clock(row.status, first_answer_given=row.first_answer_at is not None)
    if clock is None:
        raise ValueError(f"no clock runs in {row.status}")
    if row.status is Status.IN_PROGRESS:
        received = local_date(row.first_received_at or row.submitted_at)
        return clock, due_on(clock, received, limits, paused_days=row.paused_days, family=row.family_coordinates)
    if clock is ClockId.GRUPP:
        months = session.scalar(
            select(Samverkansgrupp.meeting_months)
            .join(GroupMembership, GroupMembership.group_id == Samverkansgrupp.id)
            .where(GroupMembership.avvikelse_id == row.id, GroupMembership.is_home)
        )
        return clock, group_due_on(months or (), since, limits)
    return clock, due_on(clock, since, limits, paused_days=row.status_paused_days)
