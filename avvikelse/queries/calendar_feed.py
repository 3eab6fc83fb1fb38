"""What a calendar may see: the days by which its owner is expected to act, and case numbers. Nothing about a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.vocabulary import AtgardStatus
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Atgard
from avvikelse.models.preferences import CalendarFeed
from avvikelse.policy.measures import position_is_mine
from avvikelse.queries.identity import actor_of
from avvikelse.queries.work_lists import Tab, work_list

MOST_PAGES = 4


@dataclass(frozen=True, slots=True)
class DueDay:
    """One day. `key` is the same for the same thing, so that a calendar moves it instead of doubling it."""

    key: str
    on: date
    text: str
    path: str


def has_feed(session: Session, user_id: int) -> bool:
    return session.get(CalendarFeed, user_id) is not None


def due_days(session: Session, token_hash: str, today: date) -> tuple[DueDay, ...] | None:
    """The owner's days with the roles she has today; None for an address that does not work."""
    user_id = session.scalar(select(CalendarFeed.user_id).where(CalendarFeed.token_hash == token_hash))
    actor = actor_of(session, user_id, today) if user_id is not None else None
    if actor is None or actor.user_id is None:
        return None
    found = []
    for page in range(1, MOST_PAGES + 1):
        listed = work_list(session, actor, Tab.MINE, today=today, page=page)
        found += [
            DueDay(f"c{row.ref}", row.due_on, f"Frist: {row.number}", f"/avvikelser/{row.ref}")
            for row in listed.rows
            if row.due_on is not None
        ]
        if not listed.has_next:
            break
    mine = session.execute(
        select(Atgard.id, Atgard.due_on, Avvikelse.number, Avvikelse.ref)
        .join(Avvikelse, Avvikelse.id == Atgard.avvikelse_id)
        .where(
            position_is_mine(actor),
            Atgard.status == AtgardStatus.DECIDED,
            Atgard.due_on.is_not(None),
        )
        .order_by(Atgard.due_on)
        .limit(200)
    )
    found += [
        DueDay(f"a{row.id}", row.due_on, f"Frist: åtgärd i {row.number}", f"/avvikelser/{row.ref}") for row in mine
    ]
    return tuple(found)
