"""The samordnare's steps: assign, not taken up, merge, gruppmening, mask, the severity that could have been."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Forbidden, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import Action, NotTakenUpReason, Outcome, PartySide, Role, Status, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.policy.permission_map import Permission, allows
from avvikelse.policy.visibility import visible
from avvikelse.queries import recipients
from avvikelse.queries.recipients import samordnare_of
from avvikelse.queries.responsibility import points_elsewhere
from avvikelse.services import audit, ownership, search_index, succession, telling
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
    """Give the case to a responsible position. Raises Invalid when `to` is no position, and at `reason` when it
    departs from the ansvarstabell without one.
    """
    case = find(session, actor, ref, version=version)
    guard(reason=reason)
    if to.position_id is None:
        raise Invalid("Välj vilken chef som ska få ärendet.", field="receiver")
    if not (reason or "").strip() and points_elsewhere(session, case.row, to.enhet_kind):
        raise Invalid("Ansvarstabellen pekar på någon annan. Skriv varför ärendet ska hit ändå.", field="reason")
    step = ownership.give(
        session, case.row, to, TransferKind.ASSIGNED, now=now, by_user_id=actor.user_id, reason=reason
    )
    perform(session, case, Action.ASSIGN, now=now, detail={"crosses": step.crosses})
    ownership.lock_if_bouncing(session, case.row, step, now=now)
    succession.settle_case(session, case.row, now=now)
    return case.row


PLACED = "Ingen svarade för ärendet. Samordnaren har gett det till en chef som svarar."


def place(
    session: Session, actor: Actor, ref: str, to: Receiver, *, version: int | None = None, now: datetime
) -> Avvikelse:
    """Give a case that nobody answers for to another manager of the own område. No växling, the same days.

    Raises Conflict when somebody does answer, Invalid at `receiver` for another område.
    """
    case = find(session, actor, ref, version=version)
    require(case, Permission.PLACE)
    party = next((p for p in case.owners if p.omrade_id in actor.omrade_ids(Role.SAMORDNARE)), None)
    if party is None:
        raise Forbidden
    if party.position_id is None or recipients.of_party(session, party, local_date(now)).user_ids:
        raise Conflict("Någon svarar redan för ärendet.")
    if to.omrade_id != party.omrade_id or any(to.position_id == owner.position_id for owner in case.owners):
        raise Invalid("Välj en annan chef i samma område.", field="receiver")
    ownership.succeed(session, case.row, party, to, now=now, by_user_id=actor.user_id, reason=PLACED)
    audit.record(
        session, actor, Event.PLACED, now=now, avvikelse_id=case.row.id, role=case.role, omrade_id=party.omrade_id,
        detail={"position": to.position_id},
    )  # fmt: skip
    telling.send(session, case.row, Notice.NEW_CASE, Audience.OWNER, now=now, except_user_id=actor.user_id)
    succession.settle_case(session, case.row, now=now)
    return case.row


def unlock(
    session: Session,
    actor: Actor,
    ref: str,
    keeps_party_id: int,
    reason: str,
    *,
    version: int | None = None,
    now: datetime,
) -> Avvikelse:
    """Two need not solve it together any more: one of them goes on alone, for a written reason.

    The reporting side's samordnare chooses between them; an owner's samordnare may only take it to the own side.
    Raises Invalid at `keeps` or `reason`.
    """
    case = find(session, actor, ref, version=version)
    guard(reason=reason)
    if not case.relations & {Relation.SENDER_SAMORDNARE, Relation.OWNER_SAMORDNARE}:
        raise Forbidden
    keeps = next((party for party in case.owners if party.id == keeps_party_id), None)
    may_choose = Relation.SENDER_SAMORDNARE in case.relations
    if keeps is None or not (may_choose or keeps.omrade_id in actor.omrade_ids(Role.SAMORDNARE)):
        raise Invalid("Välj vem som går vidare med ärendet.", field="keeps")
    left = next((party for party in case.owners if party is not keeps), None)
    if case.row.status is Status.DISPUTED and reason.strip():
        ownership.keep_one(session, case.row, keeps, now=now, by_user_id=actor.user_id, reason=reason.strip())
    perform(
        session, case, Action.UNLOCK, now=now, has_reason=bool(reason.strip()),
        detail={"left": left.omrade_id if left else None},
    )  # fmt: skip
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
    main = find(session, actor, main_ref)
    case = find(session, actor, ref, version=version)
    if main.row.id == case.row.id or main.row.main_id is not None:
        raise Invalid("Välj ett annat ärende som huvudärende.", field="main")
    if main.row.closed_at is not None:
        raise Invalid("Det ärendet är avslutat. Skriv numret på ett som är öppet.", field="main")
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
