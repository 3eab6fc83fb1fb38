"""What hangs on a case, as plain rows: everything that the reader may have, asked in one statement.

Open when a part of the case page lacks a column or a kind of rows. What is shown of them stands in case_parts.py.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Integer, Label, Select, bindparam, select
from sqlalchemy.orm import Session

from avvikelse.models.asking import ask
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import RecordEntry
from avvikelse.models.dialogue import (
    AddedFact,
    Answer,
    Atgard,
    Investigation,
    Note,
    OutsideContact,
    OwnProcess,
    Question,
    Talk,
)
from avvikelse.models.identity import User
from avvikelse.models.organisation import Position
from avvikelse.models.rows_in_one import rows_of


def read(
    session: Session,
    avvikelse_id: int,
    kinds: frozenset[str],
    *,
    answered_in: Collection[int] = (),
    owned: Collection[int] = (),
    mine: Collection[int] = (),
    noted: Collection[int] = (),
    also: tuple[Label[Any], dict[str, Any]] | None = None,
) -> Any:
    """The rows of these `kinds` (names of _PARTS), each in its order; nothing of the others, which are empty.

    `answered_in`: cases whose answers and åtgärder are read. `owned`, `mine`, `noted`: the områden as whose owner, as
    whose party, and whose notes she reads. `also`: one column more, and its values.
    """
    nothing: dict[str, Any] = dict.fromkeys(_PARTS, ())
    if not kinds:
        return SimpleNamespace(**nothing)
    values = {"answered_in": answered_in, "owned": owned, "mine": mine, "noted": noted}
    asked: dict[str, Any] = {"case": avvikelse_id} | {name: list(ids) for name, ids in values.items()}
    column, more = also or (None, {})
    found = ask(session, _query(kinds, column), **asked, **more).mappings().one()
    return SimpleNamespace(**nothing | dict(found))


@cache
def _query(kinds: frozenset[str], also: Label[Any] | None) -> Select[*tuple[Any, ...]]:
    return select(*(_PARTS[kind] for kind in sorted(kinds)), *([] if also is None else [also]))


def _of_case(table: Any) -> Any:
    return table.avvikelse_id == bindparam("case", type_=Integer)


def _among(column: Any, name: str) -> Any:
    return column.in_(bindparam(name, expanding=True, type_=Integer))


_ANSWERS = select(*Answer.__table__.c).where(_among(Answer.avvikelse_id, "answered_in"))
_PARTS: dict[str, Label[Any]] = {
    "questions": rows_of(select(*Question.__table__.c).where(_of_case(Question)), "questions", Question.id),
    "facts": rows_of(select(AddedFact.at, AddedFact.text).where(_of_case(AddedFact)), "facts", AddedFact.id),
    "answers": rows_of(_ANSWERS, "answers", Answer.avvikelse_id, Answer.version),
    "sent_answers": rows_of(
        _ANSWERS.where(Answer.sent_at.is_not(None)), "sent_answers", Answer.avvikelse_id, Answer.version
    ),
    "atgarder": rows_of(
        select(*Atgard.__table__.c, Position.title.label("position_title"))
        .outerjoin(Position, Position.id == Atgard.position_id)
        .where(_among(Atgard.avvikelse_id, "answered_in")),
        "atgarder",
        Atgard.id,
    ),
    "factors": rows_of(
        select(Investigation.factors).where(_of_case(Investigation), _among(Investigation.omrade_id, "owned")),
        "factors",
        Investigation.id,
    ),
    "processes": rows_of(
        select(OwnProcess.process).where(_of_case(OwnProcess), _among(OwnProcess.omrade_id, "owned")),
        "processes",
        OwnProcess.id,
    ),
    "contacts": rows_of(
        select(OutsideContact.on, OutsideContact.as_role, OutsideContact.outcome).where(_of_case(OutsideContact)),
        "contacts",
        OutsideContact.id,
    ),
    "diarienummer": rows_of(
        select(RecordEntry.diarienummer).where(
            _of_case(RecordEntry), _among(RecordEntry.omrade_id, "mine"), RecordEntry.diarienummer.is_not(None)
        ),
        "diarienummer",
        RecordEntry.id,
    ),
    "notes": rows_of(
        select(Note.at, User.name, Note.text, Note.omrade_id)
        .join(User, User.id == Note.by_user_id)
        .where(_of_case(Note), _among(Note.omrade_id, "noted")),
        "notes",
        Note.id,
    ),
    "talks": rows_of(
        select(*Talk.__table__.c).where(_of_case(Talk), Talk.confirmed_at.is_(None), Talk.rejected_at.is_(None)),
        "talks",
        Talk.id,
    ),
    "timeline": rows_of(
        select(AuditEvent.at, AuditEvent.event, AuditEvent.role).where(_of_case(AuditEvent), AuditEvent.on_timeline),
        "timeline",
        AuditEvent.seq,
    ),
}
