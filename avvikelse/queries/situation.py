"""*Läget*: what every member of staff may read of the work in a län. Themes, published decisions, what has changed.

No case, no text of a case, no question, and no number below five. The same for everybody who looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from avvikelse.analysis.survival import kaplan_meier
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import LIVING_DECISIONS, DecisionStatus, GapOutcome, ProblemTypeStatus
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import end_of_day, local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_decisions import DecisionCase, DecisionUnit, GroupDecision
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.learning import BoardFigures
from avvikelse.models.organisation import Pack
from avvikelse.models.themes import ProblemType, ProblemTypeCase
from avvikelse.queries.case_group_parts import outcome_of_decision
from avvikelse.queries.minutes import PublishedMinutes, latest_minutes
from avvikelse.queries.month_reads import COUNTS, FIRST_OF_EVENT_ANYWHERE, FIRST_OF_EVENT_IN_THEME

LEAST = 5  # smaller numbers stay in the group
SHOWN_DECISIONS = 60


@dataclass(frozen=True, slots=True)
class BoardTheme:
    """An open theme. `cases` is None below five: then the name stands alone."""

    name: str
    sentence: str | None
    group: str
    cases: int | None
    watched: bool
    contribute: str | None
    monday: str | None


@dataclass(frozen=True, slots=True)
class BoardDecision:
    """`no_mandate`: the group has found that something is nobody's uppdrag, and this is what it does about it."""

    ref: str
    text: str
    group: str
    owner: str
    decided_on: date
    due_on: date
    status: DecisionStatus
    ended_on: date | None
    no_mandate: bool = False


@dataclass(frozen=True, slots=True)
class ClosedTheme:
    name: str
    group: str
    text: str


@dataclass(frozen=True, slots=True)
class Board:
    """`median_days`: until the first answer, those who still wait counted; None = too few to tell."""

    pack: str
    pack_slug: str
    themes: tuple[BoardTheme, ...]
    decisions: tuple[BoardDecision, ...]
    done: tuple[BoardDecision, ...]
    closed: tuple[ClosedTheme, ...]
    quarter: str
    of_my_units: tuple[BoardDecision, ...]
    median_days: int | None
    answered: int | None
    made_on: date | None
    minutes: tuple[PublishedMinutes, ...]


@dataclass(frozen=True, slots=True)
class PublicDecision:
    """A published decision for everybody. `behind` in words: small numbers are not said."""

    row: BoardDecision
    what_changes: str | None
    ask: str
    outcome: str | None
    behind: str
    withheld: bool
    pack_slug: str


def packs(session: Session) -> tuple[tuple[str, str], ...]:
    """(slug, name) of every län."""
    return tuple((slug, name) for slug, name in session.execute(select(Pack.slug, Pack.lan).order_by(Pack.lan)))


def board(session: Session, actor: Actor, slug: str, today: date) -> Board:
    """Raises NotFound for a län that does not exist."""
    pack = session.scalar(select(Pack).where(Pack.slug == slug))
    if pack is None:
        raise NotFound
    begin = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    of_pack = Samverkansgrupp.pack_id == pack.id
    figures = session.get(BoardFigures, pack.id)
    content = figures.content if figures is not None else {}
    ended = GroupDecision.status.not_in(LIVING_DECISIONS)
    units = actor.enhet_ids(Role.RAPPORTOR, Role.CHEF, Role.HANDLAGGARE)
    mine = exists().where(DecisionUnit.decision_id == GroupDecision.id, DecisionUnit.enhet_id.in_(units))
    return Board(
        pack.lan, pack.slug, _themes(session, pack.id),
        _decisions(session, of_pack, GroupDecision.status.in_(LIVING_DECISIONS)),
        _decisions(session, of_pack, ended, GroupDecision.ended_on >= begin),
        _closed(session, pack.id, begin),
        f"kvartal {(today.month - 1) // 3 + 1}",
        _decisions(session, of_pack, mine, GroupDecision.decided_at >= _a_year_before(today)) if units else (),
        content.get("median_days"), content.get("answered"),
        local_date(figures.made_at) if figures is not None else None,
        latest_minutes(session, pack.id),
    )  # fmt: skip


def public_decision(session: Session, ref: str) -> PublicDecision:
    """Raises NotFound for a decision that is not published."""
    row = session.scalar(select(GroupDecision).where(GroupDecision.ref == ref, GroupDecision.published_at.is_not(None)))
    if row is None:
        raise NotFound
    (shown,) = _decisions(session, GroupDecision.id == row.id)
    number = session.scalar(select(func.count()).where(DecisionCase.decision_id == row.id)) or 0
    outcome = session.scalar(select(outcome_of_decision()).where(GroupDecision.id == row.id))
    of_group = select(Pack.slug).join(Samverkansgrupp, Samverkansgrupp.pack_id == Pack.id)
    slug = session.scalar(of_group.where(Samverkansgrupp.id == row.group_id))
    return PublicDecision(
        shown, row.what_changes, row.ask or row.owner, outcome, behind_words(number), row.internal_text is not None,
        slug or "",
    )  # fmt: skip


def behind_words(number: int) -> str:
    """ "6 rapporter ligger bakom": small numbers are not said."""
    if number == 0:
        return "Beslutet kommer ur gruppens eget arbete."
    if number < LEAST:
        return "Färre än fem rapporter ligger bakom beslutet."
    return f"{number} rapporter ligger bakom beslutet."


def figures_of(session: Session, pack_id: int, today: date) -> dict[str, int | None]:
    """Time to the first answer, of the reports of twelve months. Who still waits counts for as long as she has waited.

    Asked once a day and stored (services/board.py): everybody reads the same.
    """
    since = _a_year_before(today)
    rows = session.execute(
        select(Avvikelse.submitted_at, Avvikelse.first_answer_at, Avvikelse.closed_at).where(
            Avvikelse.pack_id == pack_id, Avvikelse.submitted_at >= since, COUNTS, FIRST_OF_EVENT_ANYWHERE
        )
    ).all()
    waits = []
    for submitted, answered, closed in rows:
        end = answered or closed
        days = ((local_date(end) if end is not None else today) - local_date(submitted)).days
        waits.append((max(0, days), answered is not None))
    answered_count = sum(done for _, done in waits)
    median = kaplan_meier(waits).quantile() if answered_count >= LEAST else None
    return {
        "median_days": int(median) if median is not None else None,
        "answered": answered_count if answered_count >= LEAST else None,
    }


def _a_year_before(today: date) -> datetime:
    return end_of_day(today - timedelta(days=366))


def _themes(session: Session, pack_id: int) -> tuple[BoardTheme, ...]:
    number = func.count(Avvikelse.id)
    query = (
        select(ProblemType, Samverkansgrupp.name, number)
        .join(Samverkansgrupp, Samverkansgrupp.id == ProblemType.group_id)
        .outerjoin(ProblemTypeCase, ProblemTypeCase.problem_type_id == ProblemType.id)
        .outerjoin(Avvikelse, (Avvikelse.id == ProblemTypeCase.avvikelse_id) & COUNTS & FIRST_OF_EVENT_IN_THEME)
        .where(Samverkansgrupp.pack_id == pack_id, ProblemType.status != ProblemTypeStatus.CLOSED)
        .group_by(ProblemType.id, Samverkansgrupp.name)
        .order_by(ProblemType.name)
    )
    return tuple(
        BoardTheme(
            t.name, t.sentence if count >= LEAST else None, group, count if count >= LEAST else None,
            t.status is ProblemTypeStatus.WATCHED, t.contribute, t.monday,
        )
        for t, group, count in session.execute(query)
    )  # fmt: skip


def _closed(session: Session, pack_id: int, since: date) -> tuple[ClosedTheme, ...]:
    query = (
        select(ProblemType.name, Samverkansgrupp.name, ProblemType.closed_text)
        .join(Samverkansgrupp, Samverkansgrupp.id == ProblemType.group_id)
        .where(Samverkansgrupp.pack_id == pack_id, ProblemType.closed_on >= since)
        .order_by(ProblemType.closed_on.desc())
    )
    return tuple(ClosedTheme(name, group, text or "") for name, group, text in session.execute(query))


def _decisions(session: Session, *where: ColumnElement[bool]) -> tuple[BoardDecision, ...]:
    query = (
        select(GroupDecision, Samverkansgrupp.name)
        .join(Samverkansgrupp, Samverkansgrupp.id == GroupDecision.group_id)
        .where(GroupDecision.published_at.is_not(None), *where)
        .order_by(GroupDecision.decided_at.desc(), GroupDecision.id.desc())
        .limit(SHOWN_DECISIONS)
    )
    return tuple(
        BoardDecision(
            d.ref,
            d.text,
            group,
            d.owner,
            local_date(d.decided_at),
            d.due_on,
            d.status,
            d.ended_on,
            no_mandate=d.gap_outcome is GapOutcome.NO_MANDATE,
        )
        for d, group in session.execute(query)
    )
