"""Taking words out of a text that should never have been there: the reasons, and how old words give way to new."""

from __future__ import annotations

import re
from typing import Any

from avvikelse.domain.vocabulary import Labelled

REMOVED = "Texten är borttagen."
WHOLE_ONLY = 10  # a shorter text is looked for as a whole, or "Nej" would be found everywhere
_WORD = re.compile(r"\w[\w-]*")


class ReplaceReason(Labelled):
    """Why a text is replaced. Kept in the log, so it is a code and never words about what stood there."""

    NAME = "namn", "Ett namn på någon"
    CONTACT = "kontaktuppgift", "Ett personnummer, en adress, ett telefonnummer eller liknande"
    CHILD = "barnet", "Det går att förstå vilket barn det gäller"
    STAFF = "medarbetare", "Det går att förstå vilken medarbetare det gäller"
    NEEDLESS = "behovs_inte", "En uppgift som inte behövs för att förstå bristen i samverkan"


def swapped(value: Any, old: str, new: str) -> Any:
    """`value` with `old` replaced: a text, or plain JSON with texts anywhere in it."""
    if isinstance(value, str):
        if value == old:
            return new
        return value.replace(old, new) if len(old) >= WHOLE_ONLY else value
    if isinstance(value, list):
        return [swapped(one, old, new) for one in value]
    if isinstance(value, dict):
        return {key: swapped(one, old, new) for key, one in value.items()}
    return value


def taken_out(old: str, new: str) -> frozenset[str]:
    """The words that are gone, casefolded: where one of them stands in another text, somebody should look there too.

    Small words of the language are left out: what identifies somebody is a number, a name or an unusual word.
    """
    kept = {word.casefold() for word in _WORD.findall(new)}
    return frozenset(
        word.casefold()
        for word in _WORD.findall(old)
        if word.casefold() not in kept and (word[0].isupper() or len(word) > 5 or any(c.isdigit() for c in word))
    )


def mentions(text: str, words: frozenset[str]) -> bool:
    """Does one of the words stand in the text?"""
    return any(word.casefold() in words for word in _WORD.findall(text))
