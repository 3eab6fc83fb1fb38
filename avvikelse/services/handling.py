"""The responsible manager's steps: accept, hand over, decline, handläggare, re-code, note, contact, own process."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.answering import asks_for_orosanmalan
from avvikelse.domain.codes import factor_label, known_category, known_factor
from avvikelse.domain.errors import Conflict, Forbidden, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import (
    Action,
    AlsoHandledAs,
    ContactOutcome,
    PartySide,
    Role,
    Status,
    TransferKind,
)
from avvikelse.domain.workdays import local_date
from avvikelse.models.agreements import Avtalspunkt
from avvikelse.models.avvikelse import Avvikelse, RecordEntry
from avvikelse.models.dialogue import Investigation, Note, OutsideContact, OwnProcess
from avvikelse.models.organisation import Enhet
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.choices import handlers_of_party
from avvikelse.queries.receivers import receiver_by_rules, triage_receiver
from avvikelse.services import audit, bouncing, gaps, ownership, rerouting, search_index, succession, support
from avvikelse.services.case_access import CaseInHand, find, require, unchanged
from avvikelse.services.guarding import guard
from avvikelse.services.transitions import perform


def accept(session: Session, actor: Actor, ref: str, *, version: int | None = None, now: datetime) -> Avvikelse:
    """Take the case on."""
    case = find(session, actor, ref, version=version)
    _accept(session, case, now=now)
    return case.row


def _accept(session: Session, case: CaseInHand, *, now: datetime) -> None:
    case.row.accepted_at = case.row.accepted_at or now
    case.row.transfers[-1].accepted_at = now
    for party in case.owners:
        if party.position_id in case.actor.own_position_ids():  # she acts herself: nobody needs to stand in any more
            party.stand_in_position_id = party.stand_in_because = None
    perform(session, case, Action.ACCEPT, now=now)


def begin(session: Session, actor: Actor, ref: str, *, version: int | None = None, now: datetime) -> CaseInHand:
    """Find the case; when it still waits for the manager's first action, that action counts as accepting it."""
    case = find(session, actor, ref, version=version)
    if case.row.status is Status.ASSIGNED and Relation.OWNER_CHEF in case.relations:
        _accept(session, case, now=now)
    return case


def hand_over(
    session: Session, actor: Actor, ref: str, to: Receiver, reason: str, *, version: int | None = None, now: datetime
) -> Avvikelse:
    """*Överlämning* to another position, with a reason.

    Bouncing back between områden locks it: both solve it together. Bouncing back inside one, it goes to the nearest
    manager of both units, else to the samordnare.
    """
    case = find(session, actor, ref, version=version)
    guard(reason=reason)
    if to.position_id is None or any(to.position_id == owner.position_id for owner in case.owners):
        raise Invalid("Välj en annan mottagare än den som redan har ärendet.", field="receiver")
    if case.row.joint:
        perform(session, case, Action.HAND_OVER, now=now, has_reason=True)  # refuses with the reason of the table
    to = bouncing.redirected(session, case.row, to, local_date(now))
    target = Status.ASSIGNED if to.position_id is not None else Status.SUBMITTED
    case.row.accepted_at = case.row.accepted_at or now
    step = ownership.give(
        session, case.row, to, TransferKind.HANDED_OVER, now=now, by_user_id=actor.user_id, reason=reason.strip()
    )
    has_reason, detail = bool(reason.strip()), {"crosses": step.crosses}
    perform(session, case, Action.HAND_OVER, now=now, target=target, has_reason=has_reason, detail=detail)
    ownership.lock_if_bouncing(session, case.row, step, now=now)
    succession.settle_case(session, case.row, now=now)
    return case.row


def take_back(session: Session, actor: Actor, ref: str, *, version: int | None = None, now: datetime) -> Avvikelse:
    """The manager is back and answers herself for what somebody began in her place.

    Raises Forbidden for whoever stands in herself, Conflict when nobody does.
    """
    case = find(session, actor, ref, version=version)
    require(case, Permission.TAKE_BACK)
    mine = [party for party in case.owners if party.position_id in actor.own_position_ids()]
    if not mine:
        raise Forbidden
    standing_in = [party for party in mine if party.stand_in_position_id is not None]
    if not standing_in:
        raise Conflict("Ingen svarar i ditt ställe. Du har redan ärendet själv.")
    for party in standing_in:
        party.stand_in_position_id = party.stand_in_because = None
    session.flush()
    audit.record(session, actor, Event.CAME_BACK, now=now, avvikelse_id=case.row.id, role=case.role)
    return case.row


def decline(
    session: Session,
    actor: Actor,
    ref: str,
    reason: str,
    proposed_enhet_id: int | None,
    *,
    avtalspunkt_id: int | None = None,
    version: int | None = None,
    now: datetime,
) -> Avvikelse:
    """*Inte vårt ansvar, vi föreslår …*: back to a samordnare. A second område's decline opens an ansvarslucka."""
    case = find(session, actor, ref, version=version)
    guard(reason=reason)
    earlier = {step.from_omrade_id for step in gaps.standing_declines(case.row)}
    mine = case.my_party(PartySide.OWNER)
    proposed = session.get(Enhet, proposed_enhet_id) if proposed_enhet_id else None
    if proposed is not None and proposed.pack_id != case.row.pack_id:
        raise Invalid("Välj en enhet i länet.", field="proposed_enhet_id")
    to = triage_receiver(session, case.row, local_date(now))
    ownership.give(
        session,
        case.row,
        to,
        TransferKind.DECLINED,
        now=now,
        by_user_id=actor.user_id,
        reason=reason.strip(),
        avtalspunkt_id=avtalspunkt_id,
        proposed_enhet_id=proposed.id if proposed else None,
    )
    perform(session, case, Action.DECLINE, now=now, has_reason=bool(reason.strip()))
    if earlier - {mine.omrade_id}:
        gaps.open_gap(session, case.row, now=now)
    return case.row


def name_handler(
    session: Session, actor: Actor, ref: str, user_id: int | None, *, version: int | None = None, now: datetime
) -> Avvikelse:
    """Name a handläggare inside the unit, or nobody (None)."""
    case = begin(session, actor, ref, version=version, now=now)
    require(case, Permission.NAME_HANDLER)
    party = case.my_party(PartySide.OWNER)
    if user_id is not None and user_id not in dict(handlers_of_party(session, party.id, local_date(now))):
        raise Invalid("Välj en handläggare på din enhet.", field="handler")
    party.handler_user_id = user_id
    audit.record(
        session, actor, Event.HANDLER_NAMED, now=now, avvikelse_id=case.row.id, role=case.role, detail={"user": user_id}
    )
    return case.row


def recode(
    session: Session,
    actor: Actor,
    ref: str,
    *,
    category: str | None,
    severity: int,
    possible_severity: int | None = None,
    version: int | None = None,
    now: datetime,
) -> Avvikelse:
    """Change category and severity, and say what could have happened. What the reporter chose is kept in
    `reported_category` and the log.
    """
    case = find(session, actor, ref, version=version)
    require(case, Permission.RECODE)
    if category and not known_category(category):
        raise Invalid("Välj en kategori ur listan.", field="category")
    leaves = asks_for_orosanmalan(case.row.category) and not asks_for_orosanmalan(category or None)
    if leaves and Relation.SENDER_SAMORDNARE not in case.relations:
        raise Invalid(  # else the receiver could open the way for an answer in own words
            "Ärendet gäller återkoppling på en orosanmälan. Bara rapporterande områdets samordnare kan ändra det.",
            field="category",
        )
    for field, value in (("severity", severity), ("possible_severity", possible_severity)):
        if value is not None and not 0 <= value <= 4:
            raise Invalid("Välj ett av alternativen.", field=field)
    row = case.row
    before = receiver_by_rules(session, row, today=local_date(now))
    detail = {"category": [row.category, category], "severity": [row.severity, severity], "possible": possible_severity}
    row.category, row.severity = category, severity
    if possible_severity is not None:
        row.possible_severity = possible_severity
    search_index.refresh(session, row)
    support.tell_if_severe(session, row, now=now)
    audit.record(session, actor, Event.RECODED, now=now, avvikelse_id=row.id, detail=detail)
    rerouting.after_recoding(session, case, before, now=now)
    return row


def set_avtalspunkt(
    session: Session,
    actor: Actor,
    ref: str,
    *,
    avtalspunkt_id: int | None,
    no_avtal: bool | None,
    version: int | None = None,
    now: datetime,
) -> Avvikelse:
    """Which point of an avtal was not kept, or that there is none about it. Raises Invalid for another län's point."""
    case = find(session, actor, ref, version=version)
    require(case, Permission.AVTALSPUNKT)
    if avtalspunkt_id is not None:
        point = session.get(Avtalspunkt, avtalspunkt_id)
        if point is None or point.pack_id != case.row.pack_id:
            raise Invalid("Välj en punkt ur listan.", field="avtalspunkt_id")
    detail = {"point": [case.row.avtalspunkt_id, avtalspunkt_id], "none": no_avtal is True}
    case.row.avtalspunkt_id, case.row.no_avtal = avtalspunkt_id, no_avtal
    session.flush()
    row = case.row
    audit.record(session, actor, Event.AVTALSPUNKT_SET, now=now, avvikelse_id=row.id, role=case.role, detail=detail)
    return row


def listed(labels: Iterable[str]) -> str:
    """Several chosen labels as one text, the same whatever their order."""
    return ", ".join(sorted(labels))


def set_factors(
    session: Session, actor: Actor, ref: str, factors: tuple[str, ...], *, seen: str | None = None, now: datetime
) -> Avvikelse:
    """The causes, as codes; read only by the receiving område. `seen`: their labels when the form was opened."""
    case = find(session, actor, ref)
    require(case, Permission.FACTORS)
    if not all(known_factor(code) for code in factors):
        raise Invalid("Välj orsaker ur listan.", field="factors")
    party = case.my_party(PartySide.OWNER)
    found = session.scalar(
        select(Investigation).where(
            Investigation.avvikelse_id == case.row.id, Investigation.omrade_id == party.omrade_id
        )
    )
    there = found.factors if found is not None else ()
    unchanged(listed(map(factor_label, there)), seen, listed(map(factor_label, factors)))
    if found is None:
        session.add(
            Investigation(avvikelse_id=case.row.id, omrade_id=party.omrade_id, factors=list(factors), updated_at=now)
        )
    else:
        found.factors, found.updated_at = list(factors), now
    audit.record(
        session, actor, Event.FACTORS_SET, now=now, avvikelse_id=case.row.id, role=case.role, omrade_id=party.omrade_id
    )
    return case.row


def add_note(session: Session, actor: Actor, ref: str, text: str, *, now: datetime) -> Note:
    """Write an internal note for the own område. It stays readable for that område when the case has moved on."""
    case = find(session, actor, ref)
    require(case, Permission.NOTE)
    guard(text=text)
    if not text.strip():
        raise Invalid("Skriv en anteckning.", field="text")
    party = case.my_party(PartySide.OWNER, PartySide.SENDER)
    note = Note(
        avvikelse_id=case.row.id, omrade_id=party.omrade_id, at=now, by_user_id=actor.user_id, text=text.strip()
    )
    session.add(note)
    session.flush()
    reports = case.sender is not None and case.sender.omrade_id == party.omrade_id
    search_index.refresh_own(session, case.row, party.omrade_id, is_sender=reports)
    audit.record(
        session, actor, Event.NOTE_ADDED, now=now, avvikelse_id=case.row.id, role=case.role, omrade_id=party.omrade_id
    )
    return note


def note_outside_contact(
    session: Session, actor: Actor, ref: str, on: date, outcome: ContactOutcome, *, now: datetime
) -> OutsideContact:
    """*Kontakt utanför systemet*: only the day, the role and the outcome are stored."""
    case = begin(session, actor, ref, now=now)
    require(case, Permission.OUTSIDE_CONTACT)
    if on > local_date(now):
        raise Invalid("Dagen ligger i framtiden.", field="on")
    party = case.my_party(PartySide.OWNER, PartySide.SENDER)
    role = (
        Role.CHEF
        if {party.position_id, party.stand_in_position_id} & actor.position_ids()
        else (Role.SAMORDNARE if actor.has(Role.SAMORDNARE) else Role.HANDLAGGARE)
    )
    contact = OutsideContact(avvikelse_id=case.row.id, on=on, omrade_id=party.omrade_id, as_role=role, outcome=outcome)
    session.add(contact)
    audit.record(
        session,
        actor,
        Event.CONTACT_OUTSIDE,
        now=now,
        avvikelse_id=case.row.id,
        role=case.role,
        detail={"outcome": outcome.value},
    )
    return contact


def also_handled_as(
    session: Session,
    actor: Actor,
    ref: str,
    processes: tuple[AlsoHandledAs, ...],
    *,
    seen: str | None = None,
    now: datetime,
) -> Avvikelse:
    """*Hanteras även som*: set the område's own processes. Does not close the case. `seen` as for set_factors."""
    case = begin(session, actor, ref, now=now)
    require(case, Permission.OWN_PROCESS)
    party = case.my_party(PartySide.OWNER)
    present = {
        row.process: row
        for row in session.scalars(
            select(OwnProcess).where(OwnProcess.avvikelse_id == case.row.id, OwnProcess.omrade_id == party.omrade_id)
        )
    }
    unchanged(listed(p.label for p in present), seen, listed(p.label for p in processes))
    for process, row in present.items():
        if process not in processes:
            session.delete(row)
    for process in processes:
        if process not in present:
            session.add(OwnProcess(avvikelse_id=case.row.id, omrade_id=party.omrade_id, process=process, at=now))
    audit.record(
        session,
        actor,
        Event.ALSO_HANDLED_AS,
        now=now,
        avvikelse_id=case.row.id,
        role=case.role,
        detail={"processes": [p.value for p in processes]},
    )
    return case.row


def set_diarienummer(
    session: Session, actor: Actor, ref: str, diarienummer: str, *, seen: str | None = None, now: datetime
) -> Avvikelse:
    """The own område's diarienummer in its registreringslista. `seen`: what stood there when the form was opened."""
    case = find(session, actor, ref)
    require(case, Permission.DIARIENUMMER)
    guard(diarienummer=diarienummer)
    party = case.my_party(PartySide.OWNER, PartySide.SENDER)
    entry = session.scalar(
        select(RecordEntry).where(RecordEntry.avvikelse_id == case.row.id, RecordEntry.omrade_id == party.omrade_id)
    )
    if entry is not None:
        unchanged(entry.diarienummer or "", seen, diarienummer.strip()[:40])
        entry.diarienummer = diarienummer.strip()[:40] or None
        audit.record(
            session,
            actor,
            Event.DIARIENUMMER_SET,
            now=now,
            avvikelse_id=case.row.id,
            role=case.role,
            omrade_id=party.omrade_id,
        )
    return case.row
