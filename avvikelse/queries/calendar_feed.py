"""What a calendar may see: the days by which its owner is expected to act, and case numbers. Nothing about a case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import Actor
from avvikelse.domain.joint_room import RoomOutcome
from avvikelse.domain.vocabulary import AtgardStatus, PartySide
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard
from avvikelse.models.joint_room import Commitment, CostPath, JointRoom
from avvikelse.models.preferences import CalendarFeed
from avvikelse.policy.measures import position_is_mine
from avvikelse.policy.visibility import party_is_mine
from avvikelse.queries import owned_decisions, support
from avvikelse.queries.identity import actor_of
from avvikelse.queries.work_lists import Tab, work_list

MOST_PAGES = 4
MOST_OF_ROOMS, MOST_SEVERE = 100, 50


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
    found += [DueDay(f"a{row.id}", row.due_on, f"Frist: åtgärd i {row.number}", f"/atgarder/{row.id}") for row in mine]
    found += [
        DueDay(f"s{one.ref}", one.by, f"Frist: bekräfta stöd i {one.number}", f"/avvikelser/{one.ref}")
        for one in support.waiting(session, actor, MOST_SEVERE)
    ]
    found += [
        DueDay(f"g{one.id}", one.due_on, "Frist: det en samverkansgrupp beslutade", f"/gruppbeslut/{one.id}")
        for one in owned_decisions.waiting(session, actor)
    ]
    return (*found, *_of_rooms(session, actor))


def _of_rooms(session: Session, actor: Actor) -> Iterator[DueDay]:
    """What the own side has promised in a joint room, and by when it decides about a shared cost."""
    any_room = aliased(JointRoom)
    latest = select(func.max(any_room.id)).where(any_room.avvikelse_id == Avvikelse.id).scalar_subquery()
    for key, table, whose, day, waits, what in (
        ("p", Commitment, Commitment.carrier_id, Commitment.when_on, _PROMISED, "åtagande"),
        ("d", CostPath, CostPath.party_id, CostPath.decide_by, CostPath.decision.is_(None), "beslut"),
    ):
        rows = session.execute(
            select(table.id, day, Avvikelse.number, Avvikelse.ref)
            .join(Party, Party.id == whose)
            .join(Avvikelse, Avvikelse.id == table.avvikelse_id)
            .join(JointRoom, JointRoom.id == table.room_id)
            .where(Party.side == PartySide.OWNER, party_is_mine(actor), Avvikelse.joint, JointRoom.id == latest, waits)
            .order_by(day, table.id)
            .limit(MOST_OF_ROOMS)
        )
        for row_id, on, number, ref in rows:
            yield DueDay(f"{key}{row_id}", on, f"Frist: {what} i {number}", f"/avvikelser/{ref}/rum")


_PROMISED = and_(
    Commitment.done_on.is_(None), Commitment.not_kept_on.is_(None), JointRoom.outcome == RoomOutcome.AGREED
)
