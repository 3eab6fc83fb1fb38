"""`flask text check` on JSON Lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from avvikelse.cli.text import AGREED_AS, group
from avvikelse.domain.persondata import Kind

CASES = Path(__file__).parents[1] / "cases"


def run(*lines: bytes | str):
    data = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    return CliRunner().invoke(group, ["check"], input=data)


def test_findings_are_printed_line_by_line():
    text = "🙂 Ring 070-174 06 11 om kallelsen å."
    result = run(json.dumps({"id": "a", "text": text}), "", json.dumps({"id": 7, "text": "Inget här."}))
    assert result.exit_code == 1
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    (finding,) = first["findings"]
    assert text[finding.pop("start") : finding.pop("end")] == "070-174 06 11"
    assert finding == {"type": "telefon", "severity": "block", "suggestion": "ett telefonnummer"}
    assert second == {"id": 7, "findings": []}


def test_every_type_is_one_that_has_been_agreed_on():
    agreed = json.loads((CASES / "persondata_examples.json").read_text(encoding="utf-8"))["typer"]
    assert {AGREED_AS.get(kind, kind).value for kind in Kind} == set(agreed)
    result = run('{"id": "a", "text": "Pengarna gick till konto 8327-9, 123 456 789-0."}')
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["type"], finding["severity"]) == ("indirekt", "block")


def test_nothing_found_is_success():
    assert run('{"id": "a", "text": "Ärendet BL-2026-0042"}').exit_code == 0
    empty = run()
    assert (empty.exit_code, empty.stdout) == (0, "")


def test_a_byte_order_mark_before_the_first_line_is_read_over():
    result = run('\ufeff{"id": "a", "text": "Inget här."}', '{"id": "b", "text": "Inte här heller."}')
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 2)


@pytest.mark.parametrize(
    "line",
    [
        "not json 110513-2383",
        "[1]",
        '{"id": "a"}',
        '{"text": "110513-2383"}',
        '{"id": "a", "text": 5}',
        '{"id": true, "text": ""}',
        b'{"id": "a", "text": "\xff"}',
        "[" * 100_000,
    ],
)
def test_bad_input_is_named_by_its_line_and_never_repeated(line):
    result = run('{"id": "a", "text": ""}', line)
    assert result.exit_code == 2
    assert result.stderr.startswith("Rad 2 ")
    assert "110513" not in result.output
    assert "Traceback" not in result.output
