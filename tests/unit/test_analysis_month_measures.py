"""Measures on the month's page: numbered, judged by what came before and after, never blamed or praised too early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from avvikelse.analysis.month import month_content
from avvikelse.analysis.month_content import Sign
from avvikelse.analysis.month_facts import EarlierCount, MeasureRow, MonthFacts, RecentCase, Standing
from tests.unit.test_analysis_month import CELL, EMPTY, NAMES

MONTHS = EMPTY.months
AGAINST = ("A1", "bup")


def facts(before: Sequence[int], after: Sequence[int], **changes) -> MonthFacts:
    """Cases per month before and after a measure that was put in place in the month between them."""
    counts = [*before, 0, *after]
    months = MONTHS[-len(counts) :]
    per_month = list(zip(months, counts, strict=True))
    return replace(
        EMPTY,
        standing=Standing(first_on=date.fromisoformat(f"{months[0]}-02")),
        earlier=tuple(EarlierCount(month, CELL, count) for month, count in per_month[:-3]),
        recent=tuple(RecentCase(CELL, month, n) for month, count in per_month[-3:] for n in range(count)),
        measures=(MeasureRow("Rutin", AGAINST, date.fromisoformat(f"{months[len(before)]}-15")),),
        **changes,
    )


@pytest.mark.parametrize(
    ("before", "after", "verdict", "sign"),
    [
        ([6] * 12, [1, 1, 1, 1], "har minskat", Sign.FALLING),
        ([2] * 12, [6, 6, 6, 6], "har ökat", Sign.RISING),
        ([3] * 12, [3, 3, 3], "har inte minskat än", Sign.USUAL),
        ([1, 0, 0, 0] * 3, [0, 0, 0, 0, 0], "tyst 5 av 21 månader", Sign.FEW),
        ([1] + [0] * 11, [0, 0, 0], "för få rapporter före för att säga", Sign.FEW),  # 228 months would be needed
        ([0] * 12, [0, 0, 0], "för tidigt att säga", Sign.FEW),
    ],
)
def test_what_can_be_said_of_a_measure(before: list[int], after: list[int], verdict: str, sign: Sign) -> None:
    (row,) = month_content(facts(before, after), NAMES).measures
    assert (row.name, row.verdict, row.sign) == ("Å1", verdict, sign)
    assert (row.before, row.before_months, row.after, row.after_months) == (sum(before), 12, sum(after), len(after))
    assert row.about == "Rutin. Kallad part uteblev, gäller BUP"


def test_the_months_own_cases_belong_to_neither_side_and_a_running_month_counts_for_its_part() -> None:
    (row,) = month_content(facts([3] * 12, [3, 3], elapsed=0.25), NAMES).measures
    assert row.after_months == 1.25


def test_the_recurring_problem_names_its_measure() -> None:
    content = month_content(facts([3] * 12, [3, 3, 3]), NAMES)
    assert content.recurring[0].measure == "Å1 har inte minskat än"
    assert "”Kallad part uteblev” har inte minskat efter åtgärden." in [line.title for line in content.headlines]


def test_a_measure_against_something_else_is_not_named_there() -> None:
    with_other = facts([3] * 12, [3, 3, 3])
    other = replace(with_other, measures=(replace(with_other.measures[0], against=("A1", "habilitering")),))
    assert month_content(other, NAMES).recurring[0].measure == ""
