"""A samverkansgrupp's month: the rows it is computed from, and the page that is read. Open when a number looks wrong.

A dozen reads make a month (month_reads.py), each through an index and bounded by the window of two years; a published
month is one read. Cases that were merged into another or not taken up never count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.analysis.bounces import Hold
from avvikelse.analysis.month import WINDOW, month_content
from avvikelse.analysis.month_content import MonthContent, from_json
from avvikelse.analysis.month_facts import (
    AgreedPoint,
    CaseRow,
    Cell,
    DecisionRow,
    EarlierCount,
    GapCount,
    MeasureRow,
    MonthFacts,
    Names,
    PointRow,
    QuestionRow,
    RecentCase,
    Standing,
    ThemeAction,
    ThemeRow,
    Verdict,
    Wait,
)
from avvikelse.domain import months
from avvikelse.domain.action_plan import ActivityStatus
from avvikelse.domain.answering import NO_FEEDBACK_ON_OROSANMALAN
from avvikelse.domain.codes import GOOD_EXAMPLE, atgard_kind_label, category_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import DecisionStatus, GapOutcome
from avvikelse.domain.kommuner import kommun_name
from avvikelse.domain.party_words import as_concerned, as_reporter
from avvikelse.domain.passages import PASSAGES
from avvikelse.domain.vocabulary import Outcome, SeesCases
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_work import ChartLevel, GroupQuestion, MonthComment, MonthSummary
from avvikelse.policy.group_reading import GroupFacts, Groups, area
from avvikelse.queries.indicator_figures import period_rows
from avvikelse.queries.month_reads import (
    DECISION,
    Window,
    kinds,
    open_decisions,
    passage_actions,
    points,
    questions,
    seated_kinds,
    themes,
)
from avvikelse.queries.theme_patterns import waiting_patterns

GOOD_EXAMPLES = frozenset({GOOD_EXAMPLE})  # tell what went well: read by the group, counted nowhere
SCHOOL_FREE = frozenset({7})  # July: hardly anybody is there to report
INDICATOR_MONTHS = 6
SILENT_AFTER = timedelta(days=92)  # a newer kind of unit has not had time to be silent
NAMES = Names(category_label, as_reporter, as_concerned, months.name_alone, kommun_name)


@dataclass(frozen=True, slots=True)
class StoredMonth:
    """A group's month. `version` 0 = computed now and not published."""

    content: MonthContent
    version: int
    made_at: datetime
    frozen: bool


def read_month(
    session: Session, groups: Groups, group: GroupFacts, month: str, *, now: datetime, version: int | None = None
) -> StoredMonth:
    """The published month as it stands (the newest version, or the one asked for), else the month as it looks now.

    Raises NotFound for a version that was never published.
    """
    stored = published(session, group.id, month, version)
    if stored is not None:
        return StoredMonth(from_json(stored.content), stored.version, stored.made_at, frozen=True)
    if version is not None:
        raise NotFound
    content = compute_month(session, groups, group, month, now=now)
    return StoredMonth(content, version=0, made_at=now, frozen=False)


def published(session: Session, group_id: int, month: str, version: int | None = None) -> MonthSummary | None:
    """The newest frozen version, or the one asked for."""
    query = select(MonthSummary).where(
        MonthSummary.group_id == group_id, MonthSummary.month == month, MonthSummary.frozen
    )
    if version is not None:
        query = query.where(MonthSummary.version == version)
    return session.scalar(query.order_by(MonthSummary.version.desc()).limit(1))


def newest_comment(session: Session, group_id: int, month: str) -> MonthComment | None:
    """The convenor's latest words about a month; an empty text = taken away."""
    query = select(MonthComment).where(MonthComment.group_id == group_id, MonthComment.month == month)
    return session.scalar(query.order_by(MonthComment.version.desc()).limit(1))


def levels_of(session: Session, group_id: int) -> tuple[ChartLevel, ...]:
    """The new levels that stand in the group's charts, oldest first."""
    query = select(ChartLevel).where(ChartLevel.group_id == group_id, ChartLevel.removed_at.is_(None))
    return tuple(session.scalars(query.order_by(ChartLevel.month, ChartLevel.id)))


def compute_month(
    session: Session, groups: Groups, group: GroupFacts, month: str, *, now: datetime, since: date | None = None
) -> MonthContent:
    """The month from what is known now. With `since`, what is new is what came after that day: a meeting's papers."""
    facts = month_facts(session, groups, group, month, now=now, since=since)
    return month_content(facts, _names(facts))


def _names(facts: MonthFacts) -> Names:
    """Also the group's own problem types have names."""
    own = facts.themes
    return replace(NAMES, category=lambda code: own[code].name if code in own else category_label(code))


def _themes(session: Session, group_id: int) -> dict[str, ThemeRow]:
    return {
        _theme(row.id): ThemeRow(row.name, (row.category, row.receiver_kind or "") if row.category else None)
        for row in session.execute(themes(group_id))
    }


def _theme(problem_type_id: int) -> str:
    """A problem type among the categories."""
    return f"P{problem_type_id}"


def month_facts(
    session: Session, groups: Groups, group: GroupFacts, month: str, *, now: datetime, since: date | None = None
) -> MonthFacts:
    """The plain rows. A group without `enskilda` gets no gruppmeningar, only their number."""
    today = local_date(now)
    window = tuple(months.shift(month, n) for n in range(1 - WINDOW, 1))
    mine = Window(group.id, window)
    found = session.execute(mine.recent_cases(sentences=group.sees is SeesCases.ENSKILDA, since=since)).all()
    rows = [row for row in found if row.category not in GOOD_EXAMPLES]
    new, good = (
        [row for row in some if (row.reported_on > since if since else months.month_of(row.reported_on) == month)]
        for some in (rows, [row for row in found if row.category in GOOD_EXAMPLES])
    )
    themed = session.execute(mine.themed()).all()
    of = {row.id: _theme(row.theme) for row in themed}
    served = {kind: first for kind, first in session.execute(kinds(group.pack_id, area(groups, group), today))}  # noqa: C416
    return MonthFacts(
        months=window,
        as_of=today,
        elapsed=months.elapsed(month, today),
        cases=tuple(_case_row(row) for row in new),
        good=tuple(_case_row(row) for row in good),
        recent=tuple(
            RecentCase(_cell(row), months.month_of(row.reported_on), row.sender_enhet_id, row.kommunkod, of.get(row.id))
            for row in rows
            if row.reported_on >= mine.recent_start
        ),
        earlier=_earlier(session, mine, themed),
        standing=Standing(*session.execute(mine.standing(today)).one()),
        verdicts=tuple(Verdict(*row) for row in session.execute(mine.verdicts())),
        holds=tuple(Hold(*row) for row in session.execute(mine.holds())),
        questions=tuple(_question(row) for row in session.scalars(questions(group.id))),
        decisions=tuple(
            DecisionRow(ref, asked or "", text, owner, due_on, carried, gap is GapOutcome.NO_MANDATE)
            for ref, asked, text, owner, due_on, carried, gap in session.execute(open_decisions(group.id))
        ),
        kinds_in_area=frozenset(served),
        not_problems=GOOD_EXAMPLES,
        passages=PASSAGES,
        feedback=frozenset({NO_FEEDBACK_ON_OROSANMALAN}),
        seated=_seated(session, groups, group, today),
        young=frozenset(kind for kind, first in served.items() if first > today - SILENT_AFTER),
        waits=tuple(_wait(row, today) for row in session.execute(mine.waits())),
        by_point=tuple(
            PointRow(row.avtalspunkt_id, _cell(row), row.number) for row in session.execute(mine.by_point())
        ),
        agreed={row[0]: AgreedPoint(*row[1:]) for row in session.execute(points(group.pack_id))},
        measures=tuple(
            MeasureRow(atgard_kind_label(row.kind), (row.category, row.receiver_kind), row.done_on, row.recurred)
            for row in session.execute(mine.measures())
        ),
        gaps=tuple(GapCount(_cell(row), row.gap_weeks, row.number) for row in session.execute(mine.gaps())),
        theme_actions=tuple(_theme_action(*row) for row in session.execute(passage_actions(group.id))),
        candidates=waiting_patterns(session, group),
        themes=_themes(session, group.id),
        school_free=SCHOOL_FREE,
        new_levels=_new_levels(session, group.id),
        news_since=since,
        indicators=period_rows(session, groups, group, *_period(window, today), today=today),
    )


def _earlier(session: Session, mine: Window, themed: Sequence[Any]) -> tuple[EarlierCount, ...]:
    """The counts of the months before, with the confirmed cases apart under their problem type."""
    own = Counter(
        (months.month_of(row.reported_on), _cell(row), row.kommunkod, _theme(row.theme))
        for row in themed
        if row.reported_on < mine.recent_start
    )
    apart: Counter[tuple[str, Cell, str | None]] = Counter()
    for (month, cell, kommun, _), count in own.items():
        apart[month, cell, kommun] += count
    found = [EarlierCount(month, cell, count, kommun, theme) for (month, cell, kommun, theme), count in own.items()]
    for row in session.execute(mine.earlier_counts()):
        key = (f"{int(row.year):04d}-{int(row.month):02d}", _cell(row), row.kommunkod)
        if row.number > apart[key]:
            found.append(EarlierCount(key[0], key[1], row.number - apart[key], key[2]))
    return tuple(found)


def _period(window: tuple[str, ...], today: date) -> tuple[date, date]:
    """The last six months, as far as they have come."""
    return months.first_day(window[-INDICATOR_MONTHS]), min(months.last_day(window[-1]), today)


def _new_levels(session: Session, group_id: int) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for level in levels_of(session, group_id):
        found.setdefault(level.chart, {})[level.month] = level.cause
    return found


def _seated(session: Session, groups: Groups, group: GroupFacts, today: date) -> frozenset[str] | None:
    """The kinds of units with a place in some group of the län, by its register of places and by what groups name as
    theirs; None when neither says anything."""
    named = [one.kinds for one in groups.values() if one.active and one.kinds is not None]
    places = frozenset(kind for kind in session.scalars(seated_kinds(group.pack_id, today)) if kind)
    return places.union(*named) if named or places else None


def _wait(row: Any, today: date) -> Wait:
    """Until the first answer; without one, until the case was closed or until today."""
    until = local_date(row.first_answer_at or row.closed_at) if row.first_answer_at or row.closed_at else today
    month = months.month_of(row.reported_on)
    return Wait(
        month, max(0, (until - row.reported_on).days), answered=row.first_answer_at is not None, on=row.reported_on,
        about=(row.category, row.receiver_kind),
    )  # fmt: skip


def _theme_action(
    category: str, sender: str | None, receiver: str | None, kind: str, text: str, status: str
) -> ThemeAction:
    said = DecisionStatus(status) if kind == DECISION else ActivityStatus(status)
    return ThemeAction((category, sender, receiver), kind, text, said.label.lower())


def _cell(row: Any) -> Cell:
    return (row.category, row.sender_kind, row.receiver_kind)


def _case_row(row: Any) -> CaseRow:
    return CaseRow(
        *_cell(row), row.sentence, answered=row.answered_at is not None, withdrawn=row.outcome is Outcome.WITHDRAWN
    )


def _question(row: GroupQuestion) -> QuestionRow:
    proposed = (row.proposal or "", row.proposed_owner or "")
    return QuestionRow(row.ref, row.kind.label, row.text, local_date(row.raised_at), *proposed)
