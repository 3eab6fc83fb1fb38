"""Put the neutral word where a finding stands, so that the sentence still reads.

Open when a replacement reads badly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from avvikelse.domain.guard.kinds import Kind
from avvikelse.domain.guard.lexicon import is_noun, is_verb
from avvikelse.domain.guard.roles import neutral_for

_NAMES = frozenset((Kind.NAMN_FULLT, Kind.NAMN_FOR, Kind.NAMN_EFTER, Kind.INITIALER))
_WORD_BEFORE = re.compile(r"(?<![\w-])([^\W\d_]{2,30})[ ]\Z")
_WORD_AFTER = re.compile(r" ([^\W\d_]{2,40})")
_BEFORE = 32  # characters, enough for a role word
_DEFINITE = ("n", "t")
_SENTENCE = re.compile(r"(?:[.!?\n:][ \t”\"]*|\A\s*)\Z")


class Place(Protocol):
    """A finding: where, what kind, which word instead."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def type(self) -> Kind: ...
    @property
    def suggestion(self) -> str: ...


def rewritten(text: str, findings: Iterable[Place]) -> str:
    """The text with the neutral words. Findings must not overlap."""
    for finding in sorted(findings, key=lambda finding: finding.start, reverse=True):
        start, word = _instead(text, finding)
        text = text[:start] + word + text[finding.end :]
    return text


def _instead(text: str, finding: Place) -> tuple[int, str]:
    """(where the replacement starts, the words). A role word before the name becomes part of it."""
    start, word = finding.start, finding.suggestion
    if finding.type in _NAMES:
        before = _WORD_BEFORE.search(text, max(0, start - _BEFORE), start)
        if before and neutral_for(before[1].lower()) == word:
            start = before.start(1)
            word = before[1] if before[1].endswith(_DEFINITE) else word
        if _owns(text, finding):
            word += "" if word.endswith("s") else "s"
    return start, word[0].upper() + word[1:] if _SENTENCE.search(text, max(0, start - 4), start) else word


def _owns(text: str, finding: Place) -> bool:
    """A genitive: "Amandas plan", but not "Lucas kom"."""
    after = _WORD_AFTER.match(text, finding.end)
    if text[finding.end - 1] not in "sS" or after is None:
        return False
    return is_noun(after[1].lower()) or not is_verb(after[1].lower())
