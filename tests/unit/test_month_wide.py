"""What is published outside the group: no small number, not even by subtraction, whatever came when."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from avvikelse.analysis.month_wide import CannotPublish, Made, from_json, publish, to_json
from avvikelse.analysis.publication import OTHERS

ROWS, COLUMNS = ("SIP", "Remiss", "Övergångar"), ("Skola", "Vård")
K = 5


def month(*counts: int) -> Counter[tuple[str, str]]:
    """Counts in the order (SIP, Skola), (SIP, Vård), (Remiss, Skola) …"""
    return Counter(dict(zip(itertools.product(ROWS, COLUMNS), counts, strict=False)))


def test_four_reports_are_too_few_to_tell_anything() -> None:
    with pytest.raises(CannotPublish, match="Minst 5"):
        publish(2026, [month(2, 2)], ROWS, COLUMNS)


def test_large_numbers_stand_and_small_rows_go_together() -> None:
    made = publish(2026, [month(9, 12, 8, 7, 1, 0)], ROWS, COLUMNS)
    assert made.table.rows == ("SIP", OTHERS)  # one case about a passage would stand alone: the next smallest joins it
    assert made.table.cells == ((9, 12), (9, 7))
    assert (made.table.row_totals, made.table.column_totals, made.table.total) == ((21, 16), (18, 19), 37)


def test_a_small_number_is_hidden_with_others_that_protect_it() -> None:
    table = publish(2026, [month(9, 3, 8, 7, 11, 6)], ROWS, COLUMNS).table
    assert table.cells[0][1] is None
    assert len(table.hidden) >= 4  # one hidden cell alone could be computed from the sums


def test_the_difference_to_the_last_publication_tells_no_small_number() -> None:
    first = publish(2026, [month(20, 20, 20, 20, 20, 20)], ROWS, COLUMNS)
    with pytest.raises(CannotPublish, match="Vänta"):
        publish(2026, [month(20, 20, 20, 20, 20, 20), month(1)], ROWS, COLUMNS, [first])
    second = publish(2026, [month(20, 20, 20, 20, 20, 20), month(9, 9, 9, 9, 9, 9)], ROWS, COLUMNS, [first])
    assert second.table.cells[0] == (29, 29)


def test_a_late_change_of_a_published_month_waits() -> None:
    first = publish(2026, [month(20, 20, 20, 20, 20, 20)], ROWS, COLUMNS)
    changed = [month(25, 20, 20, 20, 20, 20), month(9, 9, 9, 9, 9, 9)]
    assert publish(2026, changed, ROWS, COLUMNS, [first]).table.cells[0][0] == 29


def test_a_month_is_published_once() -> None:
    first = publish(2026, [month(20, 20)], ROWS, COLUMNS)
    with pytest.raises(CannotPublish, match="redan"):
        publish(2026, [month(20, 20)], ROWS, COLUMNS, [first])


def test_it_is_stored_and_read_back() -> None:
    made = publish(2026, [month(9, 3, 8, 7, 11, 6)], ROWS, COLUMNS)
    assert from_json(to_json(made)) == made


counts = st.lists(st.integers(0, 12), min_size=6, max_size=6)


def possible(made: Made, cell: tuple[int, int]) -> set[int]:
    """Every value that the cell may have, for somebody who knows what is published: by trying all tables."""
    table = made.table
    places = sorted(table.hidden)
    columns = range(len(table.columns))
    found = set()
    ranges = [range(min(table.row_totals[r], table.column_totals[c]) + 1) for r, c in places]
    for guess in itertools.product(*ranges):
        full = dict(zip(places, guess, strict=True))
        rows_fit = all(
            sum(full.get((r, c), table.cells[r][c] or 0) for c in columns) == total
            for r, total in enumerate(table.row_totals)
        )
        if rows_fit and all(
            sum(full.get((r, c), table.cells[r][c] or 0) for r in range(len(table.rows))) == total
            for c, total in enumerate(table.column_totals)
        ):
            found.add(full[cell])
    return found


@settings(max_examples=25, deadline=None)
@given(st.lists(counts, min_size=1, max_size=3))
def test_no_small_number_is_shown_or_can_be_computed(year: list[list[int]]) -> None:
    try:
        made = publish(2026, [month(*one) for one in year], ROWS, COLUMNS)
    except CannotPublish:
        return
    table = made.table
    assert all(total == 0 or total >= K for total in (*table.row_totals, *table.column_totals))
    assert all(cell is None or cell == 0 or cell >= K for row in table.cells for cell in row)
    if len(table.hidden) <= 4:
        for place in table.hidden:
            values = possible(made, place)
            assert max(values) - min(values) >= K - 1


# --- a year that is published several times ---------------------------------------------------------------------------


def year(*months: tuple[int, ...]) -> list[Made]:
    """What is published after each month, where it can be."""
    made: list[Made] = []
    for number in range(1, len(months) + 1):
        with contextlib.suppress(CannotPublish):
            made.append(publish(2026, [month(*one) for one in months[:number]], ROWS, COLUMNS, made))
    return made


def told_too_closely(months: Sequence[Sequence[int]], made: Sequence[Made]) -> list[tuple[str, int, int]]:
    """What somebody with all the tables can work out of the small counts of the months between: by linear programming
    over every month's own cells, knowing nothing of how the tables were made."""
    cells = list(itertools.product(ROWS, COLUMNS))
    unknowns = [(number, cell) for number in range(len(months)) for cell in cells]
    truth = [months[number][cells.index(cell)] for number, cell in unknowns]

    def place(one: Made, cell: tuple[str, str]) -> tuple[int, int]:
        row, column = (
            names.index(name if name in names else OTHERS)
            for name, names in zip(cell, (one.table.rows, one.table.columns), strict=True)
        )
        return row, column

    def line(one: Made, since: int, row: int | None = None, column: int | None = None) -> list[int]:
        found = []
        for number, cell in unknowns:
            r, c = place(one, cell)
            here = since <= number < one.table.months and row in {None, r} and column in {None, c}
            found.append(int(here))
        return found

    lines, targets = [], {}
    for one in made:
        rows, columns = range(len(one.table.rows)), range(len(one.table.columns))
        every = [(None, None), *((r, None) for r in rows), *((None, c) for c in columns)]
        inside = list(itertools.product(rows, columns))
        lines += [line(one, 0, r, c) for r, c in [*every, *(cell for cell in inside if cell not in one.table.hidden)]]
        for since in {0, *(other.table.months for other in made if other.table.months < one.table.months)}:
            for r, c in [*every, *inside]:
                targets[f"{since}-{one.table.months}: {r}, {c}"] = line(one, since, r, c)
    values = [sum(a * b for a, b in zip(one, truth, strict=True)) for one in lines]
    found = []
    for key, target in targets.items():
        if 0 < sum(a * b for a, b in zip(target, truth, strict=True)) < K:
            low, high = (
                sign * linprog([sign * a for a in target], A_eq=lines, b_eq=values, method="highs").fun
                for sign in (1, -1)
            )
            if round(high) - round(low) < K - 1:
                found.append((key, round(low), round(high)))
    return found


def test_a_sum_that_grew_by_a_few_is_not_told() -> None:
    """The cells are hidden or large, but the row of SIP grew by three: that is read off its two sums."""
    first = (20, 20, 20, 20, 20, 20)
    second = (2, 1, 9, 8, 7, 9)
    (one,) = year(first)
    made = publish(2026, [month(*first), month(*second)], ROWS, COLUMNS, [one])
    assert "SIP" not in made.table.rows
    assert told_too_closely([first, second], [one, made]) == []
    shown = replace(one, table=replace(one.table, months=2, row_totals=(43, 57, 56)))
    assert told_too_closely([first, second], [one, shown])  # the audit itself can say no


def test_a_column_that_grew_by_a_few_is_not_told() -> None:
    first, second = (20, 20, 20, 20, 20, 20), (9, 1, 9, 1, 9, 1)
    (one,) = year(first)
    made = publish(2026, [month(*first), month(*second)], ROWS, COLUMNS, [one])
    assert made.table.columns == (OTHERS,)
    assert made.table.rows == ROWS
    assert told_too_closely([first, second], [one, made]) == []


def test_what_has_gone_together_stays_together() -> None:
    months = ((20, 20, 20, 20, 20, 20), (2, 1, 9, 8, 7, 9), (30, 30, 30, 30, 30, 30))
    made = year(*months)
    assert len(made) == 3
    assert [set(one.table.rows) >= set(later.table.rows) - {OTHERS} for one, later in itertools.pairwise(made)] == [
        True
    ] * 2
    assert told_too_closely(months, made) == []


@settings(max_examples=20, deadline=None)
@example([[0, 0, 2, 3, 3, 2], [0, 0, 3, 2, 2, 3], [0, 0, 2, 3, 3, 2], [0, 0, 2, 3, 3, 2]])  # two small months are small
@given(st.lists(st.lists(st.integers(0, 9), min_size=6, max_size=6), min_size=2, max_size=4))
def test_whatever_came_when_the_months_between_tell_nothing_small(months: list[list[int]]) -> None:
    made = year(*(tuple(one) for one in months))
    assert told_too_closely(months, made) == []
