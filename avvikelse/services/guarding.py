"""Every free text passes here before it is stored, whatever door it came through.

The finding itself is domain/persondata.py. What blocks is refused to everybody. What warns is a question, and only a
person at a form can answer it: the web opens a `Desk` for each request, and while it stands no text with an unanswered
warning gets past `guard`. Jobs, imports and the command line have no desk; there warnings are counted, not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from avvikelse.domain.errors import Invalid
from avvikelse.domain.persondata import (
    NOTHING_KNOWN,
    Finding,
    GuardContext,
    blocking,
    explain,
    find,
    refuse_control_characters,
    warnings,
)

QUESTION = "Kan någon kännas igen? Läs det som är markerat och svara, eller skriv om."


class Unanswered(Invalid):
    """A warning that the writer has not answered. The form shows the places and asks."""


@dataclass(slots=True)
class Desk:
    """Where somebody writes just now: what the guard knows there, and what the writer has answered for.

    `words` (the administrators' list) and `known` (that and every unit's name) are asked at most once, and `known` only
    when something was found.
    `record(field, kinds)` remembers an answered warning; it never gets the text.
    """

    words: Callable[[], GuardContext]
    known: Callable[[GuardContext], GuardContext]
    record: Callable[[str, Sequence[str]], None]
    answered: set[str] = field(default_factory=set)
    recorded: set[tuple[str, str]] = field(default_factory=set)
    _words: GuardContext | None = None
    _known: GuardContext | None = None
    _found: dict[str, tuple[Finding, ...]] = field(default_factory=dict)

    def find(self, text: str) -> tuple[Finding, ...]:
        """Each text is searched once: the form asks, and then the service."""
        if text not in self._found:
            self._found[text] = self._search(text)
        return self._found[text]

    def _search(self, text: str) -> tuple[Finding, ...]:
        if self._words is None:
            self._words = self.words()
        found = find(text, self._words)
        if not found:
            return found
        if self._known is None:
            self._known = self.known(self._words)
        return find(text, self._known)

    def answer(self, text: str, findings: Iterable[Finding]) -> None:
        """The writer says of these places that nobody can be recognised. Kept for this request only."""
        self.answered.update(text[finding.start : finding.end] for finding in findings)

    def is_answered(self, text: str, finding: Finding) -> bool:
        return text[finding.start : finding.end] in self.answered


_desk: ContextVar[Desk | None] = ContextVar("desk", default=None)


@contextmanager
def at_desk(desk: Desk) -> Iterator[Desk]:
    """Ask the writer about warnings until the end of the block."""
    token = _desk.set(desk)
    try:
        yield desk
    finally:
        _desk.reset(token)


def open_desk(desk: Desk) -> None:
    """The same for a request, which has no block; `close_desk` ends it."""
    _desk.set(desk)


def close_desk() -> None:
    _desk.set(None)


def look(text: str) -> tuple[Finding, ...]:
    """What the guard finds here and now, with what is known at the desk."""
    desk = _desk.get()
    return find(text) if desk is None else desk.find(text)


def answer(text: str, findings: Iterable[Finding]) -> None:
    """See `Desk.answer`. Nothing without a desk: nobody was asked."""
    desk = _desk.get()
    if desk is not None:
        desk.answer(text, findings)


def refuse(**texts: str | None) -> tuple[str, ...]:
    """What blocks only, for what is not yet sent (drafts). Returns the fields with warnings. Raises Invalid."""
    warned = []
    for name, text in texts.items():
        if text:
            _refuse_unstorable(name, text)
            found = look(text)
            _refuse_blocking(name, found)
            warned += [name] if found else []
    return tuple(warned)


def guard(**texts: str | None) -> None:
    """Raises Invalid at the first field (named by the keyword) with personal data or control characters, and
    Unanswered at the first with a warning that the writer has not answered.

    The sentence says what kind was found and what to write instead; it never repeats the text. Answered warnings are
    recorded without the text.
    """
    desk = _desk.get()
    for name, text in texts.items():
        if not text:
            continue
        _refuse_unstorable(name, text)
        if desk is None:
            _refuse_blocking(name, blocking(text, NOTHING_KNOWN))
            continue
        found = desk.find(text)
        _refuse_blocking(name, found)
        asked = warnings(found)
        if not all(desk.is_answered(text, finding) for finding in asked):
            raise Unanswered(QUESTION, field=name)
        if asked and (name, text) not in desk.recorded:
            desk.recorded.add((name, text))
            desk.record(name, sorted({finding.type.value for finding in asked}))


def _refuse_unstorable(name: str, text: str) -> None:
    try:
        refuse_control_characters(text)
    except Invalid as error:
        raise Invalid(error.reason, field=name) from error


def _refuse_blocking(name: str, found: tuple[Finding, ...]) -> None:
    stopped = [finding for finding in found if finding not in warnings(found)]
    if stopped:
        raise Invalid(explain(stopped), field=name)
