"""Ordinary words that are somebody's name: "Vilja har inte ätit", "när Frost kom", "Idas mamma".

Open when such a name slips through, or when an ordinary word is taken for one. A word is a name where Swedish would
bend it or put an article before it, and nobody did. No list of names is asked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from avvikelse.domain.guard.lexicon import NATURE, is_bent, is_compound, is_noun, is_ordinary, is_verb
from avvikelse.domain.guard.roles import neutral_for
from avvikelse.domain.guard.tokens import Token
from avvikelse.domain.guard.words import word_set, words

_DOES, _LIVES, _MEETS = word_set("does"), word_set("lives"), word_set("meets")
_CLAUSE = word_set("clause_begins")
_BODIES = word_set("weak_heads") | word_set("thing_heads")
_KIN = word_set("kin")
_TO = word_set("to") | word_set("about_somebody") | _MEETS
_COMPASS = word_set("compass") | frozenset(("nord", "norr", "syd", "söder", "öst", "öster", "väst", "väster"))
_GIVEN = (NATURE | word_set("given_words")) - _COMPASS
_FAMILY_WORDS = frozenset(("vårdnadshavaren", "den anhöriga", "syskonet", "familjen"))
_FAMILIES = ("föräldrar", "bröder", "systrar", "mammor", "pappor", "vårdnadshavare")
_ABOUT, _AFTER_OBJECT, MONTHS = word_set("about_somebody"), word_set("after_object"), word_set("months")
_ENDS = (".", "!", "?", ",", ")", ":", ";", "\n")
# After an infinitive that begins a sentence these say something of what it means:
# "Samverka är svårt", "Vänta går inte".
_SAID_OF_DOING = frozenset(("är", "var", "går", "gick", "blev", "tar", "tog", "känner"))
_PRONOUNS = frozenset(("vi", "jag", "man", "de", "dom", "ni", "du", "hon", "han", "hen", "det", "den", "alla", "ingen"))
_PERSONS = frozenset(("jag", "hon", "han", "hen"))
_OWNS = frozenset(("hans", "hennes", "hens"))
_NAMED = frozenset(("heter", "hette", "kallas", "kallades"))
_BENT = ("en", "et", "an", "na", "er", "ar", "or", "ning")
_PARTICIPLES = ("skriven", "tagen", "given", "dragen", "slagen", "hållen", "bunden", "kommen", "skjuten", "lagen")
_PAST = ("ade", "de", "te", "er", "ar")
_STRONG = frozenset(("försvann", "hann", "slapp", "föll", "sprang", "drog", "höll"))
_LONG = 6  # letters: what is longer is no name
_DEFINITE = ("en", "et", "an", "na")
_BENT_GENITIVES = ("ens", "ets", "ans", "nas", "ers", "ors", "ars", "ngs")


@cache
def _infinitives() -> frozenset[str]:
    """Also the irregular ones that are nouns too, such as "vilja"."""
    irregular = frozenset(words("small_words.txt")) & frozenset(words("nouns.txt"))
    every = (word for word in (*words("verbs.txt"), *irregular) if word.endswith("a") and len(word) > 3)
    return frozenset(every) - _BODIES - _COMPASS


@cache
def _adjectives() -> frozenset[str]:
    """Also "vita" and "kalle", which are bent as names are."""
    basic = frozenset(word for word in words("adjectives.txt") if len(word) < _LONG) - _COMPASS
    return basic | {word + end for word in basic for end in "ae"} | {word + word[-1] + "e" for word in basic}


def capital_is_somebody(words: Sequence[Token], at: int) -> bool:
    """Is the ordinary word with a capital letter at `at` a name?"""
    word, after = words[at], _next(words, at)
    base = word.lower
    if _owns_family(words, at) or _is_spoken_of(words, at) or (_is_nicknamed(words, at) and not word.begins):
        return True
    if base in _GIVEN and _has_a_role(words, at):
        return True
    if word.begins:
        return after is not None and _begins_as_somebody(words, at, after)
    if word.gap not in {" ", ", ", " ("} or _among_titles(words, at):
        return False
    genitive = base.removesuffix("s")
    if not base.endswith("s") and base in _infinitives():
        return True
    if base in _GIVEN or (genitive in _GIVEN and after is not None and not after.capital):
        return True
    before = words[at - 1].lower
    if base.endswith("s") and not base.endswith(_BENT_GENITIVES) and after is not None and after.lower in _KIN:
        return before in _TO and not after.capital and neutral_for(base) is None and genitive not in _BODIES
    if base in _adjectives():
        if before in _CLAUSE:
            return after is not None and after.lower in _DOES
        return before in _MEETS or (before in _ABOUT and closes(words, at))
    return False


def small_is_somebody(words: Sequence[Token], at: int) -> bool:
    """The same for an ordinary word in small letters: only where no other reading is left."""
    word, after = words[at], _next(words, at)
    if word.lower not in _infinitives() and word.lower not in _GIVEN:
        return False
    if _is_named(words, at) or _stands_beside_a_role(words, at):
        return True
    spoken_of = at + 1 < len(words) and words[at + 1].gap == ", " and words[at + 1].lower in ("han", "hon", "hen")
    if spoken_of and at and words[at - 1].lower in _ABOUT:
        return True  # "vi tycker om lova, hon behöver hjälp"
    if word.lower in _GIVEN and word.begins and after is not None and after.lower in _LIVES:
        return True
    if after is None or after.lower not in _DOES or after.lower in _SAID_OF_DOING or _is_turned(words, at):
        return False
    told = at > 0 and word.gap == " " and neutral_for(words[at - 1].lower) is not None
    return word.begins or told


def owns_family(words: Sequence[Token], at: int) -> bool:
    """ "Idas mamma": also when a method is called IDAS."""
    after = _next(words, at)
    return (
        words[at].capital
        and not words[at].shouts
        and words[at].lower.endswith("s")
        and after is not None
        and not after.capital
        and (neutral_for(after.lower) in _FAMILY_WORDS or after.lower.endswith(_FAMILIES))
    )


def _owns_family(words: Sequence[Token], at: int) -> bool:
    base = words[at].lower.removesuffix("s")
    if not owns_family(words, at):
        return False
    named = any(base in known for known in (_GIVEN, _infinitives(), _adjectives(), MONTHS))
    return named or not (
        base in _small_words() or words[at].lower in _small_words() or neutral_for(base) or base.endswith(_BENT)
    )


def _is_spoken_of(words: Sequence[Token], at: int) -> bool:
    """ "orolig för Ville, han är ensam": a capital inside a sentence, and then "han"."""
    word, after = words[at], words[at + 1] if at + 1 < len(words) else None
    inside = not word.begins and word.gap == " " and not _among_titles(words, at)
    spoken_of = after is not None and after.gap == ", " and after.lower in ("han", "hon", "hen")
    return inside and spoken_of and neutral_for(word.lower) is None and not word.lower.endswith(_BENT)


def _has_a_role(words: Sequence[Token], at: int) -> bool:
    """ "Frost, mentorn, har inte hört något"."""
    after, third = (words[at + n] if at + n < len(words) else None for n in (1, 2))
    told = after is not None and after.gap == ", " and third is not None and third.gap == ", "
    return told and after is not None and neutral_for(after.lower) is not None


@cache
def _small_words() -> frozenset[str]:
    return frozenset(words("small_words.txt"))


def _begins_as_somebody(words: Sequence[Token], at: int, after: Token) -> bool:
    base = words[at].lower
    third = words[at + 2].lower if at + 2 < len(words) else ""
    if after.lower == "och" and len(base) > 3 and _is_beside_a_name(words, at):
        return True
    if after.lower == "och" and third in _OWNS and (base in _GIVEN or base in _infinitives()):
        return True
    if base in _GIVEN:
        return is_finite(after.lower) and not _is_turned(words, at)
    if base.endswith("s") and base[:-1] in _infinitives() and after.lower in _KIN:
        return True
    if base.endswith("s") and base[:-1] in _GIVEN:
        return not after.capital and is_noun(after.lower)  # "Blommas insats"
    if base in _infinitives():
        return after.lower in _LIVES or (
            after.lower in _DOES and after.lower not in _SAID_OF_DOING and not _is_turned(words, at)
        )
    return base in _adjectives() and after.lower in _LIVES and not _is_turned(words, at)


def is_finite(word: str) -> bool:
    """Does the word say what somebody does or did?"""
    return word in _DOES or (word.endswith(_PAST) and is_bent(word)) or word in _STRONG


def is_done_to(word: str) -> bool:
    """ "skickas", "avvisades"."""
    return len(word) > _LONG and word.endswith(("as", "ades", "tes")) and is_verb(word)


def closes(words: Sequence[Token], at: int) -> bool:
    """Does the word end its phrase, so that nothing follows that it could describe?"""
    after = words[at + 1] if at + 1 < len(words) else None
    return after is None or after.gap[:1] in _ENDS or (after.gap == " " and after.lower in _AFTER_OBJECT)


def _is_beside_a_name(words: Sequence[Token], at: int) -> bool:
    """ "Tomas och Berit": what stands beside an unknown capital is as little a role or a body."""
    word, other = words[at].lower, words[at + 2] if at + 2 < len(words) else None
    if other is None or not other.capital or other.shouts or is_ordinary(other.lower) or is_compound(other.lower):
        return False
    body = neutral_for(word) is not None or word in _BODIES or word in _small_words() or is_noun(word)
    return not (body or word.endswith(_BENT) or other.lower.endswith(_DEFINITE))


def _is_turned(words: Sequence[Token], at: int) -> bool:
    """ "Vänta får man göra", "Glad är han", "Glad var eleven": the subject comes after the verb."""
    third = words[at + 2] if at + 2 < len(words) else None
    return third is not None and third.gap == " " and (third.lower in _PRONOUNS or is_definite(third.lower))


def is_definite(word: str) -> bool:
    """ "skolan", "eleven", "socialtjänsten": a noun that says which."""
    return word.endswith(_DEFINITE) and not word.endswith(_PARTICIPLES) and is_noun(word)


def _among_titles(words: Sequence[Token], at: int) -> bool:
    """ "Läsa Skriva Räkna", "Kan Inte Någon": every word has its capital letter."""
    beside = [words[n] for n in (at - 1, at + 1) if 0 <= n < len(words)]
    return any(word.capital and not word.begins and is_ordinary(word.lower) for word in beside) or (
        words[at - 1].begins and words[at - 1].capital and at + 1 < len(words) and words[at + 1].capital
    )


def _is_named(words: Sequence[Token], at: int) -> bool:
    """ "hon heter lova", "en tjej som kallas storm", but not "metoden heter trappan"."""
    if at < 2 or words[at].gap != " " or words[at - 1].lower not in _NAMED:
        return False
    who = words[at - 3] if words[at - 2].lower in {"som", "också"} and at > 2 else words[at - 2]
    return who.lower in _PERSONS or (neutral_for(who.lower) is not None)


def _is_nicknamed(words: Sequence[Token], at: int) -> bool:
    """ "kallas för Putte av alla"."""
    called = at > 1 and words[at - 1].lower == "för" and words[at - 2].lower in _NAMED
    return called and closes(words, at) and not words[at].lower.endswith(_BENT)


def _stands_beside_a_role(words: Sequence[Token], at: int) -> bool:
    """ "en flicka, lova, som väntar"."""
    after = words[at + 1] if at + 1 < len(words) else None
    return (
        at > 0
        and words[at].gap == ", "
        and neutral_for(words[at - 1].lower) is not None
        and after is not None
        and after.gap == ", "
        and (is_verb(after.lower) or after.lower == "som")
    )


def _next(words: Sequence[Token], at: int) -> Token | None:
    after = words[at + 1] if at + 1 < len(words) else None
    return after if after is not None and after.gap == " " else None
