"""Open a unit, move it, close it with a successor, and change one's mind before the last day.

Open when an administrator's page about a whole unit saves; names and contact ways are services/organisation.py. A unit
stays in its sekretessområde for life, because what it has written belongs there: in another one a new unit is opened,
and the old one closes with it as successor.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import known_unit_type
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.workdays import local_date
from avvikelse.models.organisation import (
    Enhet,
    EnhetKommun,
    Huvudman,
    Organisation,
    Pack,
    Position,
    Sekretessomrade,
)
from avvikelse.policy.organisation import require_administrator
from avvikelse.services import audit
from avvikelse.services.organisation import FURTHEST, changed, find_unit, require_text

LONGEST_SLUG = 60  # characters; room for a number after it


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a unit belongs in its huvudman and whom it serves. Ages are whole years, both included."""

    organisation_id: int | None
    kommuner: tuple[str, ...]
    age_min: int
    age_max: int


def open_unit(
    session: Session,
    actor: Actor,
    huvudman_id: int,
    *,
    name: str,
    kind: str,
    omrade_id: int,
    placing: Placing,
    active_from: date,
    title: str,
    now: datetime,
) -> Enhet:
    """A new unit with the position of its manager, vacant until somebody is named.

    Raises NotFound for another huvudman, Invalid at the field that does not hold.
    """
    huvudman = session.get(Huvudman, huvudman_id)
    if huvudman is None:
        raise NotFound
    require_administrator(actor, huvudman.id)
    name, title = " ".join(name.split()), " ".join(title.split())
    require_text(name, "name", "Skriv enhetens namn, högst 160 tecken.")
    require_text(title, "title", "Skriv chefens titel, högst 160 tecken.")
    if not known_unit_type(kind):
        raise Invalid("Välj vilket slag av enhet det är.", field="kind")
    omrade = session.get(Sekretessomrade, omrade_id)
    if omrade is None or omrade.huvudman_id != huvudman.id:
        raise Invalid("Välj ett sekretessområde hos huvudmannen.", field="omrade")
    if _named(session, huvudman.id, name):
        raise Invalid("Det finns redan en öppen enhet med det namnet hos huvudmannen.", field="name")
    if abs(active_from - local_date(now)) > FURTHEST:
        raise Invalid("Dagen ligger för långt bort. Ange en dag inom två år.", field="active_from")
    pack = session.get_one(Pack, huvudman.pack_id)
    unit = Enhet(
        pack_id=pack.id,
        slug=free_slug(session, pack.id, name),
        name=name,
        kind=kind,
        huvudman_id=huvudman.id,
        omrade_id=omrade.id,
        active_from=active_from,
    )
    _place(session, unit, pack, placing)
    session.add(unit)
    session.flush()
    session.add(Position(pack_id=pack.id, slug=f"chef-{unit.slug}", title=title, enhet_id=unit.id, vacant=True))
    _done(session, actor, Event.UNIT_OPENED, unit, now=now, active_from=active_from.isoformat())
    return unit


def move_unit(session: Session, actor: Actor, enhet_id: int, placing: Placing, *, now: datetime) -> Enhet:
    """Change förvaltning, kommuner and ages. Cases stay where they are. Raises Invalid at the field."""
    unit = find_unit(session, actor, enhet_id)
    before = _placing_of(unit)
    _place(session, unit, session.get_one(Pack, unit.pack_id), placing)
    changed = [field for field, value in before.items() if _placing_of(unit)[field] != value]
    if changed:
        _done(session, actor, Event.UNIT_MOVED, unit, now=now, fields=changed)
    return unit


def close_unit(
    session: Session,
    actor: Actor,
    enhet_id: int,
    *,
    last_day: date,
    successor_id: int | None,
    now: datetime,
) -> Enhet:
    """Set the unit's last day and who takes over. New reports about it go to the successor from the day after.

    Holders keep their roles, so that no open case is left without somebody. Raises Invalid at `last_day` or
    `successor`; Conflict when the unit is closed already.
    """
    unit = find_unit(session, actor, enhet_id)
    today = local_date(now)
    if unit.active_to is not None and unit.active_to < today:
        raise Conflict("Enheten är redan stängd.")
    if unit.active_from is not None and last_day < unit.active_from:
        raise Invalid(f"Enheten öppnade {unit.active_from.isoformat()}. Ange en senare dag.", field="last_day")
    if last_day < today - timedelta(days=31):
        raise Invalid("Dagen ligger mer än en månad bakåt. Ange en senare dag.", field="last_day")
    if last_day > today + FURTHEST:
        raise Invalid("Dagen ligger mer än två år framåt. Ange en tidigare dag.", field="last_day")
    successor = _successor(session, unit, successor_id, last_day)
    unit.active_to, unit.successor_id = last_day, successor.id if successor else None
    detail = {"active_to": last_day.isoformat()} | ({"successor": successor.slug} if successor else {})
    _done(session, actor, Event.UNIT_CLOSED, unit, now=now, **detail)
    return unit


def keep_open(session: Session, actor: Actor, enhet_id: int, *, now: datetime) -> Enhet:
    """Take a last day back that has not passed. Raises Conflict once the unit is closed."""
    unit = find_unit(session, actor, enhet_id)
    if unit.active_to is None:
        return unit
    if unit.active_to < local_date(now):
        raise Conflict("Enheten är redan stängd. Öppna en ny enhet i stället.")
    unit.active_to, unit.successor_id = None, None
    _done(session, actor, Event.UNIT_KEPT_OPEN, unit, now=now)
    return unit


def free_slug(session: Session, pack_id: int, name: str) -> str:
    """A code for addresses, made of the name: "BUP Östersund" → "bup-ostersund", with a number if it is taken."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "enhet"
    taken = set(session.scalars(select(Enhet.slug).where(Enhet.pack_id == pack_id, Enhet.slug.startswith(base))))
    taken |= {
        slug.removeprefix("chef-")
        for slug in session.scalars(
            select(Position.slug).where(Position.pack_id == pack_id, Position.slug.startswith(f"chef-{base}"))
        )
    }
    return next(slug for slug in _numbered(base) if slug not in taken)


def _numbered(base: str) -> Iterable[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


def _place(session: Session, unit: Enhet, pack: Pack, placing: Placing) -> None:
    """Raises Invalid at `organisation`, `kommuner`, `age_min` or `age_max`."""
    if placing.organisation_id is not None:
        above = session.get(Organisation, placing.organisation_id)
        if above is None or above.huvudman_id != unit.huvudman_id or above.active_to is not None:
            raise Invalid("Välj en förvaltning hos huvudmannen.", field="organisation")
    if not placing.kommuner or not set(placing.kommuner) <= set(pack.kommuner):
        raise Invalid("Välj minst en kommun som enheten arbetar i.", field="kommuner")
    if not 0 <= placing.age_min <= 120:
        raise Invalid("Ange en ålder mellan 0 och 120 år.", field="age_min")
    if not placing.age_min <= placing.age_max <= 120:
        raise Invalid("Den högsta åldern får inte vara lägre än den lägsta.", field="age_max")
    unit.organisation_id = placing.organisation_id
    unit.age_min, unit.age_max = placing.age_min, placing.age_max
    known = {row.kommunkod: row for row in unit.kommuner}
    unit.kommuner = [known.get(code) or EnhetKommun(kommunkod=code) for code in sorted(set(placing.kommuner))]


def _placing_of(unit: Enhet) -> dict[str, object]:
    return {
        "organisation": unit.organisation_id,
        "kommuner": tuple(sorted(row.kommunkod for row in unit.kommuner)),
        "age_min": unit.age_min,
        "age_max": unit.age_max,
    }


def _successor(session: Session, unit: Enhet, successor_id: int | None, last_day: date) -> Enhet | None:
    """Raises Invalid for another huvudman's unit, one that is closed by then, and a ring of successors."""
    if successor_id is None:
        return None
    successor = session.get(Enhet, successor_id)
    if successor is None or successor.huvudman_id != unit.huvudman_id or successor.id == unit.id:
        raise Invalid("Välj en annan enhet hos samma huvudman.", field="successor")
    if successor.active_to is not None and successor.active_to <= last_day:
        raise Invalid("Den enheten är stängd då. Välj en annan efterträdare.", field="successor")
    if successor.active_from is not None and successor.active_from > last_day + timedelta(days=1):
        raise Invalid(
            f"Den enheten öppnar {successor.active_from.isoformat()}. Välj en senare sista dag eller en annan enhet.",
            field="successor",
        )
    seen: set[int] = set()
    following: Enhet | None = successor
    while following is not None and following.id not in seen:
        if following.id == unit.id:
            raise Invalid("Det blir en ring: den enheten efterträds till slut av den här.", field="successor")
        seen.add(following.id)
        following = following.successor
    return successor


def _named(session: Session, huvudman_id: int, name: str) -> bool:
    names = session.scalars(select(Enhet.name).where(Enhet.huvudman_id == huvudman_id, Enhet.active_to.is_(None)))
    return name.casefold() in {known.casefold() for known in names}


def _done(session: Session, actor: Actor, event: Event, unit: Enhet, *, now: datetime, **detail: object) -> None:
    changed(session, unit.pack_id, now=now)
    audit.record(
        session,
        actor,
        event,
        now=now,
        omrade_id=unit.omrade_id,
        enhet_id=unit.id,
        detail={"slug": unit.slug, **detail},
    )
