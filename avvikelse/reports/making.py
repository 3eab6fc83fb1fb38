"""From plain facts to the bytes of a file: what can be made, and who makes it. Open when a new kind of file is heavy.

    making.make(Kind.PDF, template_source, facts_as_json, made_at)

It is made here, where it is asked for, unless whoever answers a request has said `by(…)`: then in a process of its own
(press.py is that process, adapters/document_process.py speaks with it). What is sent there has passed visibility and
redaction, and is all that the process gets: it has no database to ask.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from enum import StrEnum

Maker = Callable[..., bytes]  # (kind, *facts); the facts are strings, numbers, days and tuples of them


class Kind(StrEnum):
    """The kinds of files that cost so much that others would notice. Text and CSV do not."""

    PDF = "pdf"
    XLSX = "xlsx"


def here(kind: str, *facts: object) -> bytes:
    """Make it in this process."""
    return _MAKERS[Kind(kind)](*facts)


def by(maker: Maker) -> None:
    """From here on, in this context (a request), files are made by `maker`."""
    _maker.set(maker)


def make(kind: Kind, *facts: object) -> bytes:
    """The file. Raises what its maker raises."""
    return _maker.get()(kind.value, *facts)


def _pdf(*facts: object) -> bytes:
    from avvikelse.reports.typesetting import typeset  # here, so that who lets others make it need not load it

    return typeset(*facts)  # type: ignore[arg-type]


def _xlsx(*facts: object) -> bytes:
    from avvikelse.reports.workbook import workbook

    return workbook(*facts)  # type: ignore[arg-type]


_MAKERS: dict[Kind, Maker] = {Kind.PDF: _pdf, Kind.XLSX: _xlsx}
_maker: ContextVar[Maker] = ContextVar("maker", default=here)
