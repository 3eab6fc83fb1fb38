"""*Har det hänt igen?*: what a reporter is asked now. Open for the start page, and for who answers with a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label
from avvikelse.domain.vocabulary import EffectAsked
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import EffectQuestion

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """One report that something is asked about. `problem` is its category."""

    ref: str
    number: str
    problem: str
    closes_on: date


def of_reporter(session: Session, actor: Actor) -> tuple[Asked, ...]:
    """The own reports that wait for an answer, the first to close first."""
    if actor.user_id is None:
        return ()
    return _asked(session, Avvikelse.reporter_user_id == actor.user_id)


def of_case(session: Session, avvikelse_id: int) -> Asked | None:
    """What is asked about one report, for a reporter who has been let in by its code. None = nothing is."""
    return next(iter(_asked(session, Avvikelse.id == avvikelse_id)), None)


def _asked(session: Session, which: ColumnElement[bool]) -> tuple[Asked, ...]:
    """Several åtgärder of one case are one question."""
    closes = func.min(EffectQuestion.closes_on)
    rows = session.execute(
        select(Avvikelse.ref, Avvikelse.number, Avvikelse.category, Avvikelse.submitted_at, closes)
        .join(EffectQuestion, EffectQuestion.avvikelse_id == Avvikelse.id)
        .where(which, EffectQuestion.asked == EffectAsked.REPORTER, EffectQuestion.closed_on.is_(None))
        .group_by(Avvikelse.id, Avvikelse.ref, Avvikelse.number, Avvikelse.category, Avvikelse.submitted_at)
        .order_by(closes, Avvikelse.id)
        .limit(SHOWN)
    )
    return tuple(
        Asked(ref, number, category_label(category, local_date(at)) if category else "Din rapport", day)
        for ref, number, category, at, day in rows
    )
