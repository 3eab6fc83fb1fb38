"""Work out which earlier cases a case is like, by the same model of texts as themes and suggestions.

Once for each case, when it is new or has got another category or receiver: the page that shows it reads ids alone.
Closed cases that have been loaded are taken a few at a time, when no open one waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete
from sqlalchemy.orm import Session

from avvikelse.analysis.themes.suggestions import similar
from avvikelse.models.asking import write_rows
from avvikelse.models.search import NearestCases
from avvikelse.queries import similar_cases

AT_ONCE = 100  # cases at a time: a few seconds of work
CLOSED_AT_ONCE = 20  # nobody waits for them


@dataclass(frozen=True, slots=True)
class Order:
    """Ids of earlier cases, the likest first; `about` says among which they were looked for."""

    avvikelse_id: int
    about: str
    others: tuple[int, ...]


def work_out(session: Session, now: datetime) -> tuple[Order, ...]:
    """The orders that are missing, for the newest cases first. Reads only."""
    cases = similar_cases.open_without_order(session, AT_ONCE)
    if not cases:
        cases = similar_cases.closed_without_order(session, CLOSED_AT_ONCE, now)
    return tuple(_order(session, case) for case in cases)


def keep(session: Session, orders: Sequence[Order]) -> None:
    """Store them, in place of what stood there."""
    session.execute(delete(NearestCases).where(NearestCases.avvikelse_id.in_([one.avvikelse_id for one in orders])))
    write_rows(
        session,
        NearestCases,
        (
            {"avvikelse_id": one.avvikelse_id, "about": one.about, "others": " ".join(map(str, one.others))}
            for one in orders
        ),
    )


def _order(session: Session, case: Row[Any]) -> Order:
    texts = similar_cases.texts_of_kin(session, case)
    own = texts.pop(case.id, "")
    ids = sorted(texts, reverse=True)
    places = similar(own, [texts[each] for each in ids], count=len(ids))
    return Order(case.id, case.about, tuple(ids[place] for place in places))
