"""Search among the cases that somebody may open, by number and by words (docs/adr/0269)."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import CTE, Select, and_, bindparam, exists, literal, or_, select, union
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import Actor
from avvikelse.domain.searchterms import query_stems, word_patterns
from avvikelse.domain.vocabulary import PartySide
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.search import SearchDocument
from avvikelse.policy.visibility import Reach, party_within, placeholders_of, reach_of, visible_ids
from avvikelse.queries.work_lists import ListPage, list_page, one_page, rows_of_cases

_Numbered = aliased(Avvikelse)


def search(session: Session, actor: Actor, words: str, *, today: date, page: int = 1) -> ListPage:
    """Cases that the actor may open and whose number or readable text matches all words.

    Other people's fields never match.
    """
    words = words.strip()
    if not words or actor.user_id is None:
        return ListPage((), 1, False)
    reach = reach_of(actor)
    patterns: dict[str, Any] = {
        f"word_{place}": pattern for place, pattern in enumerate(word_patterns(query_stems(words)))
    }
    query = _search_query(reach.kinds(), frozenset(patterns))
    return list_page(session, query, today, page, number=words.upper().replace(" ", ""), **patterns, **reach.values())


@cache
def _search_query(kinds: frozenset[str], words: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """The reader's own cases are looked through one by one: what others have, and how much, costs her nothing."""
    reach = placeholders_of(kinds)
    mine = visible_ids(reach).cte("mine").prefix_with("MATERIALIZED")
    by_number = (
        select(_Numbered.id).join(mine, mine.c.id == _Numbered.id).where(_Numbered.number == bindparam("number"))
    )
    by_words = [_matching(reach, mine, words)] if words else []
    found = union(by_number, *by_words).subquery()
    return one_page(rows_of_cases().join(found, found.c[0] == Avvikelse.id).order_by(Avvikelse.submitted_at.desc()))


def _matching(reach: Reach, mine: CTE, words: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Ids of cases whose shared document, or one of the actor's own områden's documents, has the stems."""
    of_sender = and_(
        Party.avvikelse_id == SearchDocument.avvikelse_id,
        Party.omrade_id == SearchDocument.omrade_id,
        Party.side == PartySide.SENDER,
    )
    # The sender's document holds the own reference too: for that side only, also where one område is on both sides.
    readable = or_(
        SearchDocument.omrade_id.is_(None),
        exists().where(of_sender, party_within(reach)),
        and_(
            exists().where(
                Party.avvikelse_id == SearchDocument.avvikelse_id,
                Party.omrade_id == SearchDocument.omrade_id,
                Party.side == PartySide.OWNER,
                party_within(reach),
            ),
            ~exists().where(of_sender),
        ),
    )
    document = literal(" ") + SearchDocument.stems + " "
    has_words = (document.like(bindparam(word)) for word in sorted(words))
    return (
        select(SearchDocument.avvikelse_id)
        .join(mine, mine.c.id == SearchDocument.avvikelse_id)
        .where(*has_words, readable)
    )
