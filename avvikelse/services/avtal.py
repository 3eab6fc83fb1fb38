"""Change the register of avtal: owner, review, points. Nothing is overwritten: an old wording keeps its last day."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.workdays import local_date
from avvikelse.models.agreements import Avtal, Avtalspunkt, AvtalspunktWording
from avvikelse.models.organisation import Pack, Position
from avvikelse.policy.avtal import may_change, may_review
from avvikelse.services import audit
from avvikelse.services.guarding import guard

LONGEST_NAME, LONGEST_NUMBER, LONGEST_TEXT = 200, 20, 1_000
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


def add(session: Session, actor: Actor, pack_slug: str, name: str, *, now: datetime) -> Avtal:
    """A new avtal of the län, without points. Raises Invalid at `name`."""
    pack = session.scalar(select(Pack).where(Pack.slug == pack_slug))
    if pack is None:
        raise NotFound
    _require(actor)
    name = _text(name, "name", LONGEST_NAME, "Skriv avtalets namn.")
    slug = _slug(name)
    if session.scalar(select(Avtal.id).where(Avtal.pack_id == pack.id, Avtal.slug == slug)) is not None:
        raise Invalid("Det finns redan ett avtal med det namnet.", field="name")
    row = Avtal(pack_id=pack.id, slug=slug, imported={}, name=name, parties=[])
    session.add(row)
    _record(session, actor, row, now, "added")
    return row


def change(
    session: Session, actor: Actor, avtal_id: int, *, owner_position_id: int | None, review_on: date | None,
    now: datetime,
) -> Avtal:  # fmt: skip
    """Who sees to it that the avtal is looked over, and when next. Raises Invalid at the field."""
    row = _find(session, actor, avtal_id)
    if owner_position_id is not None:
        position = session.get(Position, owner_position_id)
        if position is None or position.pack_id != row.pack_id or position.active_to is not None:
            raise Invalid("Välj en chef i länet som finns i dag.", field="owner")
    row.owner_position_id, row.review_on = owner_position_id, review_on
    _record(session, actor, row, now, "owner")
    return row


def reviewed(session: Session, actor: Actor, avtal_id: int, next_on: date | None, *, now: datetime) -> Avtal:
    """It has been looked over today. Its owner may say so. Raises Invalid unless the next day lies ahead."""
    row = session.get(Avtal, avtal_id)
    if row is None:
        raise NotFound
    if not may_review(actor, row.owner_position_id):
        raise Forbidden
    today = local_date(now)
    if next_on is None or next_on <= today:
        raise Invalid("Ange en dag framåt i tiden för nästa översyn.", field="next_on")
    row.reviewed_on, row.review_on = today, next_on
    _record(session, actor, row, now, "reviewed")
    return row


def add_point(
    session: Session, actor: Actor, avtal_id: int, number: str, text: str, from_on: date, *, now: datetime
) -> Avtalspunkt:
    """A new numbered point. A number is used once: a point that has ended keeps it. Raises Invalid at the field."""
    row = _find(session, actor, avtal_id)
    number = _text(number, "number", LONGEST_NUMBER, "Skriv punktens nummer, till exempel 4.2.")
    text = _text(text, "text", LONGEST_TEXT, "Skriv vad punkten säger.")
    if any(point.number == number for point in row.points):
        raise Invalid(f"Punkt {number} finns redan i avtalet. Ändra dess lydelse i stället.", field="number")
    point = Avtalspunkt(
        pack_id=row.pack_id, slug=f"{row.slug}-{_slug(number)}"[:80], imported={}, number=number, text=text,
        active_from=from_on,
    )  # fmt: skip
    row.points.append(point)
    _record(session, actor, row, now, "point_added")
    return point


def reword(
    session: Session, actor: Actor, avtal_id: int, point_id: int, text: str, from_on: date, *, now: datetime
) -> Avtalspunkt:
    """Another wording from a day that is not in the future; the old one stays. Raises Invalid at the field."""
    row = _find(session, actor, avtal_id)
    point = _point(row, point_id)
    text = _text(text, "text", LONGEST_TEXT, "Skriv vad punkten säger.")
    if text == point.text:
        return point
    if from_on > local_date(now):
        raise Invalid("Dagen ligger framåt i tiden. Ändra lydelsen den dag då den börjar gälla.", field="from_on")
    _check_order(point, from_on)
    keep_wording(session, point, from_on)
    point.text = text
    _record(session, actor, row, now, "reworded")
    return point


def end_point(
    session: Session, actor: Actor, avtal_id: int, point_id: int, last_day: date, *, now: datetime
) -> Avtalspunkt:
    """The point holds up to and including a day. Cases that lean on it keep it. Raises Invalid at `last_day`."""
    row = _find(session, actor, avtal_id)
    point = _point(row, point_id)
    if point.active_from is not None and last_day < point.active_from:
        raise Invalid("Punkten började gälla senare än så.", field="last_day")
    point.active_to = last_day
    _record(session, actor, row, now, "point_ended")
    return point


def keep_wording(session: Session, point: Avtalspunkt, from_on: date) -> None:
    """Write the present wording into the history, as valid until the day before `from_on`."""
    last_day = from_on - timedelta(days=1)
    known = session.get(AvtalspunktWording, (point.id, last_day))
    if known is None:  # twice on one day: what held until yesterday is already written down
        session.add(AvtalspunktWording(avtalspunkt_id=point.id, to_on=last_day, text=point.text))
    session.flush()


def _check_order(point: Avtalspunkt, from_on: date) -> None:
    latest = max((one.to_on for one in point.earlier), default=None)
    if latest is not None and from_on <= latest:
        raise Invalid("Det finns en senare lydelse. Ange en dag efter den.", field="from_on")
    if point.active_from is not None and from_on < point.active_from:
        raise Invalid("Punkten började gälla senare än så.", field="from_on")


def _find(session: Session, actor: Actor, avtal_id: int) -> Avtal:
    row = session.get(Avtal, avtal_id)
    if row is None:
        raise NotFound
    _require(actor)
    return row


def _require(actor: Actor) -> None:
    if not may_change(actor):
        raise Forbidden


def _point(row: Avtal, point_id: int) -> Avtalspunkt:
    found = next((point for point in row.points if point.id == point_id), None)
    if found is None:
        raise NotFound
    return found


def _text(text: str, field: str, longest: int, missing: str) -> str:
    text = " ".join(text.split())
    guard(**{field: text})
    if not text:
        raise Invalid(missing, field=field)
    if len(text) > longest:
        raise Invalid(f"Skriv högst {longest} tecken.", field=field)
    return text


def _slug(name: str) -> str:
    """ "Överenskommelse 4.2" → "overenskommelse-4-2"."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return _NOT_IN_SLUG.sub("-", plain).strip("-")[:60] or "avtal"


def _record(session: Session, actor: Actor, row: Avtal, now: datetime, what: str) -> None:
    session.flush()
    audit.record(session, actor, Event.AVTAL_CHANGED, now=now, detail={"avtal": row.id, "what": what})
