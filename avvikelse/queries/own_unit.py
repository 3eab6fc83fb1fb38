"""*Min enhet*: what a unit has reported, what was answered, what changed. Open for `/min-enhet` and the APT-underlag.

Everybody at the unit reads it, so no number below five stands there; its manager, who reads each of the unit's reports
anyway, has the exact ones. What the reporters thought of the answers is a share of at least five answers for anybody,
of the whole unit, and of whole months: nothing here, and nothing anywhere, says how the answers of one person were
received.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.months import first_day, last_day, month_of, shift
from avvikelse.domain.small_numbers import FEWEST
from avvikelse.domain.vocabulary import Rating, Role
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer
from avvikelse.models.organisation import Enhet
from avvikelse.policy.visibility import visible
from avvikelse.queries import changes
from avvikelse.queries.changes import Change
from avvikelse.queries.work_lists import ListPage, of_unit

WORKS_AT = (Role.RAPPORTOR, Role.CHEF, Role.HANDLAGGARE)
SHOWN = 20  # changes, and reports
CHANGES_ON_PAPER = 4


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Of the reports that were sent in a period. None = fewer than five, or too few to tell."""

    reports: int | None
    answered: int | None
    led_to_change: int | None
    ratings: tuple[tuple[Rating, float], ...] | None  # the share of each; together 1
    most_reported: str | None  # the category that at least five are about


@dataclass(frozen=True, slots=True)
class UnitPage:
    id: int
    name: str
    units: tuple[tuple[int, str], ...]  # all that the reader works at
    first: date
    last: date
    exact: bool  # the reader manages the unit: small numbers stand there too
    figures: UnitFigures
    changes: tuple[Change, ...]
    reports: ListPage  # the latest ones that the reader may open: a manager's all, somebody else's her own


def own_units(session: Session, actor: Actor) -> tuple[tuple[int, str], ...]:
    """(id, name) of the units that the actor works at, her default one first."""
    ids = actor.enhet_ids(*WORKS_AT)
    rows = session.execute(select(Enhet.id, Enhet.name).where(Enhet.id.in_(ids)).order_by(Enhet.name)).all()
    return tuple(sorted(((r[0], r[1]) for r in rows), key=lambda row: row[0] != actor.own_enhet_id))


def unit_page(session: Session, actor: Actor, enhet_id: int, today: date) -> UnitPage:
    """Raises NotFound for a unit that the actor does not work at."""
    units = own_units(session, actor)
    name = dict(units).get(enhet_id)
    if name is None:
        raise NotFound
    first, last = period(today)
    exact = enhet_id in actor.enhet_ids(Role.CHEF)
    reports = of_unit(session, visible(actor) & changes.reported_from(enhet_id), today)
    return UnitPage(
        enhet_id, name, units, first, last, exact,
        figures_of(session, enhet_id, first, last, exact=exact),
        changes.of_unit(session, enhet_id, first, today, SHOWN),
        replace(reports, rows=reports.rows[:SHOWN]),
    )  # fmt: skip


def period(today: date) -> tuple[date, date]:
    """The twelve whole months before today's: a number then stands still for a month, whoever answers meanwhile."""
    latest = shift(month_of(today), -1)
    return first_day(shift(latest, -11)), last_day(latest)


def figures_of(session: Session, enhet_id: int, first: date, last: date, *, exact: bool) -> UnitFigures:
    """`exact`: small numbers too. Never for shares: what few reporters thought would be what one of them thought."""
    mine = changes.reported_from(enhet_id)
    counted = changes.count(session, mine, first, last)
    in_period = (mine, changes.sent_between(first, last))
    answered = session.scalar(select(func.count()).where(*in_period, Avvikelse.answered_at.is_not(None))) or 0
    by_category = session.execute(
        select(Avvikelse.category, func.count())
        .where(*in_period, Avvikelse.category.is_not(None))
        .group_by(Avvikelse.category)
        .order_by(func.count().desc(), Avvikelse.category)
        .limit(1)
    ).first()

    def told(number: int) -> int | None:
        return number if exact or number >= FEWEST else None

    return UnitFigures(
        told(counted.reports),
        told(answered),
        told(counted.led_to_change),
        _ratings(session, enhet_id, first, last),
        category_label(by_category[0] or "") if by_category is not None and by_category[1] >= FEWEST else None,
    )


def _ratings(session: Session, enhet_id: int, first: date, last: date) -> tuple[tuple[Rating, float], ...] | None:
    """Of the latest answer to each report that its reporter has judged. Nobody's silence counts as good."""
    latest = (
        select(func.max(Answer.version))
        .where(Answer.avvikelse_id == Avvikelse.id, Answer.rating.is_not(None))
        .correlate(Avvikelse)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Answer.rating, func.count())
        .join(Avvikelse, Avvikelse.id == Answer.avvikelse_id)
        .where(
            changes.reported_from(enhet_id),
            changes.sent_between(first, last),
            Answer.version == latest,
        )
        .group_by(Answer.rating)
    )
    found = {rating: number for rating, number in rows if rating is not None}
    total = sum(found.values())
    return tuple((rating, found.get(rating, 0) / total) for rating in Rating) if total >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Handout:
    """The APT-underlag: what everybody at the unit may read, short enough for a page."""

    unit: str
    first: date
    last: date
    made_on: date
    figures: UnitFigures
    changes: tuple[Change, ...]


def handout(session: Session, actor: Actor, enhet_id: int, today: date) -> Handout:
    """Raises NotFound for a unit that the actor does not work at. The same paper whoever fetches it."""
    name = dict(own_units(session, actor)).get(enhet_id)
    if name is None:
        raise NotFound
    first, last = period(today)
    return Handout(
        name, first, last, today,
        figures_of(session, enhet_id, first, last, exact=False),
        changes.of_unit(session, enhet_id, first, today, CHANGES_ON_PAPER),
    )  # fmt: skip
