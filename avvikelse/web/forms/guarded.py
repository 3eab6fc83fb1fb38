"""Fields in which somebody writes freely, and the guard's question beside them. Open to change how a warning is asked.

What blocks is an error. What warns is a question about exactly this text: the answer "nej" carries a key made from the
text, the field and the log-in, so that a changed text is asked about again and no answer can be made up elsewhere.
One press on "Byt till ”eleven”" sends the form back with the neutral word in; nothing else of it is lost.
Everything travels in the form itself: no warned text is stored anywhere while the writer thinks.
"""

# ruff: noqa: ARG002 -- WTForms decides the arguments
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import wtforms
from wtforms.validators import StopValidation

from avvikelse.domain.errors import Invalid
from avvikelse.domain.persondata import (
    Finding,
    Severity,
    explain,
    refuse_control_characters,
    rewritten,
    warnings,
)
from avvikelse.services import guarding
from avvikelse.web import csrf

LONGEST = 2_000  # of a free text whose form says nothing else
REPLACE = "vakt-byt"  # the name of every replacing button; its value is "field:key"
YES, NO = "ja", "nej"
AROUND = 28  # characters shown beside a found place
STILL = "Du har svarat att någon kan kännas igen. Skriv om texten, eller byt till de neutrala orden."


@dataclass(frozen=True, slots=True)
class Place:
    """A found place as the page shows it: some words before, what was found, some after, and the neutral word."""

    before: str
    found: str
    after: str
    suggestion: str
    key: str
    blocks: bool
    label: str


class Guarded(wtforms.StringField):
    """Text that somebody writes freely: trimmed, bounded, without control characters, and without personal data."""

    longest = LONGEST
    guarded = True  # for templates
    places: tuple[Place, ...] = ()  # what the page should mark
    asks = False  # a warning waits for its answer
    said = ""  # what was answered about this very text
    replaced = False  # the neutral word has just been put in

    def process(self, formdata: Any, data: Any = wtforms.utils.unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        if not formdata or not self.data:
            return
        given = formdata.getlist(self.question)
        if given:
            self.said = next((answer for answer in (YES, NO) if f"{answer}:{self.answer_key}" in given), "")
        name, _, key = (formdata.get(REPLACE) or "").partition(":")
        if name == self.name:
            self._replace(key)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = line_ends(self.data).strip() if self.data else self.data

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if not self.data:
            return
        refuse_unstorable(self)
        if self.flags.maxlength is None and len(self.data) > self.longest:
            raise StopValidation(f"Skriv högst {self.longest} tecken.")
        self.look()

    def look(self) -> None:
        """Ask the guard. Raises StopValidation for what blocks and for a warning without answer."""
        text = self.data or ""
        found = guarding.look(text)
        stopped = [finding for finding in found if finding.severity is Severity.BLOCK]
        asked = warnings(found)
        if stopped:
            self._mark(found)
            raise StopValidation(explain(stopped))
        if asked and self.said == NO:
            guarding.answer(text, asked)
        elif asked:
            self._mark(asked)
            self.asks = True
            raise StopValidation(STILL if self.said == YES else guarding.QUESTION)

    @property
    def question(self) -> str:
        """The name of the answer's radio buttons."""
        return f"vakt-{self.name}"

    @property
    def answer_key(self) -> str:
        return csrf.bound("vakt", self.name, self.data or "")

    @property
    def is_answered(self) -> bool:
        """The answer goes along in the form from page to page, as long as the text is the same."""
        return self.said == NO and not self.asks

    def take_places(self) -> tuple[Place, ...]:
        """The marked places, for a page that draws the question itself (in another language)."""
        places, self.places = self.places, ()
        return places

    def _mark(self, found: tuple[Finding, ...]) -> None:
        text, seen = self.data or "", set()
        places = []
        for finding in found:
            words = text[finding.start : finding.end]
            if words not in seen:
                seen.add(words)
                places.append(self._place(text, finding, words))
        self.places = tuple(places)

    def _place(self, text: str, finding: Finding, words: str) -> Place:
        before, after = text[: finding.start], text[finding.end :]
        near, more = before[-AROUND:], after[:AROUND]
        return Place(
            near if near == before else "… " + near.partition(" ")[2],
            words,
            more if more == after else more.rpartition(" ")[0] + " …",
            finding.suggestion,
            self._key_of(words),
            finding.severity is Severity.BLOCK,
            finding.type.label,
        )

    def _key_of(self, words: str) -> str:
        return csrf.bound("vakt-byt", self.name, words)

    def _replace(self, key: str) -> None:
        """Put the neutral word in, everywhere where the same words stand. `key` "" = at every place."""
        text = self.data or ""
        chosen = [
            finding
            for finding in guarding.look(text)
            if not key or self._key_of(text[finding.start : finding.end]) == key
        ]
        self.replaced = True
        if chosen:
            self.data = rewritten(text, chosen)
            self.said = ""


class GuardedStringField(Guarded):
    """One line of free text."""

    longest = 200


class GuardedTextAreaField(Guarded, wtforms.TextAreaField):
    """Some lines of free text. `Length(max=…)` among its validators says how many characters."""


def look_again(fields: Mapping[str, Any]) -> None:
    """After a replacement: what is left to mark, without the errors of fields that nobody has sent yet."""
    for one in fields.values():
        if isinstance(one, Guarded) and one.data:
            try:
                refuse_unstorable(one)
                one.look()
            except StopValidation as stop:
                one.errors = [*one.errors, str(stop)]


def line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse_unstorable(field: wtforms.StringField) -> None:
    """Refuse control characters, and take them out of what the page shows again: HTML cannot carry them either."""
    if not field.data:
        return
    try:
        refuse_control_characters(field.data)
    except Invalid as error:
        field.data = "".join(c if c.isprintable() or c in "\n\t" else "" for c in field.data)
        raise StopValidation(error.reason) from error
