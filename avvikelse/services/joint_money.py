"""*Samfinansiering* in the joint room: a cost that two parties share, who decides on each side, what came of it.

Open for the order: both have answered the prompts; either writes the band and its own share; each says who decides and
by when; both say yes to the whole (services/joint.py). The decisions may come later: the child's help does not wait for
them. A change of band or share takes away every yes and every decision.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.joint_money import MAX_REASON, CostBand, CostDecider, CostDecision
from avvikelse.domain.notices import Notice
from avvikelse.domain.workdays import local_date
from avvikelse.models.joint_room import Cofinancing, CostPath, JointRoom
from avvikelse.services import clocks, joint
from avvikelse.services.guarding import guard


def share(
    session: Session, actor: Actor, ref: str, band: CostBand, own_share: int | None, *, now: datetime
) -> Cofinancing:
    """A cost is to be shared: what it costs, and how many percent of it the own side pays (None = not known yet).

    Raises Conflict before both have answered, Invalid at `own_share`.
    """
    case, room, party = joint.in_room(session, actor, ref)
    if own_share is not None and not 0 <= own_share <= 100:
        raise Invalid("Skriv ett tal mellan 0 och 100.", field="own_share")
    joint.require_both_answers(session, case, room)
    cost = _cost(session, room)
    before = None if cost is None else (cost.band, cost.party_id, cost.share)
    if before == (band, party.id, own_share) and cost is not None:
        return cost
    if cost is None:
        cost = Cofinancing(room_id=room.id)
        session.add(cost)
    cost.band, cost.share, cost.party_id, cost.written_at = band, own_share, party.id, now
    for path in session.scalars(select(CostPath).where(CostPath.room_id == room.id)):
        path.decision = path.decided_on = path.reason = None
    joint.take_back_every_yes(session, room)
    joint.record(session, case, Event.COST_WRITTEN, party, now)
    clocks.look_again(session, case.row)
    joint.tell_the_other(session, case, party, Notice.ROOM_COST_WRITTEN, f"r{room.id}:{now:%Y%m%d%H%M}", now)
    return cost


def drop(session: Session, actor: Actor, ref: str, *, now: datetime) -> None:
    """There is no cost to share after all. What was said yes to with it is no longer said."""
    case, room, party = joint.in_room(session, actor, ref)
    if _cost(session, room) is None:
        return
    session.execute(delete(Cofinancing).where(Cofinancing.room_id == room.id))
    session.execute(delete(CostPath).where(CostPath.room_id == room.id))
    joint.take_back_every_yes(session, room)
    joint.record(session, case, Event.COST_DROPPED, party, now)
    clocks.look_again(session, case.row)
    joint.tell_the_other(session, case, party, Notice.ROOM_COST_WRITTEN, f"r{room.id}:{now:%Y%m%d%H%M}", now)


def set_path(
    session: Session, actor: Actor, ref: str, decider: CostDecider, decide_by: date, *, now: datetime
) -> CostPath:
    """Who on the own side decides about the money, and by when. Raises Invalid at `decide_by`, Conflict without a cost
    or when the side has decided.
    """
    case, room, party = joint.after_room(session, actor, ref)
    if decide_by < local_date(now):
        raise Invalid("Dagen har redan varit.", field="decide_by")
    if _cost(session, room) is None or party.id not in joint.answered(session, room):
        raise Conflict("Det finns ingen kostnad att dela.")
    path = _path(session, room, party.id)
    if path is None:
        path = CostPath(room_id=room.id, avvikelse_id=case.row.id, party_id=party.id)
        session.add(path)
    if path.decision is not None:
        raise Conflict("Ni har redan beslutat.")
    path.decider, path.decide_by, path.at = decider, decide_by, now
    joint.record(session, case, Event.COST_PATH_SET, party, now)
    clocks.look_again(session, case.row)
    return path


def decide(
    session: Session,
    actor: Actor,
    ref: str,
    decision: CostDecision,
    decided_on: date,
    why_not: str = "",
    *,
    now: datetime,
) -> CostPath:
    """What the own side has decided. Raises Invalid at `decided_on` or at an empty `why_not` for a no, Conflict while
    nobody has said who decides.
    """
    case, room, party = joint.after_room(session, actor, ref)
    guard(why_not=why_not)
    if decided_on > local_date(now):
        raise Invalid("Dagen ligger i framtiden.", field="decided_on")
    if decision is CostDecision.NO and not why_not.strip():
        raise Invalid("Skriv varför ni inte betalar.", field="why_not")
    if len(why_not) > MAX_REASON:
        raise Invalid(f"Skriv högst {MAX_REASON} tecken.", field="why_not")
    path = _path(session, room, party.id)
    if path is None:
        raise Conflict("Skriv först vem hos er som beslutar om pengarna, och till när.")
    path.decision, path.decided_on, path.reason = decision, decided_on, why_not.strip() or None
    joint.record(session, case, Event.COST_DECIDED, party, now)
    clocks.look_again(session, case.row)
    joint.tell_the_other(session, case, party, Notice.ROOM_COST_DECIDED, f"r{room.id}:{now:%Y%m%d%H%M}", now)
    return path


def _cost(session: Session, room: JointRoom) -> Cofinancing | None:
    return session.scalar(select(Cofinancing).where(Cofinancing.room_id == room.id))


def _path(session: Session, room: JointRoom, party_id: int) -> CostPath | None:
    return session.scalar(select(CostPath).where(CostPath.room_id == room.id, CostPath.party_id == party_id))
