"""Small-cell suppression (A14) against the examples and, on small tables, against trying every set of cells."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from avvikelse.analysis.publication import OTHERS, Row, merge_small_rows
from avvikelse.analysis.suppression import Cell, K, Table, Unprotectable, cells_of, ranges_of, suppress
from avvikelse.cli.suppression import group
from config import ROOT

FILE = ROOT / "tests/cases/suppression_examples.json"
EXAMPLES: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))["examples"]
counts = st.sampled_from([0, 1, 2, 4, 5, 6, 9, 14])
tables = st.tuples(st.integers(2, 3), st.integers(2, 3)).flatmap(
    lambda shape: st.lists(st.lists(counts, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0])
)


def run(path: Path):
    return CliRunner().invoke(group, ["audit", str(path)])


def enumerated(table: Table, hidden: set[Cell]) -> dict[Cell, tuple[int, int]]:
    """The ranges by counting through every table with the same margins and shown cells. Slow and sure."""
    cells = sorted(hidden)
    found: dict[Cell, list[int]] = {cell: [] for cell in cells}
    for values in itertools.product(*(range(sum(table[r]) + 1) for r, _ in cells)):
        other = [list(row) for row in table]
        for (r, c), value in zip(cells, values, strict=True):
            other[r][c] = value
        same_rows = all(sum(a) == sum(b) for a, b in zip(other, table, strict=True))
        if same_rows and all(
            sum(a) == sum(b) for a, b in zip(zip(*other, strict=True), zip(*table, strict=True), strict=True)
        ):
            for cell in cells:
                found[cell].append(other[cell[0]][cell[1]])
    return {cell: (min(values), max(values)) for cell, values in found.items()}


def best(table: Table) -> tuple[int, int] | None:
    """Number and sum of the complementary cells, by trying every set; None = no set is safe."""
    cells = cells_of(table)
    primary = [cell for cell, count in cells.items() if 0 < count < K]
    others = [cell for cell, count in cells.items() if count and cell not in primary]
    for number in range(len(others) + 1):
        sums = []
        for chosen in itertools.combinations(others, number):
            ranges = ranges_of(table, {*primary, *chosen})
            if all(ranges[cell][1] - ranges[cell][0] >= K - 1 for cell in primary):
                sums.append(sum(cells[cell] for cell in chosen))
        if sums:
            return number, min(sums)
    return None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_the_examples(example: dict[str, Any]) -> None:
    result = run(FILE)
    assert result.exit_code == 0
    answer = next(
        json.loads(line) for line in result.stdout.splitlines() if json.loads(line)["name"] == example["name"]
    )
    assert set(answer) == {"name", "primary", "complementary", "ranges"}
    assert answer["primary"] == example["primary"]
    hidden = len(answer["primary"]) + len(answer["complementary"])
    assert hidden == example["n_hidden"]
    assert sum(example["table"][r][c] for r, c in answer["complementary"]) == example["sum_complementary"]
    if answer["complementary"] == example["complementary"]:
        assert answer["ranges"] == example["ranges"]


@given(tables)
@settings(max_examples=8)
def test_no_other_set_is_smaller(table):
    try:
        found = suppress(table)
    except Unprotectable:
        assert best(table) is None
        return
    assert (len(found.complementary), sum(table[r][c] for r, c in found.complementary)) == best(table)
    assert all(table[r][c] for r, c in found.hidden)  # zeros stay visible


@given(st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=2), min_size=2, max_size=2), st.data())
@settings(max_examples=25)
def test_the_linear_programmes_give_the_true_ranges(table, data):
    hidden = set(data.draw(st.lists(st.sampled_from(sorted(cells_of(table))), min_size=1, max_size=4)))
    assert ranges_of(table, hidden) == enumerated(table, hidden)


@given(tables)
@settings(max_examples=15)
def test_for_publishing_every_hidden_cell_has_its_range_and_transposing_changes_nothing(table):
    try:
        found = suppress(table, every=True)
    except Unprotectable:
        return
    assert all(high - low >= K - 1 for low, high in found.ranges.values())
    turned = suppress([list(column) for column in zip(*table, strict=True)])
    assert len(turned.hidden) == len(suppress(table).hidden)


@pytest.mark.parametrize("table", [[], [[]], [[0]], [[7]], [[0, 0], [0, 0]], [[5, 6], [7, 8]]])
def test_nothing_small_nothing_hidden(table):
    assert suppress(table).hidden == frozenset()


@pytest.mark.parametrize("table", [[[3]], [[3, 0], [0, 9]], [[1, 1], [1, 1]], [[2, 2, 0]]])
def test_what_cannot_be_protected_is_refused(table):
    with pytest.raises(Unprotectable):
        suppress(table)


@pytest.mark.parametrize("table", [[[1, 2], [3]], [[-1]], [[1.5]], [[True]]])
def test_nonsense_is_refused(table):
    with pytest.raises(ValueError, match=r"rows|counts"):
        suppress(table)


def test_small_rows_go_together() -> None:
    rows = [Row("Åre", (3, 0)), Row("Krokom", (9, 2)), Row("Berg", (1, 0)), Row("Östersund", (30, 4))]
    merged = merge_small_rows(rows)
    assert [row.label for row in merged] == ["Östersund", OTHERS]  # 3 + 1 is still below 5: Krokom goes with them
    assert merged[-1].counts == (13, 2)
    assert merge_small_rows(rows[3:]) == tuple(rows[3:])
    assert merge_small_rows([]) == ()
    assert [row.total for row in merge_small_rows([Row("a", (5,)), Row("b", (4,)), Row("c", (4,))])] == [5, 8]


# --- the command ------------------------------------------------------------------------------------------------------


def test_a_table_without_protection_is_said_and_the_others_are_answered(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"examples": [{"name": "a", "table": [[3]]}, {"name": "b", "table": [[7]]}]}), "utf-8")
    result = run(path)
    assert result.exit_code == 1
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert first == {"name": "a", "primary": [[0, 0]], "complementary": None, "ranges": None}
    assert second == {"name": "b", "primary": [], "complementary": [], "ranges": {}}
    assert "a: tabellen går inte att skydda" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "är inte JSON"),
        ("[]", '"examples"'),
        ('{"k": 1, "examples": []}', "k ska vara"),
        ('{"examples": [{"name": "x"}]}', 'tabell 1 (x): "table" saknas'),
        ('{"examples": [5]}', "tabell 1 (1)"),
        ('{"examples": [{"table": [[1, 2], [3]]}]}', "olika långa"),
        ('{"examples": [{"table": [[-1]]}]}', "heltal, minst 0"),
        ('{"examples": [{"table": [[7]], "row_totals": [8]}]}', "row_totals stämmer inte"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(text, "utf-8")
    result = run(path)
    assert (result.exit_code, said in result.stderr, str(path) in result.stderr) == (2, True, True)
    assert run(tmp_path / "missing.json").exit_code == 2
