"""Publish a group's year outside the group. What is published stays; the next publication adds months."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.analysis.month_wide import CannotPublish, publish, to_json
from avvikelse.domain.actor import Actor
from avvikelse.domain.broad_parties import BROAD
from avvikelse.domain.codes import CATEGORY_GROUPS
from avvikelse.domain.errors import Conflict
from avvikelse.domain.events import Event
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_work import WideSummary
from avvikelse.queries import wide
from avvikelse.services import audit


def publish_wide(session: Session, actor: Actor, group_id: int, *, now: datetime) -> WideSummary:
    """The year up to the last month that is fixed, without small numbers, for everybody.

    Raises NotFound for anybody but the convenor, and Conflict with the reason when it cannot be told safely.
    """
    desk = wide.desk(session, actor, group_id, local_date(now))
    wide.one_at_a_time(session, group_id)
    counts = wide.monthly_counts(session, group_id, desk.year, desk.ready_months)
    try:
        made = publish(
            desk.year, counts, CATEGORY_GROUPS, BROAD, wide.earlier(session, group_id, desk.year),
            family=wide.family(session, group_id, desk.year),
        )  # fmt: skip
    except CannotPublish as error:
        raise Conflict(str(error)) from error
    row = WideSummary(
        group_id=group_id, year=desk.year, months=desk.ready_months, published_at=now,
        published_by_user_id=actor.user_id or 0, content=to_json(made),
    )  # fmt: skip
    session.add(row)
    session.flush()
    detail = {"year": desk.year, "months": desk.ready_months}
    audit.record(session, actor, Event.WIDE_PUBLISHED, now=now, group_id=group_id, detail=detail)
    return row
