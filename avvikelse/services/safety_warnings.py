"""Send a *snabbvarning* to all units of a kind, take it back, and say that a unit's manager has read it.

It is shown from the moment it is sent; managers get a mail without its words. What it says is about work, never about a
case or a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.safety_warnings import SafetyWarning, SafetyWarningUnit
from avvikelse.policy.safety_warnings import holds, sent_by_mine
from avvikelse.queries import recipients
from avvikelse.queries.safety_warnings import senders, units_of
from avvikelse.services import audit, outbox
from avvikelse.services.guarding import guard
from avvikelse.services.refs import new_ref

LONGEST = 300  # characters of each text: it is read standing
MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class WarningWords:
    """What is sent. `sender` is a key of queries/safety_warnings.senders."""

    sender: str
    kinds: tuple[str, ...]
    watch_for: str
    do_now: str
    last_on: date


def send(session: Session, actor: Actor, words: WarningWords, *, now: datetime) -> SafetyWarning:
    """Show it at every living unit of those kinds that the sender reaches, and mail their managers.

    Raises Forbidden for a sender that is not the actor's, Invalid at the field.
    """
    today = local_date(now)
    sender = next((one for one in senders(session, actor, today) if one.key == words.sender), None)
    if sender is None:
        raise Forbidden
    texts = {"watch_for": words.watch_for.strip(), "do_now": words.do_now.strip()}
    guard(**texts)
    for field, text in texts.items():
        if not text or len(text) > LONGEST:
            raise Invalid(f"Fyll i fältet, med högst {LONGEST} tecken.", field=field)
    if not words.kinds or not set(words.kinds) <= {code for code, _, _ in sender.kinds}:
        raise Invalid(f"Välj bland de slags enheter som finns där: {sender.name}.", field="kinds")
    if words.last_on < today:
        raise Invalid("Dagen har redan varit.", field="last_on")
    if words.last_on > today + timedelta(days=MOST_DAYS):
        raise Invalid(f"En snabbvarning kan visas i högst {MOST_DAYS} dagar.", field="last_on")
    warning = SafetyWarning(
        ref=new_ref(), pack_id=sender.pack_id, omrade_id=sender.omrade_id, group_id=sender.group_id,
        kinds=sorted(set(words.kinds)), **texts, published_at=now, published_by_user_id=actor.user_id,
        last_on=words.last_on,
    )  # fmt: skip
    session.add(warning)
    session.flush()
    units = units_of(session, sender, warning.kinds, today)
    session.add_all(SafetyWarningUnit(warning_id=warning.id, enhet_id=unit) for unit in units)
    session.flush()
    for unit in units:
        _tell(session, warning, unit, now=now)
    _record(session, actor, Event.WARNING_SENT, warning, now, units=len(units))
    return warning


def withdraw(session: Session, actor: Actor, ref: str, *, now: datetime) -> None:
    """Stop showing it. Raises NotFound for one that is not the actor's to take back, Conflict when it has ended."""
    mine = select(SafetyWarning).where(SafetyWarning.ref == ref, sent_by_mine(actor)).with_for_update()
    warning = session.scalar(mine)
    if warning is None:
        raise NotFound
    if warning.withdrawn_at is not None or warning.last_on < local_date(now):
        raise Conflict("Varningen visas inte längre.")
    warning.withdrawn_at = now
    session.flush()
    _record(session, actor, Event.WARNING_WITHDRAWN, warning, now)


def say_read(session: Session, actor: Actor, ref: str, *, now: datetime) -> None:
    """The manager has read it, for all of its units that are hers. Raises NotFound when none of them is.

    Said once more it stays as it was.
    """
    units = actor.enhet_ids(Role.CHEF)
    theirs = select(SafetyWarning.id).join(SafetyWarningUnit, SafetyWarningUnit.warning_id == SafetyWarning.id)
    shown = theirs.where(SafetyWarning.ref == ref, holds(local_date(now)), SafetyWarningUnit.enhet_id.in_(units))
    warning_id = session.scalar(shown.limit(1))
    if warning_id is None:
        raise NotFound
    unread = (
        SafetyWarningUnit.warning_id == warning_id,
        SafetyWarningUnit.enhet_id.in_(units),
        SafetyWarningUnit.read_at.is_(None),
    )
    read = session.scalars(
        update(SafetyWarningUnit).where(*unread).values(read_at=now).returning(SafetyWarningUnit.enhet_id)
    )
    for unit in sorted(read.all()):
        detail = {"warning": warning_id}
        audit.record(session, actor, Event.WARNING_READ, now=now, enhet_id=unit, role=Role.CHEF.value, detail=detail)


def _tell(session: Session, warning: SafetyWarning, unit: int, *, now: datetime) -> None:
    to = recipients.of_unit(session, unit, local_date(now))
    key, params = f"{Notice.SAFETY_WARNING.value}:{warning.id}:e{unit}", {"warning": warning.id, "unit": unit}
    for user_id in to.user_ids:
        outbox.queue(
            session, Notice.SAFETY_WARNING, to_user_id=user_id, dedup_key=f"{key}:u{user_id}", params=params, now=now
        )
    if to.mailbox:
        outbox.queue(
            session, Notice.SAFETY_WARNING, to_mailbox=to.mailbox, dedup_key=f"{key}:m", params=params, now=now
        )


def _still_asked(session: Session, mail: OutboxMail, now: datetime) -> bool:
    """It is still shown, nobody has read it at the unit, and the recipient still answers for the unit."""
    today, unit = local_date(now), mail.params["unit"]
    waits = (
        select(SafetyWarning.id)
        .join(SafetyWarningUnit, SafetyWarningUnit.warning_id == SafetyWarning.id)
        .where(
            SafetyWarning.id == mail.params["warning"], holds(today),
            SafetyWarningUnit.enhet_id == unit, SafetyWarningUnit.read_at.is_(None),
        )
    )  # fmt: skip
    if session.scalar(waits) is None:
        return False
    to = recipients.of_unit(session, unit, today)
    if mail.recipient_user_id is not None:
        return mail.recipient_user_id in to.user_ids
    return mail.recipient_mailbox == to.mailbox


outbox.RECHECK[Notice.SAFETY_WARNING] = _still_asked


def _record(session: Session, actor: Actor, event: Event, warning: SafetyWarning, now: datetime, **more: int) -> None:
    role = Role.SAMORDNARE if warning.omrade_id is not None else Role.SAMMANKALLANDE
    audit.record(
        session, actor, event, now=now, omrade_id=warning.omrade_id, group_id=warning.group_id, role=role.value,
        detail={"warning": warning.id, **more},
    )  # fmt: skip
