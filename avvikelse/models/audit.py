"""The audit log, the source of all timelines: append-only, numbered, chained. Open to see what it keeps.

There is no text column, and `detail` holds codes and ids only: nothing in a log that is never purged can be personal
data. The columns point at rows but are no foreign keys, so that a record survives what it is about. `event` has no
CHECK: changing one on SQLite rebuilds the table and silently drops its triggers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, JSON, BigInteger, Boolean, Index, Integer, SmallInteger, String, event, text
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base

_Seq = BigInteger().with_variant(Integer, "sqlite")  # there, only INTEGER is the table's own order


class AuditEvent(Base):
    """One thing that has happened. `seq` has no gaps; `hash` covers the row and through it all earlier rows.

    `user_id` and `role` are who acted and as what ("system" for the system itself); `omrade_id`, `enhet_id` and
    `group_id` are for whom. Never updated, never deleted: both databases refuse.
    """

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(_Seq, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(40))
    avvikelse_id: Mapped[int | None]
    user_id: Mapped[int | None]
    role: Mapped[str | None] = mapped_column(String(40))
    omrade_id: Mapped[int | None]
    enhet_id: Mapped[int | None]
    group_id: Mapped[int | None]
    from_status: Mapped[str | None] = mapped_column(String(40))
    to_status: Mapped[str | None] = mapped_column(String(40))
    on_timeline: Mapped[bool] = mapped_column(Boolean)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))


_columns = AuditEvent.__table__.c
Index(
    "ix_audit_event_timeline",
    _columns.avvikelse_id,
    _columns.seq,
    sqlite_where=text("on_timeline = 1"),  # as the queries say it: otherwise SQLite reads the whole table
    postgresql_where=_columns.on_timeline,
)
Index("ix_audit_event_user", _columns.user_id, _columns.at)
Index("ix_audit_event_omrade", _columns.omrade_id, _columns.at)


class AuditHead(Base):
    """The end of the chain, in one row: number and hash of the last record. Who writes holds its lock until commit."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


# What the metadata cannot say. A migration that makes (or, on SQLite, rebuilds) the table executes these too.
AUDIT_HEAD_ROW = "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '')"
_REFUSE = "audit_event is append-only"
AUDIT_TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_event_no_{change.lower()} BEFORE {change} ON audit_event"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END"
        for change in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        f"CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql"  # noqa: ISC004
        f" AS $$ BEGIN RAISE EXCEPTION '{_REFUSE}'; END $$",
        *(
            f"CREATE TRIGGER audit_event_no_{name} BEFORE {change} ON audit_event"
            f" FOR EACH {level} EXECUTE FUNCTION audit_event_refuse()"
            for name, change, level in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT"))
        ),
    ),
}
# Triggers go with their table; the function stays and is dropped after it.
AUDIT_DROP: dict[str, tuple[str, ...]] = {"sqlite": (), "postgresql": ("DROP FUNCTION audit_event_refuse()",)}

event.listen(AuditHead.__table__, "after_create", DDL(AUDIT_HEAD_ROW))
for _moment, _ddl in (("after_create", AUDIT_TRIGGERS), ("after_drop", AUDIT_DROP)):
    for _dialect, _statements in _ddl.items():
        for _statement in _statements:
            _ddl_element = DDL(_statement)
            event.listen(AuditEvent.__table__, _moment, _ddl_element.execute_if(dialect=_dialect))
