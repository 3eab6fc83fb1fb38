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

FORMAT = 1


class Sign(StrEnum):
    """Drawn as a shape of its own each, with its words beside it (templates/group/_signs.html)."""

    RISING = "rising"  # more than chance explains
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
    ref: str
    kind: str
    text: str
    raised_on: date
    days_waiting: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A decision whose reporter has not got an answer yet. `days_late` is 0 while there is time."""

    ref: str
    question: str
    decision: str
    owner: str
    due_on: date
    days_late: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A gruppmening with its category and who reports about whom."""

    text: str
    category: str
    route: str


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
    format: int = FORMAT

    def to_json(self) -> dict[str, Any]:
        """Plain JSON: days as ISO text, tuples as lists."""
        return typing.cast("dict[str, Any]", _plain(dataclasses.asdict(self)))


def from_json(stored: Mapping[str, Any]) -> MonthContent:
    """The content that `to_json` wrote.

    Raises:
        ValueError: for another format than this program writes.
    """
    if stored.get("format") != FORMAT:
        raise ValueError(f"month content of format {stored.get('format')!r}, not {FORMAT}")
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
