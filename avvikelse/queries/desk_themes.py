"""A samverkansgrupp's themes and the patterns that wait, for its desk. Sentences only where the group reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from avvikelse.analysis.themes import suggestions
from avvikelse.domain.codes import category_label, known_category
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import CandidateStatus
from avvikelse.domain.lifting import reasons
from avvikelse.domain.party_words import as_concerned, as_reporter
from avvikelse.domain.passages import suggested_kinds
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.themes import ProblemType, ProblemTypeCase, ThemeCandidate, ThemeCandidateCase
from avvikelse.queries.desk import DeskHead
from avvikelse.queries.theme_facts import ThemeRow, theme_rows

COMPARED = 200  # confirmed texts, the latest: bounds the cost whatever the history


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A pattern. `about` is its category and route; `theme` the known theme that it may be more of."""

    ref: str
    about: str
    theme: str | None
    count: int


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """`sentences`: (place, gruppmening), empty where the group reads none. `theme_ref`: the proposed theme."""

    row: CandidateRow
    theme_ref: str | None
    sentences: tuple[tuple[int, str], ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ThemePage:
    row: ThemeRow
    contribute: str | None
    monday: str | None
    closed_text: str | None
    about: str
    sentences: tuple[str, ...]
    lift_reasons: tuple[str, ...]
    members: tuple[str, ...] = ()  # the kinds of units to ask to it


def candidates(session: Session, desk: DeskHead) -> tuple[CandidateRow, ...]:
    """What waits for the group, most cases first."""
    number = func.count(ThemeCandidateCase.place)
    query = (
        select(ThemeCandidate, ProblemType.name, number)
        .outerjoin(ProblemType, ProblemType.id == ThemeCandidate.problem_type_id)
        .join(ThemeCandidateCase, ThemeCandidateCase.candidate_id == ThemeCandidate.id)
        .where(ThemeCandidate.group_id == desk.id, ThemeCandidate.status == CandidateStatus.WAITING)
        .group_by(ThemeCandidate.id, ProblemType.name)
        .order_by(number.desc(), ThemeCandidate.id)
    )
    return tuple(_candidate(row, name, count) for row, name, count in session.execute(query))


def candidate_page(session: Session, desk: DeskHead, ref: str) -> CandidatePage:
    """Raises NotFound for a pattern of another group, or one that somebody has settled."""
    found = session.execute(
        select(ThemeCandidate, ProblemType.name, ProblemType.ref)
        .outerjoin(ProblemType, ProblemType.id == ThemeCandidate.problem_type_id)
        .where(
            ThemeCandidate.ref == ref, ThemeCandidate.group_id == desk.id,
            ThemeCandidate.status == CandidateStatus.WAITING,
        )
    ).one_or_none()  # fmt: skip
    if found is None:
        raise NotFound
    candidate, name, theme_ref = found
    rows = session.execute(
        select(ThemeCandidateCase.place, Avvikelse.gruppmening, Avvikelse.gruppmening_approved_at)
        .join(Avvikelse, Avvikelse.id == ThemeCandidateCase.avvikelse_id)
        .where(ThemeCandidateCase.candidate_id == candidate.id)
        .order_by(ThemeCandidateCase.place)
    ).all()
    # Sorted by what they say, so that the order tells nothing about which case came first.
    said = sorted((text, place) for place, text, approved in rows if text and approved is not None)
    sentences = tuple((place, text) for text, place in said) if desk.reads_sentences else ()
    return CandidatePage(
        _candidate(candidate, name, len(rows)), theme_ref, sentences, tuple(place for place, _, _ in rows)
    )


def themes(session: Session, desk: DeskHead) -> tuple[ThemeRow, ...]:
    return theme_rows(session, desk.id, desk.today)


def likely_themes(session: Session, page: CandidatePage, known: Sequence[ThemeRow]) -> tuple[ThemeRow, ...]:
    """The three living themes that the pattern is most like. None where the group reads no sentences."""
    if not page.sentences:
        return ()
    (found,) = likeliest(session, [" ".join(text for _, text in page.sentences)], known)
    return found


def likeliest(session: Session, texts: Sequence[str], known: Sequence[ThemeRow]) -> tuple[tuple[ThemeRow, ...], ...]:
    """Per text the three living themes that it is most like, by their own sentences and what has been confirmed in
    them.
    """
    living = {row.id: row for row in known if row.living}
    if not texts or not living:
        return ((),) * len(texts)
    confirmed: dict[int, list[str]] = {}
    latest = (
        select(ProblemTypeCase.problem_type_id, Avvikelse.gruppmening)
        .join(Avvikelse, Avvikelse.id == ProblemTypeCase.avvikelse_id)
        .where(ProblemTypeCase.problem_type_id.in_(living), Avvikelse.gruppmening_approved_at.is_not(None))
        .order_by(ProblemTypeCase.confirmed_at.desc(), ProblemTypeCase.avvikelse_id.desc())
        .limit(COMPARED)
    )
    for theme, text in session.execute(latest):
        confirmed.setdefault(theme, []).append(text or "")
    types = [
        suggestions.ProblemType(row.ref, f"{row.name}. {row.sentence}", tuple(confirmed.get(row.id, ())))
        for row in living.values()
    ]
    by_ref = {row.ref: row for row in living.values()}
    return tuple(tuple(by_ref[ref] for ref in found) for found in suggestions.suggest(texts, types))


def theme_page(session: Session, desk: DeskHead, ref: str) -> ThemePage:
    """Raises NotFound for a theme of another group."""
    theme = session.scalar(select(ProblemType).where(ProblemType.ref == ref, ProblemType.group_id == desk.id))
    if theme is None:
        raise NotFound
    (row,) = theme_rows(session, desk.id, desk.today, theme_id=theme.id)
    sentences = session.scalars(
        select(Avvikelse.gruppmening)
        .join(ProblemTypeCase, ProblemTypeCase.avvikelse_id == Avvikelse.id)
        .join(GroupMembership, and_(GroupMembership.avvikelse_id == Avvikelse.id, GroupMembership.group_id == desk.id))
        .where(ProblemTypeCase.problem_type_id == theme.id, Avvikelse.gruppmening_approved_at.is_not(None))
    )
    return ThemePage(
        row, theme.contribute, theme.monday, theme.closed_text,
        _about(theme.category, theme.sender_kind, theme.receiver_kind),
        tuple(sorted(text for text in sentences if text)) if desk.reads_sentences else (),
        reasons(row.facts) if desk.above is not None else (),
        tuple(as_concerned(kind) for kind in suggested_kinds(theme.category, theme.sender_kind, theme.receiver_kind)),
    )  # fmt: skip


def _candidate(row: ThemeCandidate, theme: str | None, count: int) -> CandidateRow:
    return CandidateRow(row.ref, _about(row.category, row.sender_kind, row.receiver_kind), theme, count)


def _about(category: str | None, sender: str | None, receiver: str | None) -> str:
    """ "Kallad part uteblev. Skolan rapporterar, gäller BUP"."""
    words = [category_label(category)] if category and known_category(category) else []
    if sender:
        words.append(f"{as_reporter(sender)} rapporterar, gäller {as_concerned(receiver or '')}")
    return ". ".join(words)
