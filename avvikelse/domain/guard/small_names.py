"""Names in small letters: an unknown word in a place where only somebody can stand.

Open when "yvonne" slips through, or when a word typed wrong is taken for a name. No list of names is asked here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from avvikelse.domain.guard.lexicon import is_ordinary, is_verb
from avvikelse.domain.guard.roles import neutral_for
from avvikelse.domain.guard.tokens import Token
from avvikelse.domain.guard.word_names import closes, is_definite, is_done_to, is_finite
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
_NAMELESS = ("en", "et", "na")
_DEFINITE = ("en", "et", "an", "na")
_PRONOUN = frozenset(("hon", "han", "hen"))
_ACRONYMS = word_set("acronyms")
_MATTERS, _HEARD = word_set("papers"), word_set("heard")
_WHETHER = frozenset(("om", "ifall", "huruvida"))
_ACCORDING = frozenset(("enligt", "enl"))
_CONCERNING = frozenset(("om", "för", "kring", "runt", "gällande", "angående"))
_PAST_PASSIVE = ("des", "ades", "tes", "s", "ade", "de")
_WE = frozenset(("vi", "jag", "man", "ni", "du", "de", "dom"))
_GREETINGS, _HELPS, _ASKS = word_set("greetings"), word_set("helps"), word_set("asks")
_WORKS_AT = word_set("works_at")
_HERE = frozenset(("här", "heter"))
_FROM = frozenset(("på", "från", "hos", "i", "vid"))
_AGE_ALONE = re.compile(r", ?[0-9]?[0-9], ")
_TURNING = word_set("turning")
_WHOLE = ("a", "it", "at", "tt", "å", "ts", "as")  # infinitive and supine
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
        return not word.lower.endswith(_NAMELESS)  # "pappa till julian har …"
    if word.gap == ", " and at and _is_a_role(words[at - 1].lower) and after is not None:
        paired = after.lower == "och" and at + 3 < len(words) and words[at + 3].gap == ", "
        return after.gap == ", " or paired  # "en pojke, elmir, som …", "två elever, ture och ziggy, som …"
    return _says_hello(words, at) or _speaks_for_a_place(words, at)


def _is_a_role(word: str) -> bool:
    """Also of several: "elever", "pojkar"."""
    stem = word[:-2] if word.endswith(("er", "ar", "or")) else word
    return any(neutral_for(form) is not None for form in (word, stem, stem + "e", stem + "a"))


def _says_hello(words: Sequence[Token], at: int) -> bool:
    """ "hej, tova här": who writes."""
    word, after = words[at], words[at + 1] if at + 1 < len(words) else None
    greeted = at > 0 and word.gap in {" ", ", "} and words[at - 1].lower in _GREETINGS
    if after is None or after.gap != " " or after.lower not in _HERE or not (word.begins or greeted):
        return False
    closed = at + 2 == len(words) or words[at + 2].gap[:1] in _ENDS or words[at + 2].lower in _FROM
    if after.lower == "heter":
        return at + 2 < len(words) and words[at + 2].lower == "jag"
    return closed and (greeted or word.begins) and not word.lower.endswith(_DEFINITE)


def _speaks_for_a_place(words: Sequence[Token], at: int) -> bool:
    """ "mats-ola på hab säger", "vi bad rask på bup återkomma": who, where, and what they do."""
    following = [word.lower for word in words[at + 1 : at + 5]]
    if len(following) < 2 or following[0] not in _FROM or not (following[1] in _WORKS_AT or is_definite(following[1])):
        return False
    before = _before(words, at)
    first = words[at].begins or "," in words[at].gap or before in _CLAUSE or before in _GREETINGS or before == "och"
    return before in _MEETS or (first and any(map(is_finite, following[2:4])))


def _tells_an_age(word: Token, after: Token) -> bool:
    """ "wilgot 10 år", "bella, 11, sover hos kompisar"."""
    if len(word.text) <= 3:
        return False
    return (after.lower == "år" and after.gap.strip(" ")[-1:].isdigit()) or (
        word.begins and _AGE_ALONE.fullmatch(after.gap) is not None
    )


def _follows_a_turned_verb(words: Sequence[Token], at: int) -> bool:
    """ "igår kväll försvann alexa från hemmet": when, what happened, to whom."""
    verb = _before(words, at)
    after = words[at + 1].lower if at + 1 < len(words) else ""
    if not (is_finite(verb) and (closes(words, at) or after.endswith(("ande", "ende")))):
        return False
    for place in range(at - 2, max(-1, at - 5), -1):
        if words[place].begins:
            return words[place].lower in _TURNING
    return False


def acts_by_title(words: Sequence[Token], at: int) -> bool:
    """ "fritidsledare yonas försökte": a role without article, and then what was done."""
    after = words[at + 1] if at + 1 < len(words) else None
    role = words[at - 1].lower if at else ""
    if after is None or after.gap != " " or role.endswith(_DEFINITE) or neutral_for(role) is None:
        return False
    return is_finite(after.lower)


def _is_asked_about(words: Sequence[Token], at: int) -> bool:
    """ "har nelly fått tid?", "varför får samir inte hjälp": a helping verb begins, whoever it is about follows."""
    after = words[at + 1] if at + 1 < len(words) else None
    if at == 0 or after is None or after.gap != " " or _before(words, at) not in _HELPS:
        return False
    asked = words[at - 1].begins or "," in words[at - 1].gap or (at > 1 and words[at - 2].lower in _ASKS)
    acts = after.lower.endswith(_WHOLE) and is_verb(after.lower)
    return asked and (acts or after.lower in _AFTER_SUBJECT)


def may_be_somebody(words: Sequence[Token], at: int) -> bool:
    """ "maja sover inte", "igår kom samira hit", "har ni hört om ludvig?": likely, when the word looks like no noun."""
    word, after = words[at], words[at + 1] if at + 1 < len(words) else None
    if _is_short_form(word.lower):
        return False
    before = _before(words, at)
    talks = before == "med" and at > 1 and words[at - 2].lower in _TALKS
    aged = after is not None and _tells_an_age(word, after)
    if _is_asked_about(words, at) or _follows_a_turned_verb(words, at):
        return True
    if before in _FOND or aged:  # "lilla bella får vänta", "wilgot 10 år"
        return True
    if after is not None and after.gap == " " and (after.lower in _DOES or is_done_to(after.lower)):
        if before in _ACCORDING:
            return True
        if _is_about_a_matter(words, at) or _is_turned_about(words, at):
            return not _is_turned_about(words, at)
        if before in _WHETHER and after.lower not in {"är", "var"}:
            return True  # "vi behöver veta om jasper får komma"
        return at == 0 or word.begins or "," in word.gap or before in _CLAUSE
    if after is not None and after.lower == "som" and at + 2 < len(words) and words[at + 2].lower in _DOES:
        return before in {"är", "var", "blev"}
    if before in _DOES and after is not None and after.gap == " " and after.lower in _AFTER_SUBJECT:
        return True
    heard = before == "av" and at > 1 and words[at - 2].lower in _HEARD
    somewhere = talks or heard or before in _MEETS or before in _ABOUT or before in _ACCORDING
    return (somewhere and closes(words, at)) or _is_about_a_matter(words, at)


def _is_about_a_matter(words: Sequence[Token], at: int) -> bool:
    """ "mötet den 4/9 om rufus ställdes in": after what is held about somebody."""
    after = words[at + 1] if at + 1 < len(words) else None
    held = _before(words, at) in _CONCERNING and any(word.lower in _MATTERS for word in words[max(0, at - 4) : at - 1])
    return (
        held and after is not None and after.gap == " " and is_verb(after.lower) and after.lower.endswith(_PAST_PASSIVE)
    )


def _is_turned_about(words: Sequence[Token], at: int) -> bool:
    """ "vaför har skolan inte …": a small word typed wrong begins, and whoever does it follows the verb."""
    third = words[at + 2] if at + 2 < len(words) and words[at + 2].gap == " " else None
    return third is not None and (third.lower in _WE or is_definite(third.lower))


def _before(words: Sequence[Token], at: int) -> str:
    return words[at - 1].lower if at and words[at].gap == " " else ""


def _is_short_form(word: str) -> bool:
    base = word.removesuffix("s")
    return word in _ACRONYMS or base in _ACRONYMS or not any(sign in "aeiouyåäöéáóíú" for sign in base)
