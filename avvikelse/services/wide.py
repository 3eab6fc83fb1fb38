"""Publish a group's year outside the group. What is published stays; the next publication adds months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.analysis.month_wide import CannotPublish, Made, publish, to_json
from avvikelse.domain.actor import Actor
from avvikelse.domain.broad_parties import BROAD
from avvikelse.domain.codes import CATEGORY_GROUPS
from avvikelse.domain.errors import Conflict
from avvikelse.domain.events import Event
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_work import WideSummary
from avvikelse.queries import wide
from avvikelse.services import audit
from avvikelse.services.ahead import Ahead, read_ahead

MEANWHILE = (
    "Siffror publicerades medan era räknades fram. Se efter vad som gäller nu, och publicera sedan om det behövs."
)


@dataclass(frozen=True, slots=True)
class Computed:
    """A table to publish, of the year's first `months` months."""

    year: int
    months: int
    made: Made


def wide_ahead(session: Session, actor: Actor, group_id: int, *, now: datetime) -> Ahead[Computed]:
    """The table, computed before anything is locked: that takes the time. Raises as publish_wide() does."""
    return read_ahead(session, (group_id, now), lambda: _computed(session, actor, group_id, now))


def publish_wide(
    session: Session, actor: Actor, group_id: int, ahead: Ahead[Computed], *, now: datetime
) -> WideSummary:
    """The year up to the last month that is fixed, without small numbers, for everybody.

    Raises NotFound for anybody but the convenor, and Conflict with the reason when it cannot be told safely, or when
    another group has published meanwhile: it was computed beside what stood there then.
    """
    wide.desk(session, actor, group_id, local_date(now))
    wide.one_at_a_time(session, group_id)
    if not ahead.holds(session, (group_id, now), only=(Event.WIDE_PUBLISHED,)):
        raise Conflict(MEANWHILE)
    found = ahead.value
    row = WideSummary(
        group_id=group_id, year=found.year, months=found.months, published_at=now,
        published_by_user_id=actor.user_id or 0, content=to_json(found.made),
    )  # fmt: skip
    session.add(row)
    session.flush()
    detail = {"year": found.year, "months": found.months}
    audit.record(session, actor, Event.WIDE_PUBLISHED, now=now, group_id=group_id, detail=detail)
    return row


def _computed(session: Session, actor: Actor, group_id: int, now: datetime) -> Computed:
    desk = wide.desk(session, actor, group_id, local_date(now))
    counts = wide.monthly_counts(session, group_id, desk.year, desk.ready_months)
    try:
        made = publish(
            desk.year, counts, CATEGORY_GROUPS, BROAD, wide.earlier(session, group_id, desk.year),
            family=wide.family(session, group_id, desk.year),
        )  # fmt: skip
    except CannotPublish as error:
        raise Conflict(str(error)) from error
    return Computed(desk.year, desk.ready_months, made)
