"""The code lists over time: a case keeps the name of its day, and what has ended is offered no more."""

from __future__ import annotations

from datetime import date

import pytest

from avvikelse.domain import codes
from avvikelse.domain.codes import Category, category_label
from avvikelse.domain.plain_categories import plain_choices

RENAMED = Category("A1", "Kallad part kom inte", "", "A", "SIP", earlier=((date(2026, 1, 31), "Part uteblev"),))


def test_a_case_keeps_the_name_of_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(codes._CATEGORY, "A1", RENAMED)
    assert category_label("A1") == "Kallad part kom inte"
    assert category_label("A1", date(2026, 1, 31)) == "Part uteblev"
    assert category_label("A1", date(2026, 2, 1)) == "Kallad part kom inte"


def test_what_the_file_says_is_read() -> None:
    group = {"kod": "A", "namn": "SIP"}
    row = {"kod": "A1", "namn": "Ny", "till": "2026-05-31", "tidigare": [{"namn": "Gammal", "till": "2026-01-31"}]}
    read = codes._category_from(group, row)
    assert (read.until, read.earlier) == (date(2026, 5, 31), ((date(2026, 1, 31), "Gammal"),))


def test_what_has_ended_is_known_but_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Category("A1", "Kallad part uteblev", "", "A", "SIP", until=date(2026, 1, 31))
    monkeypatch.setitem(codes._CATEGORY, "A1", gone)
    monkeypatch.setattr(codes, "OFFERED", tuple(one for one in codes.OFFERED if one.code != "A1"))
    assert codes.known_category("A1")
    assert category_label("A1", date(2026, 1, 1)) == "Kallad part uteblev"
    assert "A1" not in dict(plain_choices())
    assert "A1" not in {code for rows in codes.category_choices().values() for code, _ in rows}


def test_every_offered_code_is_in_the_list() -> None:
    assert set(codes.OFFERED) <= set(codes.CATEGORIES)
    assert len({one.code for one in codes.CATEGORIES}) == len(codes.CATEGORIES)
