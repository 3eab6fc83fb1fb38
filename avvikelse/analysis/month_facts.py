"""What a group's month is computed from: plain rows without texts, numbers of cases or persons. Open with month.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from avvikelse.analysis.bounces import Hold
from avvikelse.analysis.month_content import IndicatorRow

Cell = tuple[str, str, str]  # category, who reports (kind of unit), whom it concerns (kind of unit)


@dataclass(frozen=True, slots=True)
class RecentCase:
    """One case of the last three months. `reporter`: any key that tells reporting units apart; None = unknown.

    `theme`: the group's problem type that the case is confirmed in, as Names.category knows it.
    """

    cell: Cell
    month: str  # YYYY-MM
    reporter: int | None
    kommun: str | None = None
    theme: str | None = None


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
    """How many cases of a cell came in one earlier month (YYYY-MM), in one kommun (None = not known), of one theme."""

    month: str
    cell: Cell
    count: int
    kommun: str | None = None
    theme: str | None = None


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
class Wait:
    """How long one reporter waited for an answer, in days; `answered` False = has waited so long and waits still."""

    month: str  # in which the report came
    days: int
    answered: bool
    on: date | None = None  # the report's day
    about: tuple[str, str] | None = None  # its category and receiver


@dataclass(frozen=True, slots=True)
class PointRow:
    """Twelve months' cases of a cell by the point of an avtal that was not kept; `point` None = none was named."""

    point: int | None
    cell: Cell
    count: int


@dataclass(frozen=True, slots=True)
class AgreedPoint:
    avtal: str
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure that is in place. `against`: the category and receiver of the case that it came from.

    `recurred`: reports of the same at the same unit since (*återkommit efter åtgärd*).
    """

    kind: str  # label
    against: tuple[str, str]
    done_on: date
    recurred: int = 0


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A group of alike reports that a person has not judged yet, by its most typical gruppmening."""

    ref: str
    sentence: str
    count: int


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A problem type of the group. `about`: the category and receiver of the pattern that it was confirmed from."""

    name: str
    about: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class GapCount:
    """So many of a passage's cases were so many weeks without help."""

    cell: Cell
    weeks: int
    count: int


@dataclass(frozen=True, slots=True)
class ThemeAction:
    """What a group has decided or planned about a theme. `about`: the theme's category, sender and receiver; None =
    any. `what` and `status` are labels."""

    about: tuple[str, str | None, str | None]
    what: str
    text: str
    status: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question that waits for the group; its words are approved."""

    ref: str
    kind: str  # label
    text: str
    raised_on: date
    proposal: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision of the group that is not carried out. `question`: the one that it answers, "" without.

    `no_mandate`: the answer to an ansvarslucka is that no uppdrag exists.
    """

    ref: str
    question: str
    decision: str
    owner: str
    due_on: date
    carried: int = 0
    no_mandate: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """Words for codes, given from outside so that nothing here knows the code lists."""

    category: Callable[[str], str]  # also of the group's own problem types
    reporter: Callable[[str], str]  # "Skolan"
    concerned: Callable[[str], str]  # "BUP"
    month: Callable[[str], str]  # "2026-10" → "oktober"
    kommun: Callable[[str], str] = str  # "2380" → "Östersund"


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """`months`: the months of the window, oldest first, the month itself last. `elapsed`: 0..1 of that month.

    `recent` are the cases of the last three months, `earlier` the counts of the months before. `not_problems` are the
    categories that tell what went well, `passages` those about going from one part of the care to another (with
    the kind of unit that should talk of it too, "" = none), `feedback` those that ask for feedback on an orosanmälan.
    `seated` are the kinds of units with a place in some group of the län (None = nothing is known of that),
    `young` those whose every unit is too new to be called silent. `school_free` are the months without school.
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
    decisions: tuple[DecisionRow, ...] = ()
    good: tuple[CaseRow, ...] = ()  # good examples of the month: among no other rows
    not_problems: frozenset[str] = frozenset()
    passages: Mapping[str, str] = field(default_factory=dict)
    feedback: frozenset[str] = frozenset()
    seated: frozenset[str] | None = None
    young: frozenset[str] = frozenset()
    waits: tuple[Wait, ...] = ()
    by_point: tuple[PointRow, ...] = ()
    agreed: Mapping[int, AgreedPoint] = field(default_factory=dict)
    measures: tuple[MeasureRow, ...] = ()
    gaps: tuple[GapCount, ...] = ()  # twelve months
    theme_actions: tuple[ThemeAction, ...] = ()
    candidates: tuple[CandidateRow, ...] = ()
    themes: Mapping[str, ThemeRow] = field(default_factory=dict)  # by its code among the categories
    indicators: tuple[IndicatorRow, ...] = ()
    school_free: frozenset[int] = frozenset()
    new_levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # chart → month → documented cause
    news_since: date | None = None  # `cases` are those reported from this day on; None = those of the month

    @property
    def month(self) -> str:
        return self.months[-1]
