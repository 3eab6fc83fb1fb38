"""Earlier cases like this one, among those that the reader may open; by the words in the search index."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import UtcDateTime
from avvikelse.models.search import SearchDocument
from avvikelse.policy.visibility import placeholders_of, reach_of, visible_within
from avvikelse.queries.case_views import SimilarCase

SHOWN = 5
LOOKED_AT = 60  # the latest of the same kind in the län; bounds the cost whatever the history


def similar_cases(session: Session, actor: Actor, row: Avvikelse) -> tuple[SimilarCase, ...]:
    """Same län, category and pair of types, those with most words in common first (Jaccard, on the shared stems)."""
    if row.category is None or row.receiver_kind is None:
        return ()
    reach = reach_of(actor)
    found = ask(
        session,
        _nearest(reach.kinds()),
        pack=row.pack_id,
        category=row.category,
        sender_kind=row.sender_kind,
        receiver_kind=row.receiver_kind,
        before=row.submitted_at,
        **reach.values(),
    ).all()
    own = next((frozenset(r[5].split()) for r in found if r[0] == row.id), frozenset())
    others = [r for r in found if r[0] != row.id]
    nearest = sorted(others, key=lambda r: -_likeness(own, frozenset(r[5].split())))[:SHOWN]
    return tuple(
        SimilarCase(r[1], r[2], r[3], r[4].label, category_label(row.category, local_date(r[3]))) for r in nearest
    )


_Near = aliased(Avvikelse)


@cache
def _nearest(kinds: frozenset[str]) -> Select[*tuple[Any, ...]]:
    latest = (
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
    return (
        select(
            Avvikelse.id,
            Avvikelse.ref,
            Avvikelse.number,
            Avvikelse.submitted_at,
            Avvikelse.status,
            SearchDocument.stems,
        )
        .join(latest, latest.c.id == Avvikelse.id)
        .join(
            SearchDocument,
            and_(SearchDocument.avvikelse_id == Avvikelse.id, SearchDocument.omrade_id.is_(None)),
        )
        .where(visible_within(placeholders_of(kinds)))
        .order_by(Avvikelse.submitted_at.desc(), Avvikelse.id.desc())
    )


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared words over all words; 0 for two empty texts."""
    return len(one & other) / len(one | other) if one | other else 0.0
