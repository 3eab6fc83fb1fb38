"""What stands alone or beside another: a letter for a name ("S är hemma"), "Tom och Kim", a kommun that grät.

Open when one of these slips through, or when a letter that means something else is asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from avvikelse.domain.guard.roles import neutral_for
from avvikelse.domain.guard.tokens import Token
from avvikelse.domain.guard.word_names import closes, is_finite
from avvikelse.domain.guard.words import word_set

_SPEAKS, _LIVES, _KIN = word_set("speaks"), word_set("lives"), word_set("kin")
_BEFORE_LETTER = word_set("before_letter")
_NOBODYS = word_set("nobodys_letters")
_NO_NAME = frozenset("IÅÖO")  # small words of their own: "I skolan", "Å andra sidan", "A och O"
_JOINS = frozenset((" & ", " + ", "/", " / "))
_AND = frozenset(("och", "o", "samt"))
_GRADES = ("betyg", "nivå", "vitamin", "körkort", "hepatit", "grupp", "plan", "alternativ", "klass", "sal", "hus")
_NEAR = 6  # words


def is_a_letter_for_somebody(words: Sequence[Token], at: int) -> bool:
    """ "S är fortfarande hemma", "mamma till K ringde", "L pappa": nobody writes that of a thing, but of grades."""
    word, after = words[at], words[at + 1] if at + 1 < len(words) else None
    if not word.capital or word.text in _NO_NAME or after is None or after.gap[:1] not in {" ", ",", "."}:
        return False
    if after.one_letter and after.capital:  # "L.B": initials
        return False
    if any(near.lower.startswith(_GRADES) for near in words[max(0, at - _NEAR) : at + 2]):
        return False
    follows = after.gap == " " and not after.capital
    if word.begins:
        follows = follows or (after.gap == ". " and not after.capital)  # "T. saknar svar"
        return follows and (is_finite(after.lower) or after.lower in _KIN)
    before = words[at - 1].lower if word.gap == " " else ""
    if before.endswith(("en", "et", "an")) and neutral_for(before) is not None:
        return word.lower not in _NOBODYS  # "barnet W"
    if before not in _BEFORE_LETTER or (at > 1 and words[at - 2].one_letter):  # "från A till B"
        return False
    return closes(words, at) or (follows and (is_finite(after.lower) or after.lower in _KIN))


def stands_beside(words: Sequence[Token], at: int, known: Callable[[int], bool]) -> bool:
    """ "Tom och Kim", "Ville & Kalle", "Karin, Hans och Aziz": is the other one a listed name?"""
    for step in (1, -1):
        nearest, further = at + step, at + 2 * step
        if not 0 <= nearest < len(words):
            continue
        gap = words[max(at, nearest)].gap
        if gap in _JOINS and words[nearest].capital and known(nearest):
            return True
        if gap == " " and words[nearest].lower in _AND and 0 <= further < len(words):
            return words[further].capital and not words[further].shouts and known(further)
    return False


def acts_as_a_person(words: Sequence[Token], at: int) -> bool:
    """ "Nora uttryckte det så": a kommun does not speak, sleep or cry."""
    after = words[at + 1] if at + 1 < len(words) else None
    return after is not None and after.gap == " " and (after.lower in _SPEAKS or after.lower in _LIVES - {"far", "for"})
