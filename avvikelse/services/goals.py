"""Write a group's goals for a year. What is written before the year begins stands when it has begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.goals import GOAL_KINDS, PARAMS
from avvikelse.domain.workdays import local_date
from avvikelse.models.followup import IndicatorYear
from avvikelse.queries.goals import goal_year
from avvikelse.services import audit
from avvikelse.services.group_access import convened, role_of

LOCKED = "Målen för året står fast sedan året började. Skriv mål för nästa år i stället."


def set_goals(
    session: Session, actor: Actor, group_id: int, year: int, goals: Mapping[str, int | None], *, now: datetime
) -> IndicatorYear:
    """A new version of the year's goals, with today's definitions. A mätetal without goal has none.

    Raises NotFound, Forbidden; Conflict when the year's goals stand; Invalid at the mätetal (its id) for a goal that
    cannot be, or when none is written.
    """
    group = convened(session, actor, group_id)
    known = goal_year(session, group.id, year, local_date(now))
    if not known.open:
        raise Conflict(LOCKED)
    written = {id_: goal for id_, goal in goals.items() if goal is not None and id_ in GOAL_KINDS}
    for id_, goal in written.items():
        if not 0 <= goal <= GOAL_KINDS[id_].most:
            raise Invalid(f"Skriv ett tal mellan 0 och {GOAL_KINDS[id_].most}.", field=id_)
    if not written:
        raise Invalid("Skriv minst ett mål.", field=next(iter(GOAL_KINDS)))
    kinds = {id_: {**asdict(kind), "unit": kind.unit.value} for id_, kind in GOAL_KINDS.items()}
    row = IndicatorYear(
        group_id=group.id, year=year, version=known.version + 1,
        content={"goals": written, "kinds": kinds, "params": dict(PARAMS)},
        written_at=now, written_by_user_id=actor.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, Event.GOALS_SET, now=now, group_id=group.id, role=role_of(actor, group.id),
        detail={"year": year, "version": row.version, "goals": len(written)},
    )  # fmt: skip
    return row
