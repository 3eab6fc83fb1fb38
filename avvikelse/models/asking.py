"""Statements that are put together once and asked many times. Open when a page that everybody opens has become slow.

Building a query, finding its compiled form and loading objects costs Python ten times what the database needs to answer
it. What every request asks is therefore built when its module is read (or once per shape, with functools.cache), with
`bindparam` for what varies, and asked here: past the ORM, which answers with plain rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    CursorResult,
    Executable,
    Insert,
    ScalarSelect,
    Select,
    insert,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

Value = TypeVar("Value")


def ask(session: Session, statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """Ask a statement in the session's transaction, after what the session has not written yet.

    Under `session.no_autoflush` that stays unwritten, as with the session's own queries.
    """
    if session.autoflush:
        session.flush()
    if statement.is_dml:
        session.info["wrote"] = True  # past the ORM, whose events tell web/transaction.py otherwise
    return session.connection().execute(statement, values)


def write_rows(session: Session, table: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows that nobody needs as objects afterwards, all at once. Every row names the same columns."""
    session.flush()
    if found := list(rows):
        session.info["wrote"] = True
        session.connection().execute(_inserting(table), found)


def exists_by_index(query: Select[*tuple[Any, ...]]) -> ColumnElement[bool]:
    """EXISTS, found out for each row by an index. Without OFFSET 0 PostgreSQL may read all that the query could find
    once, to look each row up in it: for one case, all of the reader's; for a list, everybody's.
    """
    return query.offset(0).exists()


def looked_up(column: InstrumentedAttribute[Value], key: ColumnExpressionArgument[int | None]) -> ScalarSelect[Value]:
    """`column` of the row whose id is `key`, NULL where `key` is. For what most rows have not: joined, PostgreSQL reads
    the whole of a table of some hundred rows rather than ask its index, and inside COALESCE this is not asked at all.
    """
    other = aliased(column.class_)
    named = getattr(other, column.key)
    return select(named).where(other.id == key).correlate_except(other).scalar_subquery()


@cache
def _inserting(table: Any) -> Insert:
    return insert(table)
