"""The APT-underlag: always three questions, always one accessible page, no number below five."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pikepdf
import pytest

from avvikelse.domain.apt import questions
from avvikelse.domain.vocabulary import Rating
from avvikelse.queries.changes import Change
from avvikelse.queries.own_unit import Handout, UnitFigures
from avvikelse.reports.apt_pdf import apt_pdf, figure_lines
from tests.unit.test_pdf import accessible

NOW = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
FEW = UnitFigures(None, None, None, None, None)
MANY = UnitFigures(40, 31, 7, ((Rating.JA, 0.5), (Rating.DELVIS, 0.25), (Rating.NEJ, 0.25)), "Sen kallelse")
LONG = Change("Ni rapporterade ”Sen kallelse”, och sedan dess gäller: " + "ännu ett ord " * 60, date(2026, 3, 1), "x")


def paper(figures: UnitFigures, *changes: Change) -> Handout:
    return Handout(
        "Resursteam elevhälsa Östersund", date(2025, 3, 1), date(2026, 2, 28), date(2026, 3, 11), figures, changes
    )


@pytest.mark.parametrize("handout", [paper(FEW), paper(MANY, LONG), paper(MANY, *[LONG] * 4)])
def test_it_is_one_accessible_page(handout: Handout) -> None:
    document = apt_pdf(handout, made_at=NOW)
    accessible(document)
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert len(opened.pages) == 1


def test_small_numbers_are_words() -> None:
    assert [number for _, number in figure_lines(FEW)] == ["färre än fem"] * 3
    assert figure_lines(MANY)[-1][1] == "ja 50 %, delvis 25 %, nej 25 %"


def test_there_are_always_three_questions_and_none_asks_who() -> None:
    found = {questions(changed=c, most_reported=m) for c in (True, False) for m in (None, "Sen kallelse")}
    assert len(found) == 4
    for three in found:
        assert len(set(three)) == 3
        assert all(question.endswith("?") and not question.startswith("Vem") for question in three)
