"""The writer's desk of a request: what the guard knows while somebody writes, and the record of answered warnings."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from avvikelse.adapters import clock
from avvikelse.domain.events import Event
from avvikelse.domain.persondata import GuardContext
from avvikelse.domain.whole_days import whole_day
from avvikelse.models.base import db
from avvikelse.queries.guard_context import organisation_context, words_context
from avvikelse.services import audit, guarding
from avvikelse.web.access import current_actor
from avvikelse.web.unlinked import is_unlinked


def register(app: Flask) -> None:
    """Open a desk before each request, and take it away after it."""
    app.before_request(_open)
    app.teardown_request(_close)


def _open() -> None:
    guarding.open_desk(guarding.Desk(words=_words, known=_known, record=_record))


def _close(_error: BaseException | None) -> None:
    guarding.close_desk()


def _words() -> GuardContext:
    return words_context(db.session(), current_actor())


def _known(words: GuardContext) -> GuardContext:
    return organisation_context(db.session(), words)


def _record(field: str, kinds: Sequence[str]) -> None:
    """An answered warning: who, which field, which kinds. Never the text, and no time of day where nobody is known."""
    at = whole_day(clock.now()) if is_unlinked() else clock.now()
    detail = {"field": field, "kinds": list(kinds)}
    audit.record(db.session(), current_actor(), Event.GUARD_WARNED, now=at, detail=detail)
