"""Mails that wait, and what became of each. Open to see what is stored of a message: codes and ids, never its words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class OutboxMail(Base):
    """One message to one recipient. `dedup_key` says what it is about, so that the same one is queued once.

    `next_try_at` empty = nobody will try again: it is sent, dropped (no longer true when it was to be sent) or refused
    for good. `failed_at` = since when an operator should look at it; a mail that failed for a day is still tried.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    dedup_key: Mapped[str] = mapped_column(String(200), unique=True)
    notice: Mapped[str] = mapped_column(String(40))
    recipient_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    recipient_mailbox: Mapped[str | None] = mapped_column(String(254))
    avvikelse_id: Mapped[int | None] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    digest_on: Mapped[date | None]  # waits for the recipient's digest of that day, and is not sent by itself
    claimed_by: Mapped[str | None] = mapped_column(String(120))
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    sent_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (
        CheckConstraint("(recipient_user_id IS NULL) <> (recipient_mailbox IS NULL)", name="one_recipient"),
        CheckConstraint("next_try_at IS NULL OR (sent_at IS NULL AND dropped_at IS NULL)", name="done_is_done"),
        CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claim"),
    )


_columns = OutboxMail.__table__.c
_waiting = _columns.next_try_at.is_not(None)
Index("ix_outbox_due", _columns.next_try_at, sqlite_where=_waiting, postgresql_where=_waiting)
_failed = _columns.failed_at.is_not(None)
Index("ix_outbox_failed", _columns.failed_at, sqlite_where=_failed, postgresql_where=_failed)
