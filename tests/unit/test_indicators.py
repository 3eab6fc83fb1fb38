"""The fifteen indicators: the example with its answers, and what must hold whatever the rows are."""

from __future__ import annotations

import csv
import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from avvikelse.cli.indicators import group
from config import ROOT
from tests.unit.test_spc_cases import differences

EXAMPLE = ROOT / "tests/cases/indicators"
EXPECTED = json.loads((EXAMPLE / "expected.json").read_text("utf-8"))
FILES = ("cases.csv", "measures.csv", "sip_meetings.csv", "activities.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*FILES, "params.json"):
        shutil.copy(EXAMPLE / name, tmp_path / name)
    return tmp_path


def run(folder: Path):
    return CliRunner().invoke(group, ["compute", "--dir", str(folder)])


def computed(folder: Path) -> dict[str, Any]:
    result = run(folder)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def rewrite(path: Path, change) -> None:
    """Give the rows (dicts) of a file to `change` and write what it answers."""
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        names, rows = list(reader.fieldnames or ()), list(reader)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, names)
        writer.writeheader()
        writer.writerows(change(rows))


def set_params(folder: Path, **changes: object) -> None:
    path = folder / "params.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


@pytest.mark.parametrize("name", EXPECTED)
def test_the_example(name: str) -> None:
    assert differences(computed(EXAMPLE)[name], EXPECTED[name], 1e-9) == []


def test_nothing_more_and_nothing_less() -> None:
    found = computed(EXAMPLE)
    assert set(found) == set(EXPECTED)
    for name, expected in EXPECTED.items():
        assert set(found[name]) == set(expected), name


def test_the_order_of_the_rows_does_not_matter(folder: Path) -> None:
    chance = random.Random(5)
    for name in FILES:
        rewrite(folder / name, lambda rows: chance.sample(rows, len(rows)))
    assert computed(folder) == computed(EXAMPLE)


def test_a_later_cutoff_changes_only_what_has_a_window(folder: Path) -> None:
    set_params(folder, cutoff="2026-12-31")
    changed = {name for name, value in computed(folder).items() if value != EXPECTED_NOW[name]}
    assert changed <= {name for name in EXPECTED if name[:3] in {"I05", "I06", "I07", "I08", "I12"}}
    assert {"I06", "I07", "I12"} <= {name[:3] for name in changed}


EXPECTED_NOW = computed(EXAMPLE)


def test_one_more_duplicate_is_only_one_more_duplicate(folder: Path) -> None:
    def double(rows):
        return [
            *rows,
            {**rows[5], "case_id": "A99", "withdrawn_on": rows[5]["reported_on"], "withdrawn_reason": "dubblett"},
        ]

    rewrite(folder / "cases.csv", double)
    found = computed(folder)
    assert found["I01_inkomna"].pop("excluded_duplicates") == EXPECTED["I01_inkomna"]["excluded_duplicates"] + 1
    expected = {name: dict(value) for name, value in EXPECTED_NOW.items()}
    del expected["I01_inkomna"]["excluded_duplicates"]
    assert found == expected


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("cases.csv", "acknowledged_on"), ("cases.csv", "answered_on"), ("cases.csv", "feedback_on"),
        ("cases.csv", "closed_on"), ("cases.csv", "reopened_on"), ("cases.csv", "withdrawn_on"),
        ("measures.csv", "followed_up_on"), ("sip_meetings.csv", "held_on"), ("activities.csv", "done_on"),
        ("activities.csv", "cancelled_on"),
    ],
)  # fmt: skip
def test_after_the_cutoff_is_the_same_as_never(folder: Path, file: str, column: str, tmp_path_factory) -> None:
    """Every event of a column moved to the day after the cut-off, against the column emptied."""
    empty = tmp_path_factory.mktemp("empty")
    for name in (*FILES, "params.json"):
        shutil.copy(EXAMPLE / name, empty / name)
    extra = ("withdrawn_reason",) if column == "withdrawn_on" else ("effect",) if column == "followed_up_on" else ()
    rewrite(folder / file, lambda rows: [{**row, column: row[column] and "2025-07-16"} for row in rows])
    rewrite(empty / file, lambda rows: [{**row, column: "", **dict.fromkeys(extra, "")} for row in rows])
    assert computed(folder) == computed(empty)


def test_no_rows_at_all_has_no_shares(folder: Path) -> None:
    for name in FILES:
        rewrite(folder / name, lambda rows: [])
    found = computed(folder)
    assert found["I01_inkomna"]["value"] == 0
    assert found["I02_per_10000_0_17"]["ci95"][0] == 0
    assert found["I04_oppna_vid_slutet"]["median_age_days"] is None
    assert found["I05_kvitterade_3_arbetsdagar"] == {
        "numerator": 0, "denominator": 0, "value": None, "ci95": None, "show": "–", "not_met": [],
    }  # fmt: skip
    assert found["I07_median_dagar_till_aterkoppling"]["value"] is None
    assert found["I08_andel_aterkoppling_dag_60"]["value"] is None
    assert found["I13_bollade"]["mean_handovers"] is None


def test_small_denominators_show_counts(folder: Path) -> None:
    rewrite(folder / "activities.csv", lambda rows: rows[:2])
    found = computed(folder)["I15_aktiviteter_i_tid"]
    assert (found["denominator"], found["show"]) == (2, "bara antal")


def test_an_area_without_children_has_no_rate(folder: Path) -> None:
    set_params(folder, population_0_17=0)
    assert computed(folder)["I02_per_10000_0_17"]["value"] is None


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("cases.csv", "case_id,reported_on\n", ""),
        ("cases.csv", "case_id,reported_on\nA1,2025-01-01\n", "cases.csv, rad 2: kolumnen receiver saknas"),
        ("cases.csv", "", "cases.csv är tom"),
        (
            "activities.csv",
            "activity_id,planned_done_on,done_on,cancelled_on\nH1,31/1,,\n",
            "activities.csv, rad 2: planned",
        ),
        ("activities.csv", "activity_id,planned_done_on,done_on,cancelled_on\nH1,,,\nH1,,,\n", "rad 3: samma id"),
        ("activities.csv", "activity_id,planned_done_on,done_on,cancelled_on\n,,,\n", "rad 2: activity_id är tom"),
        ("activities.csv", "activity_id,planned_done_on,done_on,cancelled_on\nH1,,,,,\n", "rad 2: fler fält"),
        ("activities.csv", "activity_id,planned_done_on,done_on,cancelled_on\nH1,,,\nH2,\n", "rad 3: färre fält"),
        ("params.json", "{", "params.json är inte JSON"),
        ("params.json", "[]", "params.json ska vara ett JSON-objekt"),
        ("params.json", '{"period_start": "2025-01-01"}', "params.json: period_end saknas"),
        (
            "params.json",
            '{"period_start": "2025-01-01", "period_end": "2025-06-30", "cutoff": "2025-01-01", "population_0_17": 5}',
            "params.json: period_start ska vara före",
        ),
        (
            "params.json",
            '{"period_start": "2025-01-01", "period_end": "2025-06-30", "cutoff": "2025-07-01", "population_0_17": ""}',
            "heltal",
        ),
        (
            "params.json",
            json.dumps(
                {"period_start": "2025-01-01", "period_end": "2025-06-30", "cutoff": "2025-07-01"}
                | {"population_0_17": 5, "recurrence_days": 10**20}
            ),
            "recurrence_days är för stort",
        ),
    ],
)
def test_bad_files_are_named_with_what_to_do(folder: Path, file: str, text: str, said: str) -> None:
    (folder / file).write_text(text, "utf-8")
    result = run(folder)
    assert result.exit_code == (2 if said else 0)
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_folder_and_a_wrong_encoding(folder: Path) -> None:
    assert run(folder / "nowhere").exit_code == 2
    (folder / "cases.csv").write_bytes("case_id\nÅ".encode("latin-1"))
    result = run(folder)
    assert (result.exit_code, "UTF-8" in result.stderr) == (2, True)
