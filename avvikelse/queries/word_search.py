"""Words of a search box as a condition on columns of names. Open when a list of people or places finds too little.

Cases are searched by stems (domain/searchterms.py); names are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, or_


def has_words(words: str, *columns: SQLColumnExpression[Any]) -> Iterator[ColumnElement[bool]]:
    """One condition for each word: it stands in at least one of the columns, with large or small letters."""
    for word in words.split():
        spellings = sorted({word.lower(), word.capitalize()})  # SQLite does not know that ö and Ö are one letter
        yield or_(*(column.icontains(text, autoescape=True) for column in columns for text in spellings))
