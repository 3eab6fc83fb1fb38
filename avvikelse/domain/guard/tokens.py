"""A text as words that know where they stand. Open when a sentence is cut in the wrong place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from avvikelse.domain.guard.words import word_set

# One word: letters, also joined ("Sven-Erik", "O'Brien") and with a case ending after a colon ("BUP:s").
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*(?::(?:s|n|t|en|et|ar|er|na)(?![^\W\d_]))?")
_ARTICLE = re.compile(r"(?:al|el|ad|as|ash)-[A-ZÅÄÖ]")  # "al-Hassan" is a name though it begins small
_BREAK = re.compile(r"[.!?:;\n•…]|^[ \t]*$")
_OPENING = frozenset("\"”“»«(['’‘–—*>")
# A full stop after these ends no sentence.
_SHORT_FORMS = word_set("short_forms")


@dataclass(frozen=True, slots=True)
class Token:
    """A word: `begins` = a capital letter here may be that of a sentence; `gap` = what stands before it."""

    text: str
    start: int
    end: int
    lower: str
    gap: str
    begins: bool

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() or _ARTICLE.match(self.text) is not None

    @property
    def shouts(self) -> bool:
        """Two or more letters, all capital: "BUP", "VIDAR"."""
        return len(self.text) > 1 and self.text.isupper()

    @property
    def one_letter(self) -> bool:
        return len(self.text) == 1

    @property
    def bare(self) -> str:
        """Lower case without a case ending after a colon and without the genitive's s."""
        word = self.lower.partition(":")[0]
        return word[:-1] if word.endswith("s") and len(word) > 3 else word


def tokens(text: str) -> list[Token]:
    """The words of `text` in order."""
    found: list[Token] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        found.append(
            Token(
                text=match[0],
                start=match.start(),
                end=match.end(),
                lower=match[0].lower(),
                gap=gap[:1] + gap[-3:] if len(gap) > 4 else gap,
                begins=_begins(gap, found[-1] if found else None),
            )
        )
        end = match.end()
    return found


def _begins(gap: str, before: Token | None) -> bool:
    if before is None:
        return True
    if gap == " ":
        return False
    if gap[-1:] in _OPENING:
        return True
    if gap.strip(" ") in {".", "-"} and (before.lower in _SHORT_FORMS or (before.one_letter and before.capital)):
        return False
    return _BREAK.search(gap) is not None or any(sign.isdigit() for sign in gap[:1])
