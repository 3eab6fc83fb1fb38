"""Measures that are in place: Å1, Å2 …, and whether the problem has become rarer since. Open with month.py.

The words are about the problem, never about the measure: "har inte minskat än", not "hade ingen effekt". A measure's
problem is the category and the receiver of the case that it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from avvikelse.analysis.effect import YEAR, Change, effect, silence_needed
from avvikelse.analysis.month_charts import active_months, counts_by_month
from avvikelse.analysis.month_content import MeasureEffect, Recurrence, Sign
from avvikelse.analysis.month_facts import MeasureRow, MonthFacts, Names
from avvikelse.analysis.silence import LONGEST_SAID

MOST_MEASURES = 6
SHORTEST_AFTER = 1  # whole months: before that nothing can be said

Numbered = tuple[str, MeasureRow]


def numbered(facts: MonthFacts) -> tuple[Numbered, ...]:
    """The newest measures, in the order in which they were put in place, with their names on the page."""
    rows = sorted(facts.measures, key=lambda row: (row.done_on, row.kind, row.against))[-MOST_MEASURES:]
    return tuple((f"Å{number}", row) for number, row in enumerate(rows, 1))


def measure_effects(facts: MonthFacts, names: Names, rows: Sequence[Numbered]) -> tuple[MeasureEffect, ...]:
    """Each measure with its cases before and after."""
    return tuple(_effect(facts, names, name, row) for name, row in rows)


def _effect(facts: MonthFacts, names: Names, name: str, row: MeasureRow) -> MeasureEffect:
    done = f"{row.done_on:%Y-%m}"
    counts, months = counts_by_month(facts, row.against), active_months(facts)
    before = [month for month in months if month < done][-YEAR:]
    after = [month for month in months if month > done]
    # The month that runs counts for as much of it as has gone; the measure's own month is neither before nor after.
    after_length = len(after) - (1 - facts.elapsed if after and after[-1] == facts.month else 0)
    a, b = sum(counts[month] for month in before), sum(counts[month] for month in after)
    found = effect(a, b, len(before), after_length)
    verdict, sign = _verdict(found.change, a, b, after_length)
    about = f"{row.kind}. {names.category(row.against[0])}, gäller {names.concerned(row.against[1])}"
    return MeasureEffect(name, about, done, a, len(before), b, after_length, verdict, sign, row.recurred)


def _verdict(change: Change, before: int, after: int, months_after: float) -> tuple[str, Sign]:
    if change is Change.LESS:
        return "har minskat", Sign.FALLING
    if change is Change.MORE:
        return "har ökat", Sign.RISING
    if months_after < SHORTEST_AFTER or not before:
        return "för tidigt att säga", Sign.FEW
    if not after:
        needed = ceil(silence_needed(before))
        if needed > LONGEST_SAID:
            return "för få rapporter före för att säga", Sign.FEW
        return f"tyst {months_after:.0f} av {needed} månader", Sign.FEW
    return "har inte minskat än", Sign.USUAL


def with_measures(
    rows: tuple[Recurrence, ...], places: Sequence[tuple[str, str] | None], effects: Sequence[MeasureEffect],
    measures: Sequence[Numbered],
) -> tuple[Recurrence, ...]:  # fmt: skip
    """Each recurring problem with the newest measure against it. `places[i]` = category and receiver of `rows[i]`."""
    said = {row.against: f"{effect.name} {effect.verdict}" for effect, (_, row) in zip(effects, measures, strict=True)}
    return tuple(
        replace(row, measure=said[place]) if place is not None and place in said else row
        for row, place in zip(rows, places, strict=True)
    )
