"""`flask spc compute` on JSON Lines: good lines are answered, bad ones named with what to do, whatever they hold."""

from __future__ import annotations

import json
import random

import pytest
from click.testing import CliRunner

from avvikelse.cli.spc import group


def run(*cases: object):
    lines = [case if isinstance(case, str) else json.dumps(case) for case in cases]
    return CliRunner().invoke(group, ["compute"], input="\n".join(lines))


def xmr(y: list, params: dict | None = None, **more: object) -> dict:
    x = [f"2024-{n + 1:02d}-01" for n in range(len(y))]
    return {"id": "a", "chart_type": "xmr", "x": x, "y": y, "params": params or {}, **more}


def answer(case: dict) -> dict:
    result = run(case)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_order_of_the_rows_does_not_matter() -> None:
    case = xmr([3, 5, 4, 6, 2, 9, 8, 30, 2])
    rows = list(zip(case["x"], case["y"], strict=True))
    random.Random(3).shuffle(rows)
    shuffled = case | {"x": [x for x, _ in rows], "y": [y for _, y in rows]}
    assert answer(shuffled) == answer(case)


def test_numbers_as_x_are_numbers() -> None:
    case = {"id": 1, "chart_type": "c", "params": [], "x": [str(n) for n in range(1, 13)], "y": [*range(1, 13)]}
    assert answer(case)["plotted"] == list(range(1, 13))


def test_months_of_rebase_begin_segments() -> None:
    found = answer(xmr([1, 2, 1, 9, 8, 9], {"rebase": ["2024-04-01"]}))
    assert found["rebase_group"] == [0, 0, 0, 1, 1, 1]
    assert found["mean"][3] == pytest.approx(26 / 3)
    assert answer(xmr([1, 2], {"rebase": ["2024-01-01"]}))["rebase_group"] == [1, 1]


def test_run_length_and_the_reading_of_two_of_three_can_be_set() -> None:
    y = [8, 12] * 2 + [13] * 6
    assert "6 Points Above CL" not in answer(xmr(y))["special_cause_type"]
    rising = [5, 1, 2, 3, 4, 5, 6, 2, 3]
    assert "6 Point Trend (Increasing)" in answer(xmr(rising, {"k": 6}))["special_cause_type"]


def test_missing_values_and_empty_series_are_no_errors() -> None:
    assert answer(xmr([1, None, 3]))["mean"] == [2, 2, 2]
    assert answer(xmr([])) == answer(xmr([])) | {"mean": [], "variation_icon": "common_cause"}
    empty = answer({"id": "a", "chart_type": "kaplan-meier", "y": [], "status": []})
    assert (empty["median"], empty["events"]) == (None, 0)


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        "[1]",
        "{}",
        '{"id": 1, "chart_type": "xmr", "y": [NaN]}',
        {"id": 1, "chart_type": "pie", "y": [1]},
        {"id": 1, "chart_type": ["xmr"], "y": [1]},
        {"id": 1, "chart_type": "xmr"},
        {"id": 1, "chart_type": "xmr", "y": "abc"},
        {"id": 1, "chart_type": "xmr", "y": ["5"]},
        {"id": 1, "chart_type": "xmr", "y": [True]},
        {"id": 1, "chart_type": "xmr", "y": [1, 2], "x": ["2024-01-01"]},
        {"id": 1, "chart_type": "xmr", "y": [1, 2], "x": ["2024-01-01", "2024-01-01"]},
        {"id": 1, "chart_type": "xmr", "y": [1], "params": {"rebase": ["2020-01-01"]}},
        {"id": 1, "chart_type": "xmr", "y": [1], "params": {"improvement_direction": "sideways"}},
        {"id": 1, "chart_type": "xmr", "y": [1], "params": {"two_of_three": 3}},
        {"id": 1, "chart_type": "xmr", "y": [1], "params": {"fix_after_n_points": "many"}},
        {"id": 1, "chart_type": "xmr", "y": [1], "params": "x"},
        {"id": 1, "chart_type": "u", "y": [1]},
        {"id": 1, "chart_type": "p", "y": [3], "n": [2]},
        {"id": 1, "chart_type": "t", "y": [0]},
        {"id": 1, "chart_type": "c", "y": [1], "params": {"part": ["x"]}},
        {"id": 1, "chart_type": "run", "x": ["a"]},
        {"id": 1, "chart_type": "kaplan-meier", "y": [1], "status": []},
        {"id": 1, "chart_type": "kaplan-meier", "y": [1], "status": [7]},
        {"id": 1, "chart_type": "kaplan-meier", "y": [-1], "status": [1]},
        {"id": 1, "chart_type": "fdr", "y": [2]},
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(bad):
    result = run(xmr([1, 2]), bad, "", xmr([3, 4]))
    assert result.exit_code == 2
    assert [json.loads(line)["mean"][0] for line in result.stdout.splitlines()] == [1.5, 3.5]
    assert result.stderr.startswith("Rad 2 ")
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ({"y": [1, "2"]}, "har y nummer 2 som inte är ett tal"),
        ({"y": [1, -2]}, "har y nummer 2 under 0"),
        ({"chart_type": "u", "y": [1, 2], "n": [5, -1]}, "har n nummer 2 under 0"),
        ({"chart_type": "u", "y": [1, 2]}, "saknar n"),
        ({"params": {"freeze": 0}}, "har freeze som inte är ett antal punkter"),
        ({"params": {"multiply": 0}}, "har multiply som inte är ett tal över 0"),
        ({"params": {"exclude": [0]}}, "har ett exclude som inte är numret på någon punkt (1–2)"),
        ({"params": {"part": [3]}}, "har ett part som inte är numret på någon punkt (1–2)"),
        ({"params": {"screened_mr": "no"}}, "har screened_mr som inte är true eller false"),
        ({"chart_type": "xmr", "params": {"target": "a"}}, "har target som inte är ett tal"),
        ({"chart_type": "xmr", "params": {"k": 1}}, "har k som inte är ett antal punkter"),
        ({"chart_type": "kaplan-meier", "y": [3, -1], "status": [1, 1]}, "har y nummer 2 under 0"),
    ],
)
def test_the_field_that_is_wrong_is_named(case, says) -> None:
    result = run({"id": 1, "chart_type": "c", "y": [1, 2]} | case)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Rad 1 {says}" in result.stderr


def test_a_byte_order_mark_is_read_over_and_so_are_line_ends_of_windows() -> None:
    lines = "\ufeff" + "\r\n".join(json.dumps(xmr([1, 2])) for _ in range(2)) + "\r\n"
    result = CliRunner().invoke(group, ["compute"], input=lines.encode())
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 2)


def test_nothing_in_nothing_out() -> None:
    assert (run().exit_code, run().stdout) == (0, "")
