"""The guard's marks that are neither name nor personnummer, in the ways people write them, and their harmless twins."""

from __future__ import annotations

from pathlib import Path

import pytest

from avvikelse.domain.persondata import Kind, Severity, find

CASES = Path(__file__).parents[1] / "cases" / "guard_marks.txt"
HARMLESS = "harmless"


def sections() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in CASES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            cases = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            cases += [case.strip() for case in line.split("·") if case.strip()]
    return found


TABLES = sections()


@pytest.mark.parametrize(
    ("kind", "case"), [(Kind(kind), case) for kind, cases in TABLES.items() if kind != HARMLESS for case in cases]
)
@pytest.mark.parametrize("frame", ["{}", "Det var så att {} och det blev fel.", "{}. Sedan hände inget mer."])
def test_each_form_is_found_and_named(kind, case, frame):
    marked = frame.format(case)
    start, end = marked.index("‹"), marked.index("›") - 1
    text = marked.replace("‹", "").replace("›", "")
    found = [finding for finding in find(text) if finding.type is kind]
    covered = sum(max(0, min(f.end, end) - max(f.start, start)) for f in found)
    wanted = (end - start) * (0.5 if kind in {Kind.ADRESS, Kind.INDIREKT, Kind.URL} else 1)
    assert covered >= wanted, (text[start:end], [(f.type.value, text[f.start : f.end]) for f in find(text)])


@pytest.mark.parametrize("case", TABLES[HARMLESS])
@pytest.mark.parametrize("frame", ["{}", "Det stod {} i kallelsen.", "Vi tog upp {}, men ingen svarade."])
def test_their_harmless_twins_pass(case, frame):
    text = frame.format(case)
    assert [(f.type.value, text[f.start : f.end]) for f in find(text)] == []


BLOCKS = {
    Kind.PERSONNUMMER, Kind.SAMORDNINGSNUMMER, Kind.RESERVNUMMER, Kind.TELEFON, Kind.EPOST, Kind.LMA_NUMMER,
    Kind.JOURNALNUMMER, Kind.AKTNUMMER, Kind.BANKID_REFERENS, Kind.KONTONUMMER, Kind.KORTNUMMER, Kind.PASSNUMMER,
    Kind.URL, Kind.ANVANDARNAMN,
}  # fmt: skip


def test_what_blocks_and_what_warns():
    from avvikelse.domain.guard.kinds import ADVICE

    assert {kind for kind, advice in ADVICE.items() if advice.severity is Severity.BLOCK} == BLOCKS
