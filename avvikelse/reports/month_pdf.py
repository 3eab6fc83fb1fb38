"""A group's month as a document (tagged PDF). Open to change what stands in it; how it looks is parts.py.

Everything comes from the same MonthContent as the page, in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from avvikelse.analysis.month_content import Chart, MonthContent, Sign
from avvikelse.domain.swedish_dates import long_date, short_month
from avvikelse.reports.chart_svg import WIDE, WIDE_LINE, chart_svg
from avvikelse.reports.month_tables import CAVEAT, month_tables
from avvikelse.reports.parts import Heading, part, report_pdf, shown, table_data
from avvikelse.reports.signs import sign_svg, words
from avvikelse.reports.tables import Table, Value

LEGEND = (Sign.RISING, Sign.FALLING, Sign.BETTER, Sign.SHIFTED, Sign.USUAL, Sign.FEW)
SPREAD = (
    "Sidan är för gruppens medlemmar och innehåller små tal som kan peka ut någon. Sprid den inte vidare.",
    "”Oftare än väntat” betyder att de senaste tre månaderna har fler rapporter än slumpen brukar ge, jämfört med de "
    "tolv månaderna före. Det är ett skäl att prata om saken, inte ett omdöme.",
    "Grått band i diagrammen: där antalet väntas ligga av slump. Ihåliga punkter räknas inte med i snitt och median: juli, när "
    "skolan är stängd, och en månad som inte är slut.",
)
IN_CHARTS = "manader"  # stands as two rows of a year instead
PART_TITLES = {
    "att-besluta": ("Att besluta", "Ingen fråga väntade på gruppens beslut."),
    "inte-klara": ("Beslut som inte är klara", "Inget beslut väntar på att bli genomfört."),
    "nytt": ("Nytt", ""),
    "kategorier": ("Nytt, per kategori", "Inga avvikelser rapporterades. Stämmer det med er bild?"),
    "aterkommer": ("Återkommer", "Inget problem har rapporterats minst tre gånger, av minst två enheter, på tre månader."),
}  # fmt: skip


def month_pdf(heading: Heading, content: MonthContent, *, made_at: datetime) -> bytes:
    """The document. The same content gives the same bytes."""
    tables = {table.key: table for table in month_tables(content)}
    charts = {chart.key for chart in content.charts}
    return report_pdf(
        heading,
        [*_first_parts(content, tables), *_other_parts(content, tables, charts)],
        foot=f"{heading.group} · {heading.title} · för gruppens medlemmar",
        headlines=[{"sign": sign_svg(line.sign), "title": line.title, "text": line.text} for line in content.headlines],
        charts=[*map(_chart, content.charts), *([_chart(content.line)] if content.line else [])],
        legend=[{"sign": sign_svg(sign), "text": words(sign)} for sign in LEGEND],
        caveats=[CAVEAT, *SPREAD],
        made_at=made_at,
    )


def _first_parts(content: MonthContent, tables: dict[str, Table]) -> list[dict[str, Any]]:
    """The parts that are there also when they are empty: a page without questions says so."""
    parts = []
    for key, (title, empty) in PART_TITLES.items():
        if key == "kategorier" and content.news.sentences:
            continue
        if key == "nytt":
            lines = [f"{row.text} ({row.category}. {row.route}{_times(row.count)}.)" for row in content.news.sentences]
            if lines:
                parts.append(part(_news_title(content), lines=lines))
            continue
        table, lead = tables.get(key), ""
        if table and key == "att-besluta" and content.more_to_decide:
            table = replace(table, rows=table.rows[: len(content.first_to_decide)])
            lead = f"De {len(table.rows)} som har väntat längst. {len(content.to_decide)} frågor väntar."
        parts.append(part(title, lead=lead if table else empty, tables=[table] if table else []))
    return parts


def _times(count: int) -> str:
    return f". {count} rapporter" if count > 1 else ""


def _other_parts(content: MonthContent, tables: dict[str, Table], charts: set[str]) -> list[dict[str, Any]]:
    later = [
        table for key, table in tables.items() if key not in PART_TITLES and key not in charts and key != IN_CHARTS
    ]
    parts = [part(table.title, tables=[table]) for table in later]
    if not content.chart and content.line is None:
        months = [short_month(total.month) for total in content.totals]
        by_year = _by_year("Antal", months, [str(total.count) for total in content.totals])
        parts.append(part("Månad för månad", tables=[by_year]))
    return parts


def _news_title(content: MonthContent) -> str:
    return f"Nytt sedan {long_date(content.news_since)}" if content.news_since else "Nytt"


def _chart(chart: Chart) -> dict[str, Any]:
    months = [short_month(point.month) for point in chart.points]
    values = [shown(point.value) for point in chart.points]
    table = _latest(chart, months, values) if chart.by_report else _by_year(chart.unit, months, values)
    return {
        "title": chart.title,
        "about": chart.about,
        "reading": chart.reading,
        "sign": sign_svg(chart.sign),
        "svg": chart_svg(chart, WIDE_LINE if chart.median is not None else WIDE),
        "table": table_data(table),
    }


def _latest(chart: Chart, months: Sequence[str], values: Sequence[str]) -> Table:
    """A line's worth of them: the whole series stands in the tables beside the document."""
    return Table("rapporter", "", (chart.along, *months[-12:]), ((chart.unit, *values[-12:]),))


def _by_year(name: str, months: Sequence[str], values: Sequence[str]) -> Table:
    """A year's months side by side and the year before below: easier to read than one row of twenty-four."""
    rows: list[tuple[Value, ...]] = [(name, *values[-12:])]
    if before := values[:-12][-12:]:
        rows.append(("Året före", *([""] * (12 - len(before))), *before))
    return Table("manader", "", ("Månad", *months[-12:]), tuple(rows))
