"""The guard over texts as people at work type them: on a phone, in dialect, in lower case, in a hurry."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from avvikelse.domain.guard import things
from avvikelse.domain.guard.kinds import ADVICE
from avvikelse.domain.persondata import Finding, Kind, Severity, find

CASES = Path(__file__).parents[1] / "cases"
MARK = re.compile(r"‹(\w+)\|([^›]*)›")
NAME, NAME_KINDS = "namn", {Kind.NAMN_FULLT, Kind.NAMN_FOR, Kind.NAMN_EFTER}
BLOCKS = {kind.value for kind, advice in ADVICE.items() if advice.severity is Severity.BLOCK}
OVERLAP = {Kind.ADRESS, Kind.INDIREKT, Kind.URL}
Place = tuple[str, int, int]


def lines(name: str) -> list[str]:
    """The texts of a file; "⏎" stands for a new line in one of them."""
    found = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.replace("⏎", "\n") for line in found if line and line[0] != "#"]


def unmarked(line: str) -> tuple[str, list[Place]]:
    """The text without its marks, and (kind, start, end) of what must be found."""
    text, places, end = "", [], 0
    for mark in MARK.finditer(line):
        text += line[end : mark.start()]
        places.append((mark[1], len(text), len(text) + len(mark[2])))
        text, end = text + mark[2], mark.end()
    return text + line[end:], places


def is_found(text: str, place: Place, findings: tuple[Finding, ...]) -> bool:
    """Every letter and digit of it under findings of its kind; half of it where the kind has no sharp edge."""
    kind, start, end = place
    kinds = {*NAME_KINDS, Kind.INITIALER} if kind == NAME else {Kind(kind)}
    end -= text[end - 1] in "sS"
    covered = {at for f in findings if f.type in kinds for at in range(f.start, f.end)}
    wanted = [at for at in range(start, end) if text[at].isalnum()]
    missed = sum(at not in covered for at in wanted)
    return missed <= (len(wanted) / 2 if kinds & OVERLAP else 0)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("guard_field_texts.txt", 0.02),
        ("guard_desk_texts.txt", 0.03),
        ("guard_frontline_texts.txt", 0.02),
        ("guard_unread_texts.txt", 0.02),
    ],
)
def test_what_points_out_a_person_is_found(name, most, record_property):
    rows = [(text, place) for text, places in map(unmarked, lines(name)) for place in places]
    missed = [(text, place[0]) for text, place in rows if not is_found(text, place, find(text))]
    record_property("found", 1 - len(missed) / len(rows))
    assert len(rows) > 170
    assert len(missed) <= most * len(rows), missed


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("guard_field_clean.txt", 0.02),
        ("guard_desk_clean.txt", 0.03),
        ("guard_frontline_clean.txt", 0.02),
        ("guard_unread_clean.txt", 0.01),
    ],
)
def test_texts_without_a_person_pass(name, most, record_property):
    texts = lines(name)
    flagged = [(text, [(f.type.value, text[f.start : f.end]) for f in find(text)]) for text in texts if find(text)]
    record_property("flagged", len(flagged) / len(texts))
    assert len(texts) > 170
    assert len(flagged) <= most * len(texts), flagged
    assert not any(f.severity is Severity.BLOCK for text in texts for f in find(text))


@pytest.mark.parametrize("name", ["guard_field_texts.txt", "guard_desk_texts.txt"])
def test_what_blocks_is_found_without_exception(name):
    rows = [(text, place) for text, places in map(unmarked, lines(name)) for place in places]
    sure = [(text, place) for text, place in rows if place[0] in BLOCKS]
    assert len(sure) > 30
    assert [text for text, place in sure if not is_found(text, place, find(text))] == []


@pytest.mark.parametrize("name", ["guard_desk_texts.txt", "guard_frontline_texts.txt", "guard_unread_texts.txt"])
def test_most_names_of_these_desks_are_found_also_when_the_list_is_hidden(monkeypatch, name):
    monkeypatch.setattr(things, "name_list", frozenset)
    rows = [(text, place) for text, places in map(unmarked, lines(name)) for place in places]
    named = [(text, place) for text, place in rows if place[0] == NAME]
    missed = [text for text, place in named if not is_found(text, place, find(text))]
    assert len(named) > 150
    assert len(missed) <= 0.15 * len(named), missed
