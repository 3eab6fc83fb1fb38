"""Rows of several tables in one answer of the database. Open when a page of many parts asks too often.

A statement costs a page more on its way there and back than in the database. The rows of one part become one column of
one row, as JSON, which both databases can make and Python reads again by the types of the columns (docs/adr/0268).
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    ColumnExpressionArgument,
    Date,
    DateTime,
    Dialect,
    Enum,
    Label,
    LargeBinary,
    Numeric,
    Select,
    Text,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from avvikelse.models.base import UtcDateTime


def rows_of(query: Select[*tuple[Any, ...]], name: str, *order: ColumnExpressionArgument[Any]) -> Label[Any]:
    """What `query` finds, in one column `name`: a list of named tuples, sorted by `order`.

    `query` brings no order, limit or grouping of its own; it may correlate to what the whole statement selects from.
    """
    columns = list(query.selected_columns)
    packed = query.with_only_columns(_all_rows(*order, *columns))
    return type_coerce(packed.scalar_subquery(), _Rows(name, columns, len(order))).label(name)


class _Rows(TypeDecorator[Any]):
    """A JSON list of lists, read as rows: first what they are sorted by, then the columns."""

    impl = Text
    cache_ok = True  # the columns that decide how it is read stand in the statement itself

    def __init__(self, name: str, columns: Sequence[ColumnElement[Any]], order: int) -> None:
        super().__init__()
        row: Any = namedtuple(name, [column.key or "" for column in columns])  # type: ignore[misc]
        self._row = row._make
        self._order = order
        self._readers = [(place, read) for place, column in enumerate(columns) if (read := _reader(column.type))]

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[Any]:  # noqa: ARG002
        found = json.loads(value) if value else []
        order = self._order
        found.sort(key=lambda one: one[:order])
        return [self._made(one[order:]) for one in found]

    def _made(self, values: list[Any]) -> Any:
        for place, read in self._readers:
            if values[place] is not None:
                values[place] = read(values[place])
        return self._row(values)


def _reader(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """How a value of a column comes back from JSON; None = as it is. Raises TypeError for types that have no way."""
    if isinstance(kind, LargeBinary | Numeric | DateTime):
        raise TypeError(f"{kind!r} cannot be read from JSON")
    return next((read(kind) for known, read in _READERS.items() if isinstance(kind, known)), None)


def _moment(text: str) -> datetime:
    """PostgreSQL writes the zone; SQLite, where all is UTC, writes none."""
    read = datetime.fromisoformat(text)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


_READERS: dict[type[TypeEngine[Any]], Callable[[Any], Callable[[Any], Any]]] = {
    UtcDateTime: lambda _: _moment,
    Date: lambda _: date.fromisoformat,
    Boolean: lambda _: bool,
    Enum: lambda kind: kind.enum_class,
    JSON: lambda _: lambda value: json.loads(value) if isinstance(value, str) else value,
}


class _all_rows(FunctionElement[str]):  # noqa: N801 -- a function of SQL
    inherit_cache = True
    type = Text()


@compiles(_all_rows, "sqlite")
def _sqlite(element: _all_rows, compiler: Any, **kw: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **kw)}))"


@compiles(_all_rows, "postgresql")
def _postgresql(element: _all_rows, compiler: Any, **kw: Any) -> str:
    return f"CAST(json_agg(json_build_array({compiler.process(element.clauses, **kw)})) AS TEXT)"
