"""What is published outside the group: no small number, not even by subtraction, whatever came when."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
