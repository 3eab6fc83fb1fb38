"""A rare problem with a measure against it: drawn by the days between reports, and by nothing when they are too few."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from avvikelse.analysis.month import month_content
from avvikelse.analysis.month_charts import charts
from avvikelse.analysis.month_content import Chart, Sign, from_json
from avvikelse.analysis.month_facts import MeasureRow, MonthFacts, Wait
from avvikelse.analysis.spc.attributes import Kind, control_chart
from avvikelse.reports.month_pdf import month_pdf
from avvikelse.reports.month_tables import chart_table
from avvikelse.reports.parts import Heading
from tests.unit.test_analysis_month import CELL, EMPTY, NAMES
from tests.unit.test_pdf import accessible

ABOUT = (CELL[0], CELL[2])
START = date.fromisoformat(f"{EMPTY.months[0]}-05")


def with_days(*gaps: int, about: tuple[str, str] = ABOUT) -> MonthFacts:
    """One report on the first day of the window's first week, then one after each gap."""
    days = [START]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    waits = tuple(Wait(f"{day:%Y-%m}", 9, answered=True, on=day, about=about) for day in days)
    return replace(EMPTY, waits=waits, as_of=days[-1] + timedelta(days=20))


def drawn(facts: MonthFacts, in_place: date) -> list[Chart]:
    return list(charts(facts, NAMES, [("Å1", ABOUT, f"{in_place:%Y-%m}")]))


BEFORE = (20, 14, 25, 17, 22, 15, 19, 24, 16, 21, 18)
PLACED = START + timedelta(days=sum(BEFORE) + 31)


def test_the_limits_are_those_of_the_time_before_the_measure() -> None:
    (chart,) = drawn(with_days(*BEFORE, 40, 90), PLACED)
    lines = control_chart(Kind.T, BEFORE).points[0]
    level = chart.levels[0]
    assert (level.mean, level.lower, level.upper) == (lines.centre, lines.lower, lines.upper)
    assert chart.by_report
    assert [point.value for point in chart.points] == [*BEFORE, 40, 90]
    assert chart.points[-1].sign is Sign.FALLING  # longer between: the problem has become rarer
    assert chart.markers[0].month in {point.month for point in chart.points}
    assert chart.reading == (
        f"Före åtgärden var det oftast {round(level.mean)} dagar mellan två rapporter. Nu har det gått 20 dagar sedan"
        " den senaste. Före den var det längre mellan än den vanliga variationen förklarar."
    )


def test_a_problem_that_has_stopped_says_so_though_it_makes_no_point() -> None:
    facts = with_days(*BEFORE)
    (chart,) = drawn(replace(facts, as_of=facts.as_of + timedelta(days=200)), PLACED)
    assert chart.points[-1].sign is Sign.USUAL
    assert chart.sign is Sign.FALLING
    assert "220 dagar sedan den senaste: längre än den vanliga" in chart.reading


def test_usual_and_closer_reports() -> None:
    (usual,) = drawn(with_days(*BEFORE, 20), PLACED)
    assert (usual.sign, "är vanlig variation" in usual.reading) == (Sign.USUAL, True)
    (closer,) = drawn(with_days(*BEFORE, 45, 1), PLACED)
    assert (closer.sign, "kom tätare" in closer.reading) == (Sign.RISING, True)


def test_the_document_has_its_table_under_the_drawing() -> None:
    facts = replace(with_days(*BEFORE, 40, 90), measures=(MeasureRow("Ny rutin", ABOUT, PLACED),))
    content = month_content(facts, NAMES)
    assert content.charts[-1].by_report
    assert from_json(content.to_json()) == content
    heading = Heading("Birger", "Oktober 2026", "Fastställd 6 november 2026, version 1", "")
    accessible(month_pdf(heading, content, made_at=datetime(2026, 11, 6, tzinfo=UTC)))


def test_too_few_reports_of_another_problem_or_of_one_day_draw_nothing() -> None:
    assert drawn(with_days(*BEFORE[:9]), PLACED) == []
    assert drawn(with_days(*BEFORE, about=("X1", ABOUT[1])), PLACED) == []
    assert drawn(with_days(), PLACED) == []
    one = with_days(*BEFORE)
    assert drawn(replace(one, waits=(*one.waits, *one.waits)), PLACED) == drawn(one, PLACED)


def test_its_table_is_by_report_and_old_months_stay_by_month() -> None:
    (chart,) = drawn(with_days(*BEFORE, 40), PLACED)
    assert chart_table(chart).columns[:2] == ("Rapporten kom", "Dagar sedan förra")
    assert Chart("x", "", "", "Antal", (), (), (), Sign.USUAL, "").along == "Månad"
