"""What stands after the ? of a list's address: words, days and a page number. Open when a list searches or turns pages.

Nothing there is wrong: what makes no sense is left out.
"""

from __future__ import annotations

from datetime import date

from flask import request

MAX_WORDS = 100  # characters
MAX_PAGE = 10_000


def words_asked(name: str = "q") -> str:
    """The words in a search box, without what cannot be printed."""
    return "".join(filter(str.isprintable, request.args.get(name, "")[:MAX_WORDS])).strip()


def page_asked() -> int:
    """The number of the page, from 1."""
    text = request.args.get("sida", "1")
    return min(max(int(text), 1), MAX_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def day_asked(name: str) -> date | None:
    """A day of our time, YYYY-MM-DD as a date field of a browser sends it."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None
