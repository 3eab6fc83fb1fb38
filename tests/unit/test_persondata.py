"""The guard: what it stops, what it lets pass, what it says."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from avvikelse.domain.errors import Invalid
from avvikelse.domain.persondata import (
    Finding,
    GuardContext,
    Kind,
    Severity,
    blocking,
    explain,
    find,
    refuse_control_characters,
)

EXAMPLES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "cases" / "persondata_examples.json").read_text(encoding="utf-8")
)["texter"]
FIRST_GUARD = {Kind.PERSONNUMMER, Kind.SAMORDNINGSNUMMER, Kind.RESERVNUMMER, Kind.TELEFON, Kind.EPOST}

PERSONNUMMER = """
110513-2383 · 20110513-2383 · 1105132383 · 201105132383 · 110513 2383 · 20110513 2383 · 110513–2383 · 110513—2383
110513−2383 · 110513‑2383 · 110513‐2383 · 110513―2383 · 110513 - 2383 · 110513- 2383 · 19110513+2383 · 110513+2383
11 05 13 2383 · 11 05 13-2383 · 2011-05-13-2383 · 2011-05-13 2383 · 11/05/13-2383 · 2011.05.13-2383 · 2011 0513 2383
11 05 13 23 83 · 20 11 05 13 23 83 · 110513-23 83 · 1 1 0 5 1 3 2 3 8 3 · 110513/2383 · 110513.2383 · 110513_2383
110513, 2383 · 110513 (2383) · (110513)2383 · 110513\u00ad2383 · 110513-\u200b2383 · 110513\u00a02383 · 110513\n2383
１１０５１３－２３８３ · ١١٠٥١٣-٢٣٨٣ · 110513-2384 · 20110513-2384 · personnummer 1105132384 · pnr: 110513 2384
personnumret är 11 0513 2384 · född 110513, de fyra sista är 2383 · Personnr201105132383står
"""
SAMORDNINGSNUMMER = "110573-2380 · 20110573-2380 · 20110573-2381 · samordningsnummer 1105732381 · 110573–2380"
RESERVNUMMER = "121227-T922 · 20090305K101 · 992018717652 · 121227TF92 · reservnummer K-12345678"
TELEFON = """
070-174 06 11 · 070 174 06 11 · 070-1740611 · 0701740611 · 0701-74 06 11 · 070/174 06 11
070.174.06.11 · (070) 174 06 11
+46701740611 · +46 70 174 06 13 · +46 (0)70 174 06 11 · +46(0)701740611 · 0046 70 174 06 11 · 00 46 70 174 06 11
+46-70-174 06 11 · 08-123 45 67 · 08 123 45 67 · 08-12 34 56 · 0455-123 45 · 0455-12345 · 0980-31 92 10 · 031-390 06 12
tel 12 34 56 · Tel: 123456 · tfn. 0455 12345 · +47 22 12 34 56 · 070‑174 06 11 · 0 7 0 1 7 4 0 6 1 1 · 070–174 06 11
"""
EPOST = """
anna.svensson@example.com · anna @ example.com · anna@example . com · anna@example. com · anna (at) example.com
anna[at]example[dot]com · anna at example.com · anna snabel-a example punkt com · anna (snabel-a) example (punkt) se
anna＠example.com · a@b.se · ANNA@EXAMPLE.SE · anna_å@exämple.se · anna@skola
"""
HARMLESS = """
BL-2026-0042 · dnr RS/625/2021 · SN 2024-00123 · 2024:1234 · KS-2023/00123 · BUN 2023/000456 · SOC-2024-1234567
2012-021234 · ärendenummer 2024-123456 · SoL 2 kap. 7 § · (2017:30) · SOSFS 2011:9 · § 243 · F32.1 · version 1.2.3.4
den 12 mars 2024 · 2024-03-12 · 2024-03-12 14:30 · 2024-03-12 kl. 14.30 · 2024-03-12 14-16 · 2024-03-12–2024-03-14
2024-03-12 - 2024-03-14 · 20240312–20240314 · 08-12-2024 · 04.03.2024 · 05.02.2024 12.30 · 2024-01-01, 2024-02-01
kl. 08.15–09.45 · 08:15-09:45 · 08.00-16.30 · 0815-0945 · öppet 08-12 13-16 · telefontid 08.15–09.45 · 09.00 10.30 13.15
1 980 237 kronor · 12 345 678 901 kr · 10 000 000 000 · 100 000–200 000 kr · 3,14159265 · 10 @ 20 kr
112 · 1177 · 113 13 · 114 14 · 116 111 · 116 117 · 116 000 · tel 1177 · Ring 112 · Telefon 116 111 · ring 113 13
020-22 00 60 · 020-50 50 50 · 0771-11 22 33 · +46 771 11 22 33 · orgnr 212000-1199 · Ordernummer 20240312-0042
Exporten skapades 202603041215 · OCR 400 812 553 07 · bankgiro 5050-1055 · plusgiro 12 34 56-7 · rum 0704
Skolenhetskod 38472910 · HSA-id SE2321000255-E000000012345 · Artikelnummer 0123456789 · IP 192.168.10.12
2018–2020 · 13–19 år · 0–18 år · vecka 12-14 · läsåret 2024/2025 · sidan 14-15, 16-17 · Vi ses @ skolan. Kl 8
"""


def _rows(table: str) -> list[str]:
    """The cells of a table; a line end stands for "·", but one inside a number ("110513\\n2383") is kept."""
    lines = table.replace("\n2383", "\x00").strip("\n").split("\n")
    return [case.strip().replace("\x00", "\n2383") for line in lines for case in line.split("·")]


FORMS = [
    (kind, form)
    for kind, table in (
        (Kind.PERSONNUMMER, PERSONNUMMER),
        (Kind.SAMORDNINGSNUMMER, SAMORDNINGSNUMMER),
        (Kind.RESERVNUMMER, RESERVNUMMER),
        (Kind.TELEFON, TELEFON),
        (Kind.EPOST, EPOST),
    )
    for form in _rows(table)
]


@pytest.mark.parametrize(("kind", "form"), FORMS)
@pytest.mark.parametrize("frame", ["{}", "Vi pratade om {} i går.", "({})", "{}."])
def test_every_written_form_is_stopped(kind, form, frame):
    text = frame.format(form)
    found = blocking(text)
    assert [finding.type for finding in found] == [kind]
    where = text[found[0].start : found[0].end]
    assert where in form or where.strip("().") in form


@pytest.mark.parametrize("form", _rows(HARMLESS))
@pytest.mark.parametrize("frame", ["{}", "Det stod {} i kallelsen.", "{}, {}", "({})."])
def test_numbers_of_things_pass(form, frame):
    assert find(frame.format(form, form)) == ()


def test_the_examples_as_a_whole(record_property):
    wanted = [(t, s) for t in EXAMPLES for s in t["spans"] if s["typ"] in FIRST_GUARD]
    clean = [t for t in EXAMPLES if not t["har_personuppgift"]]
    missed = [
        s["text"] for t, s in wanted if not any(_covers(f, s) and f.type == s["typ"] for f in blocking(t["text"]))
    ]
    wrongly = [t["id"] for t in clean if find(t["text"])]
    record_property("wanted", len(wanted))
    record_property("clean_texts_blocked", len(wrongly))
    assert len(wanted) == 36
    assert missed == []
    assert len(wrongly) <= 0.02 * len(clean)


def _covers(finding: Finding, span: dict[str, Any]) -> bool:
    return bool(finding.start <= span["start"] and finding.end >= span["end"])


@pytest.mark.parametrize("born", ["fött 2014-03-02", "född 2014-03-02", "fött den 3 maj", "föddes 2 mars 2014"])
def test_a_birth_date_is_asked_about_whatever_the_gender_of_the_word(born):
    """A barn is "fött", an elev "född"."""
    assert [one.type for one in find(f"Barnet är {born}.")] == [Kind.FODELSEDATUM]
    assert find(f"Mötet har {born.split()[0]} nya idéer sedan 2024-03-02.") == ()


def test_positions_count_code_points_of_the_text_as_given():
    text = "\U0001f642 Pojken \U0001f642 har 1\ufe0f\u20e31\u00ad0513\u20142383 och mer."
    (finding,) = find(text)
    assert text[finding.start : finding.end] == "1\ufe0f\u20e31\u00ad0513\u20142383"


def test_several_findings_come_in_order_and_do_not_overlap():
    text = "Ring 070-174 06 11, mejla a@b.se, gäller 110513-2383/110513-2383."
    found = find(text)
    assert [f.type for f in found] == [Kind.TELEFON, Kind.EPOST, Kind.PERSONNUMMER, Kind.PERSONNUMMER]
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_a_number_that_could_be_both_is_named_by_the_word_before():
    assert [f.type for f in find("Ring mamman på 0704122385")] == [Kind.TELEFON]
    assert [f.type for f in find("Det gäller 0704122381")] == [Kind.PERSONNUMMER]
    assert [f.type for f in find("Det gäller 0704122385")] == [Kind.TELEFON]


def test_an_order_number_needs_the_right_check_digit_to_be_stopped():
    assert find("Ordernumret 20110513-2384") == ()
    assert blocking("Ordernumret 20110513-2383")


def test_function_phones_may_stand_in_a_text():
    text = "Ring oss på 0455-30 30 30."
    assert blocking(text)
    assert find(text, GuardContext.of(phones=["+46 455 303030"])) == ()
    assert blocking("Ring 070-174 06 11.", GuardContext.of(phones=["0455-30 30 30"]))


def test_the_explanation_says_what_to_write_and_never_repeats_the_text():
    found = find("Gäller 110513-2383 och 110513-2383, mejl anna@example.com")
    sentence = explain(found)
    assert sentence == (
        "Ta bort personnumret. Skriv i stället ”eleven”. Ta bort e-postadressen. Skriv i stället ”en e-postadress”."
    )
    assert explain(()) == ""
    assert not any(part in repr(found) for part in ("110513", "2383", "anna"))


def test_every_kind_has_advice_and_a_suggestion_that_passes_itself():
    from avvikelse.domain.guard.kinds import ADVICE

    assert set(ADVICE) == set(Kind)
    assert all(find(advice.suggestion) == () for advice in ADVICE.values())
    types = {span["typ"] for text in EXAMPLES for span in text["spans"]}
    assert types <= {kind.value for kind in Kind}


def test_warnings_are_said_after_what_blocks():
    warning = Finding(0, 4, Kind.NAMN_FOR, Severity.WARN, "eleven", "Namnet.")
    stop = Finding(9, 12, Kind.TELEFON, Severity.BLOCK, "", "Telefon.")
    assert explain([warning, stop]) == "Telefon. Namnet."


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_are_refused(character):
    with pytest.raises(Invalid) as caught:
        refuse_control_characters(f"a{character}b", field="title")
    assert caught.value.field == "title"


def test_line_ends_are_made_equal_and_tabs_kept():
    assert refuse_control_characters("a\r\nb\rc\n\td å 🙂") == "a\nb\nc\n\td å 🙂"


# Inputs that make careless patterns explode, in two lengths: ten times the text may cost about ten times the time.
ADVERSARIAL = {
    "single digits": "1 ",
    "one long number": "1",
    "dates": "15 06 12 ",
    "personnummer": "150612-2397 ",
    "area codes": "08-12 ",
    "mobile prefixes": "070-",
    "plus": "+46 ",
    "a long local part": "a",
    "at signs": "a@",
    "at words": "a (at) ",
    "labels": "y.",
    "dots and dashes": ".-",
    "spaces": " ",
    "last four": "sista 1 ",
    "compounds": "nummernummer",
    "interim": "150612-T92 ",
    "mixed": "å12 ",
}


@pytest.mark.parametrize("unit", ADVERSARIAL.values(), ids=ADVERSARIAL)
def test_time_is_linear(unit):
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit)))[:-1] + "@"
        best = float("inf")
        for _ in range(2):
            started = time.process_time()
            find(text)
            best = min(best, time.process_time() - started)
        return best

    short, long = seconds(4_000), seconds(40_000)
    assert long < 30 * short + 0.2  # linear is 10, quadratic 100


def test_an_ordinary_text_takes_far_less_than_five_milliseconds():
    texts = [text["text"][:200] for text in EXAMPLES]
    find(texts[0])
    started = time.process_time()
    for text in texts:
        find(text)
    assert (time.process_time() - started) / len(texts) < 0.005
