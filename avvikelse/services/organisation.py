"""Change the organisation by hand: names, mailboxes, positions, substitutes, absences.

Open when an administrator's form saves. What comes from a file goes through organisation_import.py. Who holds a
position goes through position_holders.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.workdays import local_date
from avvikelse.models.organisation import (
    Enhet,
    EnhetName,
    Funktion,
    Organisation,
    Pack,
    Position,
    PositionAbsence,
    new_revision,
)
from avvikelse.policy.organisation import require_administrator
from avvikelse.services import audit, succession
from avvikelse.services.guarding import guard

_MAILBOX = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"()]+\.[a-zA-ZåäöÅÄÖ]{2,}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/–-]{4,38}")
FURTHEST = timedelta(days=2 * 365)  # a last day further away is a slip of the hand


def bump(session: Session, pack_id: int) -> None:
    """Say that the pack's organisation has changed. Every write calls it last, after its flush."""
    session.flush()
    session.execute(update(Pack).where(Pack.id == pack_id).values(revision=new_revision()))


def changed(session: Session, pack_id: int, *, now: datetime) -> None:
    """The organisation has changed, and the open cases follow in the same transaction."""
    bump(session, pack_id)
    succession.settle(session, pack_id, now=now)


def rename_unit(session: Session, actor: Actor, enhet_id: int, *, name: str, from_on: date, now: datetime) -> Enhet:
    """Give the unit a new name from a day that is not in the future; the old one stays in its history.

    Raises Invalid at `name` or `from_on`.
    """
    unit = find_unit(session, actor, enhet_id)
    name = " ".join(name.split())
    if name == unit.name:
        return unit
    require_text(name, "name", "Skriv enhetens namn, högst 160 tecken.")
    previous = unit.earlier_names[0].to_on if unit.earlier_names else None
    if from_on > local_date(now):
        raise Invalid("Dagen ligger framåt i tiden. Byt namnet den dag då det börjar gälla.", field="from_on")
    if previous is not None and from_on <= previous + timedelta(days=1):
        raise Invalid(
            f"Det förra namnet gällde till och med {previous.isoformat()}. Ange en senare dag.", field="from_on"
        )
    keep_name(session, unit, from_on=from_on)
    unit.name = name
    _done(session, actor, Event.UNIT_RENAMED, unit.pack_id, now=now, slug=unit.slug, from_on=from_on.isoformat())
    return unit


def keep_name(session: Session, unit: Enhet, *, from_on: date) -> None:
    """Write the present name into the history, as valid until the day before `from_on`."""
    previous = session.scalar(
        select(EnhetName.to_on).where(EnhetName.enhet_id == unit.id).order_by(EnhetName.to_on.desc())
    )
    last_day = from_on - timedelta(days=1)
    since = previous + timedelta(days=1) if previous else unit.active_from
    session.add(
        EnhetName(enhet_id=unit.id, name=unit.name, from_on=min(since, last_day) if since else None, to_on=last_day)
    )


def change_unit_contact(
    session: Session, actor: Actor, enhet_id: int, *, mailbox: str, phone: str, assignment: str, now: datetime
) -> Enhet:
    """Set what Kontaktvägar shows. Empty = not known. Raises Invalid at `mailbox`, `phone` or `assignment`."""
    unit = find_unit(session, actor, enhet_id)
    guard(assignment=assignment)
    values = {
        "function_mailbox": _mailbox(mailbox, "mailbox"),
        "phone": _phone(phone),
        "assignment": assignment.strip() or None,
    }
    _set(session, actor, unit, Event.UNIT_CONTACT_CHANGED, values, now=now)
    return unit


def change_funktion_contact(
    session: Session, actor: Actor, funktion_id: int, *, mailbox: str, phone: str, now: datetime
) -> Funktion:
    """Set a funktion's mailbox and phone. Raises Invalid at `mailbox` or `phone`."""
    funktion = session.get(Funktion, funktion_id)
    if funktion is None:
        raise NotFound
    require_administrator(actor, funktion.huvudman_id)
    values = {"mailbox": _mailbox(mailbox, "mailbox"), "phone": _phone(phone)}
    _set(session, actor, funktion, Event.FUNKTION_CONTACT_CHANGED, values, now=now)
    return funktion


def change_position(
    session: Session,
    actor: Actor,
    position_id: int,
    *,
    title: str,
    substitute_id: int | None,
    vacant: bool,
    show_name: bool,
    now: datetime,
) -> Position:
    """Change a position. A ring of substitutes is refused. Raises Invalid at `title` or `substitute`."""
    position = find_position(session, actor, position_id)
    title = " ".join(title.split())
    require_text(title, "title", "Skriv chefens titel, högst 160 tecken.")
    if substitute_id != position.substitute_id:
        _check_substitute(session, position, substitute_id)
    values = {"title": title, "substitute_id": substitute_id, "vacant": vacant, "show_name": show_name}
    _set(session, actor, position, Event.POSITION_CHANGED, values, now=now)
    return position


def add_absence(session: Session, actor: Actor, position_id: int, *, from_on: date, to_on: date, now: datetime) -> None:
    """The holder is away from and to these days, both included. She may say so herself.

    Raises Invalid at `to_on`, or at `from_on` when it overlaps.
    """
    position = _position_to_be_away_from(session, actor, position_id)
    if to_on < from_on:
        raise Invalid("Sista dagen ligger före den första.", field="to_on")
    if to_on < local_date(now):
        raise Invalid("Frånvaron är redan slut. Ange dagar framåt.", field="to_on")
    if to_on > local_date(now) + FURTHEST:
        raise Invalid("Sista dagen ligger mer än två år framåt. Ange en tidigare dag.", field="to_on")
    for other in position.absences:
        if other.from_on <= to_on and from_on <= other.to_on:
            days = f"{other.from_on.isoformat()} till {other.to_on.isoformat()}"
            raise Invalid(f"Det finns redan en frånvaro {days}. Ta bort den först.", field="from_on")
    position.absences.append(PositionAbsence(from_on=from_on, to_on=to_on))
    _done(
        session,
        actor,
        Event.ABSENCE_ADDED,
        position.pack_id,
        now=now,
        slug=position.slug,
        from_on=from_on.isoformat(),
        to_on=to_on.isoformat(),
    )


def remove_absence(session: Session, actor: Actor, position_id: int, absence_id: int, *, now: datetime) -> None:
    """Raises NotFound for an absence of another position."""
    position = _position_to_be_away_from(session, actor, position_id)
    absence = next((a for a in position.absences if a.id == absence_id), None)
    if absence is None:
        raise NotFound
    position.absences.remove(absence)
    _done(
        session,
        actor,
        Event.ABSENCE_REMOVED,
        position.pack_id,
        now=now,
        slug=position.slug,
        from_on=absence.from_on.isoformat(),
    )


def find_position(session: Session, actor: Actor, position_id: int) -> Position:
    """The position, if the actor administers its huvudman. Raises NotFound, Forbidden."""
    position = session.get(Position, position_id)
    if position is None:
        raise NotFound
    require_administrator(actor, huvudman_id_of(session, position))
    return position


def _position_to_be_away_from(session: Session, actor: Actor, position_id: int) -> Position:
    """The actor's own position, or one that she administers. Raises NotFound, Forbidden."""
    if position_id in actor.own_position_ids():
        return session.get_one(Position, position_id)
    return find_position(session, actor, position_id)


def huvudman_id_of(session: Session, position: Position) -> int:
    """The huvudman of the position's unit or organisation."""
    if position.enhet_id is not None:
        found = session.scalar(select(Enhet.huvudman_id).where(Enhet.id == position.enhet_id))
    else:
        found = session.scalar(select(Organisation.huvudman_id).where(Organisation.id == position.organisation_id))
    if found is None:
        raise NotFound
    return found


def find_unit(session: Session, actor: Actor, enhet_id: int) -> Enhet:
    """The unit, if the actor administers its huvudman. Raises NotFound, Forbidden."""
    unit = session.get(Enhet, enhet_id)
    if unit is None:
        raise NotFound
    require_administrator(actor, unit.huvudman_id)
    return unit


def _check_substitute(session: Session, position: Position, substitute_id: int | None) -> None:
    """Raises Invalid when the substitute is of another huvudman or område, closed, or leads back over a third."""
    if substitute_id is None:
        return
    substitute = session.get(Position, substitute_id)
    if substitute is None or huvudman_id_of(session, substitute) != huvudman_id_of(session, position):
        raise Invalid("Välj en ersättare hos samma huvudman.", field="substitute")
    own, theirs = position.enhet, substitute.enhet
    if own is not None and theirs is not None and own.omrade_id != theirs.omrade_id:
        raise Invalid(
            "Ersättaren läser chefens ärenden. Välj någon i samma sekretessområde, eller en chef över enheten.",
            field="substitute",
        )
    if substitute.active_to is not None:
        raise Invalid("Den positionen finns inte längre. Välj en annan ersättare.", field="substitute")
    if substitute.substitute_id == position.id:
        return  # two that stand in for each other is how small units do it
    seen: set[int] = set()
    current: Position | None = substitute
    while current is not None and current.id not in seen:
        seen.add(current.id)
        if current.substitute_id == position.id:
            raise Invalid(
                f"Det blir en ring: {substitute.title} ersätts till slut av {position.title}. Välj en annan ersättare.",
                field="substitute",
            )
        current = session.get(Position, current.substitute_id) if current.substitute_id is not None else None


def _set(
    session: Session,
    actor: Actor,
    row: Enhet | Funktion | Position,
    event: Event,
    values: Mapping[str, object],
    *,
    now: datetime,
) -> None:
    """Write what differs, with one audit record that names the fields. Nothing differs = nothing happens."""
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, values[field])
    if changed:
        _done(session, actor, event, row.pack_id, now=now, slug=row.slug, fields=changed)


def _done(session: Session, actor: Actor, event: Event, pack_id: int, *, now: datetime, **detail: object) -> None:
    changed(session, pack_id, now=now)
    audit.record(session, actor, event, now=now, detail=detail)


def require_text(text: str, field: str, sentence: str) -> None:
    """Raises Invalid at `field` when the guard stops the text, and with `sentence` when there is none or too much."""
    guard(**{field: text})
    if not text or len(text) > 160:
        raise Invalid(sentence, field=field)


def _mailbox(text: str, field: str) -> str | None:
    text = text.strip()
    if not text:
        return None
    if len(text) > 254 or not _MAILBOX.fullmatch(text):
        raise Invalid("Skriv en funktionsbrevlåda, till exempel bup.ostersund@exempel.se.", field=field)
    return text


def _phone(text: str) -> str | None:
    text = " ".join(text.split())
    if not text:
        return None
    if not _PHONE.fullmatch(text):
        raise Invalid("Skriv telefonnumret med siffror, till exempel 063-12 34 56.", field="phone")
    return text
