"""Packs in a test's database, fast: there already, or imported by the service once and put back as the same rows.

Importing takes longer than most tests. What `world` wants lies in a database of its own (tests/conftest.py). Any other
pack or time: a worker's database is rolled back after each test, so the rows that the import made there can be written
again as they were, ids included: no sequence gives them out twice.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

import avvikelse
from avvikelse.domain.actor import SYSTEM
from avvikelse.models.audit import AuditEvent
from avvikelse.models.base import Base
from avvikelse.models.organisation import Pack, new_revision
from avvikelse.services.organisation_import import import_pack

PACKS = Path(avvikelse.__file__).parent / "data" / "packs"
USUAL = "jamtland_harjedalen"
SETTLED = "settled"  # in the info of a connection whose database holds USUAL, and nobody has asked for it yet
Rows = dict[str, list[dict[str, Any]]]
_MADE: dict[tuple[str, str, datetime], Rows] = {}  # by database, pack and time


@cache
def pack_tables(name: str) -> dict[str, Any]:
    return tomllib.loads((PACKS / f"{name}.toml").read_text(encoding="utf-8"))


def bring(session: Session, tables: dict[str, Any], *, now: datetime) -> None:
    """The pack is there afterwards, as `import_pack` makes it."""
    session.flush()
    connection = session.connection()
    key = (tables["paket"]["id"], now)
    if connection.info.pop(SETTLED, None) == key:
        connection.execute(update(Pack).values(revision=new_revision()))  # as in _put_back
        return
    made = (str(connection.engine.url), *key)
    if not _untouched(connection):
        import_pack(session, SYSTEM, tables, now=now)
    elif made in _MADE:
        _put_back(connection, _MADE[made])
    else:
        import_pack(session, SYSTEM, tables, now=now)
        session.flush()
        _MADE[made] = {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }


def _untouched(connection: Connection) -> bool:
    """Nothing has been written down and no other pack is there: what the import makes depends on nothing."""
    return not any(connection.scalar(select(func.count()).select_from(model.__table__)) for model in (AuditEvent, Pack))


def _put_back(connection: Connection, made: Rows) -> None:
    for table in Base.metadata.sorted_tables:
        rows = made[table.name]
        if not rows:
            continue
        if table.name == "audit_head":
            connection.execute(delete(table))
        # What points to a row of its own table is set when all are there.
        own = [column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
        # A new revision: what a test before this one has cached is not asked.
        anew = dict.fromkeys(own) | ({"revision": new_revision()} if table.name == "pack" else {})
        connection.execute(insert(table), [{**row, **anew} for row in rows])
        for name in own:
            if pointing := [{"row": row["id"], "to": row[name]} for row in rows if row[name] is not None]:
                connection.execute(
                    update(table).where(table.c.id == bindparam("row")).values({name: bindparam("to")}), pointing
                )
