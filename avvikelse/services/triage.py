"""The samordnare's steps: assign, not taken up, merge, gruppmening, mask, the severity that could have been."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.vocabulary import Action, NotTakenUpReason, Outcome, PartySide, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.policy.permission_map import Permission, allows
from avvikelse.policy.visibility import visible
from avvikelse.queries.recipients import samordnare_of
from avvikelse.services import audit, ownership, search_index
from avvikelse.services.case_access import find, require
from avvikelse.services.guarding import guard
from avvikelse.services.transitions import perform


def assign(
    session: Session,
    actor: Actor,
    ref: str,
    to: Receiver,
    *,
    version: int | None = None,
    reason: str | None = None,
    now: datetime,
) -> Avvikelse:
    """Give the case to a responsible position. Raises Invalid when `to` is no position."""
    case = find(session, actor, ref, version=version)
    guard(reason=reason)
    if to.position_id is None:
        raise Invalid("Välj vilken chef som ska få ärendet.", field="receiver")
    step = ownership.give(
        session, case.row, to, TransferKind.ASSIGNED, now=now, by_user_id=actor.user_id, reason=reason
    )
    perform(session, case, Action.ASSIGN, now=now, detail={"crosses": step.crosses})
    ownership.lock_if_bouncing(session, case.row, step, now=now)
    return case.row


def not_taken_up(
    session: Session,
    actor: Actor,
    ref: str,
    reason: NotTakenUpReason,
    to_reporter: str,
    *,
    version: int | None = None,
    now: datetime,
) -> Avvikelse:
    """*Tas inte upp här*: close with a reason from the closed list and a text to the reporter."""
    case = find(session, actor, ref, version=version)
    guard(to_reporter=to_reporter)
    if not to_reporter.strip():
        raise Invalid("Skriv några rader till rapportören om varför.", field="to_reporter")
    case.row.not_taken_up_reason = reason
    case.row.closing_text = to_reporter.strip()
    perform(session, case, Action.NOT_TAKEN_UP, now=now, outcome=Outcome.NOT_TAKEN_UP, detail={"reason": reason.value})
    return case.row


def merge(
    session: Session, actor: Actor, ref: str, main_ref: str, *, version: int | None = None, now: datetime
) -> Avvikelse:
    """Join the case to a main case. The main keeps the higher växling count; its answer reaches this reporter too."""
    case = find(session, actor, ref, version=version)
    main = find(session, actor, main_ref)
    if main.row.id == case.row.id or main.row.main_id is not None:
        raise Invalid("Välj ett annat ärende som huvudärende.", field="main")
    if main.row.closed_at is not None:
        raise Conflict("Huvudärendet är avslutat. Välj ett öppet ärende.")
    main.row.vaxlingar = max(main.row.vaxlingar, case.row.vaxlingar)
    case.row.main_id = main.row.id
    case.row.closing_text = (
        f"Din rapport hör ihop med ärende {main.row.number} och besvaras där. Du får svaret när det är klart."
    )
    perform(session, case, Action.MERGE, now=now, outcome=Outcome.MERGED, detail={"main": main.row.number})
    return case.row


def merge_into_number(
    session: Session, actor: Actor, ref: str, main_number: str, *, version: int | None = None, now: datetime
) -> Avvikelse:
    """merge() with the main case named by its number, as people say it. A number that is not the actor's is unknown."""
    number = "".join(main_number.split()).upper()
    main_ref = session.scalar(select(Avvikelse.ref).where(Avvikelse.number == number, visible(actor)))
    if main_ref is None:
        raise Invalid("Du har inget ärende med det numret.", field="main")
    return merge(session, actor, ref, main_ref, version=version, now=now)


def write_gruppmening(
    session: Session, actor: Actor, ref: str, sentence: str, *, version: int | None = None, now: datetime
) -> Avvikelse:
    """Write the one guarded sentence that groups read. The sender's samordnare approves it by writing it."""
    case = find(session, actor, ref, version=version)
    require(case, Permission.WRITE_GRUPPMENING)
    guard(gruppmening=sentence)
    sentence = " ".join(sentence.split())
    if not 10 <= len(sentence) <= 200:
        raise Invalid("Skriv en mening på mellan 10 och 200 tecken.", field="gruppmening")
    case.row.gruppmening = sentence
    may_approve = allows(Permission.APPROVE_GRUPPMENING, case.relations, case.row.status) or not _sender_has_samordnare(
        session, case.row, now
    )
    case.row.gruppmening_approved_at = now if may_approve else None
    audit.record(
        session,
        actor,
        Event.GRUPPMENING_WRITTEN,
        now=now,
        avvikelse_id=case.row.id,
        role=case.role,
        detail={"approved": may_approve},
    )
    return case.row


def approve_gruppmening(
    session: Session, actor: Actor, ref: str, *, version: int | None = None, now: datetime
) -> Avvikelse:
    """Approve a sentence that the other side's samordnare wrote."""
    case = find(session, actor, ref, version=version)
    require(case, Permission.APPROVE_GRUPPMENING)
    if not case.row.gruppmening:
        raise Conflict("Det finns ingen gruppmening att godkänna.")
    case.row.gruppmening_approved_at = now
    audit.record(session, actor, Event.GRUPPMENING_APPROVED, now=now, avvikelse_id=case.row.id, role=case.role)
    return case.row


def mask(
    session: Session, actor: Actor, ref: str, text: str, *, version: int | None = None, now: datetime
) -> Avvikelse:
    """Replace what the other side reads by a de-identified text. The original stays with the reporting område."""
    case = find(session, actor, ref, version=version)
    require(case, Permission.MASK)
    guard(masked_description=text)
    if not text.strip():
        raise Invalid("Skriv den text som den andra parten ska läsa.", field="masked_description")
    case.row.masked_description = text.strip()
    search_index.refresh(session, case.row)
    audit.record(session, actor, Event.MASKED, now=now, avvikelse_id=case.row.id, role=case.role)
    return case.row


def _sender_has_samordnare(session: Session, row: Avvikelse, now: datetime) -> bool:
    """A friskola or the police may have none; then the receiving samordnare's sentence stands."""
    return any(samordnare_of(session, p.omrade_id, local_date(now)) for p in row.parties if p.side is PartySide.SENDER)
