"""Published and computed control charts: every case of tests/cases/spc_expected.json, number by number."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from click.testing import CliRunner

from avvikelse.analysis.probability import rate_test
from avvikelse.analysis.spc.exact import exact
from avvikelse.analysis.spc.rules import trend, two_of_three
from avvikelse.cli.spc import group
from config import ROOT

CASES: list[dict[str, Any]] = json.loads((ROOT / "tests/cases/spc_expected.json").read_text("utf-8"))["cases"]
BY_ID = {case["id"]: case for case in CASES}
INPUT_IN_THE_ANSWER = {"low-01", "pbi-rule-trend", "pbi-rule-twoInThree"}  # rows of small inputs, not charts
UPPER, LOWER, NONE = "upper", "lower", "none"


def differences(found: Any, expected: Any, tolerance: float, where: str = "") -> list[str]:
    """Where `found` is not `expected`; numbers may differ by the tolerance, relative to 1 or the number."""
    match expected:
        case dict():
            return [d for key in expected for d in differences(found[key], expected[key], tolerance, f"{where}.{key}")]
        case list() if isinstance(found, list) and len(found) == len(expected):
            pairs = enumerate(zip(found, expected, strict=True))
            return [d for place, (a, b) in pairs for d in differences(a, b, tolerance, f"{where}[{place}]")]
        case bool() | None | str():
            same = found is expected or (isinstance(expected, str) and found == expected)
        case int() | float():
            numeric = isinstance(found, int | float) and not isinstance(found, bool)
            same = numeric and abs(found - expected) <= tolerance * max(1, abs(expected))
        case _:
            same = False
    return [] if same else [f"{where}: {found!r}, not {expected!r}"]


def compute(case: dict[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in case.items() if key not in {"expected", "published"}}
    result = CliRunner().invoke(group, ["compute"], input=json.dumps(given))
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", [name for name in BY_ID if name not in INPUT_IN_THE_ANSWER])
def test_case(name: str) -> None:
    case = BY_ID[name]
    answer = compute(case)
    assert answer["id"] == name
    tolerance = max(case["tolerance"], 1e-9) if not name.startswith("fdr") else 1e-12
    assert differences(answer, case["expected"], tolerance) == []


@pytest.mark.parametrize("row", BY_ID["low-01"]["expected"]["rows"], ids=lambda row: f"{row['now']}-{row['before']}")
def test_low_01(row: dict[str, Any]) -> None:
    p = rate_test(row["now"], row["before"], row["t_now"], row["t_before"])
    assert p == pytest.approx(row["p_value"], rel=1e-9)


def flags(signs: list[int]) -> list[str]:
    return [{0: NONE, 1: UPPER, -1: LOWER}[sign] for sign in signs]


@pytest.mark.parametrize("row", BY_ID["pbi-rule-trend"]["expected"]["rows"], ids=lambda row: row["name"])
def test_pbi_rule_trend(row: dict[str, Any]) -> None:
    assert flags(trend([exact(value) for value in row["val"]], row["n"])) == row["expected"]


@pytest.mark.parametrize("row", BY_ID["pbi-rule-twoInThree"]["expected"]["rows"], ids=lambda row: row["name"])
def test_pbi_rule_two_in_three(row: dict[str, Any]) -> None:
    beyond = [(v > high) - (v < low) for v, low, high in zip(row["val"], row["ll95"], row["ul95"], strict=True)]
    assert flags(two_of_three(beyond, whole=row["highlight_series"])) == row["expected"]


def test_what_is_published_in_books_comes_out() -> None:
    """The figures printed in the sources, to their own decimals: control limits are no invention of a test file."""
    checked = 0
    for case in CASES:
        for key, value in (case.get("published") or {}).items():
            if key in case["expected"] and isinstance(case["expected"][key], list) and case["id"][:3] in {"qic", "ptd"}:
                first = compute(case)[key][0]
                assert abs(first - value) <= 0.011, (case["id"], key)  # one of them is printed as 6.36 or 6.37
                checked += 1
    assert checked >= 20


def test_the_comparison_sees_differences() -> None:
    assert differences({"a": [1, 2]}, {"a": [1, 2 + 1e-12]}, 1e-9) == []
    assert len(differences({"a": [1, "x", None]}, {"a": [1.1, "y", 0]}, 1e-9)) == 3
    assert differences({"a": [1]}, {"a": [1, 2]}, 1e-9) != []
    assert differences({"a": 1}, {"a": True}, 1e-9) != []


def test_exact_reads_the_decimal_as_it_is_written() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert exact(0.1) + exact(0.2) == exact(0.3)
    with pytest.raises(ValueError, match="finite"):
        exact(float("nan"))
    with pytest.raises(ValueError, match="finite"):
        exact(True)
