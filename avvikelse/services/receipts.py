"""Receipt codes of reports without account: make one, find the case behind one, hand the case over to an account.

Open when a code is refused. The code itself is never stored: the database holds an HMAC of it, with a key made from the
audit key, which never changes while there is a log to continue. A code is made out of the random key that the form
carries, so that the same form sent twice gives the same receipt and there is nothing to remember in between.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor, code_holder
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.receipt_code import from_bytes, parsed
from avvikelse.domain.vocabulary import Channel
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.receipts import ReceiptCode
from avvikelse.services import audit, throttle
from avvikelse.services.throttle import Brake

PER_ADDRESS = 10  # wrong codes in a window of services/throttle.py
EVERYWHERE = 3_000
WRONG = "Koden stämmer inte. Kontrollera siffrorna och försök igen."
NOT_A_CODE = "Koden har 16 siffror. Skriv alla fyra grupperna."


@dataclass(frozen=True, slots=True)
class Knock:
    """From where somebody tries a code or sends a report: coarse network, and the key that brakes are hashed with."""

    network: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class Holder:
    """The reporter of one case, and the case's `ref`."""

    actor: Actor
    ref: str


def sent_key(session: Session, seed: str) -> str:
    """What is stored of a form's own key, so that the form makes one case. It does not lead to the code."""
    return _digest(session, "sent", seed).hex()


def code_of(session: Session, seed: str) -> str:
    """The code that belongs to a form's own random key."""
    return from_bytes(_digest(session, "code", seed))


def issue(session: Session, row: Avvikelse, seed: str) -> str:
    """Give the case its code and return it: the only time that anybody sees it."""
    code = code_of(session, seed)
    session.add(ReceiptCode(avvikelse_id=row.id, code_hash=code_hash(session, code)))
    session.flush()
    return code


def code_hash(session: Session, code: str) -> str:
    """What is stored of a code."""
    return _digest(session, "hash", code).hex()


def can_be_reached(session: Session, row: Avvikelse) -> bool:
    """Can somebody still come with the code of this case?"""
    return session.get(ReceiptCode, row.id) is not None


def enter(session: Session, typed: str, knock: Knock, *, now: datetime) -> Holder:
    """The holder of the code that somebody has typed.

    One sentence and the same work for a code that is wrong, purged or of another installation. Raises Invalid, or
    TooMany after ten wrong ones from an address or thousands from everywhere. Also a refused attempt writes its count:
    the caller commits in both cases.
    """
    code = parsed(typed)
    if code is None:
        raise Invalid(NOT_A_CODE, field="code")
    brakes = _brakes("receipt", knock, PER_ADDRESS, EVERYWHERE)
    throttle.attempt(session, brakes, secret=knock.secret, now=now)
    found = session.execute(_case_of(ReceiptCode.code_hash == code_hash(session, code))).first()
    if found is None:
        raise Invalid(WRONG, field="code")
    throttle.forgive(session, brakes, secret=knock.secret, now=now)
    return Holder(code_holder(found[0]), found[1])


def again(session: Session, ref: str) -> Holder:
    """The holder on a page that she has opened with the code a moment ago; web/open_pass.py has checked that.

    Raises NotFound when the case has no code any more.
    """
    found = session.execute(_case_of(Avvikelse.ref == ref)).first()
    if found is None:
        raise NotFound
    return Holder(code_holder(found[0]), found[1])


def claim(session: Session, actor: Actor, typed: str, knock: Knock, *, now: datetime) -> Avvikelse:
    """Somebody who has phoned takes the report to her account; the code ends.

    Only a phone report can be claimed: a report without account is never tied to a person, not even by herself. Raises
    as enter().
    """
    if actor.user_id is None:
        raise NotFound
    holder = enter(session, typed, knock, now=now)
    row = session.scalars(select(Avvikelse).where(Avvikelse.ref == holder.ref).with_for_update()).one()
    if row.channel is not Channel.PHONE:
        raise Invalid(WRONG, field="code")
    session.delete(session.get_one(ReceiptCode, row.id))
    row.reporter_user_id = actor.user_id
    session.flush()
    audit.record(session, actor, Event.REPORT_CLAIMED, now=now, avvikelse_id=row.id, role="reporter")
    return row


def count_report(session: Session, knock: Knock, *, now: datetime) -> None:
    """The brake on sending reports from a public page. Raises TooMany."""
    throttle.attempt(session, _brakes("open_report", knock, 10, 300), secret=knock.secret, now=now)


def _brakes(kind: str, knock: Knock, per_address: int, everywhere: int) -> tuple[Brake, Brake]:
    return Brake(f"{kind}_address", knock.network, per_address), Brake(f"{kind}_everywhere", "", everywhere)


def _case_of(condition: ColumnElement[bool]) -> Select[int, str]:
    with_code = select(Avvikelse.id, Avvikelse.ref).join(ReceiptCode, ReceiptCode.avvikelse_id == Avvikelse.id)
    return with_code.where(condition)


def _digest(session: Session, purpose: str, value: str) -> bytes:
    key: bytes | None = session.info.get("audit_key")
    if not key:
        raise RuntimeError("no receipt code can be made or found without AVVIKELSE_AUDIT_KEY")
    return hmac.digest(key, f"receipt|{purpose}|{value}".encode(), "sha256")
