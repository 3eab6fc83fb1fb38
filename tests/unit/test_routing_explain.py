"""`flask routing explain`: what a bad line is told, by number and by what is missing; the good ones are answered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from avvikelse.cli.routing import routing

GOOD: dict[str, Any] = {
    "id": "T1",
    "pack": "jamtland-harjedalen",
    "indata": {
        "rapportor": {"enhet": None, "huvudman": None, "verksamhetstyp": "bup"},
        "angiven_motpart": None,
        "handelsedatum": "2026-03-02",
    },
}


def explain(*lines: bytes) -> Result:
    info = ScriptInfo(create_app=lambda: Flask("without database"))
    return CliRunner().invoke(routing, ["explain"], input=b"\n".join(lines), obj=info)


def changed(**fields: Any) -> bytes:
    return json.dumps({**GOOD, "indata": {**GOOD["indata"], **fields}}).encode()


def without(name: str) -> bytes:
    kept = {key: value for key, value in GOOD.items() if key != name}
    return json.dumps(kept | {"indata": {k: v for k, v in GOOD["indata"].items() if k != name}}).encode()


BAD = {
    b"{": "Raden är inte JSON i UTF-8.",
    b'{"id": "\xff"}': "Raden är inte JSON i UTF-8.",
    b"[1]": "Raden ska vara ett JSON-objekt med id, pack och indata.",
    b'{"id": "A"}': "Fälten pack och indata saknas.",
    json.dumps(GOOD | {"pack": "atlantis"}).encode(): "Paketet i pack finns inte. Skriv ",
    json.dumps(GOOD | {"pack": ["jamtland-harjedalen"]}).encode(): "Paketet i pack finns inte. Skriv ",
    json.dumps(GOOD | {"indata": 3}).encode(): "Fältet indata ska vara ett JSON-objekt.",
    without("rapportor"): "Fältet indata.rapportor saknas.",
    without("handelsedatum"): "Fältet indata.handelsedatum saknas.",
    changed(rapportor="BUP"): "Fältet rapportor ska vara ett JSON-objekt.",
    changed(handelsedatum="i går"): "Fältet indata.handelsedatum ska vara en dag, skriven ÅÅÅÅ-MM-DD.",
    changed(kategori=7): "Fältet indata.kategori ska vara en text, eller null.",
    changed(angiven_motpart={"enhet": {}}): "Fältet indata.angiven_motpart.enhet ska vara en text, eller null.",
    changed(niva=9): "Fältet indata.niva ska vara ett tal mellan 1 och 4, eller null.",
    changed(niva=[]): "Fältet indata.niva ska vara ett tal mellan 1 och 4, eller null.",
}


@pytest.mark.parametrize("line", BAD)
def test_a_bad_line_is_told_by_its_number_and_what_is_wrong(line: bytes) -> None:
    good = json.dumps(GOOD).encode()
    result = explain(good, b"", line, good)
    assert result.exit_code == 2
    assert [json.loads(answer)["id"] for answer in result.stdout.splitlines()] == ["T1", "T1"]
    assert result.stderr.startswith(f"Rad 3: {BAD[line]}")
    assert "Error" not in result.stderr


def test_good_lines_end_with_0() -> None:
    result = explain(json.dumps(GOOD).encode(), changed(kommunkod="finns-inte", kategori="okänd", tillstand="?"))
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) == 2
