"""Quarters of the year, as YYYY-Kn: when the roles of an område are gone through."""

from __future__ import annotations

from datetime import date


def quarter_of(day: date) -> str:
    return f"{day.year}-K{(day.month - 1) // 3 + 1}"


def first_day(quarter: str) -> date:
    """Of the quarter that `quarter_of` made."""
    year, number = quarter.split("-K")
    return date(int(year), 3 * int(number) - 2, 1)
