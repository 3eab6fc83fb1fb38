"""File a report: drafts, the proposed receiver, and the one call that makes a case of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import known_age_band, known_category
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import Action, Channel, Extent, Outcome, RoutingMode, Status, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, NumberSeries
from avvikelse.models.organisation import Enhet, Pack
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.receivers import Proposal, propose
from avvikelse.services import audit, ownership, search_index
from avvikelse.services.case_access import find, in_hand, require
from avvikelse.services.guarding import guard
from avvikelse.services.refs import new_ref
from avvikelse.services.transitions import perform

OLDEST_DAYS = 3 * 365


@dataclass(frozen=True, slots=True)
class Report:
    """What the reporter has said.

    Ids are database ids; empty texts are None. Nothing here is trusted: file() checks all.
    """

    sender_enhet_id: int
    occurred_on: date
    description: str
    severity: int
    counterpart_enhet_id: int | None = None
    counterpart_kind: str | None = None
    counterpart_huvudman_id: int | None = None
    counterpart_unknown: bool = False
    kommunkod: str | None = None
    proposal: str | None = None
    category: str | None = None
    age_band: str | None = None
    tillstand: str | None = None
    niva: int | None = None
    extent: Extent | None = None
    child_waits: bool = False
    family_coordinates: bool = False
    managers_talked: bool | None = None
    avtalspunkt_id: int | None = None
    immediate_action: str | None = None
    own_reference: str | None = None
    named_to_chef: bool = False
    routing_contested: bool = False
    channel: Channel = Channel.WEB
    no_notice_given: bool | None = None
    meeting_held: bool | None = None
    idempotency_key: str | None = None
    earlier_ref: str | None = None


def next_number(session: Session, pack: Pack, year: int) -> str:
    """The next case number of the pack and year, such as JH-2026-0042. Gapless within what is committed."""
    series = session.scalar(
        select(NumberSeries).where(NumberSeries.pack_id == pack.id, NumberSeries.year == year).with_for_update()
    )
    if series is None:
        session.execute(select(Pack.id).where(Pack.id == pack.id).with_for_update())
        series = session.get(NumberSeries, (pack.id, year), populate_existing=True)
        if series is None:
            series = NumberSeries(pack_id=pack.id, year=year, last=0)
            session.add(series)
    series.last += 1
    session.flush()
    return f"{pack.number_prefix}-{year}-{series.last:04d}"


def sender_unit(session: Session, actor: Actor, enhet_id: int, today: date) -> Enhet:
    """The reporting unit; it must be one the actor works in. Raises Invalid at the field."""
    unit = session.get(Enhet, enhet_id)
    mine = {grant.enhet_id for grant in actor.grants} | {actor.own_enhet_id}
    omraden = {grant.omrade_id for grant in actor.grants if grant.omrade_id is not None}
    if unit is None or (unit.id not in mine and unit.omrade_id not in omraden):
        raise Invalid("Välj din egen enhet.", field="sender_enhet_id")
    if unit.active_to is not None and unit.active_to < today:
        raise Invalid(f"{unit.name} är stängd. Välj den enhet där du arbetar nu.", field="sender_enhet_id")
    return unit


def check(report: Report, today: date) -> None:
    """Meaning of the fields that need no database. Raises Invalid with the sentence for the field."""
    if report.occurred_on > today:
        raise Invalid("Dagen ligger i framtiden. Ange när det hände.", field="occurred_on")
    if (today - report.occurred_on).days > OLDEST_DAYS:
        raise Invalid(
            "Det är mer än tre år sedan. Beskriv något som hänt senare, eller prata med din samordnare.",
            field="occurred_on",
        )
    if not 0 <= report.severity <= 4:
        raise Invalid("Välj vad det ledde till för barnet.", field="severity")
    if not (report.counterpart_enhet_id or report.counterpart_kind or report.counterpart_unknown):
        raise Invalid("Välj vem det gäller, eller ”Vet inte”.", field="counterpart")
    if not report.description.strip():
        raise Invalid("Skriv vad som hände.", field="description")
    if len(report.description) > 2000:
        raise Invalid("Texten får vara högst 2 000 tecken.", field="description")
    if report.category and not known_category(report.category):
        raise Invalid("Välj en kategori ur listan.", field="category")
    if report.age_band and not known_age_band(report.age_band):
        raise Invalid("Välj en åldersgrupp ur listan.", field="age_band")


def proposal_for(session: Session, actor: Actor, report: Report, *, now: datetime) -> Proposal:
    """To whom the report would go, and why: shown before sending and computed again when sent."""
    unit = sender_unit(session, actor, report.sender_enhet_id, local_date(now))
    return propose(session, unit, report, today=local_date(now))


def file(session: Session, actor: Actor, report: Report, *, now: datetime) -> Avvikelse:
    """Make a case of the report: number, owner, register, groups, receipt.

    The same idempotency key gives the same case.

    Raises Invalid at the field that is wrong, and refuses texts with personal data.
    """
    if actor.user_id is None:
        raise NotFound
    today = local_date(now)
    key = f"{actor.user_id}:{report.idempotency_key}" if report.idempotency_key else None
    if key and (sent := session.scalar(select(Avvikelse).where(Avvikelse.idempotency_key == key))) is not None:
        return sent
    check(report, today)
    guard(
        description=report.description,
        proposal=report.proposal,
        immediate_action=report.immediate_action,
        own_reference=report.own_reference,
    )
    unit = sender_unit(session, actor, report.sender_enhet_id, today)
    proposal = propose(session, unit, report, today=today)
    earlier = earlier_case(session, actor, report.earlier_ref, now=now)
    pack = session.get_one(Pack, unit.pack_id)
    row = Avvikelse(
        ref=new_ref(),
        number=next_number(session, pack, today.year),
        idempotency_key=key,
        pack_id=pack.id,
        channel=report.channel,
        status=Status.DRAFT,
        reporter_user_id=actor.user_id,
        reporter_named_to_chef=report.named_to_chef,
        sender_enhet_id=unit.id,
        sender_kind=unit.kind,
        counterpart_enhet_id=proposal.counterpart_enhet_id or report.counterpart_enhet_id,
        counterpart_huvudman_id=report.counterpart_huvudman_id or proposal.counterpart_huvudman_id,
        counterpart_kind=proposal.counterpart_kind or report.counterpart_kind,
        counterpart_unknown=report.counterpart_unknown,
        receiver_kind=None,
        kommunkod=proposal.kommunkod,
        inside_huvudman=proposal.inside_huvudman,
        occurred_on=report.occurred_on,
        description=report.description.strip(),
        proposal=report.proposal,
        category=report.category,
        reported_category=report.category,
        age_band=report.age_band,
        tillstand=report.tillstand,
        niva=report.niva,
        severity=report.severity,
        extent=report.extent,
        child_waits=report.child_waits,
        family_coordinates=report.family_coordinates,
        managers_talked=report.managers_talked,
        avtalspunkt_id=report.avtalspunkt_id,
        no_notice_given=report.no_notice_given,
        meeting_held=report.meeting_held,
        immediate_action=report.immediate_action,
        own_reference=report.own_reference if unit.omrade.own_reference_allowed else None,
        routing_rule=",".join(proposal.rules)[:40],
        routing_reason=_why_there(report, proposal)[:600],
        routing_contested=report.routing_contested,
        vaxlingar=0,
        returned=False,
        nej_count=0,
        joint=False,
        paused_days=0,
        status_paused_days=0,
        submitted_at=now,
        status_since=now,
        earlier_id=earlier.id if earlier else None,
    )
    direct = proposal.mode is RoutingMode.AUTOMATIC and not report.routing_contested
    row.status = Status.ASSIGNED if direct else Status.SUBMITTED
    session.add(row)
    ownership.add_sender(session, row, unit, now=now)
    session.flush()
    ownership.register(session, row, unit.omrade_id, now=now)
    receiver = proposal.receiver if direct else proposal.triage
    ownership.give(session, row, receiver, TransferKind.ASSIGNED, now=now, by_user_id=None)
    search_index.refresh(session, row)
    search_index.refresh_own(session, row, unit.omrade_id, is_sender=True)
    perform(
        session,
        in_hand(session, actor, row),
        Action.SUBMIT,
        now=now,
        source=Status.DRAFT,
        target=row.status,
        detail={"rules": list(proposal.rules), "mode": proposal.mode.value},
    )
    return row


def _why_there(report: Report, proposal: Proposal) -> str:
    """The clause after "därför att"; when the reporter has objected, that is the reason."""
    if report.routing_contested:
        return f"rapportören anser att förslaget ({proposal.to}) inte stämmer, och samordnaren avgör"
    return proposal.reason


def is_sent(session: Session, actor: Actor, key: str | None) -> bool:
    """Has the actor sent a report with this idempotency key already?"""
    known = select(Avvikelse.id).where(Avvikelse.idempotency_key == f"{actor.user_id}:{key}").limit(1)
    return session.scalar(known) is not None


def earlier_case(session: Session, actor: Actor, ref: str | None, *, now: datetime) -> Avvikelse | None:
    """The reporter's own closed case that has happened again. Raises NotFound, Forbidden or Conflict."""
    if ref is None:
        return None
    case = find(session, actor, ref)
    require(case, Permission.REPORT_AGAIN)
    audit.record(session, actor, Event.REPORTED_AGAIN, now=now, avvikelse_id=case.row.id, role=case.role)
    return case.row


def withdraw(session: Session, actor: Actor, ref: str, *, version: int | None = None, now: datetime) -> Avvikelse:
    """*Återta*: the reporter takes the report back, until it is accepted. The record remains."""
    case = find(session, actor, ref, version=version)
    case.row.closing_text = "Du har tagit tillbaka rapporten."
    perform(session, case, Action.WITHDRAW, now=now, outcome=Outcome.WITHDRAWN)
    return case.row
