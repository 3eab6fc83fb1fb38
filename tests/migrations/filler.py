"""Puts a row into every table from the metadata alone: migrations are tried with rows also in tables made tomorrow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from avvikelse.models.base import Base, UtcDateTime

MOMENT = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)


def fill(connection: Connection) -> set[str]:
    """Insert one row into each table, parents first. Returns the names of the tables that hold a row afterwards."""
    filled = set()
    for table in Base.metadata.sorted_tables:
        if connection.execute(select(table).limit(1)).first() is None:
            _insert(connection, table)
        if connection.execute(select(table).limit(1)).first() is not None:
            filled.add(table.name)
    return filled


def _insert(connection: Connection, table: Table) -> None:
    """The first row that the CHECKs accept: few of the nullable columns set, then more, with each code of the lists."""
    required = [column for column in table.columns if not column.nullable]
    nullable = [column for column in table.columns if column.nullable]
    lists = [len(column.type.enums) for column in required if isinstance(column.type, Enum)]
    for size in range(min(4, len(nullable) + 1)):
        for extra in combinations(nullable, size):
            for choice in range(max([2, *lists])):
                row = {column.name: _value(connection, column, choice) for column in (*required, *extra)}
                try:
                    with connection.begin_nested():
                        connection.execute(insert(table).values(row))
                except IntegrityError:
                    continue
                return


def _value(connection: Connection, column: Column[Any], choice: int) -> Any:
    for key in column.foreign_keys:
        return connection.execute(select(key.column).limit(1)).scalar_one_or_none()
    kind = column.type
    if isinstance(kind, Enum):
        members = list(kind.enum_class or [])
        return members[choice % len(members)]
    plain: tuple[tuple[Any, Any], ...] = (
        (Boolean, bool(choice % 2)),
        (Integer, 1),
        ((Numeric, Float), 1),
        (UtcDateTime, MOMENT),
        (Date, date(2026, 3, 11)),
        (JSON, {}),
        (LargeBinary, b"x"),
    )
    return next(
        (value for wanted, value in plain if isinstance(kind, wanted)), "2026-03"[: getattr(kind, "length", None) or 7]
    )
