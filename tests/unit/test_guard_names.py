"""Names: found by where they stand, also when they stand in no list; what has a capital for another reason passes."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from avvikelse.domain.guard import things
from avvikelse.domain.guard.lexicon import name_list
from avvikelse.domain.guard.tokens import tokens
from avvikelse.domain.persondata import Finding, GuardContext, Kind, Severity, find, rewritten, warnings

CASES = Path(__file__).parents[1] / "cases"
PLACE = re.compile(r"\{(?:F|E|Fs|Es|f|e|FF|EE)\}(?:(?: |, )(?:el |von )?\{(?:E|Es|e|EE)\})?")
NAME_KINDS = {Kind.NAMN_FULLT, Kind.NAMN_FOR, Kind.NAMN_EFTER}
# Made for these tests, so that they mean something also where no name statistics are at hand. The tests hide our list.
GIVEN = [
    *("Adèle", "Agaton", "Alvina", "Anouk", "Arne-Bo", "Beniamin", "Bintou", "Cajsa-Lisa"),
    *("Ceylan", "Dagny", "Dawit", "Dionysia", "Ebbe", "Elgin", "Eskil", "Fadumo"),
    *("Farzaneh", "Fjodor", "Gerd", "Gerda", "Giovanni", "Hakim", "Halvard", "Hibo"),
    *("Idris", "Ilse", "Isolde", "Jarl", "Jiyan", "Jovanka", "Kaspian", "Keziah"),
    *("Krzysztof", "Leokadia", "Linn-Sofi", "Ludde", "Luan", "Mahnaz", "Merhawit", "Mio-Noel"),
    *("Nadifa", "Nkechi", "Obinna", "Odd-Geir", "Ottilia", "Pirjo", "Quentin", "Ragnhild"),
    *("Rayyan", "Runa", "Saoirse", "Semhar", "Signhild", "Sindre", "Tamlin", "Tyko"),
    *("Ulrica", "Vendela", "Winona", "Xhevat", "Yrsa", "Zeki", "Zlata", "Ödel"),
]
FAMILY = [
    *("Abshir", "Alfvén", "Axenborg", "Bahrami", "Blixth", "Cederqvist", "Chowdhury", "Dervishi"),
    *("Ehrnrooth", "Ejdestam", "Fagerskiöld", "Ghebre", "Grönvall", "Gyllensvärd", "Haapasalo", "Hedquist"),
    *("Ilunga", "Jaremczuk", "Järnefelt", "Kallur", "Kovačić", "Lagercrantz", "Lingfors", "Mbeki"),
    *("Moberger", "Nakamura", "Nordenskjöld", "Oyelaran", "Palmstierna", "Qvarnström", "Rosenqvist", "Rydbeck"),
    *("Saarinen", "Sjölinder", "Szymański", "Tesfaye", "Trulsson", "Uggelberg", "Vlašić", "Wennergren"),
    *("Wrangel-Lilja", "Yilmazer", "Zackrisson", "Zetterquist", "Åsbrink", "Ödlund"),
]


def genitive(name: str) -> str:
    return name if name[-1] in "sxz" else name + "s"


def templates() -> list[str]:
    lines = (CASES / "guard_name_templates.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def filled(given: list[str], family: list[str], times: int) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """(template, text, place of the name) with other names each time."""
    draw = random.Random(20260311)

    def name(place: re.Match[str]) -> str:
        base = draw.choice(given if place[1][0] in "Ff" else family)
        forms = {"s": genitive(base), "f": base.lower(), "e": base.lower(), "F": base.upper(), "E": base.upper()}
        return forms[place[1][-1]] if place[1] not in {"F", "E"} else base

    for template in templates():
        for _ in range(times):
            text, places, end = "", [], 0
            for place in PLACE.finditer(template):
                text += template[end : place.start()]
                words = re.sub(r"\{(\w+)\}", name, place[0])
                places.append((len(text), len(text) + len(words)))
                text, end = text + words, place.end()
            for where in places:
                yield template, text + template[end:], where


def is_found(text: str, where: tuple[int, int], findings: tuple[Finding, ...]) -> bool:
    """The whole name; the genitive's s may be missing."""
    start, end = where
    end -= text[end - 1] in "sS"
    return any(f.start <= start and f.end >= end and f.type in NAME_KINDS for f in findings)


def recall(given: list[str], family: list[str], times: int) -> tuple[float, list[str]]:
    rows = list(filled(given, family, times))
    missed = [text for _, text, where in rows if not is_found(text, where, find(text))]
    return 1 - len(missed) / len(rows), missed


@pytest.fixture
def no_list(monkeypatch):
    """Hide the names that we ship."""
    monkeypatch.setattr(things, "name_list", frozenset)


@pytest.mark.usefixtures("no_list")
def test_with_the_list_hidden_no_name_is_known():
    assert {"ahmed", "idris", "andersson"} <= name_list()
    assert not any(things.known_name(word, ()) for word in tokens(" ".join([*GIVEN, *FAMILY, *name_list()])))


@pytest.mark.usefixtures("no_list")
def test_names_that_stand_in_no_list_are_found(record_property):
    found, missed = recall(GIVEN, FAMILY, 4)
    record_property("recall", found)
    assert found >= 0.9, missed


@pytest.mark.usefixtures("no_list")
def test_common_names_are_found_with_the_list_hidden(record_property):
    source = Path(os.environ.get("AVVIKELSE_NAME_STATISTICS", CASES / "names_examples.csv"))
    if not source.exists():
        pytest.skip("SKIPPED: AVVIKELSE_NAME_STATISTICS names no file; only made-up names were tried")
    with source.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    given = [row["namn"] for row in rows if row["kategori"].startswith("fornamn")]
    family = [row["namn"] for row in rows if row["kategori"] == "efternamn"]
    found, missed = recall(given, family, 5)
    record_property("recall", found)
    assert found >= 0.9, missed


@pytest.mark.usefixtures("no_list")
def test_the_published_examples_with_the_list_hidden():
    texts = json.loads((CASES / "persondata_examples.json").read_text(encoding="utf-8"))["texter"]
    wanted = [(t["text"], (s["start"], s["end"])) for t in texts for s in t["spans"] if s["typ"] in NAME_KINDS]
    found = [is_found(text, where, find(text)) for text, where in wanted]
    assert sum(found) >= 0.85 * len(found)


def clean_texts() -> list[str]:
    published = json.loads((CASES / "persondata_examples.json").read_text(encoding="utf-8"))["texter"]
    own = (CASES / "guard_clean_texts.txt").read_text(encoding="utf-8").splitlines()
    narratives = json.loads((CASES.parents[1] / "avvikelse/data/narratives.json").read_text(encoding="utf-8"))
    told = [story["text"] for story in narratives["avvikelser"]]
    return [t["text"] for t in published if not t["har_personuppgift"]] + [t for t in own if t and t[0] != "#"] + told


def test_clean_texts_pass(record_property):
    texts = clean_texts()
    flagged = [(t, [t[f.start : f.end] for f in find(t)]) for t in texts if find(t)]
    blocked = [t for t in texts if any(f.severity is Severity.BLOCK for f in find(t))]
    record_property("flagged", len(flagged) / len(texts))
    assert len(flagged) <= 0.05 * len(texts), flagged
    assert blocked == []


def test_the_codes_pass():
    codes = json.loads((CASES.parents[1] / "avvikelse/data/codes.json").read_text(encoding="utf-8"))
    texts = [part for part in _strings(codes["kategorier"]) if " " in part and re.search("[åäö]", part)]
    flagged = [(t, [t[f.start : f.end] for f in find(t)]) for t in texts if find(t)]
    assert len(flagged) <= 0.02 * len(texts), flagged


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


ENGLISH = """
We waited for six months and nobody called us. Our son was very sad. The school said it was not their job.
Please help us. I think that the people at BUP and the school should talk to each other on Monday.
They said that we must call again in August. But nobody answers the phone. It is very hard for our family.
"""


def test_a_text_in_another_language_is_not_full_of_names():
    assert [finding for line in ENGLISH.strip().splitlines() for finding in find(line)] == []
    (found,) = find(
        "We waited for six months and then Ceylan Trulsson was sent home from the hospital without any help."
    )
    assert found.type is Kind.NAMN_FULLT
    (number,) = find("Please call me on 070-174 06 11 if there is something that you want to know about our case.")
    assert number.severity is Severity.BLOCK


def test_what_the_organisation_calls_its_units_passes_and_its_names_are_warned_for():
    text = "Ärendet gick via Klara till oss. Vi mejlade Rosenlunds öppenvård och sedan norrsken."
    assert {text[f.start : f.end] for f in find(text)} == {"Rosenlunds"} or find(text)
    known = GuardContext.of(allowed=["Rosenlunds öppenvård", "Klara"], names=["norrsken"])
    assert [text[f.start : f.end] for f in find(text, known)] == ["norrsken"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gerda fick vänta.", "Eleven fick vänta."),
        ("Ceylans plan följdes inte.", "Elevens plan följdes inte."),
        ("Mamma Hibo ringde.", "Vårdnadshavaren ringde."),
        ("Mamman Hibo Abshir ringde.", "Mamman ringde."),
        ("I går kom eleven Tyko Trulsson för sent.", "I går kom eleven för sent."),
        ("Vi träffade doktor Moberger i tisdags.", "Vi träffade läkaren i tisdags."),
        ("Handläggaren Runa Ödlund svarade inte.", "Handläggaren svarade inte."),
        ("Familjen Zackrisson har flyttat.", "Familjen har flyttat."),
        ("Enligt fru Rydbeck ringde ingen.", "Enligt vårdnadshavaren ringde ingen."),
        ("Hon är född 2014-05-03.", "Hon är född ett visst datum."),
        ("Hon bor på Ekgatan 12 sedan i höstas.", "Hon bor på en adress i kommunen sedan i höstas."),
        ("Ring Yrsa, kurator, om något är oklart.", "Ring kuratorn, kurator, om något är oklart."),
        ("De fyra sista siffrorna är 2390.", "De fyra sista siffrorna är borttagna."),
        ("Rayyan och Zeki väntar.", "Eleven och eleven väntar."),
    ],
)
def test_one_press_puts_the_neutral_word_in_so_that_the_sentence_reads(text, expected):
    again = rewritten(text, find(text))
    assert again == expected
    assert find(again) == ()


def test_findings_never_repeat_what_was_found():
    found = find("Gerda Trulsson bor på Ekgatan 12.")
    assert len(warnings(found)) == 2
    assert not any(part in repr(found) for part in ("Gerda", "Trulsson", "Ekgatan"))


LONG = {
    "names": "Gerda Trulsson ",
    "small names": "eleven gerda ",
    "capitals": "GERDA TRULSSON ",
    "initials": "A.B. ",
    "particles": "Gerda von ",
    "born": "född ",
    "born dates": "född 3 maj ",
    "streets": "Storgatan ",
    "capital streets": "Norra Västra Storgatan ",
    "lives": "bor på ",
    "plates": "ABC 12",
    "journal": "journal ",
    "only": "den enda i skolan som ",
    "ages": "9 år på Byskolan ",
    "account": "kontot heter ",
    "handles": "@a",
    "compound": "skolskol",
    "hyphens": "a-",
    "commas": "Gerda, Runa, ",
    "letters": "K. ",
    "sentences": "Vi. ",
    "quotes": '"',
    "links": "https://x.com/",
    "everybody": "alla vet ",
    "lma": "lma ",
    "sista": "sista fyra ",
    "post": "231 44 T",
    "one word": "ö",
    "one capital word": "Ö",
    "mixed case": "aB",
    "iban": "SE45 5000 ",
    "bank": "konto nr 1 ",
    "lone letters": "S är ",
    "pairs": "Tom och Kim & ",
}


@pytest.mark.parametrize("unit", LONG.values(), ids=LONG)
def test_time_is_linear_in_the_length(unit):
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        best = float("inf")
        for _ in range(2):
            started = time.process_time()
            find(text)
            best = min(best, time.process_time() - started)
        return best

    find("En mening som läser in ordlistorna.")
    short, long = seconds(4_000), seconds(40_000)
    assert long < 30 * short + 0.2  # linear is 10, quadratic 100
