"""Who has the case: give it to a position or a samordnare, count växlingar, keep the way, lock when it bounces."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.receiver import Held, Receiver, Step, step_to
from avvikelse.domain.vocabulary import Action, PartySide, Status, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import LOCK_AT_VAXLINGAR
from avvikelse.models.avvikelse import NO_DAY, Avvikelse, Party, RecordEntry, Transfer
from avvikelse.models.organisation import Enhet
from avvikelse.services import groups
from avvikelse.services.transitions import follow, perform_as_system


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

    The first-received date is set once and never again. växlingar only grow.
    """
    owners = [party for party in row.parties if party.side is PartySide.OWNER]
    previous = owners[0] if owners else None
    step = step_to(way_of(row), to)
    for party in owners:
        party.side, party.until, party.open = PartySide.FORMER, now, False
    add_party(session, row, PartySide.OWNER, to, now=now)
    session.add(
        Transfer(
            avvikelse=row,
            kind=kind,
            at=now,
            from_omrade_id=previous.omrade_id if previous else None,
            from_enhet_id=previous.enhet_id if previous else None,
            from_position_id=previous.position_id if previous else None,
            to_omrade_id=to.omrade_id,
            to_enhet_id=to.enhet_id,
            to_position_id=to.position_id,
            crosses=step.crosses,
            reason=reason,
            avtalspunkt_id=avtalspunkt_id,
            proposed_enhet_id=proposed_enhet_id,
            by_user_id=by_user_id,
        )
    )
    row.vaxlingar += step.crosses
    row.returned = row.returned or step.back_to_enhet
    if to.position_id is not None:
        row.first_received_at = row.first_received_at or now
        row.receiver_enhet_id, row.receiver_kind = to.enhet_id, to.enhet_kind
    register(session, row, to.omrade_id, now=now)
    groups.place(session, row, now=now)
    follow(row)
    session.flush()
    return step


def register(session: Session, row: Avvikelse, omrade_id: int, *, now: datetime) -> None:
    """Enter the case in the område's registreringslista, once."""
    known = session.scalar(
        select(RecordEntry.id).where(RecordEntry.avvikelse_id == row.id, RecordEntry.omrade_id == omrade_id)
    )
    if known is None:
        session.add(RecordEntry(avvikelse_id=row.id, omrade_id=omrade_id, registered_on=local_date(now)))


def lock_if_bouncing(session: Session, row: Avvikelse, step: Step, *, now: datetime) -> bool:
    """Two växlingar and back with an earlier område: both become owners and solve it together."""
    if row.vaxlingar < LOCK_AT_VAXLINGAR or not step.back_to_omrade:
        return False
    latest = max(
        (p for p in row.parties if p.side is PartySide.FORMER and p.position_id is not None), key=lambda p: p.id
    )
    latest.side, latest.until = PartySide.OWNER, None
    row.joint = True
    perform_as_system(session, row, Action.LOCK, now=now, returns=True)
    return True
