"""Finding a unit from the words people use."""

from __future__ import annotations

import pytest

from avvikelse.domain.codes import UNIT_TYPES
from avvikelse.domain.unit_search import TYPE_WORDS, UnitIndex, UnitWords, Weight, ages_text, fold, query_words


def unit(number: int, name: str, kind: str, place: str, *, closed: bool = False, earlier: str = "") -> UnitWords:
    texts = ((Weight.NAME, name), (Weight.TYPE, TYPE_WORDS[kind]), (Weight.PLACE, place), (Weight.CONTEXT, earlier))
    return UnitWords(number, name, closed, texts)


INDEX = UnitIndex(
    (
        unit(1, "BUP mottagningsteam", "bup", "Östersund Krokom Åre"),
        unit(2, "BUP behandlingsteam", "bup", "Östersund Krokom Åre", closed=True),
        unit(3, "Socialtjänst barn och unga Krokom", "socialtjanst_bou", "Krokom"),
        unit(4, "Skolområde Frösön", "grundskola", "Östersund", earlier="Frösö skola"),
        unit(5, "Hälsocentralen Zätagränd", "vardcentral", "Östersund"),
        unit(6, "Ungdomsmottagningen", "ungdomsmottagning", "Östersund Krokom"),
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BUP Östersund", (1, 2)),  # the closed one last
        ("östersund bup", (1, 2)),
        ("OSTERSUND BUP", (1, 2)),
        ("bup i Östersunds", (1, 2)),  # "Östersunds": another ending
        ("soctjänst krokom", (3,)),
        ("socialtjänsten Krokom", (3,)),
        ("VC Östersund", (5,)),
        ("hälsocentral", (5,)),
        ("UM", (6,)),
        ("skolan Frösön", (4,)),
        ("frösö skola", (4,)),  # an earlier name
        ("Vart skickar jag kallelsen till BUP i Krokom?", (1, 2)),
    ],
)
def test_finds(text: str, expected: tuple[int, ...]) -> None:
    found = INDEX.search(text)
    assert found.unit_ids == expected
    assert found.missed == () or "kallelsen" in found.missed


def test_the_type_weighs_more_than_the_name() -> None:
    both = UnitIndex(
        (
            unit(1, "IKB-teamet (BUP och Östersunds socialtjänst)", "ikb_team", "Östersund"),
            unit(2, "BUP mottagningsteam", "bup", "Östersund"),
        )
    )
    assert both.search("bup östersund").unit_ids == (2, 1)


def test_says_which_word_nothing_matched() -> None:
    found = INDEX.search("BUP Kiruna")
    assert found.unit_ids == (1, 2)
    assert found.missed == ("kiruna",)


@pytest.mark.parametrize("text", ["", "   ", "och i för", "🙂", "xyzzy"])
def test_finds_nothing(text: str) -> None:
    assert INDEX.search(text).unit_ids == ()


def test_long_nonsense_is_bounded() -> None:
    assert len(query_words("ord " * 500 + " ".join(f"w{n}" for n in range(500)))) <= 8


def test_folding() -> None:
    assert fold("Åre-BUP, HÄRJEDALEN") == ("are", "bup", "harjedalen")


def test_every_word_list_belongs_to_a_known_type() -> None:
    assert set(TYPE_WORDS) <= {code.code for code in UNIT_TYPES}


def test_ages_in_words() -> None:
    assert (ages_text(0, 17), ages_text(18, 120), ages_text(0, 120)) == ("0–17 år", "från 18 år", "alla åldrar")


def test_the_own_lan_comes_first_and_what_is_closed_last() -> None:
    texts = ((Weight.NAME, "BUP Öppenvård"),)
    index = UnitIndex(
        (
            UnitWords(1, "BUP Öppenvård A", closed=False, texts=texts, area=1),
            UnitWords(2, "BUP Öppenvård B", closed=False, texts=texts, area=2),
            UnitWords(3, "BUP Öppenvård C", closed=True, texts=texts, area=2),
        )
    )
    assert index.search("bup").unit_ids == (1, 2, 3)
    assert index.search("bup", near=2).unit_ids == (2, 1, 3)
