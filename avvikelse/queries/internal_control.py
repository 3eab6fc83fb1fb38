"""A sekretessområde's year for its nämnd's *interna kontrollplan*. Open for `/internkontroll`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.analysis.indicators.figures import indicators
from avvikelse.analysis.indicators.rows import Params
from avvikelse.analysis.internal_control import control_section
from avvikelse.analysis.sections import Section
from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import atgard_strength
from avvikelse.domain.errors import NotFound
from avvikelse.domain.vocabulary import PartySide, Role, Status
from avvikelse.domain.workdays import end_of_day, holidays_of
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard
from avvikelse.models.organisation import Sekretessomrade
from avvikelse.queries.indicator_rows import omrade_case_rows, omrade_measure_rows
from avvikelse.queries.month_reads import COUNTS

YEARS_BACK = 3
WEAK = "svag"


@dataclass(frozen=True, slots=True)
class ControlPage:
    omrade_id: int
    omrade: str
    year: int
    to: date
    section: Section


def omraden(session: Session, actor: Actor) -> tuple[tuple[int, str], ...]:
    """The områden whose samordnare the actor is, by name."""
    mine = actor.omrade_ids(Role.SAMORDNARE)
    query = select(Sekretessomrade.id, Sekretessomrade.name).where(Sekretessomrade.id.in_(mine))
    return tuple((id_, name) for id_, name in session.execute(query.order_by(Sekretessomrade.name)))


def control_page(session: Session, actor: Actor, omrade_id: int, year: int, today: date) -> ControlPage:
    """Raises NotFound for another's område, and for a year that has not begun or lies long back."""
    if omrade_id not in actor.omrade_ids(Role.SAMORDNARE) or not today.year - YEARS_BACK <= year <= today.year:
        raise NotFound
    omrade = session.get_one(Sekretessomrade, omrade_id)
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    params = Params(
        first, last, today, population_0_17=0, holidays=frozenset().union(*(holidays_of(y) for y in {year, today.year}))
    )
    cases = omrade_case_rows(session, omrade.pack_id, omrade_id, first, last)
    measures = omrade_measure_rows(session, omrade.pack_id, omrade_id, first, last)
    figures = indicators(cases, measures, (), (), params)
    decided = [m for m in measures if params.inside(m.decided_on)]
    section = control_section(
        figures, sent=_sent(session, omrade, first, last), received=figures["I01_inkomna"]["value"],
        weak=_weak(session, [int(m.id) for m in decided]), measures=len(decided),
    )  # fmt: skip
    return ControlPage(omrade_id, omrade.name, year, last, section)


def _sent(session: Session, omrade: Sekretessomrade, first: date, last: date) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                Avvikelse.pack_id == omrade.pack_id, Avvikelse.status != Status.DRAFT, COUNTS,
                Avvikelse.submitted_at >= end_of_day(first - timedelta(days=1)),
                Avvikelse.submitted_at < end_of_day(last),
                Avvikelse.parties.any((Party.omrade_id == omrade.id) & (Party.side == PartySide.SENDER)),
            )
        )
        or 0
    )  # fmt: skip


def _weak(session: Session, ids: list[int]) -> int:
    return sum(atgard_strength(kind) == WEAK for kind in session.scalars(select(Atgard.kind).where(Atgard.id.in_(ids))))
