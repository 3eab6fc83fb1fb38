"""Suggested problem types and candidate groups: the goals on the labelled examples, and what must always hold."""

from __future__ import annotations

import json
import random
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from avvikelse.analysis.themes.grouping import Told, candidates
from avvikelse.analysis.themes.suggestions import ProblemType, similar, suggest
from avvikelse.analysis.themes.words import Synonyms, grams_of, house_synonyms, read_synonyms, stems_of
from avvikelse.cli.themes import group
from config import ROOT

CASES = ROOT / "tests/cases"
RECORDS: list[dict[str, Any]] = json.loads((CASES / "recurring_examples.json").read_text("utf-8"))["records"]
TYPES = [
    ProblemType(one["id"], one["sentence"])
    for one in json.loads((CASES / "recurring_catalogue.json").read_text("utf-8"))["types"]
]
LABELLED = [record for record in RECORDS if record["issue"]]


def told(records: list[dict[str, Any]]) -> list[Told]:
    return [Told(r["text"], r["sender"], r["receiver"], r["category"]) for r in records]


def top3(records: list[dict[str, Any]], types: list[ProblemType]) -> float:
    found = suggest([record["text"] for record in records], types)
    return sum(r["issue"] in ids for r, ids in zip(records, found, strict=True)) / len(records)


def run(*arguments: object):
    return CliRunner().invoke(group, ["suggest", *map(str, arguments)])


def test_the_right_type_is_suggested_from_the_sentences_alone() -> None:
    assert top3(LABELLED, TYPES) >= 0.80


def test_confirmed_texts_make_it_better() -> None:
    """A text with all others of its type confirmed, as in a group that has worked for a while; every sixth is tried."""
    tried, hits = LABELLED[::6], 0
    for record in tried:
        types = [
            ProblemType(
                one.id, one.sentence, tuple(r["text"] for r in LABELLED if r["issue"] == one.id and r is not record)
            )
            for one in TYPES
        ]
        hits += record["issue"] in suggest([record["text"]], types)[0]
    assert hits / len(tried) >= 0.90


def test_candidate_groups_hold_together_and_leave_noise_alone() -> None:
    labels = [record["issue"] for record in RECORDS]
    pairs = [pair for one in candidates(told(RECORDS)) for pair in combinations(one.members, 2)]
    right = sum(labels[a] is not None and labels[a] == labels[b] for a, b in pairs)
    all_right = sum(n * (n - 1) // 2 for issue, n in Counter(labels).items() if issue)
    assert right / len(pairs) >= 0.50
    assert right / all_right >= 0.20
    grouped = {place for one in candidates(told(RECORDS)) for place in one.members}
    noise = [place for place, label in enumerate(labels) if label is None]
    assert sum(place in grouped for place in noise) <= 0.25 * len(noise)


def test_what_all_have_in_common_brings_nobody_together() -> None:
    """A group whose cases all go to one receiver gets the same candidates as one that does not know the receivers."""
    alone = candidates([Told(record["text"]) for record in RECORDS])
    shared = [Told(record["text"], receiver="bup", category="remiss") for record in RECORDS]
    assert {one.members for one in candidates(shared)} == {one.members for one in alone}


def test_the_answer_is_the_same_in_any_order() -> None:
    many = [
        Told(f"{r['text']} {other['text']}", r["sender"], r["receiver"], r["category"])
        for r, other in zip(RECORDS * 3, (RECORDS * 4)[7:], strict=False)
    ][:300]
    first = candidates(many)
    order = random.Random(4).sample(range(len(many)), len(many))
    again = candidates([many[place] for place in order])
    assert {frozenset(order[p] for p in one.members) for one in again} == {frozenset(one.members) for one in first}


def test_a_group_needs_three_texts_and_two_reporters() -> None:
    text = "Kallelsen till SIP kom för sent."
    assert candidates([Told(text)] * 2) == ()
    (found,) = candidates([Told(text)] * 3)
    assert found.members == (0, 1, 2)
    assert candidates([Told(text, reporter="a")] * 3) == ()
    assert len(candidates([Told(text, reporter="a")] * 2 + [Told(text, reporter="b")])) == 1


def test_the_typical_text_is_one_of_the_group() -> None:
    for one in candidates(told(RECORDS)):
        assert one.typical in one.members
        assert len(one.members) >= 3


def test_nothing_to_compare() -> None:
    assert suggest([], TYPES) == []
    assert suggest(["BUP"], []) == [()]
    assert candidates([]) == ()
    assert candidates([Told(""), Told("…"), Told("!")]) == ()
    assert similar("Remissen kom tillbaka.", []) == []
    assert suggest(["", "   ", "Xyzzyx qwqwq", "BUP"], TYPES)[:3] == [(), (), ()]  # nothing shared


def test_similar_texts_come_nearest_first() -> None:
    others = ["Hissen är trasig.", "Remissen skickades tillbaka igen.", "Remissen är borta."]
    assert similar("Remissen skickades tillbaka.", others)[:2] == [1, 2]
    assert similar("Remissen skickades tillbaka.", others, count=1) == [1]
    assert similar("xyz", others) == []


# --- words ------------------------------------------------------------------------------------------------------------


def test_synonyms_are_one_word() -> None:
    table = house_synonyms()
    assert table.applied("Barn- och ungdomspsykiatrin svarade inte.") == table.applied("BUP svarade inte.")
    assert Synonyms().applied("  Å, BUP! ") == "å bup"


def test_the_table_is_read_line_by_line() -> None:
    assert read_synonyms(["# remark", "", "bup: barnpsyk , psyk # more"]).pairs == (
        ("barnpsyk", "bup"),
        ("psyk", "bup"),
    )
    with pytest.raises(ValueError, match="line 2"):
        read_synonyms(["", "no colon"])


def test_stems_and_pieces() -> None:
    assert stems_of("kallelsen och kallelser") == ["kall", "kall"]
    assert grams_of("sip") == [" si", "sip", "ip ", " sip", "sip ", " sip "]
    assert grams_of("å") == [" å "]


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_prints_groups_and_suggestions() -> None:
    result = run(CASES / "recurring_examples.json", "--catalogue", CASES / "recurring_catalogue.json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert set(answer) == {"groups", "suggest"}
    assert set(answer["groups"]) == set(answer["suggest"]) == {record["id"] for record in RECORDS}
    sizes = Counter(name for name in answer["groups"].values() if name)
    assert sizes
    assert min(sizes.values()) >= 3
    other = json.loads(run(CASES / "recurring_examples.json").stdout)
    assert other["groups"] == answer["groups"]  # the catalogue has no say in them


@pytest.mark.parametrize(
    ("records", "catalogue", "said"),
    [
        ("{", None, "t.json, rad 1: är inte JSON"),
        ("[]", None, '"records"'),
        ('{"records": [{"id": "a"}]}', None, "post 1"),
        ('{"records": [{"id": "a", "text": 5}]}', None, "post 1"),
        ('{"records": [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}]}', None, "post 2: samma id"),
        ('{"records": [{"id": "a", "text": "x"}, {"id": "b", "text": " "}]}', None, "post 2: texten är tom"),
        ('{"records": []}', "{}", '"types"'),
        ('{"records": []}', '{"types": [{"id": "a"}]}', "problemtyp 1"),
        ('{"records": []}', '{"types": [{"id": "a", "sentence": "b", "confirmed": [5]}]}', '"confirmed"'),
        ('{"records": []}', '{"types": [{"id": "a", "sentence": ""}, {"id": "a", "sentence": ""}]}', "samma id"),
        ('{"records": []}', '{"types": []}', ""),
    ],
)
def test_bad_files_are_named(tmp_path: Path, records: str, catalogue: str | None, said: str) -> None:
    (tmp_path / "t.json").write_text(records, "utf-8")
    arguments: list[object] = [tmp_path / "t.json"]
    if catalogue is not None:
        (tmp_path / "c.json").write_text(catalogue, "utf-8")
        arguments += ["--catalogue", tmp_path / "c.json"]
    result = run(*arguments)
    assert result.exit_code == (2 if said else 0)
    assert said in result.stderr
    assert run(tmp_path / "missing.json").exit_code == 2


def test_the_model_finds_more_of_the_same_problem_than_shared_words_do() -> None:
    """Why the case page orders its similar cases by it: the three nearest of the same category, by problem."""

    def shared_words(text: str, others: list[str], *, count: int) -> list[int]:
        words, all_words = set(stems_of(text)), [set(stems_of(other)) for other in others]
        return sorted(range(len(others)), key=lambda n: -len(words & all_words[n]) / len(words | all_words[n]))[:count]

    right: Counter[str] = Counter()
    for record in LABELLED:
        others = [r for r in RECORDS if r is not record and r["category"] == record["category"]]
        texts = [r["text"] for r in others]
        for name, nearest in (("model", similar), ("words", shared_words)):
            found = nearest(record["text"], texts, count=3)
            right[name] += sum(others[place]["issue"] == record["issue"] for place in found)
    possible = sum(
        min(3, sum(r is not one and (r["issue"], r["category"]) == (one["issue"], one["category"]) for r in LABELLED))
        for one in LABELLED
    )
    assert right["model"] / possible >= 0.60
    assert right["model"] > 1.1 * right["words"]
