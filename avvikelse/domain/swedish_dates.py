"""Dates in Swedish words, the same in pages, mails and sentences."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip


def long_date(day: date) -> str:
    """25 november 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_name(month: str) -> str:
    """ "2026-11" → "november 2026"."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def short_month(month: str) -> str:
    """ "2026-11" → "nov"; the first month of a year says which: "jan 27"."""
    year, number = month.split("-")
    name = MONTHS[int(number) - 1]
    short = name if name in {"mars", "juni", "juli"} else name[:3]
    return f"{short} {year[2:]}" if number == "01" else short
