"""The open cases follow when a manager is away, a position is empty, or a unit closes. Open when a case is orphaned.

Called in the same transaction by whatever changes the organisation (services/organisation.py, position_holders.py,
roles.py, accounts.py, organisation_import.py), when a case is given to somebody, and every few minutes by a job: days
begin without anybody changing anything. Everything is worked out from data: it may run twice.

Who answers instead stands in domain/presence.py. Two ways:

* for a time: the next in the order steps in beside the manager, and keeps what has been begun until she takes it back;
* for good: a closed unit's successor gets the case. Deadlines, the first day and the växlingar stay as they are.

Who has nobody stays where it is and stands on the samordnare's list (queries/standing_in.py).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from avvikelse.domain import presence
from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.escalation import Target
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import LIVING_DECISIONS
from avvikelse.domain.notices import Notice
from avvikelse.domain.presence import Missing
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.vocabulary import Action, AtgardStatus, PartySide, StandInReason, Status
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.organisation import Pack
from avvikelse.queries.organisation_map import Mapping, mapping_of
from avvikelse.queries.recipients import Recipients, standing_in
from avvikelse.services import audit, clocks, ladder_targets, ownership, rooms, telling
from avvikelse.services.transitions import perform_as_system

_BECAUSE = {
    Missing.AWAY: StandInReason.AWAY,
    Missing.VACANT: StandInReason.VACANT,
    Missing.UNHELD: StandInReason.VACANT,
}
_FOR_A_TIME = (StandInReason.AWAY, StandInReason.VACANT)


def settle_all(session: Session, *, now: datetime) -> int:
    """Every pack. Returns how many cases were moved."""
    return sum(settle(session, pack_id, now=now) for pack_id in session.scalars(select(Pack.id).order_by(Pack.id)))


def settle(session: Session, pack_id: int, *, now: datetime) -> int:
    """Look through the open cases of one pack. Returns how many were moved."""
    session.flush()
    mapping = mapping_of(session, pack_id, local_date(now))
    missing = _missing(mapping)
    count = sum(
        _settle(session, mapping, party, now=now) for party in _parties(session, Party.position_id.in_(missing))
    )
    _senders_follow(session, mapping)
    _work_follows(session, mapping)
    return count + _give_back(session, mapping, missing, now=now)


def settle_case(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """The same for one case that has just come to somebody."""
    mapping = mapping_of(session, row.pack_id, local_date(now))
    missing = _missing(mapping)
    for party in [p for p in row.parties if p.side is PartySide.OWNER and p.open and p.position_id in missing]:
        _settle(session, mapping, party, now=now)


def _missing(mapping: Mapping) -> frozenset[int]:
    """Positions that do not answer today: closed, with their unit or alone, or nobody there."""
    org = mapping.organisation
    return frozenset(
        position_id
        for slug, position_id in mapping.position_ids.items()
        if slug not in org.posts or mapping.is_closed(slug) or presence.why_missing(org, org.posts[slug]) is not None
    )


def _parties(session: Session, *where: ColumnElement[bool]) -> list[Party]:
    """Owners of open cases, with their case and all its parties."""
    whole = joinedload(Party.avvikelse).options(selectinload(Avvikelse.parties), selectinload(Avvikelse.transfers))
    query = select(Party).where(Party.side == PartySide.OWNER, Party.open, *where).options(whole).order_by(Party.id)
    return list(session.scalars(query))


def _settle(session: Session, mapping: Mapping, party: Party, *, now: datetime) -> bool:
    """Somebody answers for the party from now on. False when somebody does already, or when there is nobody."""
    slug = mapping.position_slug(party.position_id) or ""
    closed = mapping.is_closed(slug)
    if closed and (to := _successor(mapping, party)) is not None:
        return _move(session, party, to, now=now)
    if _stands_in(mapping, party):
        return False
    found = ladder_targets.stand_in_for(session, party.avvikelse, party, Target.SUBSTITUTE, mapping.day)
    if found is None:
        _tell_samordnare(session, party, now=now)
        return False
    why = None if closed else presence.why_missing(mapping.organisation, mapping.organisation.posts[slug])
    because = _BECAUSE[why] if why is not None else StandInReason.CLOSED
    party.stand_in_position_id, party.stand_in_because = found, because
    session.flush()
    row = party.avvikelse
    audit.record(
        session, SYSTEM, Event.STOOD_IN, now=now, avvikelse_id=row.id, omrade_id=party.omrade_id,
        detail={"position": found, "because": because.value},
    )  # fmt: skip
    clocks.look_again(session, row)
    to_whom = [(party.id, Recipients(standing_in(session, party, found, mapping.day)))]
    why_told = {"audience": Audience.OWNER.value}
    telling.queue(session, row, Notice.STANDS_IN, to_whom, why_told, now=now, key=f"p{found}:{mapping.day:%Y%m%d}")
    return True


def _stands_in(mapping: Mapping, party: Party) -> bool:
    """Somebody has stepped in already, and answers today."""
    org = mapping.organisation
    post = org.posts.get(mapping.position_slug(party.stand_in_position_id) or "")
    return post is not None and not mapping.is_closed(post.id) and presence.why_missing(org, post) is None


def _successor(mapping: Mapping, party: Party) -> Receiver | None:
    """The position of the unit that takes over: of the nearest living successor, or another one of the own unit."""
    org, seen = mapping.organisation, set()
    unit = org.units.get(mapping.enhet_slug(party.enhet_id) or "")
    while unit is not None and unit.closed_on(mapping.day) and unit.id not in seen:
        seen.add(unit.id)
        unit = org.units.get(unit.successor or "")
    if unit is None or unit.closed_on(mapping.day):
        return None
    post = org.post_of(unit.id)
    if post is None or mapping.position_ids[post.id] == party.position_id:
        return None
    return Receiver(
        mapping.omrade_ids[unit.omrade], mapping.enhet_ids[unit.id], position_id=mapping.position_ids[post.id],
        enhet_kind=unit.kind,
    )  # fmt: skip


def _move(session: Session, party: Party, to: Receiver, *, now: datetime) -> bool:
    """For good: the successor has the case now."""
    row = party.avvikelse
    ownership.succeed(session, row, party, to, now=now)
    audit.record(
        session, SYSTEM, Event.MOVED, now=now, avvikelse_id=row.id, omrade_id=to.omrade_id,
        detail={"position": to.position_id},
    )  # fmt: skip
    _become_one(session, row, to, now=now)
    _tell_owners(session, row, to, now=now)
    telling.send(session, row, Notice.CASE_MOVED, Audience.REPORTER, now=now, key=f"m{to.position_id}")
    settle_case(session, row, now=now)
    return True


def _tell_owners(session: Session, row: Avvikelse, to: Receiver, *, now: datetime) -> None:
    """The one that takes over, and the one that goes on solving it together with her."""
    found = telling.resolve(session, row, Audience.OWNER, local_date(now))
    new = {party.id for party in row.parties if party.position_id == to.position_id}
    why, key = {"audience": Audience.OWNER.value}, f"m{to.position_id}"
    mine, others = [one for one in found if one[0] in new], [one for one in found if one[0] not in new]
    told = Notice.MOVED_WITH_PROMISE if rooms.took_over(session, row, new) else Notice.MOVED_TO_YOU
    telling.queue(session, row, told, mine, why, now=now, key=key)
    telling.queue(session, row, Notice.ROOM_OTHER_REPLACED, others, why, now=now, key=key)


ONE_NOW = "Parterna har blivit en verksamhet, och den har ärendet ensam."


def _become_one(session: Session, row: Avvikelse, to: Receiver, *, now: datetime) -> None:
    """Both owners' units have gone up in the same one: nobody solves anything together with herself. The party that was
    there first stays, with what it has noted.
    """
    same = [p for p in row.parties if p.side is PartySide.OWNER and p.position_id == to.position_id]
    if len(same) < 2:
        return
    ownership.keep_one(session, row, same[0], now=now, by_user_id=None, reason=ONE_NOW)
    if row.status is Status.DISPUTED:
        perform_as_system(session, row, Action.BECOME_ONE, now=now)
    else:
        audit.record(session, SYSTEM, Event.BECAME_ONE, now=now, avvikelse_id=row.id, omrade_id=to.omrade_id)
    clocks.look_again(session, row)


def _give_back(session: Session, mapping: Mapping, missing: frozenset[int], *, now: datetime) -> int:
    """Whoever is back answers again for what nobody has begun; what has been begun she takes back herself."""
    waiting = _parties(session, Party.stand_in_because.in_(_FOR_A_TIME), Party.status == Status.ASSIGNED)
    here = frozenset(mapping.position_ids.values()) - missing
    parties = [party for party in waiting if party.position_id in here]
    for party in parties:
        party.stand_in_position_id = party.stand_in_because = None
        session.flush()
        audit.record(
            session, SYSTEM, Event.CAME_BACK, now=now, avvikelse_id=party.avvikelse_id, omrade_id=party.omrade_id
        )
        telling.send(session, party.avvikelse, Notice.CAME_BACK, Audience.OWNER, now=now, key=f"b{mapping.day:%Y%m%d}")
    return len(parties)


def _senders_follow(session: Session, mapping: Mapping) -> None:
    """The reporting unit's manager is found through the unit: the successor's, inside the same område."""
    org = mapping.organisation
    closed = {mapping.enhet_ids[u.id]: u for u in org.units.values() if u.closed_on(mapping.day) and u.successor}
    if not closed:
        return
    for party in session.scalars(
        select(Party).where(Party.side == PartySide.SENDER, Party.open, Party.enhet_id.in_(list(closed)))
    ):
        successor = org.units.get(closed[party.enhet_id or 0].successor or "")
        if successor is not None and mapping.omrade_ids[successor.omrade] == party.omrade_id:
            party.enhet_id = mapping.enhet_ids[successor.id]


def _work_follows(session: Session, mapping: Mapping) -> None:
    """An åtgärd that is to be done, or followed up, and what a group has decided belong to whoever takes over."""
    org = mapping.organisation
    heirs: dict[int, int] = {}
    for slug, position_id in mapping.position_ids.items():
        post = org.posts.get(slug)
        unit = org.units.get(post.unit or "") if post is not None else None
        heir = org.post_of(unit.successor) if unit is not None and unit.successor and mapping.is_closed(slug) else None
        if heir is not None:
            heirs[position_id] = mapping.position_ids[heir.id]
    if heirs:
        living = (AtgardStatus.PROPOSED, AtgardStatus.DECIDED, AtgardStatus.DONE)
        for atgard in session.scalars(
            select(Atgard).where(Atgard.position_id.in_(list(heirs)), Atgard.status.in_(living))
        ):
            atgard.position_id = heirs.get(atgard.position_id or 0)
        for decision in session.scalars(
            select(GroupDecision).where(
                GroupDecision.owner_position_id.in_(list(heirs)), GroupDecision.status.in_(LIVING_DECISIONS)
            )
        ):
            decision.owner_position_id = heirs.get(decision.owner_position_id or 0)


def _tell_samordnare(session: Session, party: Party, *, now: datetime) -> None:
    """Nobody answers: once for each position that is lost."""
    people = ladder_targets.office_of(session, party, local_date(now))
    why = {"target": Target.SAMORDNARE.value, "subject": f"p{party.id}"}
    telling.queue(
        session, party.avvikelse, Notice.NOBODY_ANSWERS, [(party.id, people)], why, now=now, key=f"n{party.position_id}"
    )
