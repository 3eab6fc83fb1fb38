"""A month as drawing and document: well-formed, accessible, and the same words and numbers as the page."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from avvikelse.analysis.month import month_content
from avvikelse.analysis.month_content import Chart, Level, Marker, MonthContent, Point, Sign, from_json
from avvikelse.domain.passages import as_passage, suggested_kinds
from avvikelse.reports.chart_svg import NARROW, WIDE, Size, chart_svg
from avvikelse.reports.month_pdf import _chart, _first_parts, _other_parts, month_pdf
from avvikelse.reports.month_tables import month_tables
from avvikelse.reports.parts import Heading
from avvikelse.reports.signs import sign_svg, words
from tests.unit.test_analysis_month import EMPTY, NAMES, asked, with_cases
from tests.unit.test_analysis_month_charts import quicker, with_counts
from tests.unit.test_pdf import accessible

NOW = datetime(2026, 11, 6, 4, 20, 1, 77, tzinfo=UTC)
HEADING = Heading("Birger", "Oktober 2026", "Fastställd 6 november 2026, version 1", "Tack.\n\n= Ingen rubrik #panic()")
CHART = Chart(
    "prov", "Prov <1>", "", "Antal",
    tuple(Point(f"2025-{n + 1:02d}", float(n), sign, left_out=n == 3) for n, sign in enumerate(Sign)),
    (Level(0, 5, 4.0, -2.0, 9.0),), (Marker("2025-03", "Å1 <ny>"),), Sign.USUAL, "Läsning.",
)  # fmt: skip


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_drawing_is_shapes_only(size: Size) -> None:
    drawing = ElementTree.fromstring(chart_svg(CHART, size))
    for element in drawing.iter():
        assert element.tag.split("}")[1] in {"svg", "path", "circle", "polygon", "text"}
        assert not {"style", "onload", "href"} & set(element.attrib)
        x = float(element.attrib.get("x", element.attrib.get("cx", 0)))
        assert 0 <= x <= size.width
    texts = [element.text for element in drawing.iter() if element.tag.endswith("text")]
    assert "Å1 <ny>" in texts


def test_signs_differ_in_shape_and_not_only_in_colour() -> None:
    shapes = {sign_svg(sign).replace("#005ea5", "").replace("#b4520a", "").replace("#1b2a30", "") for sign in Sign}
    assert len(shapes) == len(Sign)
    assert len({words(sign) for sign in Sign}) == len(Sign)


def test_points_that_are_left_out_are_hollow() -> None:
    assert chart_svg(CHART).count('fill="#ffffff"') == 1


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(ValueError, match="nothing"):
        chart_svg(replace(CHART, points=(Point("2025-01", None, Sign.USUAL),)))


def full() -> MonthContent:
    proposed = replace(asked("q1"), proposal="Skolan kallar.", owner="Rektor")
    facts = replace(quicker(), questions=(proposed, asked("q2")))
    return month_content(facts, NAMES)


def first_year() -> MonthContent:
    return month_content(with_counts([7, 5, 9, 6, 8, 11, 6, 7]), NAMES)


def test_a_first_year_is_drawn_once_with_its_median_and_its_table() -> None:
    content = first_year()
    assert content.line is not None
    drawn = _chart(content.line)
    assert "median 7</text>" in drawn["svg"]
    assert [cell for row in drawn["table"]["rows"] for cell in row][1:] == ["7", "5", "9", "6", "8", "11", "6", "7"]
    titles = [part["title"] for part in _other_parts(content, {}, set())]
    assert "Månad för månad" not in titles
    assert from_json(content.to_json()) == content


@pytest.mark.parametrize(
    "content", [month_content(EMPTY, NAMES), month_content(with_cases(6), NAMES), first_year(), full()]
)
def test_the_document_is_accessible(content: MonthContent) -> None:
    accessible(month_pdf(HEADING, content, made_at=NOW))


def test_the_same_month_gives_the_same_document() -> None:
    assert month_pdf(HEADING, full(), made_at=NOW) == month_pdf(HEADING, full(), made_at=NOW)


def test_the_document_says_what_the_page_says() -> None:
    import pikepdf  # here, with the reader of its texts
    from pikepdf import Page

    content = full()
    with pikepdf.open(io.BytesIO(month_pdf(HEADING, content, made_at=NOW))) as opened:
        assert [Page(page) for page in opened.pages]
        assert str(opened.docinfo.Title) == "Oktober 2026, Birger"


def test_every_number_of_the_page_is_in_the_tables() -> None:
    content = full()
    tables = {table.key: table for table in month_tables(content)}
    assert [row[0] for row in tables["att-besluta"].rows] == [question.text for question in content.to_decide]
    assert [row[1:3] for row in tables["att-besluta"].rows] == [("Skolan kallar.", "Rektor"), ("", "")]
    for chart in content.charts:
        assert [row[1] for row in tables[chart.key].rows] == [point.value for point in chart.points]
    for table in tables.values():
        assert all(len(row) == len(table.columns) for row in table.rows)
    assert date(2026, 10, 20) in tables["att-besluta"].rows[0]


def test_a_meeting_gets_three_questions_and_the_number_of_all() -> None:
    facts = replace(quicker(), questions=tuple(asked(f"q{n}") for n in range(5)))
    content = month_content(facts, NAMES)
    assert [question.ref for question in content.first_to_decide] == ["q0", "q1", "q2"]
    assert content.more_to_decide == 2
    first = _first_parts(content, {table.key: table for table in month_tables(content)})[0]
    assert len(first["tables"][0]["rows"]) == 3
    assert "5 frågor väntar" in first["lead"]


def test_a_month_of_before_is_still_readable() -> None:
    stored = month_content(with_counts([3] * 5), NAMES).to_json()
    for new in ("silent_parties", "candidates", "measures", "indicators", "matrix", "forum_gaps", "passages", "points"):
        del stored[new]
    assert from_json(stored | {"format": 1}).charts == ()


def test_who_is_asked_to_a_theme_about_a_passage() -> None:
    assert suggested_kinds("H2", "bup", "socialtjanst_bou") == ("bup", "socialtjanst_bou", "vuxenpsykiatri")
    assert suggested_kinds("F4", "gymnasieskola", "kaa") == ("gymnasieskola", "kaa")  # there already
    assert suggested_kinds("A1", "bup", None) == ("bup",)
    content = month_content(with_counts([6] * 12, passages={"A1": "vuxenpsykiatri"}), NAMES)
    assert content.passages[0].members == ("skolan", "BUP", "vuxenpsykiatrin")
    tables = {table.key: table for table in month_tables(content)}
    assert tables["overgangar"].rows[0][-1] == "skolan, BUP, vuxenpsykiatrin"


def test_a_theme_made_of_a_passage_keeps_its_ends() -> None:
    row = month_content(with_counts([6] * 12, passages={"H2": "", "A1": ""}), NAMES).passages[0]
    assert row.about.startswith("A1:")
    assert row.about.count(":") == 2
    assert as_passage("H2:bup:socialtjanst_bou") == ("H2", "bup", "socialtjanst_bou")
    assert as_passage("H2:bup:") == ("H2", "bup", "")
    for none in ("", "H2", "A1:bup:kaa", "H2::kaa", "H2:bup:hittepå", "H2:bup:kaa:kaa"):
        assert as_passage(none) is None
