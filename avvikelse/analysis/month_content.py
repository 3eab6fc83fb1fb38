"""A group's month as it is shown and stored: words and numbers, nothing that leads to a case. Open with month.py.

Frozen dataclasses of plain values, so that the content goes to JSON and back unchanged (`to_json`, `from_json`). The
labels are stored as they were: a code list that changes later does not change a published month.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from avvikelse.analysis.intervals import Share

FORMAT = 2
MOST_TO_DECIDE = 3
READABLE = (1, 2)  # a month published by an earlier version stays readable; what it did not know is empty


class Sign(StrEnum):
    """Drawn as a shape of its own each, with its words beside it (templates/group/_signs.html)."""

    RISING = "rising"  # more than chance explains
    FALLING = "falling"  # fewer, or quicker, than chance explains
    BETTER = "better"  # a new and better level
    SHIFTED = "shifted"  # unlike before, where neither more nor fewer is better
    USUAL = "usual"  # what may be expected
    FEW = "few"  # too little to compare with
    DECIDE = "decide"  # waits for the group
    LATE = "late"  # past its day


@dataclass(frozen=True, slots=True)
class Headline:
    """One of at most three sentences on top; `text` may be empty."""

    sign: Sign
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ToDecide:
    """A question that waits for the group, with what it is proposed to decide and who would see to it ("" = nothing
    is proposed yet)."""

    ref: str
    kind: str
    text: str
    raised_on: date
    days_waiting: int
    proposal: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A decision that is not carried out. `days_late` is 0 while there is time; `carried` over so many meetings.

    `no_mandate`: the group has found that no uppdrag exists, and the decision is what it does about that.
    """

    ref: str
    question: str
    decision: str
    owner: str
    due_on: date
    days_late: int
    carried: int = 0
    no_mandate: bool = False

    @property
    def answers(self) -> str:
        """The question, and what was found out about it where that is a lack."""
        return f"Inget uppdrag finns. {self.question}" if self.no_mandate else self.question


@dataclass(frozen=True, slots=True)
class Sentence:
    """A gruppmening with its category and who reports about whom; `count` reports say the very same."""

    text: str
    category: str
    route: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Count:
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class News:
    """What came in the month. `sentences` when they are few enough to read, else only `by_category`."""

    total: int
    before: int
    sentences: tuple[Sentence, ...]
    without_sentence: tuple[Count, ...]
    by_category: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A row of "Återkommer"; `sentence` says `recent` and `expected` in words."""

    category: str
    route: str
    month: int
    recent: int
    earlier: int
    expected: float | None
    sign: Sign
    sentence: str
    measure: str = ""  # "Å1 har inte minskat"; empty without one


@dataclass(frozen=True, slots=True)
class Candidate:
    """Reports that resemble each other and belong to no problem type yet, by their most typical gruppmening."""

    ref: str
    sentence: str
    count: int


@dataclass(frozen=True, slots=True)
class MeasureEffect:
    """A measure (Å1, Å2 …) with what it was against, cases before and after, and the judgement in words."""

    name: str
    about: str
    done: str  # month
    before: int
    before_months: float
    after: int
    after_months: float
    verdict: str
    sign: Sign
    recurred: int = 0  # *återkommit efter åtgärd*, at the very unit


@dataclass(frozen=True, slots=True)
class Answers:
    """Did the reporters get answers? `answered` of the month's reports; ratings of answers sent in three months."""

    answered: Share
    open: int
    late: int
    oldest_days_late: int
    sent: int
    ja: Share
    delvis: Share
    nej: Share

    @property
    def rated(self) -> int:
        return self.ja.total


@dataclass(frozen=True, slots=True)
class SentBack:
    """Skickade fram och tillbaka, three months: how many of those that a unit has held, and the ways they went."""

    returned: Share
    long: int
    routes: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class MonthTotal:
    month: str
    count: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who reports about whom, twelve months. `counts[i][j]`: `reporters[i]` about `concerned[j]`. Never ranked."""

    reporters: tuple[str, ...]
    concerned: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class SilentParty:
    """Has reported nothing in twelve months while others have reported about it `named` times."""

    name: str
    named: int


@dataclass(frozen=True, slots=True)
class ForumGap:
    """A kind of unit that occurs in `count` cases and has no seat in any group of the län."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Where young people pass from one part of the care to another and something broke. `members`: who to ask."""

    route: str
    what: str
    count: int
    members: tuple[str, ...] = ()
    about: str = ""  # the cell in codes, so that a theme made of it keeps whom to ask
    gap: float | None = None  # median weeks without help; None = fewer than five reports say
    actions: tuple[str, ...] = ()  # what is in place or decided about it, in words


@dataclass(frozen=True, slots=True)
class PointCount:
    """A point of an avtal that was not kept, twelve months. `count` None = fewer than five."""

    avtal: str
    number: str
    text: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a chart. `value` None = nothing to count from; `left_out` = drawn hollow, not in the limits."""

    month: str
    value: float | None
    sign: Sign
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """The mean and the expected range of a stretch of months: `first` and `last` index the chart's points."""

    first: int
    last: int
    mean: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Marker:
    """A measure's month as a labelled line."""

    month: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn series with its reading in one sentence; table, CSV and sentence come from these same values.

    `by_report`: a point is not a month but a report, under the month in which it came. `median`: a line through the
    middle, where there are too few months for levels.
    """

    key: str
    title: str
    about: str
    unit: str
    points: tuple[Point, ...]
    levels: tuple[Level, ...]
    markers: tuple[Marker, ...]
    sign: Sign
    reading: str
    decimals: int = 0
    by_report: bool = False
    median: float | None = None

    @property
    def along(self) -> str:
        """What the points follow, as the head of their column."""
        return "Rapporten kom" if self.by_report else "Månad"


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """*Mätetal*. `share` for a share; else `value` in words ("32 dagar"). `goal` as the group set it, "" without."""

    id: str
    name: str
    fraction: str
    value: str
    interval: str
    goal: str


@dataclass(frozen=True, slots=True)
class MonthContent:
    """Everything on the page, in the order of the page. `complete` = the month was over when this was made."""

    month: str
    as_of: date
    complete: bool
    headlines: tuple[Headline, ...]
    to_decide: tuple[ToDecide, ...]
    unfinished: tuple[Unfinished, ...]
    news: News
    recurring: tuple[Recurrence, ...]
    answers: Answers
    sent_back: SentBack
    silent: tuple[str, ...]
    totals: tuple[MonthTotal, ...]
    chart: bool
    silent_parties: tuple[SilentParty, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    measures: tuple[MeasureEffect, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()
    matrix: Matrix | None = None
    forum_gaps: tuple[ForumGap, ...] = ()
    passages: tuple[Passage, ...] = ()
    points: tuple[PointCount, ...] = ()
    missing_points: tuple[Count, ...] = ()
    charts: tuple[Chart, ...] = ()
    line: Chart | None = None  # what came, in a group's first year: beside the table, not instead of it
    good: tuple[Sentence, ...] = ()  # what went well; `good_unsaid` of them have no sentence yet
    good_unsaid: int = 0
    asked_feedback: int = 0  # twelve months' reports that feedback on an orosanmälan did not come
    news_since: date | None = None  # the papers of a meeting: what came after the last one, not in the month
    format: int = FORMAT

    @property
    def largest_gap(self) -> Passage | None:
        """The passage with the longest wait; as long as nobody can say that, the commonest one. None without any."""
        told = [row for row in self.passages if row.gap is not None]
        return max(told, key=lambda row: (row.gap or 0, row.count)) if told else next(iter(self.passages), None)

    @property
    def first_to_decide(self) -> tuple[ToDecide, ...]:
        """What a meeting can take: those that have waited longest."""
        return self.to_decide[:MOST_TO_DECIDE]

    @property
    def more_to_decide(self) -> int:
        return len(self.to_decide) - len(self.first_to_decide)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON: days as ISO text, tuples as lists."""
        return typing.cast("dict[str, Any]", _plain(dataclasses.asdict(self)))


def from_json(stored: Mapping[str, Any]) -> MonthContent:
    """The content that `to_json` wrote.

    Raises:
        ValueError: for a format that this program does not know.
    """
    if stored.get("format") not in READABLE:
        raise ValueError(f"month content of format {stored.get('format')!r}, not one of {READABLE}")
    return typing.cast("MonthContent", _typed(MonthContent, stored))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _typed(kind: Any, value: Any) -> Any:
    """`value` from JSON as `kind`: dataclass, tuple of one kind, optional, enum, day or plain value."""
    if typing.get_origin(kind) is types.UnionType:
        (kind,) = (option for option in typing.get_args(kind) if option is not types.NoneType)
        return None if value is None else _typed(kind, value)
    if typing.get_origin(kind) is tuple:
        return tuple(_typed(typing.get_args(kind)[0], item) for item in value)
    if dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        return typing.cast("Any", kind)(**{name: _typed(hints[name], item) for name, item in value.items()})
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if issubclass(kind, StrEnum) else value


def _hints(kind: Any) -> dict[str, Any]:
    if kind not in _HINTS:
        _HINTS[kind] = typing.get_type_hints(kind)
    return _HINTS[kind]


_HINTS: dict[Any, dict[str, Any]] = {}
