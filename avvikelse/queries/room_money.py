"""What two parties pay together, and their talks without the family: read for the room, for the yes of both, and for
the group. Who may read it is asked before (queries/joint_room.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.joint_money import CostBand, CostDecision, share_of, words_of_cost
from avvikelse.domain.swedish_dates import long_date
from avvikelse.models.joint_room import Cofinancing, CostPath, JointRoom, RoomMeeting


@dataclass(frozen=True, slots=True)
class CostSide:
    """One party's part of a shared cost. `decider` absent = it has not said who decides."""

    party_id: int
    share: int | None
    decider: str | None = None
    decide_by: date | None = None
    decision: CostDecision | None = None
    decided_on: date | None = None
    reason: str | None = None

    @property
    def line(self) -> str:
        """The side's part as a group reads it."""
        parts = [f"betalar {self.share} procent"] if self.share is not None else []
        if self.decision is not None and self.decided_on is not None:
            why = f" ({self.reason})" if self.reason else ""
            parts.append(f"{self.decision.label.lower()}, {long_date(self.decided_on)}{why}")
        elif self.decider and self.decide_by:
            parts.append(f"{self.decider[:1].lower()}{self.decider[1:]} beslutar senast {long_date(self.decide_by)}")
        return ", ".join(parts) or "har inte skrivit vem som beslutar"


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost that two share. `refused`: one of them has said no; `waits`: somebody has still to decide."""

    band: CostBand
    sides: tuple[CostSide, ...]

    @property
    def refused(self) -> bool:
        return any(side.decision is CostDecision.NO for side in self.sides)

    @property
    def waits(self) -> bool:
        return not self.refused and any(side.decision is None for side in self.sides)

    def of(self, party_id: int) -> CostSide | None:
        return next((side for side in self.sides if side.party_id == party_id), None)


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A talk without the family. `ahead` = it has neither been held nor cancelled."""

    party_id: int
    on: date
    at: str | None
    how: str
    topic: str
    accepted: bool
    ahead: bool
    outcome: str | None
    family_told: str | None


def cost_of(session: Session, room_id: int, party_ids: Sequence[int]) -> Cost | None:
    """The cost of a room, with a side for each of the parties in their order."""
    cost = session.scalar(select(Cofinancing).where(Cofinancing.room_id == room_id))
    if cost is None:
        return None
    paths = {path.party_id: path for path in session.scalars(select(CostPath).where(CostPath.room_id == room_id))}
    return Cost(cost.band, tuple(_side(cost, one, paths.get(one)) for one in party_ids))


def _side(cost: Cofinancing, party_id: int, path: CostPath | None) -> CostSide:
    share = share_of(cost.share, mine=cost.party_id == party_id)
    if path is None:
        return CostSide(party_id, share)
    return CostSide(party_id, share, path.decider.label, path.decide_by, path.decision, path.decided_on, path.reason)


def words_of(session: Session, room_id: int, party_ids: Sequence[int]) -> str:
    """The shared cost as both say yes to it; empty when there is none."""
    cost = cost_of(session, room_id, party_ids)
    return words_of_cost(cost.band, [side.share for side in cost.sides]) if cost is not None else ""


def lacks_path(session: Session, room: JointRoom, party_id: int) -> bool:
    """A cost is shared, and the party has not said who decides about it."""
    cost = cost_of(session, room.id, [party_id])
    return cost is not None and cost.sides[0].decider is None


def meetings_of(session: Session, room_id: int) -> tuple[MeetingView, ...]:
    """Those that were held and the one ahead, by day."""
    rows = session.scalars(
        select(RoomMeeting)
        .where(RoomMeeting.room_id == room_id, RoomMeeting.cancelled_at.is_(None))
        .order_by(RoomMeeting.on, RoomMeeting.id)
    )
    return tuple(
        MeetingView(
            row.party_id, row.on, row.at, row.how.label, row.topic.label, row.accepted_at is not None,
            row.held_at is None, row.outcome, row.family_told,
        )
        for row in rows
    )  # fmt: skip
