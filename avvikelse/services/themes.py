"""*Problemtyper* of a samverkansgrupp: what the system has seen is confirmed or dismissed by a person, then it counts.

`look_for_patterns` is the job's work; everything else is the convenor's. Which case is which is never told: the group
chooses among gruppmeningar by their place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from avvikelse.analysis.themes import grouping, suggestions
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import CandidateStatus, ProblemTypeStatus
from avvikelse.domain.notices import Notice
from avvikelse.domain.passages import as_passage
from avvikelse.domain.vocabulary import GroupQuestionKind, SeesCases
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.themes import ProblemType, ProblemTypeCase, ThemeCandidate, ThemeCandidateCase
from avvikelse.policy.group_reading import next_above
from avvikelse.queries import unsorted
from avvikelse.services import audit, group_questions, question_words
from avvikelse.services.group_access import GroupInHand, convened, role_of, tell_convenors
from avvikelse.services.guarding import guard
from avvikelse.services.question_words import NO_PROPOSAL, Proposal
from avvikelse.services.refs import new_ref

PACKAGE = 5  # so many confirmed cases make a theme a question to the group
TO_LIFT = 3
MAX_CLOSED = 1000
LEAST_UNREAD = 5  # a pattern of which the group reads no sentences


@dataclass(frozen=True, slots=True)
class ThemeWords:
    """What is written about a theme."""

    name: str
    sentence: str
    owner: str
    watched: bool = False
    contribute: str = ""
    monday: str = ""


# --- what the system sees ---------------------------------------------------------------------------------------------


def groups_that_look(session: Session) -> list[int]:
    """Groups in which patterns are looked for."""
    sees = (SeesCases.ENSKILDA, SeesCases.SAMMANSTALLNING)
    query = select(Samverkansgrupp.id).where(Samverkansgrupp.active, Samverkansgrupp.sees_cases.in_(sees))
    return list(session.scalars(query.order_by(Samverkansgrupp.id)))


def look_for_patterns(session: Session, group_id: int, *, now: datetime) -> int:
    """Store what is new: more of a known theme, or a pattern that nobody has named. Returns how many candidates.

    A case is proposed once: not again while its candidate waits, nor after it was confirmed or dismissed.
    """
    group = session.get_one(Samverkansgrupp, group_id)
    rows = unsorted.cases(session, group_id, local_date(now))
    if group.sees_cases is not SeesCases.ENSKILDA:
        return _by_cell(session, group_id, rows, now)
    said = [row for row in rows if unsorted.is_read(row)]
    left = _known_themes(session, group_id, said, now)
    told = [
        grouping.Told(r.gruppmening, r.sender_kind, r.receiver_kind, r.category, str(r.sender_enhet_id)) for r in left
    ]
    found = grouping.candidates(told)
    for candidate in found:
        places = [candidate.typical, *(place for place in candidate.members if place != candidate.typical)]
        _store(session, group_id, [left[place] for place in places], None, now)
    return len(found)


def _known_themes(session: Session, group_id: int, rows: list[Row[Any]], now: datetime) -> list[Row[Any]]:
    """Propose what is likeliest one of the group's themes, and of its kind; return the others."""
    themes = session.scalars(
        select(ProblemType).where(ProblemType.group_id == group_id, ProblemType.status != ProblemTypeStatus.CLOSED)
    ).all()
    by_id = {str(theme.id): theme for theme in themes}
    kinds = [suggestions.ProblemType(key, theme.sentence) for key, theme in by_id.items()]
    best = suggestions.suggest([row.gruppmening for row in rows], kinds, count=1)
    fits: dict[str, list[Row[Any]]] = {}
    left = []
    for row, likely in zip(rows, best, strict=True):
        theme = by_id.get(likely[0]) if likely else None
        if theme is not None and (theme.category, theme.receiver_kind) == (row.category, row.receiver_kind):
            fits.setdefault(likely[0], []).append(row)
        else:
            left.append(row)
    for key, members in fits.items():
        _store(session, group_id, members, by_id[key].id, now)
    return left


def _by_cell(session: Session, group_id: int, rows: Sequence[Row[Any]], now: datetime) -> int:
    """For a group that reads no sentences: the same category between the same kinds of parties, often enough."""
    cells: dict[tuple[str, str, str], list[Row[Any]]] = {}
    for row in rows:
        cells.setdefault((row.category, row.sender_kind, row.receiver_kind), []).append(row)
    found = [members for members in cells.values() if len(members) >= LEAST_UNREAD]
    for members in found:
        _store(session, group_id, members, None, now)
    return len(found)


def _store(
    session: Session, group_id: int, rows: Sequence[Row[Any]], problem_type_id: int | None, now: datetime
) -> None:
    """`rows`: the most typical first."""
    cells = Counter((row.category, row.sender_kind, row.receiver_kind) for row in rows)
    category, sender, receiver = cells.most_common(1)[0][0]
    candidate = ThemeCandidate(
        ref=new_ref(), group_id=group_id, problem_type_id=problem_type_id, key=f"{category}:{sender}:{receiver}"[:120],
        category=category, sender_kind=sender, receiver_kind=receiver or None, made_at=now,
        status=CandidateStatus.WAITING,
    )  # fmt: skip
    session.add(candidate)
    session.flush()
    session.add_all(
        ThemeCandidateCase(candidate_id=candidate.id, place=place, avvikelse_id=row.id)
        for place, row in enumerate(rows)
    )
    session.flush()


# --- what people say --------------------------------------------------------------------------------------------------


def confirm(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    places: Collection[int],
    theme_ref: str | None,
    words: ThemeWords | None,
    *,
    now: datetime,
) -> ProblemType:
    """The chosen cases belong together: to the theme `theme_ref`, or to a new one. From now on they count.

    What was not chosen is not proposed again. Raises Invalid when nothing is chosen.
    """
    group, candidate = _candidate(session, actor, group_id, ref)
    cases = session.scalars(
        select(ThemeCandidateCase).where(
            ThemeCandidateCase.candidate_id == candidate.id, ThemeCandidateCase.place.in_(places)
        )
    ).all()
    if not cases:
        raise Invalid("Välj vilka som hör ihop, eller avfärda mönstret.", field="places")
    if theme_ref is not None:
        theme = _theme(session, group, theme_ref)
    elif words is not None:
        theme = _new(session, group, words, now)
        theme.category, theme.sender_kind = candidate.category, candidate.sender_kind
        theme.receiver_kind = candidate.receiver_kind
    else:
        raise Invalid("Skriv vad temat heter.", field="name")
    for case in cases:
        if session.get(ProblemTypeCase, (theme.id, case.avvikelse_id)) is None:
            session.add(_confirmation(theme, case.avvikelse_id, actor, now))
    candidate.status, candidate.settled_at, candidate.problem_type_id = CandidateStatus.CONFIRMED, now, theme.id
    session.flush()
    _record(session, group, Event.CANDIDATE_CONFIRMED, now, candidate=candidate.id, theme=theme.id, count=len(cases))
    return theme


def dismiss(session: Session, actor: Actor, group_id: int, ref: str, reason: str, *, now: datetime) -> ThemeCandidate:
    """It is no pattern. The same cases are not proposed again."""
    group, candidate = _candidate(session, actor, group_id, ref)
    guard(reason=reason)
    if not reason.strip():
        raise Invalid("Skriv varför mönstret inte stämmer.", field="reason")
    candidate.status, candidate.settled_at, candidate.reason = CandidateStatus.DISMISSED, now, reason.strip()[:300]
    session.flush()
    _record(session, group, Event.CANDIDATE_DISMISSED, now, candidate=candidate.id)
    return candidate


def sort_in(session: Session, actor: Actor, group_id: int, chosen: Mapping[str, str], *, now: datetime) -> int:
    """Put sentences into themes: the key of a sentence → the ref of a theme. Every case that says it goes along.

    Returns how many cases. Raises Invalid when nothing is chosen; what somebody else has sorted meanwhile is left.
    """
    group = convened(session, actor, group_id)
    if group.facts.sees is not SeesCases.ENSKILDA:
        raise NotFound
    if not chosen:
        raise Invalid("Välj ett tema för minst en mening, eller gå tillbaka.")
    into = {ref: _theme(session, group, ref) for ref in sorted(set(chosen.values()))}
    found: Counter[str] = Counter()
    for row in unsorted.cases(session, group.id, local_date(now)):
        ref = chosen.get(unsorted.key_of(row.gruppmening)) if unsorted.is_read(row) else None
        if ref is not None:
            session.add(_confirmation(into[ref], row.id, actor, now))
            found[ref] += 1
    session.flush()
    for ref, count in sorted(found.items()):
        _record(session, group, Event.PROBLEM_TYPE_CHANGED, now, theme=into[ref].id, count=count)
    return found.total()


def _confirmation(theme: ProblemType, avvikelse_id: int, actor: Actor, now: datetime) -> ProblemTypeCase:
    return ProblemTypeCase(
        problem_type_id=theme.id, avvikelse_id=avvikelse_id, confirmed_at=now, confirmed_by_user_id=actor.user_id
    )


def add(
    session: Session, actor: Actor, group_id: int, words: ThemeWords, *, about: str = "", now: datetime
) -> ProblemType:
    """A theme that the group knows of itself; it has no cases yet.

    `about`: the passage of the month that it was made from. What is no passage is left aside.
    """
    theme = _new(session, convened(session, actor, group_id), words, now)
    if (cell := as_passage(about)) is not None:
        theme.category, theme.sender_kind, receiver = cell
        theme.receiver_kind = receiver or None
        session.flush()
    return theme


def change(session: Session, actor: Actor, group_id: int, ref: str, words: ThemeWords, *, now: datetime) -> ProblemType:
    group = convened(session, actor, group_id)
    theme = _theme(session, group, ref)
    _fill(session, theme, words)
    _record(session, group, Event.PROBLEM_TYPE_CHANGED, now, theme=theme.id)
    return theme


def close(session: Session, actor: Actor, group_id: int, ref: str, text: str, *, now: datetime) -> ProblemType:
    """The group is done with it: what came of it stands on the board."""
    group = convened(session, actor, group_id)
    theme = _theme(session, group, ref)
    guard(text=text)
    if not text.strip() or len(text) > MAX_CLOSED:
        raise Invalid("Skriv vad som blev av temat, med högst 1 000 tecken.", field="text")
    theme.status, theme.closed_on, theme.closed_text = ProblemTypeStatus.CLOSED, local_date(now), text.strip()
    session.flush()
    _record(session, group, Event.PROBLEM_TYPE_CHANGED, now, theme=theme.id)
    return theme


def make_question(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    text: str,
    *,
    proposal: Proposal = NO_PROPOSAL,
    now: datetime,
) -> GroupQuestion:
    """*Temapaket*: five or more cases become one question to the group. A decision reaches everybody behind them."""
    group = convened(session, actor, group_id)
    theme = _theme(session, group, ref)
    if _confirmed(session, theme.id) < PACKAGE:
        raise Conflict(f"Ett tema blir en fråga till gruppen när det har minst {PACKAGE} bekräftade fall.")
    return _ask(session, group, theme, group.id, text, proposal, now)


def lift(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    text: str,
    *,
    proposal: Proposal = NO_PROPOSAL,
    now: datetime,
) -> GroupQuestion:
    """Ask the group above about the theme; nothing of its cases goes along but their number, in words of the group."""
    group = convened(session, actor, group_id)
    theme = _theme(session, group, ref)
    above = next_above(group.groups, group.facts)
    if above is None:
        raise Conflict("Det finns ingen grupp ovanför som tar emot frågor.")
    if _confirmed(session, theme.id) < TO_LIFT:
        raise Conflict(f"Ett tema kan lyftas när det har minst {TO_LIFT} bekräftade fall.")
    question = _ask(session, group, theme, above.id, text, proposal, now)
    tell_convenors(session, above.id, Notice.GROUP_QUESTION, f"q{question.id}", now=now, except_user_id=actor.user_id)
    return question


def _ask(
    session: Session,
    group: GroupInHand,
    theme: ProblemType,
    asked_id: int,
    text: str,
    proposal: Proposal,
    now: datetime,
) -> GroupQuestion:
    words, proposal = question_words.checked_words(text), question_words.checked_proposal(proposal)
    question = group_questions.new_question(asked_id, GroupQuestionKind.THEME, words, group.actor.user_id, now)
    question.problem_type_id = theme.id
    question_words.propose(question, proposal, by_group=True)
    session.add(question)
    session.flush()
    _record(session, group, Event.GROUP_ASKED, now, question=question.id, theme=theme.id)
    return question


def _confirmed(session: Session, theme_id: int) -> int:
    query = select(ProblemTypeCase.avvikelse_id).where(ProblemTypeCase.problem_type_id == theme_id)
    return len(session.scalars(query).all())


def _candidate(session: Session, actor: Actor, group_id: int, ref: str) -> tuple[GroupInHand, ThemeCandidate]:
    group = convened(session, actor, group_id)
    row = session.scalar(
        select(ThemeCandidate).where(ThemeCandidate.ref == ref, ThemeCandidate.group_id == group.id).with_for_update()
    )
    if row is None:
        raise NotFound
    if row.status is not CandidateStatus.WAITING:
        raise Conflict(f"Mönstret är redan klart: {row.status.label.lower()}.")
    return group, row


def _theme(session: Session, group: GroupInHand, ref: str) -> ProblemType:
    theme = session.scalar(
        select(ProblemType).where(ProblemType.ref == ref, ProblemType.group_id == group.id).with_for_update()
    )
    if theme is None:
        raise NotFound
    if theme.status is ProblemTypeStatus.CLOSED:
        raise Conflict("Temat är stängt.")
    return theme


def _new(session: Session, group: GroupInHand, words: ThemeWords, now: datetime) -> ProblemType:
    theme = ProblemType(
        ref=new_ref(), group_id=group.id, status=ProblemTypeStatus.OPEN, created_at=now,
        created_by_user_id=group.actor.user_id,
    )  # fmt: skip
    _fill(session, theme, words)
    session.add(theme)
    session.flush()
    _record(session, group, Event.PROBLEM_TYPE_ADDED, now, theme=theme.id)
    return theme


def _fill(session: Session, theme: ProblemType, words: ThemeWords) -> None:
    guard(name=words.name, sentence=words.sentence, owner=words.owner, contribute=words.contribute, monday=words.monday)
    name, sentence, owner = (" ".join(text.split()) for text in (words.name, words.sentence, words.owner))
    for field, text, most in (("name", name, 80), ("sentence", sentence, 300), ("owner", owner, 120)):
        if not text or len(text) > most:
            raise Invalid(f"Fyll i fältet, med högst {most} tecken.", field=field)
    taken = select(ProblemType.id).where(
        ProblemType.group_id == theme.group_id, ProblemType.name == name, ProblemType.ref != theme.ref
    )
    if session.scalar(taken.limit(1)) is not None:
        raise Invalid("Gruppen har redan ett tema med det namnet.", field="name")
    theme.name, theme.sentence, theme.owner = name, sentence, owner
    theme.status = ProblemTypeStatus.WATCHED if words.watched else ProblemTypeStatus.OPEN
    theme.contribute, theme.monday = words.contribute.strip() or None, words.monday.strip() or None
    session.flush()


def _record(session: Session, group: GroupInHand, event: Event, now: datetime, **detail: int) -> None:
    audit.record(
        session, group.actor, event, now=now, group_id=group.id, role=role_of(group.actor, group.id), detail=detail
    )
