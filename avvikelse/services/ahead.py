"""Compute on a transaction that only reads, then write briefly. Open when a long computation keeps others waiting.

On SQLite one writer at a time may write, so a month that takes a second to compute would stop every report for as
long. What is computed is therefore read ahead, with the number of the log's last record. Whoever stores it asks in the
writing transaction whether anything has happened since; if so it is computed again there, where nothing more can.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.events import Event
from avvikelse.models.audit import AuditEvent
from avvikelse.services import audit

Value = TypeVar("Value")
HARMLESS = (Event.CASE_READ, Event.SEARCHED, Event.EXPORTED)


@dataclass(frozen=True, slots=True)
class Ahead(Generic[Value]):
    """`value` as it was for `key` (whatever it was computed of) when the log ended with the record `seen`."""

    key: tuple[Any, ...]
    seen: int
    value: Value

    def holds(self, session: Session, key: tuple[Any, ...], *, only: Collection[Event] = ()) -> bool:
        """Is it still what `key` would give? Of all that has happened since, or of these events only."""
        if self.key != key:
            return False
        matters = (
            AuditEvent.event.in_([event.value for event in only])
            if only
            else or_(AuditEvent.avvikelse_id.is_not(None), AuditEvent.group_id.is_not(None))
            & AuditEvent.event.not_in([event.value for event in HARMLESS])
        )
        return session.scalar(select(AuditEvent.seq).where(AuditEvent.seq > self.seen, matters).limit(1)) is None


def read_ahead(session: Session, key: tuple[Any, ...], compute: Callable[[], Value]) -> Ahead[Value]:
    """The end of the log is read first: what happens while we compute counts as having happened since."""
    seen = audit.head(session).seq
    return Ahead(key, seen, compute())
