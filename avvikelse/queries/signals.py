"""The counts behind a group's signals. Open when a signal counts too much or too little, or is slow.

Three reads through the index of a group's months, bounded by the window of 24 months: their cost grows with the cases
of the window, not with all history. Cases merged into another or not taken up, and good examples, do not count. What a
person has confirmed in a problem type of the group counts there ("P12") and not in its category, as in the month.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, Subquery, and_, case, cast, extract, func, literal, or_, select
from sqlalchemy.orm import Session

from avvikelse.analysis.scan import RECENT_MONTHS, Counted
from avvikelse.analysis.signals import WINDOW, SignalFacts, Signals, signals
from avvikelse.domain import months
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.themes import ProblemType, ProblemTypeCase
from avvikelse.queries.month import GOOD_EXAMPLES
from avvikelse.queries.month_reads import FIRST_OF_EVENT, NO_CATEGORY, NOT_COUNTED

_receiver = func.coalesce(Avvikelse.receiver_kind, Avvikelse.counterpart_kind, "").label("receiver")
_like = (Avvikelse.sender_kind.label("sender"), _receiver, Avvikelse.kommunkod.label("kommun"))


def group_signals(session: Session, group_id: int, month: str, *, today: date) -> Signals:
    """What the scan and the charts say of the group for the month, from what is known now."""
    return signals(signal_facts(session, group_id, month, today=today))


def signal_facts(session: Session, group_id: int, month: str, *, today: date) -> SignalFacts:
    """The plain counts. Raises ValueError unless `month` is YYYY-MM."""
    window = tuple(months.shift(month, n) for n in range(1 - WINDOW, 1))
    places = {name: place for place, name in enumerate(window)}
    first_on = session.scalar(select(func.min(GroupMembership.reported_on)).where(GroupMembership.group_id == group_id))
    year, number = (extract(part, GroupMembership.reported_on) for part in ("year", "month"))
    confirmed, theme = _confirmed(group_id)
    counted = session.execute(
        select(
            year.label("year"),
            number.label("month"),
            theme,
            *_like,
            func.count().label("cases"),
            func.count(case((Avvikelse.returned, 1))).label("returned"),
        )
        .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
        .outerjoin(confirmed, confirmed.c.avvikelse_id == Avvikelse.id)
        .where(_reported(group_id, window[0], month))
        .group_by(year, number, theme, *_like)
    )
    recent = session.execute(
        select(theme, *_like, Avvikelse.sender_enhet_id.label("unit"))
        .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
        .outerjoin(confirmed, confirmed.c.avvikelse_id == Avvikelse.id)
        .where(_reported(group_id, window[-RECENT_MONTHS], month))
        .distinct()
    )
    return SignalFacts(
        group=str(group_id),
        months=window,
        counted=tuple(
            _counted(row, places[f"{int(row.year):04d}-{int(row.month):02d}"], row.cases, row.returned)
            for row in counted
        ),
        recent=tuple((_counted(row, WINDOW - 1, 1), row.unit) for row in recent),
        first_month=months.month_of(first_on) if first_on else None,
        elapsed=months.elapsed(month, today),
    )


def _confirmed(group_id: int) -> tuple[Subquery, ColumnElement[str]]:
    """The cases confirmed in a problem type of the group (in several: the oldest), and what each case counts under."""
    confirmed = (
        select(ProblemTypeCase.avvikelse_id, func.min(ProblemTypeCase.problem_type_id).label("problem_type_id"))
        .join(ProblemType, ProblemType.id == ProblemTypeCase.problem_type_id)
        .where(ProblemType.group_id == group_id)
        .group_by(ProblemTypeCase.avvikelse_id)
        .subquery()
    )
    own = literal("P") + cast(confirmed.c.problem_type_id, String)
    return confirmed, func.coalesce(own, Avvikelse.category, NO_CATEGORY).label("theme")


def _reported(group_id: int, first: str, last: str) -> ColumnElement[bool]:
    return and_(
        GroupMembership.group_id == group_id,
        GroupMembership.reported_on.between(months.first_day(first), months.last_day(last)),
        or_(Avvikelse.outcome.is_(None), Avvikelse.outcome.not_in(NOT_COUNTED)),
        func.coalesce(Avvikelse.category, NO_CATEGORY).not_in(GOOD_EXAMPLES),
        FIRST_OF_EVENT,
    )


def _counted(row: Any, place: int, cases: int, returned: int = 0) -> Counted:
    return Counted(place, row.theme, row.sender, row.receiver, row.kommun, cases, returned)
