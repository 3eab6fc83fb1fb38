"""Tell the level above what a group cannot mend alone: nobody who calls it, too few meetings, terms that end.

Told once when it begins and again each quarter while it lasts, to whoever convenes the group right above. Where nobody
does, that is what the next one up is told. Open when a convenor above hears too little or too much;
what counts as lacking stands in domain/group_health.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.events import Event
from avvikelse.domain.group_health import Lack
from avvikelse.domain.notices import Notice
from avvikelse.domain.workdays import local_date
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.meetings import LackTold
from avvikelse.policy.group_reading import Groups
from avvikelse.queries.desk import health_of
from avvikelse.queries.group_desk import groups_beside
from avvikelse.queries.recipients import convenors_of
from avvikelse.services import audit
from avvikelse.services.group_access import tell_convenors

AGAIN_AFTER = timedelta(days=91)


def tell_above(session: Session, now: datetime) -> int:
    """One mail to each group above that has something new to know. Returns how many groups were told."""
    first_of_pack = select(Samverkansgrupp.id).order_by(Samverkansgrupp.pack_id, Samverkansgrupp.id)
    seen: set[int] = set()
    told = 0
    for group_id in session.scalars(first_of_pack).all():
        if group_id not in seen:
            groups = groups_beside(session, group_id)
            seen |= set(groups)
            told += _tell_in_pack(session, groups, now)
    return told


def _tell_in_pack(session: Session, groups: Groups, now: datetime) -> int:
    today = local_date(now)
    living = [group for group in groups.values() if group.active and group.parent_id is not None]
    health = health_of(session, groups, living, today)
    lacking = {(group.id, found.lack) for group in living for found in health[group.id] if found.also_above}
    known = _known(session, list(groups), lacking, today)
    new: defaultdict[int, list[tuple[int, Lack]]] = defaultdict(list)
    for group_id, lack in sorted(lacking - known):
        above = groups.get(groups[group_id].parent_id or 0)
        if above is not None and above.active and convenors_of(session, [above.id], today):
            new[above.id].append((group_id, lack))
    for above_id, rows in new.items():
        tell_convenors(session, above_id, Notice.GROUP_BELOW, today.isoformat(), now=now)
        _remember(session, rows, today)
        detail = {"below": sorted({group_id for group_id, _ in rows}), "lacks": [lack.value for _, lack in rows]}
        audit.record(session, SYSTEM, Event.LACKS_TOLD, now=now, group_id=above_id, detail=detail)
    return len(new)


def _known(
    session: Session, group_ids: Sequence[int], lacking: set[tuple[int, Lack]], today: date
) -> set[tuple[int, Lack]]:
    """What has been told and need not be told again yet; what is mended is forgotten."""
    known = set()
    for row in session.scalars(select(LackTold).where(LackTold.group_id.in_(group_ids))).all():
        if (row.group_id, row.lack) in lacking and row.told_on > today - AGAIN_AFTER:
            known.add((row.group_id, row.lack))
        else:
            session.delete(row)
    session.flush()
    return known


def _remember(session: Session, rows: Sequence[tuple[int, Lack]], today: date) -> None:
    session.add_all(LackTold(group_id=group_id, lack=lack, told_on=today) for group_id, lack in rows)
    session.flush()
