"""Tables of groups that share cases: nobody learns a small number by subtracting one from another."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avvikelse.analysis.month_wide import CannotPublish, Made, publish
from avvikelse.analysis.publication import OTHERS
from avvikelse.analysis.publication_family import Counts, Family, FamilyReader, FamilyTable

ROWS, COLUMNS = ("SIP", "Remiss", "Övergångar"), ("Skola", "Vård")
CELLS = tuple(itertools.product(ROWS, COLUMNS))
LAN, ORT, BYN = 1, 2, 3
BOTH, REST, SMALL = frozenset({LAN, ORT}), frozenset({LAN}), frozenset({LAN, BYN})
K = 5


def counts(groups: frozenset[int], *numbers: int, month: int = 1) -> list[Counts]:
    """In the order (SIP, Skola), (SIP, Vård), (Remiss, Skola) …"""
    return [Counts(groups, month, *cell, number) for cell, number in zip(CELLS, numbers, strict=False) if number]


def of(group: int, cases: list[Counts], months: int = 1) -> list[Counter[tuple[str, str]]]:
    found: list[Counter[tuple[str, str]]] = [Counter() for _ in range(months)]
    for one in cases:
        if group in one.groups and one.month <= months:
            found[one.month - 1][one.row, one.column] += one.number
    return found


def told(group: int, made: Made) -> FamilyTable:
    table = made.table
    return FamilyTable(group, table.months, table.rows, table.columns, table.hidden)


def published(
    group: int, cases: list[Counts], beside: list[FamilyTable], earlier: list[Made] | None = None, months: int = 1
) -> Made:
    family = Family(group, tuple(cases), tuple(beside)) if beside else None
    return publish(2026, of(group, cases, months), ROWS, COLUMNS, earlier or (), family=family)


def difference(one: Made, other: Made) -> dict[tuple[str, str], int]:
    """What somebody gets who subtracts cell from cell where both are shown."""
    found = {}
    for r, c in itertools.product(set(one.table.rows) & set(other.table.rows), set(one.table.columns)):
        if c in other.table.columns and OTHERS not in {r, c}:
            mine, theirs = (t.cells[t.rows.index(r)][t.columns.index(c)] for t in (one.table, other.table))
            if mine is not None and theirs is not None:
                found[r, c] = mine - theirs
    return found


MUCH = (30, 28, 26, 24, 22, 20)


def test_alone_the_lan_would_tell_the_rest_of_the_lan() -> None:
    cases = counts(BOTH, *MUCH) + counts(REST, 2, 9, 8, 7, 9, 9)
    ort, lan = published(ORT, cases, []), published(LAN, cases, [])
    assert difference(lan, ort)["SIP", "Skola"] == 2
    reader = FamilyReader(cases, [told(ORT, ort), told(LAN, lan)])
    assert any(one.cells == {("SIP", "Skola")} and (one.low, one.high) == (2, 2) for one in reader.narrow())


def test_beside_the_group_below_the_small_difference_is_hidden() -> None:
    cases = counts(BOTH, *MUCH) + counts(REST, 2, 9, 8, 7, 9, 9)
    ort = published(ORT, cases, [])
    lan = published(LAN, cases, [told(ORT, ort)])
    assert all(not 0 < number < K for number in difference(lan, ort).values())
    assert lan.table.cells[0][0] is None
    assert list(FamilyReader(cases, [told(ORT, ort), told(LAN, lan)]).narrow()) == []


def test_the_group_below_comes_second() -> None:
    cases = counts(BOTH, *MUCH) + counts(REST, 2, 9, 8, 7, 9, 9)
    lan = published(LAN, cases, [])
    ort = published(ORT, cases, [told(LAN, lan)])
    assert all(not 0 < number < K for number in difference(lan, ort).values())
    assert list(FamilyReader(cases, [told(LAN, lan), told(ORT, ort)]).narrow()) == []


def test_what_one_group_hides_another_does_not_show() -> None:
    cases = counts(BOTH, 3, *MUCH[1:])  # the group of the kommun is all there is in the län
    ort = published(ORT, cases, [])
    lan = published(LAN, cases, [told(ORT, ort)])
    assert ort.table.hidden
    assert lan.table.hidden >= ort.table.hidden


def test_a_small_sum_of_the_rest_goes_together_with_another() -> None:
    cases = counts(BOTH, *MUCH) + counts(REST, 1, 1, 9, 9, 12, 11)
    ort = published(ORT, cases, [])
    lan = published(LAN, cases, [told(ORT, ort)])
    assert OTHERS in lan.table.rows  # the row of SIP would tell two
    assert list(FamilyReader(cases, [told(ORT, ort), told(LAN, lan)]).narrow()) == []


def test_where_the_rest_is_a_handful_the_second_waits() -> None:
    cases = counts(BOTH, *MUCH) + counts(REST, 2, 1)
    ort = published(ORT, cases, [])
    with pytest.raises(CannotPublish, match="annan grupp"):
        published(LAN, cases, [told(ORT, ort)])


def test_the_groups_of_two_kommuner_do_not_wait_for_each_other() -> None:
    cases = counts(frozenset({ORT}), *MUCH) + counts(frozenset({BYN}), 9, 9, 9, 9, 9, 9)
    ort = published(ORT, cases, [])
    assert published(BYN, cases, [told(ORT, ort)]) == published(BYN, cases, [])


def test_the_lan_minus_both_of_its_groups_tells_no_handful() -> None:
    cases = counts(BOTH, *MUCH) + counts(SMALL, *MUCH) + counts(REST, 3, 9, 8, 7, 9, 9)
    ort = published(ORT, cases, [])
    byn = published(BYN, cases, [told(ORT, ort)])
    lan = published(LAN, cases, [told(ORT, ort), told(BYN, byn)])
    assert list(FamilyReader(cases, [told(ORT, ort), told(BYN, byn), told(LAN, lan)]).narrow()) == []


def test_months_of_two_groups_are_subtracted_together() -> None:
    """The second quarter of the län minus that of the group below it."""
    first = counts(BOTH, *MUCH) + counts(REST, *MUCH)
    cases = first + counts(BOTH, *MUCH, month=2) + counts(REST, 9, 3, 9, 9, 9, 9, month=2)
    ort, lan = published(ORT, first, []), published(LAN, first, [])
    tables = [told(ORT, ort), told(LAN, lan)]
    later = published(ORT, cases, tables, [ort], months=2)
    tables.append(told(ORT, later))
    last = published(LAN, cases, tables, [lan], months=2)
    assert list(FamilyReader(cases, [*tables, told(LAN, last)]).narrow()) == []
    assert last.table.cells[0][1] is None


def test_showing_what_was_hidden_is_noticed() -> None:
    """The audit itself: it must not say yes to everything."""
    cases = counts(BOTH, *MUCH) + counts(REST, 2, 9, 8, 7, 9, 9)
    tables = [told(ORT, published(ORT, cases, []))]
    lan = told(LAN, published(LAN, cases, tables))
    assert list(FamilyReader(cases, [*tables, replace(lan, hidden=lan.hidden - {(0, 0)})]).narrow())


numbers = st.lists(st.integers(0, 14), min_size=6, max_size=6)


@settings(max_examples=8, deadline=None)
@given(numbers, numbers, numbers)
def test_whatever_the_numbers_the_audit_finds_nothing(both: list[int], rest: list[int], other: list[int]) -> None:
    cases = counts(BOTH, *both) + counts(REST, *rest) + counts(SMALL, *other)
    tables: list[FamilyTable] = []
    for group in (ORT, LAN, BYN):
        try:
            made = published(group, cases, tables)
        except CannotPublish:
            continue
        tables.append(told(group, made))
    assert list(FamilyReader(cases, tables).narrow()) == []
    for one, two in itertools.permutations(tables, 2):
        assert _smallest_difference(cases, one, two) >= K


@settings(max_examples=6, deadline=None)
@given(numbers, numbers, numbers, numbers)
def test_a_second_publication_beside_others_tells_nothing_either(
    both: list[int], rest: list[int], more: list[int], more_rest: list[int]
) -> None:
    cases = counts(BOTH, *both) + counts(REST, *rest) + counts(BOTH, *more, month=2) + counts(REST, *more_rest, month=2)
    tables: list[FamilyTable] = []
    made: dict[int, list[Made]] = {ORT: [], LAN: []}
    for months, group in itertools.product((1, 2), (ORT, LAN)):
        known = [one for one in cases if one.month <= months]
        beside = tables if any(table.group != group for table in tables) else []
        with contextlib.suppress(CannotPublish):
            made[group].append(published(group, known, beside, made[group], months))
            tables.append(told(group, made[group][-1]))
    assert list(FamilyReader(cases, tables).narrow()) == []


def _smallest_difference(cases: list[Counts], one: FamilyTable, two: FamilyTable) -> int:
    """Of sums of rows, columns and shown cells that stand in both tables, when the second lies within the first."""
    if any(two.group in case.groups and one.group not in case.groups for case in cases):
        return K
    left = [case for case in cases if one.group in case.groups and two.group not in case.groups]
    rows, columns = (
        {*mine} & {*theirs} - {OTHERS} for mine, theirs in ((one.rows, two.rows), (one.columns, two.columns))
    )
    kept = [case for case in left if case.row in rows and case.column in columns]
    shown = [
        case
        for case in kept
        if one.place(case.row, case.column) not in one.hidden and two.place(case.row, case.column) not in two.hidden
    ]
    sums: Counter[tuple[str, ...]] = Counter()
    for case in left:
        sums["all",] += case.number
        sums["row", case.row] += case.number * (case.row in rows)
        sums["column", case.column] += case.number * (case.column in columns)
    for case in shown:
        sums["cell", case.row, case.column] += case.number
    return min((number for number in sums.values() if number), default=K)
