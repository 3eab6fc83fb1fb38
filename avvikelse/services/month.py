"""Make and publish a group's month. Open when a published month should be made again, or was not made.

A month is published (frozen) from five days after its end. A published month never changes: making it again, which
only happens on demand, gives a new numbered version, and only if something in it differs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain import months
from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.errors import Conflict, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import SeesCases
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_work import MonthSummary
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Pack
from avvikelse.queries.group_desk import groups_beside
from avvikelse.queries.month import compute_month
from avvikelse.services import audit
from avvikelse.services.ahead import Ahead, read_ahead

Content = dict[str, Any]
SEEING_MONTHS = (SeesCases.ENSKILDA, SeesCases.SAMMANSTALLNING)
MONTHS_BACK = 3  # the job looks this far back for months that nobody has made


def month_ahead(session: Session, group_id: int, month: str, now: datetime) -> Ahead[Content]:
    """What make_month() will store, computed before it writes. Raises as it does."""
    return read_ahead(session, (group_id, month, now), lambda: _content(session, group_id, month, now))


def make_month(
    session: Session, group_id: int, month: str, now: datetime, *, actor: Actor = SYSTEM,
    ahead: Ahead[Content] | None = None,
) -> MonthSummary:  # fmt: skip
    """Store the group's month as it is known now; frozen when its time has come.

    Before that the stored one is a draft, written over by the next. Raises NotFound for a group without months, and
    Conflict for a month that has not begun.
    """
    today = local_date(now)
    latest = session.scalar(
        select(MonthSummary)
        .where(MonthSummary.group_id == group_id, MonthSummary.month == month)
        .order_by(MonthSummary.version.desc())
        .limit(1)
        .with_for_update()
    )
    key = (group_id, month, now)
    content = ahead.value if ahead and ahead.holds(session, key) else _content(session, group_id, month, now)
    if latest is not None and latest.frozen:
        if same_content(latest.content, content):
            return latest
        row = MonthSummary(group_id=group_id, month=month, version=latest.version + 1)
    else:
        row = latest or MonthSummary(group_id=group_id, month=month, version=1)
    row.made_at, row.content, row.frozen = now, content, today >= months.freezes_on(month)
    session.add(row)
    session.flush()
    if row.frozen:
        detail = {"month": month, "version": row.version}
        audit.record(session, actor, Event.MONTH_FROZEN, now=now, group_id=group_id, detail=detail)
    return row


def _content(session: Session, group_id: int, month: str, now: datetime) -> Content:
    groups = groups_beside(session, group_id)
    group = groups.get(group_id)
    if group is None or group.sees not in SEEING_MONTHS:
        raise NotFound("Det finns ingen sådan grupp, eller så får gruppen ingen månadssida.")
    if months.first_day(month) > local_date(now):
        raise Conflict("Månaden har inte börjat än.")
    return compute_month(session, groups, group, month, now=now).to_json()


def due_months(session: Session, *, now: datetime, months_back: int = MONTHS_BACK) -> list[tuple[int, str]]:
    """Group and month of everything that is due and not published yet, oldest first."""
    today = local_date(now)
    past = (months.shift(months.month_of(today), -n) for n in range(1, months_back + 1))
    due = sorted(month for month in past if today >= months.freezes_on(month))
    groups = session.scalars(
        select(Samverkansgrupp.id)
        .where(Samverkansgrupp.active, Samverkansgrupp.sees_cases.in_(SEEING_MONTHS))
        .order_by(Samverkansgrupp.id)
    ).all()
    made = {
        (group_id, month)
        for group_id, month in session.execute(
            select(MonthSummary.group_id, MonthSummary.month).where(MonthSummary.frozen, MonthSummary.month.in_(due))
        )
    }
    return [(group_id, month) for month in due for group_id in groups if (group_id, month) not in made]


def group_id_of(session: Session, slug: str, pack: str | None = None) -> int:
    """The group with this id in its pack. Raises NotFound for none, Conflict when several packs have one."""
    query = (
        select(Samverkansgrupp.id).join(Pack, Pack.id == Samverkansgrupp.pack_id).where(Samverkansgrupp.slug == slug)
    )
    found = session.scalars(query.where(Pack.slug == pack) if pack else query).all()
    if not found:
        raise NotFound(f"Det finns ingen samverkansgrupp med id {slug}.")
    if len(found) > 1:
        raise Conflict(f"Flera län har en grupp med id {slug}. Ange vilket med --pack.")
    return found[0]


def same_content(stored: dict[str, object], made: dict[str, object]) -> bool:
    """Nothing differs but the day on which it was made, and what is counted from that day."""
    return _undated(stored) == _undated(made)


def _undated(value: object) -> object:
    if isinstance(value, dict):
        return {key: _undated(item) for key, item in value.items() if key not in _DATED}
    return [_undated(item) for item in value] if isinstance(value, list) else value


_DATED = {"as_of", "days_waiting", "days_late", "oldest_days_late", "headlines"}
