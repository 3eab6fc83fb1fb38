"""The guard against generated numbers in random written forms; the `personnummer` package is the oracle."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st
from personnummer import personnummer

from avvikelse.domain.guard.numbers import birth_kind, check_digit_is_right
from avvikelse.domain.persondata import Kind, blocking, find

TEXTS = [
    text["text"]
    for text in json.loads(
        (Path(__file__).parents[1] / "cases" / "persondata_examples.json").read_text(encoding="utf-8")
    )["texter"]
    if not text["har_personuppgift"] and not any(character.isdigit() for character in text["text"])
]
# Small words only: torn out of their sentences, "Adolfs" and "Komet" look like people.
WORDS = sorted({word for text in TEXTS for word in text.split() if word.islower()})
DASHES = "-–—−‑‐―﹣－"
DIGITS = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"]
prose = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


def luhn(nine: str) -> str:
    total = 0
    for place, digit in enumerate(nine):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value if value < 10 else value - 9
    return str(-total % 10)


@st.composite
def numbers(draw, *, samordning: bool | None = None) -> str:
    """Twelve digits with the right check digit."""
    day = draw(st.dates(date(1930, 1, 1), date(2026, 3, 1)))
    coordination = draw(st.booleans()) if samordning is None else samordning
    serial = draw(st.integers(1, 999))
    nine = f"{day:%y%m}{day.day + 60 * coordination:02d}{serial:03d}"
    return f"{day:%Y}"[:2] + nine + luhn(nine)


@st.composite
def written(draw, number: str) -> str:
    """One of the ways in which people write the twelve digits."""
    long = draw(st.booleans())
    year, month, day, tail = number[0 if long else 2 : 4], number[4:6], number[6:8], number[8:]
    dash = draw(st.sampled_from(DASHES))
    between = draw(
        st.sampled_from(
            ["", " ", dash, f" {dash} ", f" {dash}", f"{dash} ", "+", "/", "\u00a0", "\u2009", "\u00ad", "\n"]
        )
    )
    inside = draw(st.sampled_from(["", "", "", " ", dash]))
    form = inside.join((year, month, day)) + (between or inside) + tail
    if draw(st.integers(0, 9)) == 0:
        form = " ".join(number if long else number[2:])
    alphabet = draw(st.sampled_from(DIGITS))
    return "".join(alphabet[int(c)] if c.isascii() and c.isdigit() else c for c in form)


@given(st.data(), numbers(), prose, prose)
def test_every_number_in_every_form_inside_swedish_text_is_found(data, number, before, after):
    form = data.draw(written(number))
    text = f"{before} {form} {after}"
    found = blocking(text)
    assert len(found) == 1, text
    assert (found[0].start, found[0].end) == (len(before) + 1, len(before) + 1 + len(form))
    assert found[0].type in {Kind.PERSONNUMMER, Kind.SAMORDNINGSNUMMER, Kind.TELEFON}


@given(numbers(), st.integers(0, 9), prose)
def test_a_wrong_check_digit_is_found_in_the_unmistakable_form_only(number, digit, before):
    assume(str(digit) != number[-1])
    wrong = number[:-1] + str(digit)
    assert blocking(f"{before} {wrong[:8]}-{wrong[8:]}")
    assert blocking(f"{before} {wrong[2:8]}–{wrong[8:]}")
    assert blocking(f"{before} personnummer {wrong}")
    assert blocking(f"{before} ordernummer {wrong[:8]}-{wrong[8:]}") == ()


@given(st.from_regex(r"(19|20)[0-9]{10}", fullmatch=True))
def test_date_and_check_digit_agree_with_the_oracle(digits):
    assume(digits[8:11] != "000")  # no such birth number is given out; the guard stops it all the same
    ours = birth_kind(digits) is not None and check_digit_is_right(digits)
    assert ours == personnummer.valid(digits)


@given(numbers(samordning=True))
def test_the_kind_of_a_samordningsnummer(number):
    (finding,) = find(f"Gäller {number[:8]}-{number[8:]}.")
    assert finding.type is Kind.SAMORDNINGSNUMMER
    assert personnummer.valid(number)


@given(st.text(max_size=300))
def test_any_text_at_all_gives_places_inside_it(text):
    last = 0
    for finding in find(text):
        assert last <= finding.start < finding.end <= len(text)
        last = finding.end


def about_digits(text: str) -> list[str]:
    """What is said of the numbers in a text. Words thrown together may look like a name beside a role; digits not."""
    return [found for finding in find(text) if any(map(str.isdigit, found := text[finding.start : finding.end]))]


@given(prose, st.sampled_from("0123456789"), prose)
def test_prose_with_one_digit_passes(before, digit, after):
    assert about_digits(f"{before} {digit} {after}") == []


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.dates(date(1990, 1, 1), date(2030, 1, 1)), prose)
def test_days_and_spans_of_days_pass(first, second, before):
    spans = (
        f"{first} – {second}",
        f"{first}–{second}",
        f"{first:%Y%m%d}–{second:%Y%m%d}",
        f"{first:%d/%m %Y}, {second:%d/%m %Y}",
    )
    for text in spans:
        assert about_digits(f"{before} {text}.") == []


@given(st.integers(1, 9999), st.integers(2020, 2040), prose)
def test_case_numbers_pass(serial, year, before):
    for text in (f"BL-{year}-{serial:04d}", f"SN/{serial}/{year}", f"dnr {year}-{serial:05d}", f"({year}:{serial})"):
        assert about_digits(f"{before} {text}.") == []


mobiles = st.tuples(st.sampled_from(["070", "072", "073", "076", "079"]), st.integers(0, 9_999_999)).map(
    lambda parts: f"{parts[0]}{parts[1]:07d}"
)
landlines = st.tuples(st.sampled_from(["08", "031", "0455", "0980", "063"]), st.integers(2_000_00, 9_999_99)).map(
    lambda parts: f"{parts[0]}{parts[1]}"
)


@given(st.one_of(mobiles, landlines), st.sampled_from(DASHES), st.integers(0, 4), prose, prose)
def test_phone_numbers_in_every_form_are_found(number, dash, form, before, after):
    area = 2 if number.startswith("08") else 3 if number[:3] in {"031", "063"} or number.startswith("07") else 4
    code, rest = number[:area], number[area:]
    pairs = f"{rest[:-4]} {rest[-4:-2]} {rest[-2:]}"
    forms = (
        f"{code}{dash}{rest}",
        f"{code}{dash}{pairs}",
        f"{code} {pairs}",
        f"({code}) {pairs}",
        f"+46 {code[1:]} {pairs}",
    )
    text = f"{before} {forms[form]} {after}"
    (finding,) = blocking(text)
    assert unicodedata.normalize("NFKC", text[finding.start : finding.end]).strip("() ").endswith(rest[-2:])
    assert finding.start <= len(before) + 2
