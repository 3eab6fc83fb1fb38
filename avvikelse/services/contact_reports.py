"""*Stämmer inte?*: a wrong contact way, told by whoever met it, mended by the unit's samordnare.

Open for its due day or message.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.workdays import add_workdays, local_date
from avvikelse.models.organisation import ContactReport, Enhet
from avvikelse.policy.organisation import may_mend_contacts
from avvikelse.queries import recipients
from avvikelse.queries.answering import offices_of
from avvikelse.services import audit, outbox
from avvikelse.services.guarding import guard

DUE_WORKDAYS = 5
LONGEST = 500


def report(session: Session, actor: Actor, enhet_id: int, *, text: str, now: datetime) -> ContactReport:
    """Store what is wrong and tell the samordnare of the unit's område. The same words twice are one report.

    Raises Invalid at `text` (empty, too long, personal data), NotFound, or Forbidden when nobody is logged in.
    """
    if actor.user_id is None:
        raise Forbidden
    unit = session.get(Enhet, enhet_id)
    if unit is None:
        raise NotFound
    text = text.strip()
    if not text:
        raise Invalid("Skriv vad som inte stämmer.", field="text")
    if len(text) > LONGEST:
        raise Invalid(f"Texten är för lång. Skriv högst {LONGEST} tecken.", field="text")
    guard(text=text)
    known = session.scalar(
        select(ContactReport).where(
            ContactReport.enhet_id == unit.id, ContactReport.done_at.is_(None), ContactReport.text == text
        )
    )
    if known is not None:
        return known
    today = local_date(now)
    found = ContactReport(
        enhet_id=unit.id,
        omrade_id=unit.omrade_id,
        text=text,
        created_at=now,
        created_by_user_id=actor.user_id,
        due_on=add_workdays(today, DUE_WORKDAYS),
    )
    session.add(found)
    session.flush()
    audit.record(session, actor, Event.CONTACT_REPORTED, now=now, detail={"enhet": unit.slug, "report": found.id})
    _tell(session, unit, found, now=now)
    return found


def done(session: Session, actor: Actor, report_id: int, *, now: datetime) -> ContactReport:
    """The contact way is right again. Done twice = nothing new. Raises NotFound for another område's."""
    found = session.get(ContactReport, report_id)
    if found is None or not may_mend_contacts(actor, found.omrade_id, found.enhet.huvudman_id):
        raise NotFound
    if found.done_at is None:
        found.done_at, found.done_by_user_id = now, actor.user_id
        session.flush()
        audit.record(session, actor, Event.CONTACT_REPORT_DONE, now=now, detail={"report": found.id})
    return found


def _tell(session: Session, unit: Enhet, found: ContactReport, *, now: datetime) -> None:
    """To the samordnare of the område, one message each; to the funktion's mailbox when nobody holds the role."""
    key = f"contact_report:{found.id}"
    people = recipients.samordnare_of(session, unit.omrade_id, local_date(now))
    for user_id in people:
        outbox.queue(session, Notice.CONTACT_REPORT, to_user_id=user_id, dedup_key=f"{key}:u{user_id}", now=now)
    office = offices_of(session, [unit]).get(unit.omrade_id)
    if not people and office is not None and office.mailbox:
        outbox.queue(session, Notice.CONTACT_REPORT, to_mailbox=office.mailbox, dedup_key=f"{key}:m", now=now)
