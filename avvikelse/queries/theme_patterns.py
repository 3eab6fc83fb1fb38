"""Patterns that wait for a samverkansgrupp's judgement, for its month: one sentence and a number each."""

from __future__ import annotations

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from avvikelse.analysis.month_facts import CandidateRow
from avvikelse.domain.group_words import CandidateStatus
from avvikelse.domain.vocabulary import SeesCases
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.themes import ThemeCandidate, ThemeCandidateCase
from avvikelse.policy.group_reading import GroupFacts

SHOWN_CANDIDATES = 3


def waiting_patterns(session: Session, group: GroupFacts) -> tuple[CandidateRow, ...]:
    """Patterns that nobody has judged yet, by the gruppmening that is most like the others; the largest first."""
    if group.sees is not SeesCases.ENSKILDA:
        return ()
    members = func.count(ThemeCandidateCase.place)
    typical = func.max(case((ThemeCandidateCase.place == 0, Avvikelse.gruppmening)))
    query = (
        select(ThemeCandidate.ref, typical, members)
        .join(ThemeCandidateCase, ThemeCandidateCase.candidate_id == ThemeCandidate.id)
        .join(Avvikelse, Avvikelse.id == ThemeCandidateCase.avvikelse_id)
        .where(
            ThemeCandidate.group_id == group.id, ThemeCandidate.status == CandidateStatus.WAITING,
            ThemeCandidate.problem_type_id.is_(None), Avvikelse.gruppmening_approved_at.is_not(None),
        )
        .group_by(ThemeCandidate.id)
        .order_by(members.desc(), ThemeCandidate.id)
        .limit(SHOWN_CANDIDATES)
    )  # fmt: skip
    return tuple(CandidateRow(ref, text, number) for ref, text, number in session.execute(query) if text)
