"""Names in small letters: an unknown word in a place where only somebody can stand.

Open when "yvonne" slips through, or when a word typed wrong is taken for a name. No list of names is asked here.
"""

from __future__ import annotations

from collections.abc import Sequence

from avvikelse.domain.guard.lexicon import is_ordinary
from avvikelse.domain.guard.roles import neutral_for
from avvikelse.domain.guard.tokens import Token
from avvikelse.domain.guard.words import word_set

_DOES = word_set("does")
_KIN = word_set("kin")
_MEETS = word_set("meets")
_TALKS = word_set("talks")
_CLAUSE = word_set("clause_begins")
_ABOUT = word_set("about_somebody")
_AFTER_SUBJECT = word_set("after_subject")
_AFTER_OBJECT = word_set("after_object")
_BENT = ("ens", "ets", "nas", "ares")  # "innehavarens": what a word does, not a name
_CONCERNS = frozenset(("gäller", "gällde", "handlar", "handlade", "rör", "rörde"))
_OF = frozenset(("till", "åt"))
_FOND = frozenset(("lilla", "lille", "stackars"))
_DEFINITE = ("en", "et", "an", "na")
_PRONOUN = frozenset(("hon", "han", "hen"))
_ACRONYMS = word_set("acronyms")
_ENDS = (".", "!", "?", ",", ")", ":", ";", "\n")


def is_said_to_be_somebody(words: Sequence[Token], at: int) -> bool:
    """ "efter yvonne, hon är sjuk", "felicias kontaktperson": the words around leave no other reading."""
    word, after = words[at], words[at + 1] if at + 1 < len(words) else None
    if _is_short_form(word.lower):
        return False
    if after is not None and after.gap == ", " and after.lower in _PRONOUN:
        return True
    if after is not None and after.lower == "det" and at + 2 < len(words) and words[at + 2].lower in _CONCERNS:
        return True
    owned = after is not None and after.gap == " " and (after.lower in _KIN or neutral_for(after.lower) is not None)
    if word.lower.endswith("s") and owned and not word.lower.endswith(_BENT) and not is_ordinary(word.lower[:-1]):
        return True
    if _before(words, at) in _OF and at > 1 and words[at - 1].gap == " " and neutral_for(words[at - 2].lower):
        return not word.lower.endswith(_DEFINITE)  # "pappa till julian har …"
    if word.gap == ", " and at and neutral_for(words[at - 1].lower) is not None and after is not None:
        return after.gap == ", "  # "en pojke, elmir, som …"
    return False


def may_be_somebody(words: Sequence[Token], at: int, ends_text: bool) -> bool:
    """ "maja sover inte", "igår kom samira hit", "har ni hört om ludvig?": likely, when the word looks like no noun."""
    word, after = words[at], words[at + 1] if at + 1 < len(words) else None
    if _is_short_form(word.lower):
        return False
    before = _before(words, at)
    talks = before == "med" and at > 1 and words[at - 2].lower in _TALKS
    aged = after is not None and after.lower == "år" and after.gap.strip(" ")[-1:].isdigit() and len(word.text) > 3
    if before in _FOND or aged:  # "lilla bella får vänta", "wilgot 10 år"
        return True
    if after is not None and after.gap == " " and after.lower in _DOES:
        return at == 0 or word.begins or "," in word.gap or before in _CLAUSE
    if after is not None and after.lower == "som" and at + 2 < len(words) and words[at + 2].lower in _DOES:
        return before in {"är", "var", "blev"}
    if before in _DOES and after is not None and after.gap == " " and after.lower in _AFTER_SUBJECT:
        return True
    return (talks or before in _MEETS or before in _ABOUT) and _closes(after, ends_text)


def _closes(after: Token | None, ends_text: bool) -> bool:
    """Does the word end its phrase, so that nothing follows that it could describe?"""
    if after is None:
        return ends_text
    return after.gap[:1] in _ENDS or (after.gap == " " and after.lower in _AFTER_OBJECT)


def _before(words: Sequence[Token], at: int) -> str:
    return words[at - 1].lower if at and words[at].gap == " " else ""


def _is_short_form(word: str) -> bool:
    base = word.removesuffix("s")
    return word in _ACRONYMS or base in _ACRONYMS or not any(sign in "aeiouyåäöéáóíú" for sign in base)
