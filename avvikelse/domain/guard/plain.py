"""Every digit, dash and space in one form, with the way back to the original. Open when a character hides a number.

People paste from systems that write en dashes, non-breaking spaces, soft hyphens and full-width digits. The matchers
see only 0-9, "-" and " ", so none of them needs to know. `Plain.offsets` leads back to the code points as written.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DASHES = frozenset("\u2212\u2043\u02d7\u00ac\u2e3a\u2e3b")  # dash-like, beside everything in category Pd
_INVISIBLE = frozenset(("Cf", "Me"))  # soft hyphen, zero width space, keycap frame
_VARIATION_SELECTORS = frozenset(chr(code) for code in range(0xFE00, 0xFE10))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """The one character the matchers see instead, or "" for one that nobody sees."""
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character in _DASHES:
        return "-"
    if category == "Zs":
        return " "
    if category in _INVISIBLE or character in _VARIATION_SELECTORS:
        return ""
    if unicodedata.decomposition(character).startswith(("<super>", "<sub>")):
        return character  # a footnote mark after a number is not one digit more
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


@dataclass(frozen=True, slots=True)
class Plain:
    """The normalised `text`; `offsets[i]` is the place of its i-th character in the original."""

    text: str
    offsets: tuple[int, ...] | range

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of the non-empty `text[start:end]`."""
        return self.offsets[start], self.offsets[end - 1] + 1


def plain(text: str) -> Plain:
    """Normalise; one pass, time linear in the length."""
    if text.isascii():
        return Plain(text, range(len(text)))
    characters = [(_plain(character), at) for at, character in enumerate(text)]
    kept = [(character, at) for character, at in characters if character]
    return Plain("".join(character for character, _ in kept), tuple(at for _, at in kept))
