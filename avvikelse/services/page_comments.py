"""Shortcomings in accessibility: told by anybody, taken care of by the län's administrator. Open for the message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import NOBODY, Actor
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.whole_days import whole_day
from avvikelse.domain.workdays import local_date
from avvikelse.models.texts import PageComment
from avvikelse.queries.page_comments import answers_for
from avvikelse.queries.recipients import administrators_of
from avvikelse.services import audit, outbox, throttle
from avvikelse.services.guarding import guard
from avvikelse.services.receipts import Knock
from avvikelse.services.throttle import Brake

LONGEST = 1_000
PER_ADDRESS = 5  # in a window of services/throttle.py
EVERYWHERE = 60


def tell(session: Session, pack_id: int, text: str, knock: Knock, *, now: datetime) -> PageComment:
    """Keep it, and tell the län's administrators. The same words about the same län twice are one.

    Nothing is kept of who told it, nor the time of day. Raises Invalid at `text`, TooMany when too many come at once.
    """
    text = text.strip()
    if not text:
        raise Invalid("Skriv vad som är svårt att använda.", field="text")
    if len(text) > LONGEST:
        raise Invalid(f"Texten är för lång. Skriv högst {LONGEST} tecken.", field="text")
    guard(text=text)
    brakes = (
        Brake("page_comment_address", knock.network, PER_ADDRESS),
        Brake("page_comment_everywhere", "", EVERYWHERE),
    )
    throttle.attempt(session, brakes, secret=knock.secret, now=now)
    same = (PageComment.pack_id == pack_id, PageComment.text == text, PageComment.done_at.is_(None))
    known = session.scalars(select(PageComment).where(*same)).first()
    if known is not None:
        return known
    day = whole_day(now)
    found = PageComment(pack_id=pack_id, text=text, told_on=local_date(day))
    session.add(found)
    session.flush()
    audit.record(session, NOBODY, Event.PAGES_COMMENTED, now=day, detail={"pack": pack_id, "comment": found.id})
    for user_id in administrators_of(session, pack_id, local_date(now)):
        key = f"page_comment:{found.id}:u{user_id}"
        outbox.queue(session, Notice.PAGES_COMMENTED, to_user_id=user_id, dedup_key=key, now=day)
    return found


def done(session: Session, actor: Actor, comment_id: int, *, now: datetime) -> PageComment:
    """The page is better, or cannot be. Done twice = nothing new. Raises NotFound for another län's."""
    found = session.get(PageComment, comment_id)
    if found is None or not answers_for(session, actor, found.pack_id):
        raise NotFound
    if found.done_at is None:
        found.done_at, found.done_by_user_id = now, actor.user_id
        session.flush()
        audit.record(session, actor, Event.PAGES_COMMENT_DONE, now=now, detail={"comment": found.id})
    return found
