"""Cases that lie in no theme of a group and in no pattern that it has been shown, and what the group reads of them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.themes import ProblemType, ProblemTypeCase, ThemeCandidate, ThemeCandidateCase
from avvikelse.queries.desk import DeskHead
from avvikelse.queries.desk_themes import likeliest
from avvikelse.queries.month_reads import CATEGORY, COUNTS, RECEIVER
from avvikelse.queries.theme_facts import ThemeRow

LOOKED_BACK = timedelta(days=365)
MOST_TEXTS = 400  # the newest; bounds the cost of one group
SHOWN = 10  # sentences at a time


@dataclass(frozen=True, slots=True)
class Sentence:
    """A gruppmening and how many cases say it. `key` stands for it in the form.

    `themes` are the group's living ones, with those that the sentence is most like (`likely`) first.
    """

    key: str
    text: str
    count: int
    likely: tuple[ThemeRow, ...]
    themes: tuple[ThemeRow, ...]


@dataclass(frozen=True, slots=True)
class Unsorted:
    """Those of the newest cases, and how many there are in all. `has_themes`: there is something to choose."""

    sentences: tuple[Sentence, ...]
    total: int
    has_themes: bool


def cases(session: Session, group_id: int, today: date) -> Sequence[Row[Any]]:
    """Of the last year, the newest first."""
    judged = exists().where(
        ThemeCandidateCase.avvikelse_id == Avvikelse.id,
        ThemeCandidateCase.candidate_id == ThemeCandidate.id,
        ThemeCandidate.group_id == group_id,
    )
    confirmed = exists().where(
        ProblemTypeCase.avvikelse_id == Avvikelse.id,
        ProblemTypeCase.problem_type_id == ProblemType.id,
        ProblemType.group_id == group_id,
    )
    query = (
        select(
            Avvikelse.id, Avvikelse.gruppmening, Avvikelse.gruppmening_approved_at, CATEGORY.label("category"),
            Avvikelse.sender_kind, RECEIVER.label("receiver_kind"), Avvikelse.sender_enhet_id,
        )
        .join(GroupMembership, GroupMembership.avvikelse_id == Avvikelse.id)
        .where(
            GroupMembership.group_id == group_id, GroupMembership.reported_on >= today - LOOKED_BACK, COUNTS,
            ~judged, ~confirmed,
        )
        .order_by(GroupMembership.reported_on.desc(), Avvikelse.id)
        .limit(MOST_TEXTS)
    )  # fmt: skip
    rows: Any = session.execute(query).all()
    return list(rows)


def is_read(case: Row[Any]) -> bool:
    """A group that reads sentences reads this one."""
    return bool(case.gruppmening) and case.gruppmening_approved_at is not None


def key_of(sentence: str) -> str:
    """Stands for the sentence, and for all cases that say it: the form never says which case it is."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


def sentences(session: Session, desk: DeskHead, known: Sequence[ThemeRow]) -> Unsorted:
    """For a group that reads sentences."""
    living = tuple(row for row in known if row.living)
    said = Counter(case.gruppmening for case in cases(session, desk.id, desk.today) if is_read(case))
    # The newest, but sorted by what they say, so that the order tells nothing about which case came first.
    shown = sorted(list(said)[:SHOWN]) if living else []
    rows = [
        Sentence(key_of(text), text, said[text], likely, (*likely, *(row for row in living if row not in likely)))
        for text, likely in zip(shown, likeliest(session, shown, living), strict=True)
    ]
    return Unsorted(tuple(rows), len(said), bool(living))
