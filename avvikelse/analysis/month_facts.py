"""What a group's month is computed from: plain rows without texts, numbers of cases or persons. Open with month.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from avvikelse.analysis.bounces import Hold
from avvikelse.analysis.recurring import Cell, RecentCase


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case reported in the month. `sentence` = its gruppmening when it is approved and the group may read it."""

    category: str
    sender: str
    receiver: str
    sentence: str | None
    answered: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class EarlierCount:
    """How many cases of a cell came in one earlier month (YYYY-MM)."""

    month: str
    cell: Cell
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The group's open cases right now, the late ones among them, and the day on which the oldest of those was due.

    `first_on` is the day of the group's very first case, None when it has had none.
    """

    open: int = 0
    late: int = 0
    oldest_due_on: date | None = None
    first_on: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer sent to a reporter. `rating`: ja, delvis, nej or None (nothing said). `case` keeps answers apart."""

    case: int
    version: int
    rating: str | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question to the group whose words are approved. `decided_on` None = it waits for the group."""

    ref: str
    kind: str  # label
    text: str
    raised_on: date
    decided_on: date | None = None
    decision: str = ""
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """Words for codes, given from outside so that nothing here knows the code lists."""

    category: Callable[[str], str]
    reporter: Callable[[str], str]  # "Skolan"
    concerned: Callable[[str], str]  # "BUP"
    month: Callable[[str], str]  # "2026-10" → "oktober"


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """`months`: the fifteen months of the window, oldest first, the month itself last. `elapsed`: 0..1 of that month.

    `recent` are the cases of the last three months, `earlier` the counts of the twelve before. `not_problems` are the
    categories that tell what went well.
    """

    months: tuple[str, ...]
    as_of: date
    elapsed: float
    cases: tuple[CaseRow, ...]
    recent: tuple[RecentCase, ...]
    earlier: tuple[EarlierCount, ...]
    standing: Standing
    verdicts: tuple[Verdict, ...]
    holds: tuple[Hold, ...]
    questions: tuple[QuestionRow, ...]
    kinds_in_area: frozenset[str]
    not_problems: frozenset[str] = frozenset()

    @property
    def month(self) -> str:
        return self.months[-1]
