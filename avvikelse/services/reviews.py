"""Open and end a granskning, and remember what the revisor reads."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.role_scope import Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.reviews import Review
from avvikelse.queries.reviews import require_opener
from avvikelse.services import audit, invitations
from avvikelse.services.guarding import guard
from avvikelse.services.refs import new_ref

DAYS = timedelta(days=30)
LONGEST_PERIOD = timedelta(days=5 * 366)


def open_review(
    session: Session,
    actor: Actor,
    pack_id: int,
    *,
    about: str,
    period: tuple[date, date],
    email: str,
    name: str,
    last_on: date,
    now: datetime,
) -> Review:
    """Let somebody read the evidence of a period until `last_on`, and give or offer her the role that it takes.

    Raises Forbidden, and Invalid at the field: no more than DAYS, a period that has ended before it began.
    """
    require_opener(actor)
    guard(about=about)
    today, (first, last) = local_date(now), period
    if not about.strip():
        raise Invalid("Skriv vad granskningen gäller.", field="about")
    if first > last:
        raise Invalid("Perioden slutar innan den börjar.", field="period_to")
    if last - first > LONGEST_PERIOD:
        raise Invalid("Perioden är för lång. Välj högst fem år.", field="period_from")
    if not today <= last_on <= today + DAYS:
        raise Invalid(f"Åtkomsten gäller högst {DAYS.days} dagar. Den kan öppnas igen.", field="last_on")
    invitations.invite(
        session,
        actor,
        email=email,
        name=name,
        role=Role.REVISOR,
        scope=Scope(pack_id=pack_id),
        valid_to=last_on,
        now=now,
    )
    row = Review(
        ref=new_ref(), pack_id=pack_id, about=about.strip(), period_from=first, period_to=last,
        email=email.strip().lower(), last_on=last_on, opened_at=now, opened_by_user_id=actor.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, actor, Event.REVIEW_OPENED, row, now)
    return row


def end_review(session: Session, actor: Actor, ref: str, *, now: datetime) -> Review:
    """Nobody reads it from now on. Raises Forbidden, NotFound; Conflict when it has ended."""
    require_opener(actor)
    row = session.scalar(select(Review).where(Review.ref == ref).with_for_update())
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        raise Conflict("Granskningen är redan avslutad.")
    row.ended_at = now
    session.flush()
    _record(session, actor, Event.REVIEW_ENDED, row, now)
    return row


def note_reading(session: Session, actor: Actor, review_id: int, page: str, *, now: datetime) -> None:
    """That the revisor opened a page of the evidence."""
    audit.record(
        session, actor, Event.REVIEW_READ, now=now, role=Role.REVISOR.value, detail={"review": review_id, "page": page}
    )


def _record(session: Session, actor: Actor, event: Event, row: Review, now: datetime) -> None:
    audit.record(session, actor, event, now=now, role=Role.ADMINISTRATOR.value, detail={"review": row.id})
