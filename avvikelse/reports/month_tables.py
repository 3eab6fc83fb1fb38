"""Every number of a group's month as tables: for CSV, XLSX and the document. Open to add a table to the downloads."""

from __future__ import annotations

from collections.abc import Iterator

from avvikelse.analysis.intervals import Share
from avvikelse.analysis.month_content import Chart, MonthContent
from avvikelse.domain.swedish_dates import month_name
from avvikelse.reports.signs import words
from avvikelse.reports.tables import Table

CAVEAT = (
    "Siffrorna är rapporter, inte händelser. Många rapporter betyder inte sämre kvalitet, och få betyder inte att allt "
    "fungerar. Rangordna inte parter efter antal."
)


def month_tables(content: MonthContent) -> tuple[Table, ...]:
    """In the order of the page; a part without rows is left out."""
    return tuple(table for table in _tables(content) if table.rows)


def chart_table(chart: Chart) -> Table:
    """The numbers under a chart."""
    levels = [
        next((level for level in chart.levels if level.first <= n <= level.last), None)
        for n in range(len(chart.points))
    ]
    return Table(
        chart.key,
        chart.title,
        (chart.along, chart.unit, "Snitt", "Undre gräns", "Övre gräns", "Läge"),
        tuple(
            (
                month_name(point.month), point.value,
                level.mean if level else None, level.lower if level else None, level.upper if level else None,
                "räknas inte med i snittet" if point.left_out else words(point.sign),
            )
            for point, level in zip(chart.points, levels, strict=True)
        ),
        chart.reading,
    )  # fmt: skip


def _tables(content: MonthContent) -> Iterator[Table]:
    yield Table(
        "att-besluta", "Att besluta", ("Fråga", "Förslag", "Föreslås ansvara", "Slag", "Kom", "Dagar"),
        tuple(
            (row.text, row.proposal, row.owner, row.kind, row.raised_on, row.days_waiting) for row in content.to_decide
        ),
    )  # fmt: skip
    yield Table(
        "inte-klara", "Beslut som inte är klara", ("Beslut", "Fråga", "Ansvarar", "Klart senast", "Dagar sent", "Förd vidare"),
        tuple(
            (row.decision, row.answers, row.owner, row.due_on, row.days_late, row.carried) for row in content.unfinished
        ),
    )  # fmt: skip
    yield Table(
        "nytt", "Nytt, meningar", ("Vad som hände", "Vad det gäller", "Parter", "Antal"),
        tuple((row.text, row.category, row.route, row.count) for row in content.news.sentences),
    )  # fmt: skip
    yield Table(
        "kategorier", "Nytt, kategorier", ("Vad det gäller", "Antal"),
        tuple((row.label, row.count) for row in content.news.by_category),
    )  # fmt: skip
    yield Table(
        "gott", "Det som gick bra", ("Vad som fungerade", "Parter", "Antal"),
        tuple((row.text, row.route, row.count) for row in content.good),
    )  # fmt: skip
    yield Table(
        "aterkommer", "Återkommer", ("Problem", "Parter", "Månaden", "Tre månader", "Väntat", "Läge", "Åtgärd"),
        tuple(
            (row.category, row.route, row.month, row.recent, row.expected, words(row.sign), row.measure)
            for row in content.recurring
        ),
        "Samma problem mellan samma parter: minst tre rapporter från minst två enheter på tre månader. Väntat: så "
        "många som de tolv månaderna före brukar ge.",
    )  # fmt: skip
    yield Table(
        "atgarder", "Hjälpte åtgärderna", ("Åtgärd", "Mot", "Införd", "Före", "Månader före", "Efter", "Månader efter", "Återkommit efter åtgärd", "Bedömning"),
        tuple(
            (row.name, row.about, month_name(row.done), row.before, row.before_months, row.after, row.after_months, row.recurred, row.verdict)
            for row in content.measures
        ),
    )  # fmt: skip
    yield Table(
        "svar", "Fick rapportörerna svar", ("Mått", "Antal", "Av", "Andel", "Undre", "Övre"), tuple(_answers(content))
    )
    yield Table(
        "matetal", "Mätetal", ("Mätetal", "Täljare och nämnare", "Värde", "95 % intervall", "Mål"),
        tuple((row.name, row.fraction, row.value, row.interval, row.goal) for row in content.indicators),
    )  # fmt: skip
    if content.matrix is not None:
        yield Table(
            "riktning", "Vem rapporterar om vem", ("Rapporterar", *(f"Gäller {name}" for name in content.matrix.concerned)),
            tuple((name, *row) for name, row in zip(content.matrix.reporters, content.matrix.counts, strict=True)),
            "Tolv månader. " + CAVEAT,
        )  # fmt: skip
    yield Table(
        "tysta", "Rapporterar inte", ("Part", "Nämnd i antal rapporter"),
        tuple((row.name, row.named) for row in content.silent_parties),
        "Rapporterar inte på tolv månader – tolkas inte som att allt fungerar.",
    )  # fmt: skip
    yield Table(
        "utan-plats", "Utan plats i någon grupp", ("Part", "Förekommer i antal rapporter"),
        tuple((row.name, row.count) for row in content.forum_gaps),
    )  # fmt: skip
    yield Table(
        "overgangar", "Övergångar", ("Vad som brast", "Parter", "Antal", "Veckor utan hjälp", "Åtgärder och beslut", "Föreslås delta"),
        tuple(
            (row.what, row.route, row.count, row.gap, "; ".join(row.actions), ", ".join(row.members))
            for row in content.passages
        ),
        "Veckor utan hjälp: medianen, när minst fem rapporter säger hur många.",
    )  # fmt: skip
    yield Table(
        "avtalspunkter", "Avtalspunkter", ("Avtal", "Punkt", "Text", "Antal"),
        tuple(
            (row.avtal, row.number, row.text, row.count if row.count is not None else "färre än 5") for row in content.points
        ),
    )  # fmt: skip
    yield Table(
        "manader", "Antal per månad", ("Månad", "Antal"),
        tuple((month_name(total.month), total.count) for total in content.totals),
        CAVEAT,
    )  # fmt: skip
    for chart in content.charts:
        yield chart_table(chart)


def _answers(content: MonthContent) -> Iterator[tuple[str | int | float | None, ...]]:
    answers = content.answers
    yield _share("Månadens rapporter som har fått svar", answers.answered)
    yield ("Öppna ärenden", answers.open, None, None, None, None)
    yield ("Öppna ärenden som har passerat sin dag", answers.late, answers.open, None, None, None)
    for name, share in (("Ja", answers.ja), ("Delvis", answers.delvis), ("Nej", answers.nej)):
        yield _share(f"Fick rapportören svar på sin fråga? {name}", share)
    yield _share("Skickade fram och tillbaka, tre månader", content.sent_back.returned)
    yield ("Återkoppling på orosanmälan efterfrågad, tolv månader", content.asked_feedback, None, None, None, None)


def _share(name: str, share: Share) -> tuple[str | int | float | None, ...]:
    """The share and its bounds only where the denominator is large enough to say something."""
    shown = share.value is not None
    return (name, share.count, share.total, share.value, share.low if shown else None, share.high if shown else None)
