"""One mail a week instead of many, for those who choose it. What is urgent still goes at once (domain/notices.URGENT).

A mail that waits for the digest stands in the outbox with the day of its digest and is asked again, when the digest is
sent, whether it is still true. A line says number, status and where to read; never what a case is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.notices import Notice
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.preferences import WeeklyDigest
from avvikelse.services import outbox


def choose(session: Session, actor: Actor, *, weekly: bool, now: datetime) -> None:
    """Once a week, or each at once; what waits for a digest that is no longer wanted leaves now."""
    if actor.user_id is None:
        raise NotFound
    known = session.get(WeeklyDigest, actor.user_id)
    if weekly and known is None:
        session.add(WeeklyDigest(user_id=actor.user_id, chosen_at=now))
    if not weekly:
        session.execute(delete(WeeklyDigest).where(WeeklyDigest.user_id == actor.user_id))
        session.execute(
            update(OutboxMail)
            .where(OutboxMail.recipient_user_id == actor.user_id, *_held())
            .values(next_try_at=now, digest_on=None)
        )
    session.flush()


def is_weekly(session: Session, user_id: int) -> bool:
    return session.get(WeeklyDigest, user_id) is not None


def gather(session: Session, now: datetime) -> int:
    """Queue the digests whose day has come, once per person and day. Returns how many are new."""
    days = session.execute(
        select(OutboxMail.recipient_user_id, OutboxMail.digest_on)
        .where(OutboxMail.digest_on <= local_date(now), *_held())
        .distinct()
    ).all()
    return sum(
        outbox.queue(
            session,
            Notice.DIGEST,
            to_user_id=user_id,
            dedup_key=f"digest:{user_id}:{day.isoformat()}",
            params={"day": day.isoformat()},
            now=now,
        )
        for user_id, day in days
        if day is not None
    )


def made(session: Session, mail: OutboxMail, now: datetime) -> Mapping[str, Any]:
    """The lines, made when the digest is sent."""
    return {"lines": tuple(_line(session, one) for one in _true(session, mail, now))}


def still_true(session: Session, mail: OutboxMail, now: datetime) -> bool:
    """A digest without lines is not sent."""
    return bool(_true(session, mail, now))


def _true(session: Session, mail: OutboxMail, now: datetime) -> list[OutboxMail]:
    waiting = session.scalars(_of(mail).order_by(OutboxMail.id))
    rules = [(one, outbox.RECHECK.get(Notice(one.notice))) for one in waiting]
    return [one for one, rule in rules if rule is None or rule(session, one, now)]


def _of(mail: OutboxMail) -> Any:
    day = date.fromisoformat(mail.params["day"])
    return select(OutboxMail).where(
        OutboxMail.recipient_user_id == mail.recipient_user_id, OutboxMail.digest_on == day, *_held()
    )


def end(session: Session, mail_id: int, now: datetime) -> None:
    """The digest has left: what it told about is told."""
    mail = session.get(OutboxMail, mail_id)
    if mail is not None and mail.notice == Notice.DIGEST.value:
        ids = [one.id for one in session.scalars(_of(mail))]
        session.execute(update(OutboxMail).where(OutboxMail.id.in_(ids)).values(sent_at=now))


def _held() -> tuple[Any, ...]:
    return (
        OutboxMail.digest_on.is_not(None), OutboxMail.next_try_at.is_(None), OutboxMail.sent_at.is_(None),
        OutboxMail.dropped_at.is_(None),
    )  # fmt: skip


def _line(session: Session, mail: OutboxMail) -> dict[str, str]:
    notice = Notice(mail.notice)
    row = session.get(Avvikelse, mail.avvikelse_id) if mail.avvikelse_id is not None else None
    path = notice.path.format_map(mail.params)
    if row is None or "{number}" not in notice.subject:
        return {"text": notice.subject.format_map(mail.params), "path": path}
    return {"text": f"{row.number}: {row.status.label}", "path": path}


outbox.RECHECK[Notice.DIGEST] = still_true
outbox.MADE_AT_SENDING[Notice.DIGEST] = made
