"""Earlier cases like this one, among those that the reader may open; and what their order is worked out from.

The order is that of the texts (analysis/themes), which takes too long for a page: services/similar_order.py works it
out once for each case, open ones first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Label, Row, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label
from avvikelse.domain.vocabulary import OPEN_STATUSES
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import UtcDateTime
from avvikelse.models.organisation import Pack
from avvikelse.models.rows_in_one import rows_of
from avvikelse.models.search import NearestCases
from avvikelse.policy.visibility import placeholders_of, reach_of, visible_within
from avvikelse.queries.case_views import SimilarCase

SHOWN = 5
LOOKED_AT = 60  # the latest of the same kind in the län; bounds the cost whatever the history
CLOSED_LOOKED_BACK = timedelta(days=365)  # who opens an older closed case sees the newest of its kind

_Near = aliased(Avvikelse)


def candidates(actor: Actor, row: Avvikelse) -> tuple[Label[Any], dict[str, Any]] | None:
    """The column `similar` of a statement (models/rows_in_one.py), and its values: the case itself, which alone brings
    its order, and those of the same län, category and pair of types that the actor may open. None = not coded.
    """
    if row.category is None or row.receiver_kind is None:
        return None
    reach = reach_of(actor)
    return _shown(reach.kinds()), {"own": row.id} | _kin_of(row) | reach.values()


def likest(row: Avvikelse, found: Sequence[Any]) -> tuple[SimilarCase, ...]:
    """Of the rows of `candidates`: the likest first, the newest first while no order has been worked out."""
    category = row.category or ""
    order = next((r.others for r in found if r.id == row.id), None) or ""
    places = {int(other): place for place, other in enumerate(order.split())}
    newest_first = (r for r in reversed(found) if r.id != row.id)
    others = sorted(newest_first, key=lambda r: places.get(r.id, len(places)))[:SHOWN]
    return tuple(
        SimilarCase(
            r.ref, r.number, r.submitted_at, r.status.label, category_label(category, local_date(r.submitted_at))
        )
        for r in others
    )


def open_without_order(session: Session, most: int) -> Sequence[Row[Any]]:
    """Open cases whose likest have not been worked out, or among others than today's; the newest first."""
    return _without_order(session, most, Avvikelse.status.in_(OPEN_STATUSES))


def closed_without_order(session: Session, most: int, now: datetime) -> Sequence[Row[Any]]:
    """The same of closed ones of the last year: they were loaded as closed, for what closes here has been open."""
    # By the län, for that is how the index knows the days: the cost is that of the year, whatever the history.
    recent = Avvikelse.pack_id.in_(select(Pack.id)) & (Avvikelse.submitted_at >= now - CLOSED_LOOKED_BACK)
    return _without_order(session, most, Avvikelse.status.not_in(OPEN_STATUSES), recent)


def _without_order(session: Session, most: int, *which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    about = Avvikelse.category + ":" + Avvikelse.sender_kind + ":" + Avvikelse.receiver_kind
    query = (
        select(
            Avvikelse.id, Avvikelse.pack_id, Avvikelse.category, Avvikelse.sender_kind, Avvikelse.receiver_kind,
            Avvikelse.submitted_at, about.label("about"),
        )
        .outerjoin(NearestCases, NearestCases.avvikelse_id == Avvikelse.id)
        .where(
            *which,
            about.is_not(None),
            or_(NearestCases.about.is_(None), NearestCases.about != about),
        )
        .order_by(Avvikelse.submitted_at.desc(), Avvikelse.id.desc())
        .limit(most)
    )  # fmt: skip
    rows: Any = session.execute(query).all()
    return list(rows)


def texts_of_kin(session: Session, case: Row[Any]) -> dict[int, str]:
    """The texts, as the other side reads them, of the case and of those that its page chooses among, by id."""
    text = func.coalesce(Avvikelse.masked_description, Avvikelse.description)
    query = select(Avvikelse.id, text).join(_latest(), _latest().c.id == Avvikelse.id)
    return {row[0]: row[1] for row in ask(session, query, **_kin_of(case))}


def _kin_of(case: Any) -> dict[str, Any]:
    return {
        "pack": case.pack_id, "category": case.category, "sender_kind": case.sender_kind,
        "receiver_kind": case.receiver_kind, "before": case.submitted_at,
    }  # fmt: skip


@cache
def _latest() -> Any:
    return (
        select(_Near.id)
        .where(
            _Near.pack_id == bindparam("pack"),
            _Near.category == bindparam("category"),
            _Near.sender_kind == bindparam("sender_kind"),
            _Near.receiver_kind == bindparam("receiver_kind"),
            _Near.submitted_at <= bindparam("before", type_=UtcDateTime),
        )
        .order_by(_Near.submitted_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )


@cache
def _shown(kinds: frozenset[str]) -> Label[Any]:
    query = (
        select(
            Avvikelse.id,
            Avvikelse.ref,
            Avvikelse.number,
            Avvikelse.submitted_at,
            Avvikelse.status,
            NearestCases.others,
        )
        .join(_latest(), _latest().c.id == Avvikelse.id)
        .outerjoin(NearestCases, and_(NearestCases.avvikelse_id == Avvikelse.id, Avvikelse.id == bindparam("own")))
        .where(visible_within(placeholders_of(kinds)))
    )
    return rows_of(query, "similar", Avvikelse.submitted_at, Avvikelse.id)
