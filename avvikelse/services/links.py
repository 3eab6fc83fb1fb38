"""*Kopplingskod*: make one, take it back, join one's own report to somebody else's about the same event.

Joining shows neither side the other's text: only the shared summary of queries/links.py. In the numbers the event
counts once (queries/month_reads.py). Open when a code is refused.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.link_code import DAYS, MOST, from_bytes, parsed
from avvikelse.domain.notices import Notice
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.links import LinkCode
from avvikelse.services import audit, telling, throttle
from avvikelse.services.case_access import CaseInHand, find
from avvikelse.services.receipts import Knock
from avvikelse.services.throttle import Brake

PER_PERSON, PER_ADDRESS, EVERYWHERE = 10, 20, 300  # guesses in a window of services/throttle.py
WRONG = "Koden går inte att använda. Kontrollera orden, eller be om en ny kod."  # wrong, too old, taken back, full


def issue(session: Session, actor: Actor, ref: str, *, now: datetime) -> str:
    """The code of one's own report, also for who has its receipt code: the one that is good, else a new one.

    Raises NotFound or Forbidden.
    """
    case = _own(session, actor, ref)
    today = local_date(now)
    row = session.scalar(select(LinkCode).where(LinkCode.avvikelse_id == case.row.id))
    if row is not None and row.good_to >= today:
        return code_of(session, row)
    if row is not None:
        session.delete(row)
        session.flush()
    row = LinkCode(avvikelse_id=case.row.id, good_to=today + timedelta(days=DAYS))
    while True:  # a code that another report has: draw again
        row.seed = secrets.token_urlsafe(16)
        row.code_hash = _hash(session, code_of(session, row))
        if session.scalar(select(LinkCode.id).where(LinkCode.code_hash == row.code_hash).limit(1)) is None:
            break
    session.add(row)
    session.flush()
    _record(session, actor, case, Event.LINK_CODE_MADE, now)
    return code_of(session, row)


def revoke(session: Session, actor: Actor, ref: str, *, now: datetime) -> None:
    """Take the code back; what has been joined stays so."""
    case = _own(session, actor, ref)
    row = session.scalar(select(LinkCode).where(LinkCode.avvikelse_id == case.row.id))
    if row is not None:
        session.delete(row)
        session.flush()
        _record(session, actor, case, Event.LINK_CODE_REVOKED, now)


def code_of(session: Session, row: LinkCode) -> str:
    return from_bytes(_digest(session, "code", row.seed))


def join(session: Session, actor: Actor, ref: str, typed: str, knock: Knock, *, now: datetime) -> Avvikelse:
    """Join one's own report to the one with the code.

    Raises Invalid with one sentence for a code that is wrong, too old, taken back, full, one's own or of the same
    party; TooMany when too many are tried. Both attempts have been counted: the caller keeps them.
    """
    case = _own(session, actor, ref)
    with _guess(session, actor, knock, now):
        first = _behind(session, case.row, typed, now)
        if first is None:
            raise Invalid(WRONG, field="code")
    connect(session, case, first, now=now)
    return case.row


def check(
    session: Session, actor: Actor, typed: str, omrade_id: int | None, knock: Knock, *, now: datetime
) -> Avvikelse:
    """The report behind a code that is typed while one is written from `omrade_id`, to `connect` when it is sent.

    Raises as join(), at the field of the form.
    """
    with _guess(session, actor, knock, now):
        first = _of_code(session, typed, now)
        if first is None or not _has_room(session, first, omrade_id):
            raise Invalid(WRONG, field="link_code")
    return first


def connect(session: Session, case: CaseInHand, first: Avvikelse, *, now: datetime) -> None:
    """The two are of one event from now on. Once more is the same."""
    row, actor = case.row, case.actor
    if row.id == first.id or (row.event_id is not None and row.event_id == first.event_id):
        return
    first.event_id = first.event_id or first.id
    row.event_id = first.event_id
    session.flush()
    _record(session, actor, case, Event.REPORTS_LINKED, now)
    audit.record(session, actor, Event.REPORTS_LINKED, now=now, avvikelse_id=first.id)
    telling.send(session, first, Notice.REPORT_LINKED, Audience.REPORTER, now=now, key=f"linked{row.id}")


@contextmanager
def _guess(session: Session, actor: Actor, knock: Knock, now: datetime) -> Iterator[None]:
    """One attempt at a code: counted before it is tried, forgiven when it was right."""
    person = str(actor.user_id) if actor.user_id is not None else f"at {knock.network}"
    brakes = (
        Brake("link_code_person", person, PER_PERSON),
        Brake("link_code_address", knock.network, PER_ADDRESS),
        Brake("link_code_everywhere", "", EVERYWHERE),
    )
    throttle.attempt(session, brakes, secret=knock.secret, now=now)
    yield
    throttle.forgive(session, brakes, secret=knock.secret, now=now)


def tell_answered(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """The answer reaches everybody who has reported the same event."""
    if row.event_id is None:
        return
    others = select(Avvikelse).where(Avvikelse.event_id == row.event_id, Avvikelse.id != row.id).order_by(Avvikelse.id)
    for other in session.scalars(others):
        key = f"linked_answer{row.id}v{row.version_id}"
        telling.send(session, other, Notice.LINKED_ANSWERED, Audience.REPORTER, now=now, key=key)


def _behind(session: Session, mine: Avvikelse, typed: str, now: datetime) -> Avvikelse | None:
    """The report whose code it is, if this one may be joined to it."""
    first = _of_code(session, typed, now)
    if first is None or first.id == mine.id:
        return None
    if mine.event_id is not None:
        return first if mine.event_id == (first.event_id or first.id) else None
    return first if _has_room(session, first, _sender(mine)) else None


def _of_code(session: Session, typed: str, now: datetime) -> Avvikelse | None:
    code = parsed(typed)
    found = select(Avvikelse).join(LinkCode, LinkCode.avvikelse_id == Avvikelse.id)
    wanted = (LinkCode.code_hash == _hash(session, code or ""), LinkCode.good_to >= local_date(now))
    first = session.scalar(found.where(*wanted).with_for_update())
    return first if code is not None else None


def _has_room(session: Session, first: Avvikelse, omrade_id: int | None) -> bool:
    """At most MOST reports of one event, and one from each party."""
    root = first.event_id or first.id
    members = session.scalars(
        select(Avvikelse).where((Avvikelse.event_id == root) | (Avvikelse.id == root)).order_by(Avvikelse.id)
    ).all()
    return len(members) < MOST and (omrade_id is None or omrade_id not in {_sender(row) for row in members})


def _sender(row: Avvikelse) -> int | None:
    return next((party.omrade_id for party in row.parties if party.side is PartySide.SENDER), None)


def _own(session: Session, actor: Actor, ref: str) -> CaseInHand:
    case = find(session, actor, ref)
    if Relation.REPORTER not in case.relations:
        raise Forbidden
    return case


def _record(session: Session, actor: Actor, case: CaseInHand, event: Event, now: datetime) -> None:
    audit.record(session, actor, event, now=now, avvikelse_id=case.row.id, role=case.role)


def _hash(session: Session, code: str) -> str:
    return _digest(session, "hash", code).hex()


def _digest(session: Session, purpose: str, value: str) -> bytes:
    key: bytes | None = session.info.get("audit_key")
    if not key:
        raise RuntimeError("no kopplingskod can be made or found without AVVIKELSE_AUDIT_KEY")
    return hmac.digest(key, f"link|{purpose}|{value}".encode(), "sha256")
