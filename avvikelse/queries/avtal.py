"""The register of *avtal*, for everybody to read: what the parties have agreed, as it stands or stood on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from avvikelse.domain import avtal as rules
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.models.organisation import Huvudman, Pack, Position
from avvikelse.policy.avtal import may_change, may_review

NO_AVTAL = "Det finns inget avtal eller ingen rutin om det"


@dataclass(frozen=True, slots=True)
class AvtalLine:
    slug: str
    name: str
    points: int
    owner: str | None
    review_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point as it read on the page's day. `earlier`: (last day, text), newest first, of what it was before that."""

    id: int
    number: str
    text: str
    since: date | None  # from when the wording held
    active_to: date | None
    earlier: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class AvtalPage:
    """An avtal on a day. `versions`: the days from which something else held; empty = it has never changed here."""

    id: int
    pack: str
    pack_name: str
    slug: str
    name: str
    parties: tuple[str, ...]
    decided: str | None
    valid: str | None
    revised: str | None
    follow_up: str | None
    owner: str | None
    owner_id: int | None
    review_on: date | None
    reviewed_on: date | None
    overdue: bool
    ended_on: date | None
    day: date
    versions: tuple[date, ...]
    points: tuple[PointLine, ...]
    may_change: bool
    may_review: bool


@dataclass(frozen=True, slots=True)
class Register:
    pack: str
    pack_name: str
    lines: tuple[AvtalLine, ...]
    may_change: bool


def register(session: Session, actor: Actor, pack_slug: str, today: date) -> Register:
    """Every avtal of a län that is in force. Raises NotFound for a län that does not exist."""
    pack = session.scalar(select(Pack).where(Pack.slug == pack_slug))
    if pack is None:
        raise NotFound
    living = (Avtalspunkt.active_to.is_(None)) | (Avtalspunkt.active_to >= today)
    number = select(func.count()).where(Avtalspunkt.avtal_id == Avtal.id, living).correlate(Avtal).scalar_subquery()
    rows = session.execute(
        select(Avtal, number, Position.title)
        .outerjoin(Position, Position.id == Avtal.owner_position_id)
        .where(Avtal.pack_id == pack.id, (Avtal.active_to.is_(None)) | (Avtal.active_to >= today))
        .order_by(Avtal.name)
    )
    lines = tuple(
        AvtalLine(one.slug, one.name, points, owner, one.review_on, rules.is_overdue(one.review_on, today))
        for one, points, owner in rows
    )
    return Register(pack.slug, pack.lan, lines, may_change(actor))


def avtal_page(session: Session, actor: Actor, pack_slug: str, slug: str, today: date, day: date | None) -> AvtalPage:
    """As it stood on `day` (None = today). Raises NotFound."""
    row = session.scalar(
        select(Avtal)
        .join(Pack, Pack.id == Avtal.pack_id)
        .where(Pack.slug == pack_slug, Avtal.slug == slug)
        .options(selectinload(Avtal.points).selectinload(Avtalspunkt.earlier))
    )
    if row is None:
        raise NotFound
    pack = session.get_one(Pack, row.pack_id)
    names = dict(session.execute(select(Huvudman.slug, Huvudman.name).where(Huvudman.pack_id == pack.id)).all())
    owner = session.get(Position, row.owner_position_id) if row.owner_position_id is not None else None
    shown_on = day or today
    return AvtalPage(
        row.id, pack.slug, pack.lan, row.slug, row.name,
        tuple(names.get(slug, slug) for slug in row.parties),
        row.decided, row.valid, row.revised, row.follow_up,
        owner.title if owner else None, row.owner_position_id, row.review_on, row.reviewed_on,
        rules.is_overdue(row.review_on, today), row.active_to, shown_on,
        rules.versions(_changes(row)),
        tuple(
            _line(point, shown_on)
            for point in row.points
            if rules.is_in_force(shown_on, point.active_from, point.active_to)
        ),
        may_change(actor),
        may_review(actor, row.owner_position_id),
    )  # fmt: skip


def _line(point: Avtalspunkt, day: date) -> PointLine:
    words = [(one.to_on, one.text) for one in point.earlier]
    before = [(to_on, text) for to_on, text in words if to_on < day]
    since = rules.day_after(before[-1][0]) if before else point.active_from
    text = rules.wording_on(day, point.text, words)
    return PointLine(point.id, point.number, text, since, point.active_to, tuple(reversed(before)))


def _changes(row: Avtal) -> list[date]:
    """Every day from which a point read otherwise, was new, or was gone."""
    found = [rules.day_after(one.to_on) for point in row.points for one in point.earlier]
    found += [point.active_from for point in row.points if point.active_from is not None]
    return found + [rules.day_after(point.active_to) for point in row.points if point.active_to is not None]


@dataclass(frozen=True, slots=True)
class PointOfCase:
    """The point that was not kept, in the words that held on the day on which it happened."""

    id: int
    pack: str
    slug: str
    avtal: str
    number: str
    text: str
    day: date
    changed_since: bool


def point_of_case(session: Session, avtalspunkt_id: int | None, occurred_on: date) -> PointOfCase | None:
    """What the case leans on, as it read then."""
    if avtalspunkt_id is None:
        return None
    point = session.get_one(Avtalspunkt, avtalspunkt_id, options=[selectinload(Avtalspunkt.earlier)])
    text = rules.wording_on(occurred_on, point.text, [(one.to_on, one.text) for one in point.earlier])
    pack = session.get_one(Pack, point.pack_id)
    changed = text != point.text or point.active_to is not None
    avtal = point.avtal
    return PointOfCase(point.id, pack.slug, avtal.slug, avtal.name, point.number, text, occurred_on, changed)
