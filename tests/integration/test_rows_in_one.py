"""Rows of another table as one column: every kind of value comes back as the table itself gives it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from avvikelse.domain.vocabulary import PartySide
from avvikelse.models.base import UtcDateTime, closed_list
from avvikelse.models.rows_in_one import rows_of

EVERY_KIND = Table(
    "every_kind", MetaData(),
    Column("id", Integer, primary_key=True), Column("case_id", Integer), Column("text", Text),
    Column("side", closed_list(PartySide, name="side")), Column("yes", Boolean), Column("day", Date),
    Column("at", UtcDateTime), Column("codes", JSON(none_as_null=True)),
)  # fmt: skip
WRITTEN = "Hon sa: \"på 'fredagen'\"\noch 100 % för sent \\ åäö 🙂"
FULL = {
    "id": 7, "case_id": 1, "text": WRITTEN, "side": PartySide.OWNER, "yes": True, "day": date(2026, 2, 28),
    "at": datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC), "codes": ["O1", {"å": None}],
}  # fmt: skip
WHOLE_SECOND = FULL | {"id": 3, "yes": False, "at": datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "text": "", "codes": []}
EMPTY = dict.fromkeys(FULL) | {"id": 5, "case_id": 1}
ELSEWHERE = FULL | {"id": 9, "case_id": 2}


@pytest.fixture
def filled(session: Session) -> Session:
    EVERY_KIND.create(session.connection())
    session.execute(EVERY_KIND.insert(), [FULL, WHOLE_SECOND, EMPTY, ELSEWHERE])
    return session


def test_rows_are_those_that_the_table_gives_in_their_order(filled: Session) -> None:
    mine = select(*EVERY_KIND.c).where(EVERY_KIND.c.case_id == 1)
    asked = filled.execute(mine.order_by(EVERY_KIND.c.id)).all()
    (packed,) = filled.execute(select(rows_of(mine, "found", EVERY_KIND.c.id))).one()
    assert [tuple(one) for one in packed] == [tuple(one) for one in asked]
    assert [one.id for one in packed] == [3, 5, 7]
    assert packed[2].side is PartySide.OWNER
    assert packed[2].at.tzinfo is UTC


def test_where_nothing_is_found_there_are_no_rows(filled: Session) -> None:
    nothing = select(EVERY_KIND.c.text).where(EVERY_KIND.c.case_id == 3)
    assert filled.execute(select(rows_of(nothing, "found"))).scalar_one() == []


def test_rows_belong_to_the_row_they_stand_on(filled: Session) -> None:
    other = EVERY_KIND.alias()
    beside = select(other.c.id).where(other.c.case_id == EVERY_KIND.c.case_id).correlate(EVERY_KIND)
    query = select(EVERY_KIND.c.id, rows_of(beside, "beside", other.c.id)).order_by(EVERY_KIND.c.id)
    found = {row.id: [one.id for one in row.beside] for row in filled.execute(query)}
    assert found == {3: [3, 5, 7], 5: [3, 5, 7], 7: [3, 5, 7], 9: [9]}


@pytest.mark.parametrize("kind", [LargeBinary(), Numeric(), DateTime()])
def test_what_json_cannot_hold_is_refused_when_the_statement_is_put_together(kind: TypeEngine[object]) -> None:
    with pytest.raises(TypeError):
        rows_of(select(Column("value", kind)), "found")
