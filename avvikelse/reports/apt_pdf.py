"""The APT-underlag as a tagged PDF: one page, three questions. Words: domain/apt.py; look: typst/apt.typ."""

from __future__ import annotations

from datetime import datetime

from avvikelse.domain.apt import questions
from avvikelse.domain.months import month_of
from avvikelse.domain.swedish_dates import long_date, month_name
from avvikelse.queries.own_unit import Handout, UnitFigures
from avvikelse.reports import pdf

LONGEST = 260  # characters of a change, so that four of them and the questions stay on one page


def apt_pdf(paper: Handout, *, made_at: datetime) -> bytes:
    figures = paper.figures
    return pdf.render(
        "apt",
        {
            "unit": paper.unit,
            "period": f"{month_name(month_of(paper.first))} till {month_name(month_of(paper.last))}",
            "made": long_date(paper.made_on),
            "figures": figure_lines(figures),
            "changes": [_short(change.sentence) for change in paper.changes],
            "questions": list(questions(changed=bool(paper.changes), most_reported=figures.most_reported)),
        },
        made_at=made_at,
    )


def figure_lines(figures: UnitFigures) -> list[tuple[str, str]]:
    """(what, how many) in words; the same on the page."""

    def few(number: int | None) -> str:
        return "färre än fem" if number is None else str(number)

    rows = [
        ("Rapporter från enheten", few(figures.reports)),
        ("Har fått svar", few(figures.answered)),
        ("Har lett till en ändring", few(figures.led_to_change)),
    ]
    if figures.ratings is not None:
        shares = ", ".join(
            f"{rating.label.lower()} {share:.0%}".replace("%", " %") for rating, share in figures.ratings
        )
        rows.append(("”Fick du svar på din fråga?”", shares))
    return rows


def _short(text: str) -> str:
    """Cut between words."""
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
