"""Remember what happened, in the same transaction as the change, in a chain that shows every later tampering.

Each record's hash is HMAC-SHA256 over the previous hash and the record, with a key that is not in the database. The
chain's end is also written outside the database every day (an anchor), so that cutting the tail or rewriting everything
shows as well.

The key comes with the session: whoever makes one puts the bytes into `session.info["audit_key"]`.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.events import Event
from avvikelse.domain.plain_codes import require_codes
from avvikelse.models.audit import AuditEvent, AuditHead

COPY_FROM = 100  # rows
CHUNK = 5_000  # rows in memory at a time, when loading and when verifying
AUDIT = AuditEvent.__table__.c
_PAGE = select(AuditEvent.__table__).order_by(AUDIT.seq).limit(CHUNK)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record to write. `detail` holds codes and ids only."""

    event: Event
    at: datetime
    avvikelse_id: int | None = None
    user_id: int | None = None
    role: str | None = None
    omrade_id: int | None = None
    enhet_id: int | None = None
    group_id: int | None = None
    from_status: str | None = None
    to_status: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


class KeyMissingError(RuntimeError):
    """The session has no audit key, so nothing can be recorded."""


class Link(NamedTuple):
    """A place in the chain: a record's number and hash. (0, "") = before the first."""

    seq: int
    hash: str


class Fault(StrEnum):
    """What a broken chain shows."""

    CHANGED = "changed"
    MISSING = "missing"
    CUT = "cut"
    ANCHOR = "anchor"


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """`count` records hold. `bad_seq` is the first number that does not, None when all do."""

    count: int
    bad_seq: int | None = None
    fault: Fault | None = None

    @property
    def ok(self) -> bool:
        return self.bad_seq is None


def record(
    session: Session,
    actor: Actor,
    event: Event | str,
    *,
    now: datetime,
    avvikelse_id: int | None = None,
    role: str | None = None,
    omrade_id: int | None = None,
    enhet_id: int | None = None,
    group_id: int | None = None,
    from_status: str | None = None,
    to_status: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Write one record in the session's transaction; returns its number.

    Holds the chain's lock until commit, so a request records as late as it can. Without `role` the system is noted as
    "system". Raises ValueError for an unknown event or for words in `detail`.
    """
    entry = Entry(
        Event(event), now, avvikelse_id, actor.user_id, role or ("system" if actor.is_system else None),
        omrade_id, enhet_id, group_id, from_status, to_status, detail or {},
    )  # fmt: skip
    return record_many(session, (entry,)).seq


def record_many(session: Session, entries: Iterable[Entry]) -> Link:
    """Write records in order, also hundreds of thousands, in constant memory. Returns the new end of the chain."""
    key = _key(session)
    session.flush()
    link = _head(session, lock=True)
    remaining = iter(entries)
    while chunk := list(islice(remaining, CHUNK)):
        rows = []
        for entry in chunk:
            row = _row(entry, link.seq + 1)
            link = Link(link.seq + 1, _chained(key, link.hash, row))
            rows.append({**row, "hash": link.hash})
        _write(session.connection(), rows, link)
        session.info["wrote"] = True  # past the ORM, whose events tell web/transaction.py otherwise
    return link


def head(session: Session) -> Link:
    """The end of the chain, to be anchored outside the database."""
    return _head(session, lock=False)


def verify(session: Session, anchors: Iterable[Link] = ()) -> VerifyResult:
    """Recompute the whole chain and compare it with itself, with its head and with `anchors`. Constant memory.

    May run while others write: it goes on until it has caught up with the head.
    """
    key = _key(session)
    anchored = {anchor.seq: anchor.hash for anchor in anchors}
    link = Link(0, "")
    while True:
        page = session.execute(_PAGE.where(AUDIT.seq > link.seq)).mappings().all()
        for row in page:
            fault = _fault(key, link, row, anchored)
            if fault is not None:
                return VerifyResult(link.seq, link.seq + 1, fault)
            link = Link(row["seq"], row["hash"])
        if not page:
            kept = _head(session, lock=False)
            if kept.seq <= link.seq or not session.execute(_PAGE.where(AUDIT.seq > link.seq).limit(1)).first():
                break
    if link.seq < max(kept.seq, *anchored, 0):
        return VerifyResult(link.seq, link.seq + 1, Fault.CUT)
    if kept != link:  # rows that the head does not know, or a head that was changed
        return VerifyResult(kept.seq, min(kept.seq + 1, link.seq), Fault.CHANGED)
    return VerifyResult(link.seq)


def _fault(key: bytes, previous: Link, row: RowMapping, anchored: Mapping[int, str]) -> Fault | None:
    """What is wrong with the row that should follow `previous`."""
    if row["seq"] != previous.seq + 1:
        return Fault.MISSING
    if not hmac.compare_digest(_chained(key, previous.hash, row), row["hash"]):
        return Fault.CHANGED
    return Fault.ANCHOR if anchored.get(row["seq"], row["hash"]) != row["hash"] else None


def _head(session: Session, *, lock: bool) -> Link:
    found = session.connection().execute(_LOCKED_HEAD if lock else _HEAD).one_or_none()
    if found is None:
        raise RuntimeError("the audit chain has no head: the database was not made by the migrations")
    return Link(found.seq, found.hash)


_HEAD = select(AuditHead.seq, AuditHead.hash)
_LOCKED_HEAD = _HEAD.with_for_update()


def _write(connection: Connection, rows: list[dict[str, Any]], end: Link) -> None:
    """Write the rows and the chain's new end."""
    postgresql = connection.dialect.name == "postgresql"
    head = {"new_seq": end.seq, "new_hash": end.hash}
    if postgresql and len(rows) == 1:
        # Everybody else's record waits until this one is committed: one question less is one that all wait for.
        connection.execute(_EVENT_AND_HEAD, {f"event_{name}": value for name, value in rows[0].items()} | head)
        return
    if postgresql and len(rows) >= COPY_FROM:
        _copy(connection, rows)
    else:
        connection.execute(_NEW_EVENTS, rows)
    connection.execute(_NEW_HEAD, head)


def _copy(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Many rows as PostgreSQL likes it, which takes half the time of INSERT."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("a connection without its driver")
    with driver.cursor() as cursor, cursor.copy(f"COPY audit_event ({', '.join(rows[0])}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([_encode(value) if key == "detail" else value for key, value in row.items()])


_NEW_EVENTS = insert(AuditEvent)
_NEW_HEAD = update(AuditHead).values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
_EVENT_AND_HEAD = _NEW_HEAD.add_cte(
    insert(AuditEvent)
    .values({column.key: bindparam(f"event_{column.key}", type_=column.type) for column in AUDIT})
    .cte("written")
)


def _row(entry: Entry, seq: int) -> dict[str, Any]:
    return {
        "seq": seq,
        "at": entry.at,
        "event": str(entry.event),
        "avvikelse_id": entry.avvikelse_id,
        "user_id": entry.user_id,
        "role": entry.role,
        "omrade_id": entry.omrade_id,
        "enhet_id": entry.enhet_id,
        "group_id": entry.group_id,
        "from_status": None if entry.from_status is None else str(entry.from_status),
        "to_status": None if entry.to_status is None else str(entry.to_status),
        "on_timeline": entry.event.on_timeline,
        "detail": require_codes(entry.detail),
    }


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_COVERED = tuple(column.key for column in AUDIT if column.key not in {"at", "hash"})


def _chained(key: bytes, previous: str, row: RowMapping | dict[str, Any]) -> str:
    """The hash of a row that follows `previous`. Times count as UTC to the microsecond, which both databases keep."""
    at = row["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    content = _encode([previous, at, *(row[name] for name in _COVERED)])
    return hmac.digest(key, content.encode("ascii"), "sha256").hex()


def _key(session: Session) -> bytes:
    key: bytes | None = session.info.get("audit_key")
    if not key:
        raise KeyMissingError('session.info["audit_key"] is missing: nothing is recorded without AVVIKELSE_AUDIT_KEY')
    return key
