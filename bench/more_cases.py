"""More cases than one has the patience to load: copies of those that are there, as many days earlier. Open when the
copies should hold more of a case.

Of a case is copied what a group's month reads: the case, its groups, its way, its answers and its åtgärder. Pages,
work lists and the search do not know the copies.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Date, DateTime, String, Table, cast, func, insert, literal, null, select
from sqlalchemy.orm import Session

from avvikelse.models.avvikelse import Avvikelse, GroupMembership, Transfer
from avvikelse.models.base import UtcDateTime
from avvikelse.models.dialogue import Answer, Atgard

COPIED: tuple[Any, ...] = (Avvikelse, GroupMembership, Transfer, Answer, Atgard)


def copy_cases(session: Session, offsets: list[int], size: int, after: int = 0) -> None:
    """One copy of each of the first `size` cases per number in `offsets`: so many days earlier; 0 = in the same months.

    `after` copies are there already.
    """
    tables: list[Table] = [model.__table__ for model in COPIED]
    step = {"avvikelse": size}
    for table in tables[1:]:
        if "id" in table.c:
            step[table.name] = session.scalar(select(func.max(table.c.id)).where(table.c.avvikelse_id <= size)) or 0
    for number, days in enumerate(offsets, start=after + 1):
        for table in tables:
            moved = [_moved(column, number, days, step, session.get_bind().dialect.name) for column in table.c]
            case = table.c.id if table.name == "avvikelse" else table.c.avvikelse_id
            originals = select(*moved).where(case <= size)
            session.execute(insert(table).from_select(list(table.c), originals))


def _moved(column: Column[Any], number: int, days: int, step: dict[str, int], dialect: str) -> ColumnElement[Any]:
    if column.name == "id":
        return column + number * step[column.table.name]
    if any(key.column.table.name == "avvikelse" for key in column.foreign_keys):
        return column + number * step["avvikelse"]
    if column.unique:
        if column.nullable:
            return null()
        return literal(f"{number}-") + cast(column.table.c.id, String)
    if not days or not isinstance(column.type, Date | DateTime | UtcDateTime):
        return column
    if dialect == "postgresql":
        return column - func.make_interval(0, 0, 0, days)
    text = cast(column, String)
    return func.date(func.substr(text, 1, 10), f"-{days} days").concat(func.substr(text, 11))
