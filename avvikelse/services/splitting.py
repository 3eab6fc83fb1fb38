"""*Dela rapporten*: two events in one report become two cases, each with its own receiver and its own answer.

The clocks that the reporter counts on go on from the same day; only distributing the new case is new. The first case
keeps its number, its owner and its original text; what the other party reads there can be narrowed in the same step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import known_category
from avvikelse.domain.errors import Conflict, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.vocabulary import WITHOUT_ACCOUNT, PartySide, Status, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.organisation import Enhet
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.receivers import triage_receiver
from avvikelse.services import audit, clocks, ownership, search_index, support, telling
from avvikelse.services.case_access import CaseInHand, find, require
from avvikelse.services.guarding import guard
from avvikelse.services.refs import new_ref
from avvikelse.services.reporting import next_number
from avvikelse.services.transitions import follow

MOST = 4  # cases that one report may become besides itself
LONGEST = 2_000
# What the new case has from the report; texts are written anew, and what was asked and answered stays where it was.
KEPT = (
    "pack_id", "channel", "reporter_user_id", "reporter_named_to_chef", "sender_enhet_id", "sender_kind",
    "kommunkod", "age_band", "tillstand", "niva", "matrix_version", "extent", "child_waits",
    "family_coordinates", "submitted_at", "first_received_at", "paused_days", "inside_huvudman",
)  # fmt: skip
NO_ACCOUNT = "Rapporten kom utan konto. Den som har koden kan bara följa ett ärende, så rapporten går inte att dela."
PAUSED = "Rapportören har en fråga att svara på först."
TOO_MANY = f"Rapporten är redan delad i {MOST + 1} ärenden."


@dataclass(frozen=True, slots=True)
class SecondEvent:
    """The event that gets a case of its own.

    `remaining`: what the other party reads in the first one from now on; None = as before.
    """

    description: str
    occurred_on: date
    severity: int
    category: str | None = None
    remaining: str | None = None


def split(
    session: Session, actor: Actor, ref: str, second: SecondEvent, *, version: int | None = None, now: datetime
) -> Avvikelse:
    """Returns the new case. It lies with a samordnare to be distributed; both reporter and samordnare are told.

    Raises Conflict for a report without account or while a question is open, Invalid at the field that is wrong.
    """
    case = find(session, actor, ref, version=version)
    require(case, Permission.SPLIT)
    first = case.row
    _check(session, first, second, local_date(now))
    remaining = (second.remaining or "").strip()
    guard(description=second.description, remaining=remaining)
    row = Avvikelse(
        ref=new_ref(),
        number=next_number(session, first.pack_id, local_date(now).year),
        status=Status.SUBMITTED,
        status_since=first.status_since if first.status is Status.SUBMITTED else now,
        counterpart_unknown=True,  # the reporter named somebody for the first event
        occurred_on=second.occurred_on,
        description=second.description.strip(),
        category=second.category,
        severity=second.severity,
        routing_reason=f"rapporten {first.number} handlade om två händelser, och samordnaren avgör vem som svarar",
        routing_contested=False,
        vaxlingar=0,
        returned=False,
        nej_count=0,
        joint=False,
        status_paused_days=0,
        split_from_id=first.split_from_id or first.id,
        **{name: getattr(first, name) for name in KEPT},
    )
    session.add(row)
    _give_to_samordnare(session, first, row, now=now)
    search_index.refresh(session, row)
    narrowed = bool(remaining) and remaining != (first.masked_description or first.description)
    if narrowed:
        first.masked_description = remaining
        search_index.refresh(session, first)
    _remember_and_tell(session, case, row, narrowed=narrowed, now=now)
    return row


def _check(session: Session, first: Avvikelse, second: SecondEvent, today: date) -> None:
    if first.channel in WITHOUT_ACCOUNT or first.sender_enhet_id is None:
        raise Conflict(NO_ACCOUNT)
    if first.paused_since is not None:
        raise Conflict(PAUSED)
    root = first.split_from_id or first.id
    if len(session.scalars(select(Avvikelse.id).where(Avvikelse.split_from_id == root)).all()) >= MOST:
        raise Conflict(TOO_MANY)
    if not second.description.strip() or len(second.description) > LONGEST:
        raise Invalid(f"Skriv vad som hände, med högst {LONGEST} tecken.", field="description")
    if len(second.remaining or "") > LONGEST:
        raise Invalid(f"Skriv högst {LONGEST} tecken.", field="remaining")
    if second.occurred_on > today:
        raise Invalid("Dagen ligger i framtiden. Ange när det hände.", field="occurred_on")
    if not 0 <= second.severity <= 4:
        raise Invalid("Välj vad det ledde till för barnet.", field="severity")
    if second.category and not known_category(second.category):
        raise Invalid("Välj en kategori ur listan.", field="category")


def _give_to_samordnare(session: Session, first: Avvikelse, row: Avvikelse, *, now: datetime) -> None:
    """The same reporting unit; and to whoever distributes the first case, else to whom it would be declined."""
    unit = session.get_one(Enhet, first.sender_enhet_id)
    ownership.add_sender(session, row, unit, now=now)
    session.flush()
    ownership.register(session, row, unit.omrade_id, now=now)
    holds = next((p for p in first.parties if p.side is PartySide.OWNER and p.position_id is None), None)
    to = (
        Receiver(holds.omrade_id, funktion_id=holds.funktion_id)
        if holds is not None
        else triage_receiver(session, first, local_date(now))
    )
    ownership.give(session, row, to, TransferKind.ASSIGNED, now=now, by_user_id=None)
    clocks.start(session, row)
    follow(row)
    session.flush()


def _remember_and_tell(session: Session, case: CaseInHand, row: Avvikelse, *, narrowed: bool, now: datetime) -> None:
    for one, other in ((case.row, row), (row, case.row)):
        audit.record(
            session, case.actor, Event.SPLIT, now=now, avvikelse_id=one.id, role=case.role,
            to_status=one.status, detail={"other": other.number, "narrowed": narrowed},
        )  # fmt: skip
    me = case.actor.user_id
    telling.send(session, row, Notice.REPORT_SPLIT, Audience.REPORTER, now=now)
    telling.send(session, row, Notice.NEW_CASE, Audience.OWNER, now=now, except_user_id=me)
    support.tell_if_severe(session, row, now=now)
