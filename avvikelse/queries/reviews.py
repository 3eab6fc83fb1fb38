"""Granskningar: those that a revisor may read today, those that an administrator has opened, and what was read.

Open for `/granskning` and `/granskningar`, or when a revisor does not get in. Expired and not hers are the same: 404.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import Role
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import User
from avvikelse.models.organisation import Pack
from avvikelse.models.reviews import Review
from avvikelse.policy.role_granting import Target, system_administrator

SHOWN_READINGS = 200


@dataclass(frozen=True, slots=True)
class ReviewView:
    """`open`: may be read today. `email`: whose it is, for the administrator only."""

    id: int
    ref: str
    pack_id: int
    pack: str
    pack_slug: str
    about: str
    period_from: date
    period_to: date
    last_on: date
    email: str
    ended: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """That a page was opened. `page`: a key of queries/evidence.py."""

    at: datetime
    page: str


def readable(session: Session, actor: Actor, today: date) -> tuple[ReviewView, ...]:
    """The actor's own, that she may read today; the latest first."""
    packs = [grant.pack_id for grant in actor.having(Role.REVISOR) if grant.pack_id is not None]
    if actor.user_id is None or not packs:
        return ()
    query = _reviews().where(
        Review.pack_id.in_(packs), Review.ended_at.is_(None), Review.last_on >= today,
        Review.email == select(User.email).where(User.id == actor.user_id).scalar_subquery(),
    )  # fmt: skip
    return tuple(_view(row, pack, today) for row, pack in session.execute(query))


def readable_one(session: Session, actor: Actor, ref: str, today: date) -> ReviewView:
    """Raises NotFound for what is not hers, has ended or has run out."""
    found = next((one for one in readable(session, actor, today) if one.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def opens_reviews(actor: Actor) -> bool:
    """An administrator of the whole system does, who gives the role of revisor too."""
    return system_administrator(actor, Target())


def require_opener(actor: Actor) -> None:
    """Raises Forbidden for anybody else."""
    if not opens_reviews(actor):
        raise Forbidden("En granskning öppnas av den som är administratör för hela systemet.")


def opened(session: Session, actor: Actor, today: date) -> tuple[ReviewView, ...]:
    """All of them, for the administrator who grants. Raises Forbidden."""
    require_opener(actor)
    return tuple(_view(row, pack, today) for row, pack in session.execute(_reviews()))


def opened_one(session: Session, actor: Actor, ref: str, today: date) -> tuple[ReviewView, tuple[Reading, ...]]:
    """One with what the revisor has opened, the latest first. Raises Forbidden, NotFound."""
    require_opener(actor)
    found = session.execute(_reviews().where(Review.ref == ref)).one_or_none()
    if found is None:
        raise NotFound
    view = _view(found[0], found[1], today)
    rows = session.execute(
        select(AuditEvent.at, AuditEvent.detail)
        .join(User, User.id == AuditEvent.user_id)
        .where(User.email == view.email, AuditEvent.event == Event.REVIEW_READ.value)
        .order_by(AuditEvent.at.desc())
    )
    readings = (Reading(at, str(detail["page"])) for at, detail in rows if detail.get("review") == view.id)
    return view, tuple(reading for reading, _ in zip(readings, range(SHOWN_READINGS), strict=False))


def _reviews() -> Select[Review, Pack]:
    return (
        select(Review, Pack).join(Pack, Pack.id == Review.pack_id).order_by(Review.opened_at.desc(), Review.id.desc())
    )


def _view(row: Review, pack: Pack, today: date) -> ReviewView:
    return ReviewView(
        row.id, row.ref, row.pack_id, pack.name, pack.slug, row.about, row.period_from, row.period_to, row.last_on,
        row.email, row.ended_at is not None, row.ended_at is None and row.last_on >= today,
    )  # fmt: skip
