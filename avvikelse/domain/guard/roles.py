"""Words for people by their part in the matter, and the neutral word for each. Open to change what is proposed."""

from __future__ import annotations

from avvikelse.domain.guard.words import roles as role_words
from avvikelse.domain.guard.words import word_set

CHILD, GUARDIAN, FAMILY = "eleven", "vårdnadshavaren", "familjen"
_IRREGULAR = {
    "dotter": ("dottern", "dotterns"),
    "syster": ("systern",),
    "mor": ("modern", "moderns"),
    "far": ("fadern", "faderns"),
}


def _forms(role: str) -> tuple[str, ...]:
    stem = role[:-1] if role[-1] in "ae" else role
    definite = (role + "n", role + "en", role + "et", role + "t", stem + "an", stem + "en", role + "rn")
    return (role, role + "s", *definite, *(form + "s" for form in definite), *_IRREGULAR.get(role, ()))


_BY_FORM = {form: word for role, word in role_words().items() for form in _forms(role)}
_LONGEST_ROLE = max(map(len, _BY_FORM))
_SHORTEST_TAIL = 4

# Family names follow these, given names the rest.
TITLES = word_set("titles")
PLURALS = word_set("plurals")


def neutral_for(word: str) -> str | None:
    """The neutral word for a role word in any form ("brodern", "klassläraren"); None when it is no role."""
    word = word.rpartition("-")[2] or word
    if word in _BY_FORM:
        return _BY_FORM[word]
    if word in PLURALS:
        return FAMILY if word in TITLES else CHILD
    for cut in range(max(2, len(word) - _LONGEST_ROLE), len(word) - _SHORTEST_TAIL + 1):
        if word[cut:] in _BY_FORM:
            return _BY_FORM[word[cut:]]
    return None
