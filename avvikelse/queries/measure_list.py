"""The åtgärder that I answer for or follow: lists by what is to be done, and the page of one.

Open for `/atgarder`. Which exist for whom stands in policy/measures.py. The case itself is linked only for those who
may open it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session, selectinload

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.measures import NO_ATGARD, heard
from avvikelse.domain.vocabulary import AtgardStatus, EffectAsked, Labelled
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard, EffectQuestion
from avvikelse.models.organisation import Enhet, Position
from avvikelse.policy.measures import atgard_is_mine, runs
from avvikelse.policy.visibility import visible
from avvikelse.queries import measures
from avvikelse.queries.case_views import AtgardView

PAGE_SIZE = 50


class MeasureTab(Labelled):
    """The tabs of the list."""

    TO_DO = "att-gora", "Att göra"
    FOLLOW_UP = "folj-upp", "Att följa upp"
    IN_PLACE = "pa-plats", "På plats"
    DROPPED = "avforda", "Genomförs inte"


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One åtgärd of a list. `problem` is the category of the case, never its text."""

    measure: AtgardView
    problem: str
    number: str
    case_ref: str | None
    late: bool


@dataclass(frozen=True, slots=True)
class MeasureList:
    rows: tuple[MeasureLine, ...]
    page: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """One åtgärd. `comments`: what reporters have written to their answers, newest first, without saying who.

    `cases_before` reports in the year before it came into place (or before today); `quiet` whole months have passed
    since the latest one after it. `asked`: the owner's answer is waited for.
    """

    measure: AtgardView
    problem: str
    number: str
    case_ref: str | None
    family: bool
    omrade_id: int
    position_id: int | None
    asked: bool
    asked_again: bool
    comments: tuple[str, ...]
    cases_before: int
    quiet: int | None
    group_asked: bool


def tab_condition(tab: MeasureTab) -> ColumnElement[bool]:
    waits = exists().where(
        EffectQuestion.atgard_id == Atgard.id,
        EffectQuestion.asked == EffectAsked.OWNER,
        EffectQuestion.closed_on.is_(None),
    )
    return {
        MeasureTab.TO_DO: Atgard.status.in_((AtgardStatus.PROPOSED, AtgardStatus.DECIDED)) & (Atgard.kind != NO_ATGARD),
        MeasureTab.FOLLOW_UP: waits,
        MeasureTab.IN_PLACE: Atgard.status.in_((AtgardStatus.DONE, AtgardStatus.FOLLOWED_UP)),
        MeasureTab.DROPPED: Atgard.status == AtgardStatus.DROPPED,
    }[tab]


def counts(session: Session, actor: Actor) -> dict[MeasureTab, int]:
    """How many wait: what is to be done, and what is to be followed up."""
    tabs = (MeasureTab.TO_DO, MeasureTab.FOLLOW_UP)
    numbers = [func.coalesce(func.sum(case((tab_condition(tab), 1), else_=0)), 0) for tab in tabs]
    found = session.execute(select(*numbers).select_from(Atgard).where(atgard_is_mine(actor))).one()
    return {tab: int(number) for tab, number in zip(tabs, found, strict=True)}


def measure_list(session: Session, actor: Actor, tab: MeasureTab, *, today: date, page: int = 1) -> MeasureList:
    """What is due first stands first."""
    order = (Atgard.due_on, Atgard.id) if tab is MeasureTab.TO_DO else (Atgard.done_on.desc(), Atgard.id.desc())
    rows = session.execute(
        select(Atgard, Avvikelse, Position.title, visible(actor))
        .join(Avvikelse, Avvikelse.id == Atgard.avvikelse_id)
        .outerjoin(Position, Position.id == Atgard.position_id)
        .where(atgard_is_mine(actor), tab_condition(tab))
        .order_by(*order)
        .limit(PAGE_SIZE + 1)
        .offset((page - 1) * PAGE_SIZE)
        .options(selectinload(Avvikelse.parties))
    ).all()
    ids = [atgard.id for atgard, *_ in rows]
    said, again = measures.voices(session, ids), measures.recurrence_counts(session, ids)
    lines = tuple(
        MeasureLine(
            measures.view(
                atgard, title or measures.SAMORDNARE, None, heard(said.get(atgard.id, ())), again.get(atgard.id, 0),
                mine=runs(actor, atgard, case),
            ),
            _problem(case), case.number, case.ref if may_open else None,
            late=tab is MeasureTab.TO_DO and atgard.due_on is not None and atgard.due_on < today,
        )
        for atgard, case, title, may_open in rows[:PAGE_SIZE]
    )  # fmt: skip
    return MeasureList(lines, page, len(rows) > PAGE_SIZE)


def measure_page(session: Session, actor: Actor, atgard_id: int, *, today: date) -> MeasurePage:
    """Raises NotFound for an åtgärd that does not exist for the actor."""
    found = session.execute(
        select(Atgard, Avvikelse, Position.title, visible(actor))
        .join(Avvikelse, Avvikelse.id == Atgard.avvikelse_id)
        .outerjoin(Position, Position.id == Atgard.position_id)
        .where(Atgard.id == atgard_id, atgard_is_mine(actor))
        .options(selectinload(Avvikelse.parties))
    ).first()
    if found is None:
        raise NotFound
    atgard, case, title, may_open = found
    questions = session.scalars(
        select(EffectQuestion).where(EffectQuestion.atgard_id == atgard.id).order_by(EffectQuestion.id.desc())
    ).all()
    from_day = atgard.done_on or today
    before = measures.cases_in_year(session, case, from_day)
    since = measures.latest_since(session, case, atgard.done_on) if atgard.done_on else None
    return MeasurePage(
        measure=measures.view(
            atgard, title or measures.SAMORDNARE, measures.evidence(session, [atgard.id]).get(atgard.id),
            heard(measures.voices(session, [atgard.id]).get(atgard.id, ())),
            measures.recurrence_counts(session, [atgard.id]).get(atgard.id, 0), mine=runs(actor, atgard, case),
        ),
        problem=_problem(case), number=case.number, case_ref=case.ref if may_open else None,
        family=case.family_coordinates, omrade_id=atgard.omrade_id, position_id=atgard.position_id,
        asked=any(q.asked is EffectAsked.OWNER and q.closed_on is None for q in questions),
        asked_again=any(q.brought_forward and q.closed_on is None for q in questions),
        comments=tuple(q.comment for q in questions if q.asked is not EffectAsked.OWNER and q.comment),
        cases_before=before,
        quiet=_months(since or atgard.done_on, today) if atgard.done_on else None,
        group_asked=measures.brought_back(session, atgard.id),
    )  # fmt: skip


def owner_choices(session: Session, omrade_id: int, today: date) -> list[tuple[int, str]]:
    """(position id, "Titel, enhet") of the område's living positions, by title."""
    rows = session.execute(
        select(Position.id, Position.title, Enhet.name)
        .join(Enhet, Enhet.id == Position.enhet_id)
        .where(
            Enhet.omrade_id == omrade_id,
            (Position.active_to.is_(None)) | (Position.active_to >= today),
            (Enhet.active_to.is_(None)) | (Enhet.active_to >= today),
        )
        .order_by(Position.title, Position.id)
    )
    return [(position_id, f"{title}, {unit}") for position_id, title, unit in rows]


def owner_choices_of_party(session: Session, party_id: int | None, today: date) -> list[tuple[int, str]]:
    """The same for a party's område."""
    omrade_id = session.scalar(select(Party.omrade_id).where(Party.id == party_id))
    return owner_choices(session, omrade_id, today) if omrade_id is not None else []


def owner_of_party(session: Session, party_id: int | None) -> int | None:
    """The position through which a party has the case."""
    return session.scalar(select(Party.position_id).where(Party.id == party_id))


def _problem(case: Avvikelse) -> str:
    return category_label(case.category, local_date(case.submitted_at)) if case.category else "Avvikelse"


def _months(since: date, today: date) -> int:
    """Whole months that have passed."""
    months = (today.year - since.year) * 12 + today.month - since.month
    return max(0, months - (today.day < since.day))
