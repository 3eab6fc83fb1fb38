"""Mails on their way: queued, claimed by one process, sent, marked. Open when a mail is late, lost or doubled.

Queued in the transaction of the change, so a mail and what it tells about exist together or not at all. Sending is at
least once: a process that dies between sending and marking sends again, with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Executable, bindparam, case, exists, func, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from avvikelse.domain.notices import URGENT, Notice
from avvikelse.domain.plain_codes import require_codes
from avvikelse.domain.whole_days import when_told
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import ask
from avvikelse.models.identity import User
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.preferences import WeeklyDigest

CLAIM = timedelta(minutes=10)  # a process that dies lets go of its mails after this
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15))  # the last one again and again
VISIBLE_AFTER = timedelta(hours=24)

# Is the message still true, and still for this recipient? Asked when it is to be sent; without an entry it is.
# mail_rules.py enters the rule of all mails about cases; whoever sends imports that file.
Predicate = Callable[[Session, OutboxMail, datetime], bool]
RECHECK: dict[Notice, Predicate] = {}

# Params that must not be stored in the clear (tokens of links): made, and their hashes stored, when the mail is sent.
Maker = Callable[[Session, OutboxMail, datetime], Mapping[str, str]]
MADE_AT_SENDING: dict[Notice, Maker] = {}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail ready to be written: everything but the words."""

    id: int
    notice: Notice
    to: str
    params: Mapping[str, Any]
    dedup_key: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """How the outbox stands. `oldest_at` is when the longest waiting mail was queued."""

    waiting: int
    oldest_at: datetime | None
    failed: int


def release(session: Session, notices: Collection[Notice], *, now: datetime) -> int:
    """Let go of mails that wait for the morning because a time of day would give somebody away. Returns how many.

    Harmless only from a clock of its own, whatever has been reported when.
    """
    held = (OutboxMail.notice.in_([notice.value for notice in notices]), OutboxMail.created_at > now)
    waiting = (OutboxMail.sent_at.is_(None), OutboxMail.next_try_at > now)
    released = session.scalars(
        update(OutboxMail).where(*held, *waiting).values(next_try_at=now).returning(OutboxMail.id)
    )
    return len(released.all())


def queue(
    session: Session,
    notice: Notice,
    *,
    dedup_key: str,
    now: datetime,
    to_user_id: int | None = None,
    to_mailbox: str | None = None,
    avvikelse_id: int | None = None,
    params: Mapping[str, Any] | None = None,
) -> bool:
    """Queue one message to a user or to a function mailbox; False when one with the same key is already there.

    One about what somebody without account has done waits for the next morning (domain/whole_days.py).

    Raises ValueError for words among the params, or when there is not exactly one recipient.
    """
    if (to_user_id is None) == (to_mailbox is None):
        raise ValueError("exactly one of to_user_id and to_mailbox")
    waits: dict[str, Any] = {}
    if may_wait := to_user_id is not None and notice not in URGENT:
        waits = {"reader": to_user_id, "next_digest": digest_day(local_date(now))}
    queued = ask(
        session,
        _queueing(session.get_bind().dialect.name, may_wait=may_wait),
        dedup_key=dedup_key,
        notice=notice.value,
        recipient_user_id=to_user_id,
        recipient_mailbox=to_mailbox,
        avvikelse_id=avvikelse_id,
        params=require_codes(params or {}),
        created_at=when_told(now),
        told_at=when_told(now),
        attempts=0,
        **waits,
    )
    return queued.first() is not None


@cache
def _queueing(dialect: str, *, may_wait: bool) -> Executable:
    """The statement of `queue`. What may wait does so for a reader who has chosen the weekly digest."""
    told_at = bindparam("told_at", type_=OutboxMail.next_try_at.type)
    waits: dict[str, Any] = {"next_try_at": told_at}
    if may_wait:
        weekly = exists().where(WeeklyDigest.user_id == bindparam("reader"))
        waits = {
            "next_try_at": case((weekly, null()), else_=told_at),
            "digest_on": case((weekly, bindparam("next_digest", type_=Date)), else_=null()),
        }
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(OutboxMail).values(**waits).on_conflict_do_nothing(index_elements=["dedup_key"])
    return statement.returning(OutboxMail.id)


def digest_day(today: date) -> date:
    """The Monday on which what is queued today goes with the digest."""
    return today + timedelta(days=7 - today.weekday())


def claim(session: Session, owner: str, limit: int, now: datetime) -> list[int]:
    """Take up to `limit` due mails for `owner`, oldest first; nobody else gets them for `CLAIM`. Commit at once."""
    due = (
        select(OutboxMail.id)
        .where(
            OutboxMail.next_try_at <= now,
            or_(OutboxMail.claimed_until.is_(None), OutboxMail.claimed_until <= now),
        )
        .order_by(OutboxMail.next_try_at, OutboxMail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    if ids:
        _change(session, OutboxMail.id.in_(ids), claimed_by=owner, claimed_until=now + CLAIM)
    return ids


def prepare(session: Session, mail_id: int, owner: str, now: datetime) -> Outgoing | None:
    """Ask again, when it is to be sent, if the mail is true and where it goes; None = it was dropped or is not ours."""
    mail = session.get(OutboxMail, mail_id, populate_existing=True)
    if mail is None or mail.claimed_by != owner or mail.next_try_at is None:
        return None
    notice = Notice(mail.notice)
    address = _address(session, mail)
    still_true = RECHECK.get(notice)
    if address is None or (still_true is not None and not still_true(session, mail, now)):
        mail.dropped_at, mail.next_try_at, mail.claimed_by, mail.claimed_until = now, None, None, None
        session.flush()
        return None
    made = MADE_AT_SENDING.get(notice)
    params = {**mail.params, **(made(session, mail, now) if made else {})}
    return Outgoing(mail.id, notice, address, params, mail.dedup_key)


def mark_sent(session: Session, mail_id: int, now: datetime) -> None:
    """The mail server has taken it. Noted even when the claim has run out meanwhile."""
    _change(
        session, OutboxMail.id == mail_id, OutboxMail.sent_at.is_(None),
        sent_at=now, next_try_at=None, claimed_by=None, claimed_until=None, failed_at=None, last_error=None,
    )  # fmt: skip


def mark_failed(
    session: Session, mail_ids: Sequence[int], owner: str, error: str, now: datetime, *, for_good: bool = False
) -> None:
    """It could not be sent: try later, or never when `for_good`. `error` is a kind and a code, never content.

    Visible to an operator at once when for good, otherwise a day after it was queued; it is tried all the same.
    """
    mine = (OutboxMail.id.in_(mail_ids), OutboxMail.claimed_by == owner)
    for mail in session.scalars(select(OutboxMail).where(*mine).execution_options(populate_existing=True)):
        mail.attempts += 1
        mail.last_error = error[:80]
        mail.next_try_at = None if for_good else now + BACK_OFF[min(mail.attempts, len(BACK_OFF)) - 1]
        if mail.failed_at is None and (for_good or now - mail.created_at >= VISIBLE_AFTER):
            mail.failed_at = now
        mail.claimed_by = mail.claimed_until = None
    session.flush()


def retry_failed(session: Session, *, now: datetime) -> int:
    """Try everything that failed again, now; what was refused for good too. Returns how many."""
    return _change(
        session, OutboxMail.failed_at.is_not(None), OutboxMail.sent_at.is_(None), OutboxMail.dropped_at.is_(None),
        next_try_at=now, failed_at=None, claimed_by=None, claimed_until=None,
    )  # fmt: skip


def backlog(session: Session) -> Backlog:
    """What waits and what has failed."""
    waiting = select(func.count(), func.min(OutboxMail.created_at)).where(OutboxMail.next_try_at.is_not(None))
    count, oldest = session.execute(waiting).one()
    failed = session.scalar(select(func.count()).where(OutboxMail.failed_at.is_not(None), OutboxMail.sent_at.is_(None)))
    return Backlog(count, oldest, failed or 0)


def _address(session: Session, mail: OutboxMail) -> str | None:
    """Where it goes now; None when the account has been closed."""
    if mail.recipient_mailbox is not None:
        return mail.recipient_mailbox
    return session.scalar(select(User.email).where(User.id == mail.recipient_user_id, User.active))


def _change(session: Session, *where: Any, **values: Any) -> int:
    statement = update(OutboxMail).where(*where).values(**values).returning(OutboxMail.id)
    return len(session.execute(statement, execution_options={"synchronize_session": False}).all())
