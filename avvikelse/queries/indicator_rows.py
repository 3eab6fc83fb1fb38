"""A group's cases as rows for the indicators (analysis/indicators). Open when an indicator of a group looks wrong.

    rows = case_rows(session, group_id, first, last)
    figures = indicators(rows, …)

Two reads, and one for the measures, bounded by the days asked for. A row's `problem_type` is the category and its
`receiver` the kind of unit that answers, as in the rest of the month. *Kvitterad* = a manager has accepted the case;
*besvarad* and *återkoppling* = the first answer reached the reporter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from avvikelse.analysis.indicators.rows import DUPLICATE, Case, Measure
from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.deadlines import Limits
from avvikelse.domain.measures import NO_EFFECT_ASKED, closes_on, first_follow_up
from avvikelse.domain.vocabulary import Effect, NotTakenUpReason, Outcome, PartySide, Status
from avvikelse.domain.workdays import end_of_day, local_date
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, Party, Transfer
from avvikelse.models.dialogue import Atgard
from avvikelse.queries.limits import limits_of
from avvikelse.queries.month_reads import CATEGORY, COUNTS, FIRST_OF_EVENT, RECEIVER

_COLUMNS = (
    Avvikelse.id, CATEGORY.label("category"), RECEIVER.label("receiver"), Avvikelse.outcome,
    Avvikelse.not_taken_up_reason, Avvikelse.accepted_at, Avvikelse.first_answer_at, Avvikelse.closed_at,
)  # fmt: skip
MEASURES_SINCE = timedelta(days=400)  # a measure is decided, put in place and followed up within about a year
EFFECTS = {Effect.WORKS: "effektiv", Effect.PARTLY: "delvis", Effect.NOT: "ej effektiv"}


def case_rows(session: Session, group_id: int, first: date, last: date) -> tuple[Case, ...]:
    """The group's cases reported from `first` to `last`. Merged ones are duplicates: they never count.

    Of reports that are joined by kopplingskod only the first is here, and no good example.
    """
    here = (GroupMembership.group_id == group_id, GroupMembership.reported_on.between(first, last))
    ids = select(GroupMembership.avvikelse_id).where(*here)
    query = (
        select(*_COLUMNS, GroupMembership.reported_on)
        .join(GroupMembership, GroupMembership.avvikelse_id == Avvikelse.id)
        .where(*here, FIRST_OF_EVENT, CATEGORY != GOOD_EXAMPLE)
    )
    holders = _holders(session, ids)
    return tuple(_case(row, row.reported_on, holders) for row in session.execute(query))


def omrade_case_rows(session: Session, pack_id: int, omrade_id: int, first: date, last: date) -> tuple[Case, ...]:
    """The cases reported from `first` to `last` that a sekretessområde answers for now."""
    owned = (
        Avvikelse.pack_id == pack_id, Avvikelse.submitted_at >= end_of_day(first - timedelta(days=1)),
        Avvikelse.submitted_at < end_of_day(last), Avvikelse.status != Status.DRAFT, CATEGORY != GOOD_EXAMPLE,
        Avvikelse.parties.any((Party.omrade_id == omrade_id) & (Party.side == PartySide.OWNER)),
    )  # fmt: skip
    holders = _holders(session, select(Avvikelse.id).where(*owned))
    rows = session.execute(select(*_COLUMNS, Avvikelse.submitted_at).where(*owned))
    return tuple(_case(row, local_date(row.submitted_at), holders) for row in rows)


def _holders(session: Session, ids: Select[int]) -> dict[int, list[str]]:
    """The units that have had each case, in order."""
    found: dict[int, list[str]] = defaultdict(list)
    held = (
        select(Transfer.avvikelse_id, Transfer.to_enhet_id)
        .where(Transfer.avvikelse_id.in_(ids), Transfer.to_position_id.is_not(None))
        .order_by(Transfer.id)
    )
    for case_id, unit in session.execute(held):
        found[case_id].append(str(unit))
    return found


def _case(row: Any, reported_on: date, holders: Mapping[int, Sequence[str]]) -> Case:
    return Case(
        id=str(row.id),
        reported_on=reported_on,
        receiver=row.receiver,
        problem_type=row.category,
        withdrawn_on=_day(row.closed_at) if _left(row.outcome) else None,
        withdrawn_reason=_reason(row.outcome, row.not_taken_up_reason),
        acknowledged_on=_day(row.accepted_at),
        answered_on=_day(row.first_answer_at),
        feedback_on=_day(row.first_answer_at),
        closed_on=None if _left(row.outcome) else _day(row.closed_at),
        holders=tuple(holders.get(row.id, ())),
    )


def measure_rows(session: Session, pack_id: int, group_id: int, first: date, last: date) -> tuple[Measure, ...]:
    """The åtgärder of the group's cases that may count in the period.

    One is to be followed up when its effect is first asked about and QUESTION_DAYS have passed to answer; "för tidigt
    att säga" is no follow-up. "Ingen åtgärd" and a lifted question are none.
    """
    rows = session.execute(
        select(Atgard, CATEGORY.label("category"), RECEIVER.label("receiver"))
        .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
        .join(Atgard, Atgard.avvikelse_id == Avvikelse.id)
        .where(
            GroupMembership.group_id == group_id, COUNTS, FIRST_OF_EVENT,
            GroupMembership.reported_on.between(first - MEASURES_SINCE, last),
            Atgard.kind.not_in(NO_EFFECT_ASKED), Atgard.decided_on.is_not(None),
        )
    ).all()  # fmt: skip
    return _measures(session, pack_id, rows)


def omrade_measure_rows(session: Session, pack_id: int, omrade_id: int, first: date, last: date) -> tuple[Measure, ...]:
    """The åtgärder that a sekretessområde runs, decided in the year before the period or in it."""
    rows = session.execute(
        select(Atgard, CATEGORY.label("category"), RECEIVER.label("receiver"))
        .join_from(Atgard, Avvikelse, Avvikelse.id == Atgard.avvikelse_id)
        .where(
            Atgard.omrade_id == omrade_id, Atgard.kind.not_in(NO_EFFECT_ASKED),
            Atgard.decided_on.between(first - MEASURES_SINCE, last),
        )
    ).all()  # fmt: skip
    return _measures(session, pack_id, rows)


def _measures(session: Session, pack_id: int, rows: Sequence[Any]) -> tuple[Measure, ...]:
    limits = limits_of(session, pack_id) if rows else Limits()
    return tuple(_measure(row.Atgard, row.category, row.receiver, limits) for row in rows)


def _measure(row: Atgard, category: str, receiver: str, limits: Limits) -> Measure:
    judged = row.effect is not None and row.effect is not Effect.TOO_EARLY
    asked = first_follow_up(row.kind, row.done_on, limits) if row.done_on else None
    return Measure(
        str(row.id), str(row.avvikelse_id), category, receiver, row.decided_on,
        closes_on(asked) if asked else None,
        followed_up_on=row.followed_up_on if judged else None,
        effect=EFFECTS[row.effect] if judged and row.effect else "",
    )  # fmt: skip


def _left(outcome: Outcome | None) -> bool:
    """Ended without an answer to be had."""
    return outcome in {Outcome.WITHDRAWN, Outcome.MERGED, Outcome.NOT_TAKEN_UP}


def _reason(outcome: Outcome | None, reason: NotTakenUpReason | None) -> str:
    if outcome in {Outcome.MERGED, Outcome.NOT_TAKEN_UP}:
        # What is merged or not taken up is no case of the group's: it never counts anywhere else on the page either.
        return DUPLICATE
    return reason.value if reason else ""


def _day(moment: datetime | None) -> date | None:
    return local_date(moment) if moment else None
