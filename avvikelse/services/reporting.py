"""File a report: drafts, the proposed receiver, and the one call that makes a case of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, joinedload

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import known_age_band, known_category
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.passages import wrong_gap
from avvikelse.domain.vocabulary import Action, Channel, Extent, Outcome, RoutingMode, Status, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse, NumberSeries
from avvikelse.models.organisation import Enhet, Pack
from avvikelse.policy.permission_map import Permission
from avvikelse.queries import responsibility
from avvikelse.queries.receivers import Proposal, propose
from avvikelse.queries.responsibility import CaseResponsibility
from avvikelse.services import audit, links, ownership, search_index
from avvikelse.services.case_access import find, in_hand, require
from avvikelse.services.guarding import guard
from avvikelse.services.refs import new_ref
from avvikelse.services.transitions import perform

OLDEST_DAYS = 3 * 365
OCCASIONS = (2, 99)  # of a samlerapport
LONGEST_DAYS = 366
COLLECTED_SEVERITY = 2  # what is worse than this is told one by one


@dataclass(frozen=True, slots=True)
class Report:
    """What the reporter has said.

    Ids are database ids; empty texts are None. Nothing here is trusted: file() checks all.
    """

    sender_enhet_id: int | None
    occurred_on: date
    description: str
    severity: int
    occasions: int | None = None
    occurred_from: date | None = None
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
    gap_weeks: int | None = None  # without help, when it is about a passage
    child_waits: bool = False
    family_coordinates: bool = False
    managers_talked: bool | None = None
    managers_talked_on: date | None = None
    managers_outcome: str | None = None
    avtalspunkt_id: int | None = None
    outside_reason: str | None = None  # why it goes to somebody outside the ansvarstabell
    no_avtal: bool | None = None  # the reporter says that there is none about it
    immediate_action: str | None = None
    own_reference: str | None = None
    named_to_chef: bool = False
    routing_contested: bool = False
    channel: Channel = Channel.WEB
    no_notice_given: bool | None = None
    meeting_held: bool | None = None
    idempotency_key: str | None = None
    earlier_ref: str | None = None
    event_of: Avvikelse | None = None  # behind the kopplingskod that was typed; services/links.py has checked it


def next_number(session: Session, pack_id: int, year: int) -> str:
    """The next case number of the pack and year, such as JH-2026-0042. Gapless within what is committed."""
    found = ask(session, _NEXT, pack=pack_id, of_year=year).one_or_none()
    if found is None:  # the first one of the year: others wait for the pack's row, and find the series then
        session.execute(select(Pack.id).where(Pack.id == pack_id).with_for_update())
        if session.get(NumberSeries, (pack_id, year), populate_existing=True) is None:
            session.add(NumberSeries(pack_id=pack_id, year=year, last=0))
        found = ask(session, _NEXT, pack=pack_id, of_year=year).one()
    return f"{found.prefix}-{year}-{found.last:04d}"


_NEXT = (
    update(NumberSeries.__table__)  # type: ignore[arg-type]
    .where(NumberSeries.pack_id == bindparam("pack"), NumberSeries.year == bindparam("of_year"))
    .values(last=NumberSeries.last + 1)
    .returning(
        NumberSeries.last,
        select(Pack.number_prefix).where(Pack.id == bindparam("pack")).scalar_subquery().label("prefix"),
    )
)


def sender_unit(session: Session, actor: Actor, enhet_id: int | None, today: date) -> Enhet:
    """The reporting unit; it must be one the actor works in. Raises Invalid at the field."""
    unit = session.get(Enhet, enhet_id, options=[joinedload(Enhet.omrade)]) if enhet_id is not None else None
    mine = {grant.enhet_id for grant in actor.grants} | {actor.own_enhet_id}
    omraden = {grant.omrade_id for grant in actor.grants if grant.omrade_id is not None}
    if unit is None or (unit.id not in mine and unit.omrade_id not in omraden):
        raise Invalid("Välj din egen enhet.", field="sender_enhet_id")
    if unit.active_to is not None and unit.active_to < today:
        raise Invalid(f"{unit.name} är stängd. Välj den enhet där du arbetar nu.", field="sender_enhet_id")
    return unit


def check(report: Report, today: date) -> None:
    """Meaning of the fields that need no database. Raises Invalid with the sentence for the field."""
    check_day(report.occurred_on, today)
    if not 0 <= report.severity <= 4:
        raise Invalid("Välj vad det ledde till för barnet.", field="severity")
    if report.occasions is not None:
        _check_several(report)
    if not (report.counterpart_enhet_id or report.counterpart_kind or report.counterpart_unknown):
        raise Invalid("Välj vem det gäller, eller ”Vet inte”.", field="counterpart")
    if not report.description.strip():
        raise Invalid("Skriv vad som hände.", field="description")
    if len(report.description) > 2000:
        raise Invalid("Texten får vara högst 2 000 tecken.", field="description")
    if report.managers_talked and report.managers_talked_on and report.managers_talked_on > today:
        raise Invalid("Dagen ligger i framtiden. Ange när cheferna pratade.", field="managers_talked_on")
    if report.category and not known_category(report.category):
        raise Invalid("Välj en kategori ur listan.", field="category")
    if wrong := wrong_gap(report.gap_weeks, report.category):
        raise Invalid(wrong, field="gap_weeks")
    if report.age_band and not known_age_band(report.age_band):
        raise Invalid("Välj en åldersgrupp ur listan.", field="age_band")


def check_day(occurred_on: date, today: date) -> None:
    """The day it happened. Raises Invalid; a form asks already while other answers are wrong too."""
    if occurred_on > today:
        raise Invalid("Dagen ligger i framtiden. Ange när det hände.", field="occurred_on")
    if (today - occurred_on).days > OLDEST_DAYS:
        raise Invalid(
            "Det är mer än tre år sedan. Beskriv något som hänt senare, eller prata med din samordnare.",
            field="occurred_on",
        )


def _check_several(report: Report) -> None:
    """A samlerapport: the same mild thing so many times, between two days."""
    if report.occasions is None or not OCCASIONS[0] <= report.occasions <= OCCASIONS[1]:
        raise Invalid(f"Skriv ett tal mellan {OCCASIONS[0]} och {OCCASIONS[1]}.", field="occasions")
    if report.occurred_from is None or report.occurred_from > report.occurred_on:
        raise Invalid("Första gången kan inte vara efter den senaste.", field="occurred_from")
    if (report.occurred_on - report.occurred_from).days > LONGEST_DAYS:
        raise Invalid("En samlerapport rymmer högst ett år. Ange en senare första dag.", field="occurred_from")
    if report.severity > COLLECTED_SEVERITY:
        raise Invalid(
            "Det som är så allvarligt behöver en egen rapport varje gång, så att någon ser till att barnet har stöd.",
            field="severity",
        )


def proposal_for(session: Session, actor: Actor, report: Report, *, now: datetime) -> Proposal:
    """To whom the report would go, and why: shown before sending and computed again when sent."""
    unit = sender_unit(session, actor, report.sender_enhet_id, local_date(now))
    return propose(session, unit, report, today=local_date(now))


def table_says(session: Session, pack_id: int, report: Report, proposal: Proposal) -> CaseResponsibility | None:
    """What the ansvarstabell says of the report; None when it says nothing."""
    return responsibility.of_case(
        session, pack_id, report.tillstand, report.niva, report.category, proposal.counterpart_kind,
        report.occurred_on,
    )  # fmt: skip


def chooses_outside(about: CaseResponsibility | None, report: Report) -> bool:
    """Does the reporter herself name a unit that the ansvarstabell does not?"""
    return about is not None and about.outside and report.counterpart_enhet_id is not None


def file(session: Session, actor: Actor, report: Report, *, now: datetime) -> Avvikelse:
    """Make a case of the report: number, owner, register, groups, receipt.

    The same idempotency key gives the same case.

    Raises Invalid at the field that is wrong, and refuses texts with personal data.
    """
    if actor.user_id is None:
        raise NotFound
    today = local_date(now)
    key = f"{actor.user_id}:{report.idempotency_key}" if report.idempotency_key else None
    if key and (sent := ask(session, _SENT, key=key).scalar()) is not None:
        return session.get_one(Avvikelse, sent)
    check(report, today)
    guard(
        description=report.description,
        proposal=report.proposal,
        immediate_action=report.immediate_action,
        own_reference=report.own_reference,
        managers_outcome=report.managers_outcome,
        outside_reason=report.outside_reason,
    )
    unit = sender_unit(session, actor, report.sender_enhet_id, today)
    proposal = propose(session, unit, report, today=today)
    table = table_says(session, unit.pack_id, report, proposal)
    outside = chooses_outside(table, report)
    if outside and not report.outside_reason:
        raise Invalid("Skriv varför rapporten ska gå till någon utanför ansvarstabellen.", field="outside_reason")
    earlier = earlier_case(session, actor, report.earlier_ref, now=now)
    row = Avvikelse(
        ref=new_ref(),
        number=next_number(session, unit.pack_id, today.year),
        idempotency_key=key,
        pack_id=unit.pack_id,
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
        occasions=report.occasions,
        occurred_from=report.occurred_from if report.occasions else None,
        description=report.description.strip(),
        proposal=report.proposal,
        category=report.category,
        reported_category=report.category,
        age_band=report.age_band,
        tillstand=report.tillstand,
        niva=report.niva,
        severity=report.severity,
        extent=report.extent,
        gap_weeks=report.gap_weeks,
        child_waits=report.child_waits,
        family_coordinates=report.family_coordinates,
        managers_talked=report.managers_talked,
        managers_talked_on=report.managers_talked_on if report.managers_talked else None,
        managers_outcome=report.managers_outcome if report.managers_talked else None,
        avtalspunkt_id=report.avtalspunkt_id,
        matrix_version=table.version if table is not None else None,
        outside_reason=report.outside_reason if outside else None,
        no_avtal=report.no_avtal,
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
        parties=[],
        transfers=[],
    )
    direct = proposal.mode is RoutingMode.AUTOMATIC and not report.routing_contested
    row.status = Status.ASSIGNED if direct else Status.SUBMITTED
    with session.no_autoflush:  # everything is settled first, and then written at once
        ownership.add_sender(session, row, unit, now=now)
        receiver = proposal.receiver if direct else proposal.triage
        ownership.take(session, row, receiver, TransferKind.ASSIGNED, now=now, by_user_id=None)
        ownership.write_new(session, row, now=now)
    search_index.write_new(session, row, unit.omrade_id)
    mine = in_hand(session, actor, row)
    perform(
        session,
        mine,
        Action.SUBMIT,
        now=now,
        source=Status.DRAFT,
        target=row.status,
        detail={"rules": list(proposal.rules), "mode": proposal.mode.value},
    )
    if report.event_of is not None:
        links.connect(session, mine, report.event_of, now=now)
    return row


_SENT = select(Avvikelse.id).where(Avvikelse.idempotency_key == bindparam("key"))


def _why_there(report: Report, proposal: Proposal) -> str:
    """The clause after "därför att"; when the reporter has objected, that is the reason."""
    if report.routing_contested:
        return f"rapportören anser att förslaget ({proposal.to}) inte stämmer, och samordnaren avgör"
    return proposal.reason


def is_sent(session: Session, actor: Actor, key: str | None) -> bool:
    """Has the actor sent a report with this idempotency key already?"""
    return ask(session, _SENT, key=f"{actor.user_id}:{key}").scalar() is not None


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
