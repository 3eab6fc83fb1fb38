"""What may stand in an address. Every variable part of a route has one of these types: nothing odd reaches a query.

`<id:unit_id>`  a row's number: ASCII digits, at most 2⁶³-1 (more than that is an error in both databases)
`<ref:ref>`     a random public reference: letters, digits, - and _
`<month:month>` YYYY-MM
`<year:year>`   a year as int, 2000-2099
`<word:name>`   a code of ours: lower case letters, digits, - and _
"""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

LARGEST_ID = 2**63 - 1


class IdConverter(BaseConverter):
    """A database id as int."""

    regex = r"[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if not 0 < number <= LARGEST_ID:
            raise ValidationError
        return number


class RefConverter(BaseConverter):
    """A random reference as str."""

    regex = r"[A-Za-z0-9_-]{6,64}"


class MonthConverter(BaseConverter):
    """A month as str, "2026-03"."""

    regex = r"20[0-9]{2}-(?:0[1-9]|1[0-2])"


class YearConverter(BaseConverter):
    """A year as int."""

    regex = r"20[0-9]{2}"

    def to_python(self, value: str) -> int:
        return int(value)


class WordConverter(BaseConverter):
    """A code as str."""

    regex = r"[a-z0-9][a-z0-9_-]{0,63}"


CONVERTERS: dict[str, type[BaseConverter]] = {
    "id": IdConverter,
    "ref": RefConverter,
    "month": MonthConverter,
    "year": YearConverter,
    "word": WordConverter,
}


def register(app: Flask) -> None:
    app.url_map.converters.update(CONVERTERS)
