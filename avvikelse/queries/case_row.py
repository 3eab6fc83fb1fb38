"""Find a case and read it, its parties and its way as plain rows, past the ORM (docs/adr/0100).

Open when the page of a case lacks a column, or to see what is read before anything is known about the reader's side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.vocabulary import PartySide
from avvikelse.models.agreements import Lov, MatrixVersion
from avvikelse.models.asking import ask, looked_up
from avvikelse.models.avvikelse import Avvikelse, Party, Transfer
from avvikelse.models.dialogue import (
    AtgardRecurrence,
    EffectQuestion,
)
from avvikelse.models.group_decisions import DecisionCase
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.identity import User
from avvikelse.models.learning import LearningStory
from avvikelse.models.organisation import Enhet, Funktion, Huvudman, Position
from avvikelse.models.rows_in_one import rows_of
from avvikelse.policy.visibility import CURRENT_SIDES, placeholders_of, reach_of, visible_within
from avvikelse.queries.case_views import UnitView
from avvikelse.queries.choices import handlaggare_in


@dataclass(frozen=True, slots=True)
class Holder:
    """What the one who has the case for a party is called; whether the unit has handläggare to choose from."""

    title: str
    handler: str | None
    stand_in: str | None
    has_handlers: bool


@dataclass(frozen=True, slots=True)
class FoundCase:
    """`row` has the columns of Avvikelse, its `parties` and its `transfers`, and nothing else of an object of the ORM:
    it is read, never changed. `has` says which kinds of rows hang on it: most cases have few of them, and only those
    need be read. `holders` are by party id, `units` (those of the parties) by their own.
    """

    row: Avvikelse
    has: frozenset[str]
    holders: dict[int, Holder]
    units: dict[int, UnitView]


def find_case(session: Session, actor: Actor, ref: str) -> FoundCase | None:
    """The case, when the actor takes part in it now or has done so; None for a foreign one as for one that is not."""
    reach = reach_of(actor)
    found = ask(session, _case_query(reach.kinds()), ref=ref, **reach.values()).mappings().one_or_none()
    if found is None:
        return None
    row = SimpleNamespace(**found)
    holders = {
        p.id: Holder(p.position_title or p.funktion_name or "", p.handler_name, _stand_in(p), p.has_handlers)
        for p in row.parties
    }
    units = {p.enhet_id: unit_view(p) for p in row.parties if p.enhet_id is not None}
    return FoundCase(cast("Avvikelse", row), frozenset(kind for kind in _KINDS if found[f"has_{kind}"]), holders, units)


def units_of(session: Session, case: FoundCase) -> dict[int, UnitView]:
    """All units that the page names. Most cases name no others than those of their parties, which are known."""
    row = case.row
    ids = {row.sender_enhet_id, row.counterpart_enhet_id}
    for t in row.transfers:
        ids |= {t.from_enhet_id, t.to_enhet_id, t.proposed_enhet_id}
    wanted = [unit_id for unit_id in ids - case.units.keys() if unit_id is not None]
    others = ask(session, _UNITS, ids=wanted) if wanted else ()
    return case.units | {unit.enhet_id: unit_view(unit) for unit in others}


def unit_view(row: Any) -> UnitView:
    """Of a row with _UNIT's columns and the unit's id."""
    kind = unit_type_label(row.enhet_kind)
    return UnitView(row.enhet_id, row.enhet_name, kind, row.huvudman_name, row.enhet_phone, row.enhet_mailbox)


_Merged = aliased(Avvikelse)
_Split = aliased(Avvikelse)
_KINDS: dict[str, ColumnElement[bool]] = {
    "group_questions": GroupQuestion.avvikelse_id == Avvikelse.id,
    "decisions": DecisionCase.avvikelse_id == Avvikelse.id,
    "stories": LearningStory.avvikelse_id == Avvikelse.id,
    "effect_questions": EffectQuestion.avvikelse_id == Avvikelse.id,
    "recurrences": AtgardRecurrence.avvikelse_id == Avvikelse.id,
    "lov": and_(Lov.huvudman_id == Huvudman.id, Huvudman.pack_id == Avvikelse.pack_id),
    "ansvarstabell": MatrixVersion.pack_id == Avvikelse.pack_id,
    "split": _Split.split_from_id == Avvikelse.id,
    "merged": _Merged.main_id == Avvikelse.id,
}


def _stand_in(party: Any) -> str | None:
    """Who has stepped in, and why."""
    if party.stand_in_title and party.stand_in_because:
        return f"{party.stand_in_title}, {party.stand_in_because.label}"
    title: str | None = party.stand_in_title
    return title


@cache
def _case_query(kinds: frozenset[str]) -> Select[*tuple[Any, ...]]:
    mine = visible_within(placeholders_of(kinds), (*CURRENT_SIDES, PartySide.FORMER))
    has = (exists().where(theirs).correlate(Avvikelse).label(f"has_{kind}") for kind, theirs in _KINDS.items())
    parts = (rows_of(_PARTIES, "parties", Party.id), rows_of(_TRANSFERS, "transfers", Transfer.id))
    return select(*Avvikelse.__table__.c, *parts, *has).where(Avvikelse.ref == bindparam("ref"), mine)


_UNIT = (
    Enhet.name.label("enhet_name"),
    Enhet.kind.label("enhet_kind"),
    Huvudman.name.label("huvudman_name"),
    Enhet.phone.label("enhet_phone"),
    Enhet.function_mailbox.label("enhet_mailbox"),
)
_UNITS = (
    select(Enhet.id.label("enhet_id"), *_UNIT)
    .join(Huvudman, Huvudman.id == Enhet.huvudman_id)
    .where(Enhet.id.in_(bindparam("ids", expanding=True, type_=Integer)))
)
_PARTIES = (
    select(
        *Party.__table__.c,
        Position.title.label("position_title"),
        looked_up(Funktion.name, Party.funktion_id).label("funktion_name"),
        looked_up(User.name, Party.handler_user_id).label("handler_name"),
        looked_up(Position.title, Party.stand_in_position_id).label("stand_in_title"),
        exists().where(handlaggare_in(Party.enhet_id)).correlate(Party).label("has_handlers"),
        *_UNIT,
    )
    .outerjoin(Position, Position.id == Party.position_id)
    .outerjoin(Enhet, Enhet.id == Party.enhet_id)
    .outerjoin(Huvudman, Huvudman.id == Enhet.huvudman_id)
    .where(Party.avvikelse_id == Avvikelse.id)
    .correlate(Avvikelse)
)
_TRANSFERS = select(*Transfer.__table__.c).where(Transfer.avvikelse_id == Avvikelse.id).correlate(Avvikelse)
