"""What the convenor adds to a group's month: a comment, and the months from which a chart has a new level.

Neither changes a number: a comment stands beside them, a new level redraws the expected range from a dated cause on.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.analysis.month_charts import level_obstacle
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.months import month_of
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_work import ChartLevel, MonthComment
from avvikelse.policy.group_reading import GroupFacts, Groups, reading
from avvikelse.queries.group_desk import groups_beside
from avvikelse.queries.month import month_facts, newest_comment
from avvikelse.services import audit
from avvikelse.services.guarding import guard

LONGEST_COMMENT = 1000
LONGEST_CAUSE = 30
LONGEST_REASON = 500


def _convened(session: Session, actor: Actor, group_id: int) -> tuple[Groups, GroupFacts]:
    """The group, if the actor convenes it. Raises NotFound for everybody else."""
    groups = groups_beside(session, group_id)
    read = reading(actor, groups, group_id)
    if read is None or not read.may_decide:
        raise NotFound
    return groups, read.group


def comment(
    session: Session, actor: Actor, group_id: int, month: str, text: str, *, seen_version: int, now: datetime
) -> MonthComment:
    """Write or replace the comment; an empty one takes it away.

    Raises NotFound for anybody but the convenor, Invalid for personal data or a long text, and Conflict when somebody
    has written since version `seen_version`.
    """
    _convened(session, actor, group_id)
    text = text.strip()
    guard(text=text)
    if len(text) > LONGEST_COMMENT:
        raise Invalid(f"Skriv högst {LONGEST_COMMENT} tecken.", field="text")
    latest = newest_comment(session, group_id, month)
    version = latest.version if latest else 0
    if version != seen_version:
        raise Conflict("Någon annan har skrivit till månaden medan du skrev. Läs den nya texten och skriv om din.")
    row = MonthComment(
        group_id=group_id, month=month, version=version + 1, text=text, written_at=now, written_by_user_id=actor.user_id
    )
    session.add(row)
    session.flush()
    detail = {"month": month, "version": row.version}
    audit.record(session, actor, Event.MONTH_COMMENTED, now=now, group_id=group_id, detail=detail)
    return row


def set_level(
    session: Session, actor: Actor, group_id: int, chart: str, month: str, cause: str, reason: str, *, now: datetime
) -> ChartLevel:
    """Draw the chart's limits anew from `month` on.

    Raises NotFound for anybody but the convenor, Invalid at the field: personal data, no cause, or a month from which
    the chart has no seven months, or no sign, on its old limits.
    """
    groups, group = _convened(session, actor, group_id)
    cause, reason = cause.strip(), reason.strip()
    guard(cause=cause, reason=reason)
    if not cause or len(cause) > LONGEST_CAUSE:
        raise Invalid(f"Skriv orsaken med högst {LONGEST_CAUSE} tecken, till exempel: Ny rutin.", field="cause")
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid("Skriv vad som ändrades och var det är dokumenterat.", field="reason")
    facts = month_facts(session, groups, group, month_of(local_date(now)), now=now)
    if (obstacle := level_obstacle(facts, chart, month)) is not None:
        raise Invalid(obstacle, field="month")
    row = ChartLevel(
        group_id=group_id, chart=chart, month=month, cause=cause, reason=reason, set_at=now,
        set_by_user_id=actor.user_id or 0,
    )  # fmt: skip
    session.add(row)
    session.flush()
    detail = {"chart": chart, "month": month}
    audit.record(session, actor, Event.LEVEL_SET, now=now, group_id=group_id, detail=detail)
    return row


def remove_level(session: Session, actor: Actor, group_id: int, level_id: int, *, now: datetime) -> None:
    """Take a new level back. Raises NotFound for anybody but the convenor, and for a level that is not there."""
    _convened(session, actor, group_id)
    row = session.scalar(
        select(ChartLevel).where(
            ChartLevel.id == level_id, ChartLevel.group_id == group_id, ChartLevel.removed_at.is_(None)
        )
    )
    if row is None:
        raise NotFound
    row.removed_at = now
    session.flush()
    detail = {"chart": row.chart, "month": row.month}
    audit.record(session, actor, Event.LEVEL_REMOVED, now=now, group_id=group_id, detail=detail)
