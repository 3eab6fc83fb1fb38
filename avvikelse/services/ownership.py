"""Who has the case: give it to a position or a samordnare, count växlingar, keep the way, lock when it bounces."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.joint_room import RoomOutcome
from avvikelse.domain.receiver import Held, Receiver, Step, step_to
from avvikelse.domain.vocabulary import Action, PartySide, Status, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import LOCK_AT_VAXLINGAR
from avvikelse.models.asking import write_rows
from avvikelse.models.avvikelse import NO_DAY, Avvikelse, Party, RecordEntry, Transfer
from avvikelse.models.organisation import Enhet
from avvikelse.services import answer_checks, clocks, effects, groups
from avvikelse.services.rooms import begin_anew, close_room, hand_on, open_room
from avvikelse.services.transitions import follow, perform_as_system

Place = tuple[int | None, int | None, int | None]  # område, enhet, position
NOWHERE: Place = (None, None, None)

CLOSED_UNIT = "Enheten har stängt, och ärendet följer med till den verksamhet som tar över."


def way_of(row: Avvikelse) -> tuple[Held, ...]:
    """The positions that have held the case, in order."""
    return tuple(Held(t.to_omrade_id, t.to_enhet_id) for t in row.transfers if t.to_position_id is not None)


def add_party(session: Session, row: Avvikelse, side: PartySide, receiver: Receiver, *, now: datetime) -> Party:
    party = Party(
        avvikelse=row,
        side=side,
        omrade_id=receiver.omrade_id,
        enhet_id=receiver.enhet_id,
        position_id=receiver.position_id,
        funktion_id=receiver.funktion_id,
        since=now,
        open=row.status is not Status.CLOSED,
        status=row.status,
        due_on=row.due_on or NO_DAY,
    )
    session.add(party)
    return party


def add_sender(session: Session, row: Avvikelse, unit: Enhet, *, now: datetime) -> None:
    """The reporting unit as a party: its chef and its område's samordnare follow the case."""
    session.add(
        Party(
            avvikelse=row,
            side=PartySide.SENDER,
            omrade_id=unit.omrade_id,
            enhet_id=unit.id,
            since=now,
            open=True,
            status=row.status,
            due_on=row.due_on or NO_DAY,
        )
    )


def give(
    session: Session,
    row: Avvikelse,
    to: Receiver,
    kind: TransferKind,
    *,
    now: datetime,
    by_user_id: int | None,
    reason: str | None = None,
    avtalspunkt_id: int | None = None,
    proposed_enhet_id: int | None = None,
) -> Step:
    """Move ownership and write the transfer. Returns what the move meant for the counts.

    The first-received date is set once and never again. växlingar only grow; whoever takes back what she has let go
    has bounced nothing.
    """
    step = take(
        session, row, to, kind, now=now, by_user_id=by_user_id, reason=reason, avtalspunkt_id=avtalspunkt_id,
        proposed_enhet_id=proposed_enhet_id,
    )  # fmt: skip
    register(session, row, to.omrade_id, now=now)
    groups.place(session, row, now=now)
    follow(row)
    session.flush()
    effects.note_recurrence(session, row, now=now)
    return step


def take(
    session: Session,
    row: Avvikelse,
    to: Receiver,
    kind: TransferKind,
    *,
    now: datetime,
    by_user_id: int | None,
    reason: str | None = None,
    avtalspunkt_id: int | None = None,
    proposed_enhet_id: int | None = None,
) -> Step:
    """The part of give() that concerns the case, its parties and its way. Asks and writes nothing."""
    owners = [party for party in row.parties if party.side is PartySide.OWNER]
    previous = owners[0] if owners else None
    step = step_to(way_of(row), to) if kind is not TransferKind.TAKEN_BACK else Step(False, False, False)
    for party in owners:
        _let_go(party, now=now)
    add_party(session, row, PartySide.OWNER, to, now=now)
    transfer = _note_transfer(
        session,
        row,
        kind,
        _place(previous) if previous else NOWHERE,
        _place(to),
        now=now,
        by_user_id=by_user_id,
        reason=reason,
    )
    transfer.crosses = step.crosses
    transfer.avtalspunkt_id, transfer.proposed_enhet_id = avtalspunkt_id, proposed_enhet_id
    row.vaxlingar += step.crosses
    row.returned = row.returned or step.back_to_enhet
    if to.position_id is not None:
        row.first_received_at = row.first_received_at or now
        if to.enhet_id is not None:  # a manager above two units answers for the one that had it
            row.receiver_enhet_id, row.receiver_kind = to.enhet_id, to.enhet_kind
    return step


def register(session: Session, row: Avvikelse, omrade_id: int, *, now: datetime) -> None:
    """Enter the case in the område's registreringslista, once."""
    known = session.scalar(
        select(RecordEntry.id).where(RecordEntry.avvikelse_id == row.id, RecordEntry.omrade_id == omrade_id)
    )
    if known is None:
        session.add(RecordEntry(avvikelse_id=row.id, omrade_id=omrade_id, registered_on=local_date(now)))


def write_new(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """Write a case that was just born and whose parties are set, and what goes with it: registers, groups, recurrence.

    What give() does later on, without asking what is there already.
    """
    session.add(row)
    clocks.start(session, row)
    follow(row)
    session.flush()
    omraden = dict.fromkeys(party.omrade_id for party in row.parties)
    write_rows(
        session,
        RecordEntry,
        ({"avvikelse_id": row.id, "omrade_id": omrade_id, "registered_on": local_date(now)} for omrade_id in omraden),
    )
    groups.place_new(session, row, now=now)
    effects.note_recurrence(session, row, now=now)


def lock_if_bouncing(session: Session, row: Avvikelse, step: Step, *, now: datetime) -> bool:
    """Two växlingar and back with an earlier område: both become owners and solve it together."""
    if row.vaxlingar < LOCK_AT_VAXLINGAR or not step.back_to_omrade:
        return False
    latest = max(
        (p for p in row.parties if p.side is PartySide.FORMER and p.position_id is not None), key=lambda p: p.id
    )
    latest.side, latest.until = PartySide.OWNER, None
    row.joint = True
    open_room(session, row, now=now)
    perform_as_system(session, row, Action.LOCK, now=now, returns=True)
    return True


def _place(at: Party | Receiver) -> Place:
    return at.omrade_id, at.enhet_id, at.position_id


def _note_transfer(
    session: Session,
    row: Avvikelse,
    kind: TransferKind,
    came_from: Place,
    to: Place,
    *,
    now: datetime,
    by_user_id: int | None,
    reason: str | None,
) -> Transfer:
    """One more row of the case's way; not a växling unless the caller says so."""
    transfer = Transfer(
        avvikelse=row,
        kind=kind,
        at=now,
        from_omrade_id=came_from[0],
        from_enhet_id=came_from[1],
        from_position_id=came_from[2],
        to_omrade_id=to[0],
        to_enhet_id=to[1],
        to_position_id=to[2],
        crosses=False,
        reason=reason,
        by_user_id=by_user_id,
    )
    session.add(transfer)
    return transfer


def _let_go(party: Party, *, now: datetime) -> None:
    party.side, party.until, party.open = PartySide.FORMER, now, False
    party.stand_in_position_id = party.stand_in_because = None


def succeed(
    session: Session,
    row: Avvikelse,
    party: Party,
    to: Receiver,
    *,
    now: datetime,
    by_user_id: int | None = None,
    reason: str = CLOSED_UNIT,
) -> None:
    """Another position takes a party's place for good: no växling, the same days. Two owners stay two.

    Inside the område the party stays the same, with what it has answered and noted; another område begins anew and the
    former one keeps its own notes. So does the joint room then, where it is open; what had been agreed in it is kept.
    """
    before = _place(party)
    if to.omrade_id == party.omrade_id:
        party.enhet_id, party.position_id, party.funktion_id = to.enhet_id, to.position_id, to.funktion_id
        party.stand_in_position_id = party.stand_in_because = party.handler_user_id = None
    else:
        answer_checks.drop_unsent(session, row)
        _let_go(party, now=now)
        new = add_party(session, row, PartySide.OWNER, to, now=now)
        hand_on(session, row, party, new)
        for other in [p for p in row.parties if p.side is PartySide.OWNER and p.position_id != to.position_id]:
            begin_anew(session, row, other, now=now)
    _note_transfer(session, row, TransferKind.MOVED, before, _place(to), now=now, by_user_id=by_user_id, reason=reason)
    row.receiver_enhet_id, row.receiver_kind = to.enhet_id, to.enhet_kind
    register(session, row, to.omrade_id, now=now)
    groups.place(session, row, now=now)
    follow(row)
    clocks.look_again(session, row)


def keep_one(
    session: Session, row: Avvikelse, keeps: Party, *, now: datetime, by_user_id: int | None, reason: str
) -> None:
    """End a joint ownership: one party goes on alone, the other has let the case go. No växling."""
    for party in row.parties:
        if party.side is PartySide.OWNER and party.id != keeps.id:
            _let_go(party, now=now)
    answer_checks.drop_unsent(session, row)  # nobody else is left to say yes to it
    row.joint = False
    _note_transfer(
        session, row, TransferKind.ASSIGNED, NOWHERE, _place(keeps), now=now, by_user_id=by_user_id, reason=reason
    )
    close_room(session, row, RoomOutcome.UNLOCKED, now=now)
    follow(row)
    session.flush()
