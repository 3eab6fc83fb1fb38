"""Reports by people without account: on the public page, from a family, and by phone, written down by a samordnare.

Open to see how such a case is born. It always begins at a samordnare, and nothing in it says who reported: no user, no
address, and (except by phone, where the samordnare knows the time anyway) no time of day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor, code_holder
from avvikelse.domain.errors import Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.joining import joins_by_phone
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.vocabulary import Action, Channel, PartySide, Role, Status, TransferKind
from avvikelse.domain.whole_days import whole_day
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import NO_DAY, Avvikelse, Party
from avvikelse.models.organisation import Enhet
from avvikelse.policy.visibility import visible
from avvikelse.queries.open_routing import Triage, propose_open, triage_at
from avvikelse.queries.similar_open import OwnOpen, own_open
from avvikelse.services import audit, clocks, links, ownership, receipts, search_index
from avvikelse.services.case_access import in_hand
from avvikelse.services.guarding import guard
from avvikelse.services.receipts import Knock
from avvikelse.services.refs import new_ref
from avvikelse.services.reporting import Report, check, earlier_case, next_number
from avvikelse.services.transitions import follow, perform
from avvikelse.services.triage import merge

FAMILY_KIND = "brukare"
UNKNOWN_KIND = "okand"
SAME_RECEIPT = timedelta(days=1)  # a form sent again shows the same code the same day and the next
LONGEST_SINCE_CALL = timedelta(days=14)
WHICH_KOMMUN = "Välj kommun, så att rapporten hamnar hos rätt samordnare."


@dataclass(frozen=True, slots=True)
class Filed:
    """A case and its code. `code` is None when the form was sent before and its code is not shown any more."""

    row: Avvikelse
    code: str | None


def file(
    session: Session,
    report: Report,
    pack_id: int,
    channel: Channel,
    knock: Knock,
    *,
    again: Actor | None = None,
    now: datetime,
) -> Filed:
    """A report from a public page. `again` = the holder of the code of the closed case that has happened again.

    Raises Invalid at the field that is wrong, TooMany when too many come from one place.
    """
    if (sent := _sent(session, report, now)) is not None:
        return sent
    receipts.count_report(session, knock, now=now)
    day = whole_day(now)
    unit = checked(session, report, pack_id, now=day)
    triage = propose_open(session, pack_id, unit, report, today=local_date(day))
    earlier = earlier_case(session, again, report.earlier_ref, now=day) if again is not None else None
    return _born(session, report, pack_id, channel, unit, triage, earlier, now=day)


def file_by_phone(
    session: Session, actor: Actor, report: Report, pack_id: int, called_at: datetime, *, read_back: bool,
    main_ref: str | None = None, now: datetime,
) -> Filed:  # fmt: skip
    """A report that a samordnare has written down and read back. The clock runs from the call.

    `main_ref` = the open case of hers that the caller has met too (*Jag också* by phone): the report is joined to it
    at once, and its answer is the caller's.

    Raises Forbidden for others than a samordnare of the län, Invalid at the field that is wrong.
    """
    omraden = actor.omrade_ids(Role.SAMORDNARE)
    if not omraden:
        raise Forbidden
    if (sent := _sent(session, report, now)) is not None:
        return sent
    if not read_back:
        raise Invalid(
            "Läs upp rapporten och kryssa i att den som ringde godkänner den. Annars kan du spara den som utkast.",
            field="read_back",
        )
    if called_at > now:
        raise Invalid("Samtalet ligger i framtiden. Ange när det ringde.", field="called_on")
    if now - called_at > LONGEST_SINCE_CALL:
        raise Invalid("Samtalet är mer än två veckor gammalt. Be den som ringde att bekräfta igen.", field="called_on")
    unit = checked(session, report, pack_id, now=called_at)
    if main_ref is not None and main_ref not in {one.ref for one in phone_offers(session, actor, report, now=now)}:
        raise Invalid("Det ärendet går inte att välja längre. Välj ett annat, eller inget.", field="main")
    triage = triage_at(session, pack_id, unit, report, omraden, today=local_date(now))
    filed = _born(session, report, pack_id, Channel.PHONE, unit, triage, None, now=now)
    row = filed.row
    row.submitted_at = row.status_since = called_at
    clocks.start(session, row)
    follow(row)
    audit.record(session, actor, Event.PHONE_REPORT_TAKEN, now=now, avvikelse_id=row.id, role=Role.SAMORDNARE.value)
    if main_ref is not None:
        merge(session, actor, row.ref, main_ref, now=now)
    return filed


def phone_offers(session: Session, actor: Actor, report: Report, *, now: datetime) -> tuple[OwnOpen, ...]:
    """The samordnare's own open cases that a call may belong to; none for something severe."""
    if report.counterpart_enhet_id is None or not joins_by_phone(report.severity or 0, child_waits=report.child_waits):
        return ()
    return own_open(session, actor, report.counterpart_enhet_id, report.category, local_date(now))


def phone_receipt(session: Session, actor: Actor, seed: str, *, now: datetime) -> Filed:
    """The phone report that was made with this form's key, for its receipt on paper.

    Raises NotFound for what is not the actor's to see.
    """
    key = receipts.sent_key(session, seed)
    mine = (Avvikelse.idempotency_key == key, Avvikelse.channel == Channel.PHONE, visible(actor))
    row = session.scalar(select(Avvikelse).where(*mine))
    if row is None:
        raise NotFound
    return _again(session, row, seed, now)


def checked(session: Session, report: Report, pack_id: int, *, now: datetime) -> Enhet | None:
    """Is it a report that can be sent? The stated own unit, if any. Raises Invalid at the field that is wrong."""
    unit = _own_unit(session, report, pack_id, now)
    check(report, local_date(now))
    guard(description=report.description, proposal=report.proposal)
    if report.counterpart_enhet_id is None and report.kommunkod is None and unit is None:
        raise Invalid(WHICH_KOMMUN, field="kommunkod")
    return unit


def _own_unit(session: Session, report: Report, pack_id: int, now: datetime) -> Enhet | None:
    """Where the reporter says that she works; nobody asks for proof. Raises Invalid for what is not in the list."""
    if report.sender_enhet_id is None:
        return None
    unit = session.get(Enhet, report.sender_enhet_id)
    closed = unit is not None and unit.active_to is not None and unit.active_to < local_date(now)
    if unit is None or unit.pack_id != pack_id or closed:
        raise Invalid("Välj en verksamhet ur listan, eller låt frågan vara tom.", field="sender")
    return unit


def is_sent(session: Session, seed: str) -> bool:
    """Has the form with this key made a case already?"""
    key = receipts.sent_key(session, seed)
    return session.scalar(select(Avvikelse.id).where(Avvikelse.idempotency_key == key).limit(1)) is not None


def _sent(session: Session, report: Report, now: datetime) -> Filed | None:
    """The case that this form has made already."""
    if not report.idempotency_key:
        raise Invalid("Något i formuläret stämde inte. Ladda om sidan och försök igen.")
    key = receipts.sent_key(session, report.idempotency_key)
    row = session.scalar(select(Avvikelse).where(Avvikelse.idempotency_key == key))
    return _again(session, row, report.idempotency_key, now) if row is not None else None


def _again(session: Session, row: Avvikelse, seed: str, now: datetime) -> Filed:
    shown = receipts.can_be_reached(session, row) and whole_day(now) - whole_day(row.submitted_at) <= SAME_RECEIPT
    return Filed(row, receipts.code_of(session, seed) if shown else None)


def _born(
    session: Session, report: Report, pack_id: int, channel: Channel, unit: Enhet | None, triage: Triage,
    earlier: Avvikelse | None, *, now: datetime,
) -> Filed:  # fmt: skip
    seed = report.idempotency_key or ""
    nobody = FAMILY_KIND if channel is Channel.FAMILY else UNKNOWN_KIND
    row = Avvikelse(
        ref=new_ref(),
        number=next_number(session, pack_id, local_date(now).year),
        idempotency_key=receipts.sent_key(session, seed),
        pack_id=pack_id,
        channel=channel,
        status=Status.SUBMITTED,
        sender_enhet_id=unit.id if unit else None,
        sender_kind=unit.kind if unit else nobody,
        counterpart_enhet_id=report.counterpart_enhet_id,
        counterpart_huvudman_id=triage.counterpart_huvudman_id,
        counterpart_kind=triage.counterpart_kind,
        counterpart_unknown=report.counterpart_unknown,
        kommunkod=triage.kommunkod,
        occurred_on=report.occurred_on,
        description=report.description.strip(),
        proposal=(report.proposal or "").strip() or None,
        category=report.category,
        reported_category=report.category,
        severity=report.severity,
        extent=report.extent,
        gap_weeks=report.gap_weeks,
        child_waits=report.child_waits,
        family_coordinates=report.family_coordinates,
        routing_rule=triage.rule,
        routing_reason=triage.reason,
        submitted_at=now,
        status_since=now,
        earlier_id=earlier.id if earlier else None,
    )
    session.add(row)
    _add_sender(session, row, unit, triage.receiver, now=now)
    session.flush()
    sender = next(party for party in row.parties if party.side is PartySide.SENDER)
    ownership.register(session, row, sender.omrade_id, now=now)
    ownership.give(session, row, triage.receiver, TransferKind.ASSIGNED, now=now, by_user_id=None)
    search_index.refresh(session, row)
    code = receipts.issue(session, row, seed)
    reporter = in_hand(session, code_holder(row.id), row)
    perform(
        session,
        reporter,
        Action.SUBMIT,
        now=now,
        source=Status.DRAFT,
        target=Status.SUBMITTED,
        detail={"channel": channel.value},
    )
    if report.event_of is not None:
        links.connect(session, reporter, report.event_of, now=now)
    return Filed(row, code)


def _add_sender(session: Session, row: Avvikelse, unit: Enhet | None, triage: Receiver, *, now: datetime) -> None:
    """The reporting side is a samordnare only: the stated unit's område, else the one who distributes.

    Somebody must be able to de-identify, to approve what the group reads and to close what is no avvikelse. The stated
    unit's manager is no party: who reports without account may have her reasons.
    """
    omrade_id = unit.omrade_id if unit else triage.omrade_id
    session.add(
        Party(
            avvikelse=row,
            side=PartySide.SENDER,
            omrade_id=omrade_id,
            since=now,
            open=True,
            status=row.status,
            due_on=row.due_on or NO_DAY,
        )
    )
