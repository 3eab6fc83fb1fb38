"""Which words are ordinary Swedish, so that what is left may be a name. Open when a common word is taken for a name.

The lists of avvikelse/data/guard/ hold basic forms; the bent forms are made here, and compounds ("närvaroteamet") are
recognised by their last part. A word that is unknown is not a name yet: people.py asks where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from avvikelse.domain.guard.words import phrases, word_set, words
from avvikelse.domain.kommuner import kommun_names

SHORTEST_PART = 4  # of the last part of a compound
SURE_PART = 5  # a known first part this long takes a last part that is shorter ("trycksår")
LONE_PART = 6  # a last part this long says enough, whatever stands before it ("Bamsematerialet")
SHORTEST_CLIPPED, LONGEST_CLIPPED = 2, 4  # letters of "avv", "prop"
LONGEST_WORD = 60  # what is longer is no word of any language here

# Nature words: ordinary alone, but half of Sweden's family names end in them, so they make no compounds here.
NATURE = word_set("nature")


_VERB_ENDS = (
    *(
        "",
        "a",
        "ar",
        "ade",
        "at",
        "ad",
        "as",
        "ats",
        "ades",
        "ande",
        "er",
        "de",
        "te",
        "t",
        "d",
        "da",
        "ts",
        "des",
        "tes",
    ),
    *("es", "s", "r", "ning", "ningen", "ningar", "ningarna", "nings"),
)


def _syncopated(word: str) -> str:
    """ "nyckel" → "nyckl": the form before an ending, for words on -el, -er, -en; else the word."""
    return word[:-2] + word[-1] if len(word) > 4 and word.endswith(("el", "er", "en")) else word


def _noun_forms(noun: str) -> Iterator[str]:
    """Every form that a noun of any declension could have; too many rather than too few."""
    endings: tuple[str, ...]
    if noun.endswith("a"):
        endings, stem = ("a", "an", "or", "orna", ""), noun[:-1]
    elif noun.endswith("are"):
        endings, stem = ("are", "aren", "arna", "ar"), noun[:-3]
    elif noun.endswith("e"):
        endings, stem = ("e", "en", "ar", "arna", "et", "en", "ena", "er", "erna", "n"), noun[:-1]
    elif noun[-1] in "iouyåäöé":
        endings, stem = ("", "n", "t", "et", "er", "erna", "r", "rna", "en", "ar", "arna"), noun
    else:
        endings, stem = ("", "en", "et", "ar", "arna", "er", "erna", "n", "na", "or", "orna"), noun
        short = _syncopated(noun)
        if short != noun:
            yield from (short + bend + s for bend in ("et", "en", "ar", "arna", "er", "erna") for s in ("", "s"))
        if noun.endswith(("m", "n")):
            yield from (noun + noun[-1] + bend + s for bend in ("en", "et", "ar", "arna", "or") for s in ("", "s"))
    for ending in endings:
        yield stem + ending
        yield stem + ending + "s"


def _verb_forms(verb: str) -> Iterator[str]:
    """Forms of both weak conjugations, with the passive."""
    stem = verb.removesuffix("a")
    if stem.endswith(("ll", "mm", "nn")):
        yield from (stem[:-1] + end for end in ("de", "t", "d", "da", "des", "ts"))
    if stem.endswith(("nd", "ld", "rd")):
        yield from (stem + "e", stem[:-1] + "t", stem[:-1] + "ts", stem + "es")
    if stem.endswith("d"):
        yield from (stem[:-1] + "tt", stem[:-1] + "tts", stem[:-1] + "dde")
    if stem.endswith("t"):
        yield from (stem + "e", stem + "s", stem + "es")
    yield from (stem + end for end in _VERB_ENDS)


def _adjective_forms(adjective: str) -> Iterator[str]:
    stem = adjective[:-1] if adjective.endswith("d") and len(adjective) > 4 else adjective
    short = _syncopated(adjective)
    for base in {adjective, stem, short}:
        yield from (
            base + end
            for end in ("", "t", "a", "e", "are", "aste", "ast", "as", "es", "ts", "ande", "het", "heten", "heter")
        )
    yield from (adjective + adjective[-1] + end for end in ("a", "t", "e"))  # trygg-a stays, "allmän" → "allmänna"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`nouns` are all their forms; `bent` those of verbs and adjectives; `first_parts` may begin a compound."""

    ordinary: frozenset[str]
    bent: frozenset[str]
    nouns: frozenset[str]
    verbs: frozenset[str]
    first_parts: frozenset[str]


@cache
def lexicon() -> Lexicon:
    basic = frozenset(words("nouns.txt"))
    nouns = frozenset(form for noun in basic for form in _noun_forms(noun))
    verb_bases, adjective_bases = frozenset(words("verbs.txt")), frozenset(words("adjectives.txt"))
    verbs = frozenset(form for verb in verb_bases for form in _verb_forms(verb))
    adjectives = frozenset(form for adjective in adjective_bases for form in _adjective_forms(adjective))
    small = frozenset(words("small_words.txt"))
    nature = frozenset(form for noun in NATURE for form in _noun_forms(noun) if len(form) > 2)
    stems = {noun[:-1] for noun in basic if noun[-1] in "ae"} | {verb.removesuffix("a") for verb in verb_bases}
    first = basic | stems | {part for part in small | adjectives if len(part) > 1}
    first |= {part + "s" for part in first} | {
        noun[:-1] + vowel for noun in basic for vowel in "oue" if noun[-1] in "ae"
    }
    return Lexicon(
        ordinary=small | nouns | verbs | adjectives | nature,
        bent=verbs | adjectives,
        nouns=nouns,
        verbs=verbs | small,
        first_parts=frozenset(first) - word_set("no_first"),
    )


# What only ordinary words end in.
_ENDINGS = tuple(word_set("endings"))
_ENDED = 8
_DONE = 10  # "gränsdragning", but Henning is a name


_NUMERAL = re.compile(
    r"(?:tjugo|trettio|fyrtio|femtio|sextio|sjuttio|åttio|nittio)(?:en|ett|två|tre|fyra|fem|sex|sju|åtta|nio)"
)
_VERY = ("jätte", "super", "kanon", "mega", "skit")  # "superbra"
_NAME_ENDS = word_set("name_ends")


def is_ordinary(word: str) -> bool:
    """Is it (lower case) a word, a bent form or a compound of words?"""
    known = lexicon()
    if word in known.ordinary or len(word) > LONGEST_WORD or _NUMERAL.fullmatch(word):
        return True
    if word.startswith(_VERY) and (word[4:] in known.bent or word[5:] in known.bent or word[5:] in known.ordinary):
        return True
    if "-" in word:
        return all(is_ordinary(part) for part in word.split("-") if part)
    if (len(word) >= _ENDED and word.endswith(_ENDINGS)) or (len(word) >= _DONE and word.endswith("ning")):
        return True
    return is_compound(word)


def is_compound(word: str) -> bool:
    """ "närvaroteamet", "Bamsematerialet": does it end in a noun that follows something?"""
    if len(word) > LONGEST_WORD:
        return False
    known = lexicon()
    for cut in range(2, len(word) - SHORTEST_PART + 2):
        last = word[cut:]
        if len(last) < SHORTEST_PART and not (cut >= SURE_PART and last in known.nouns and last not in _NAME_ENDS):
            continue
        if (last in known.nouns or (last in known.bent and len(last) >= LONE_PART)) and (
            (len(last) >= LONE_PART and cut >= 3) or word[:cut] in known.first_parts or _is_chain(word[:cut])
        ):
            return True
    return False


def _is_chain(first: str) -> bool:
    """ "barnavårds" + …: two known parts before the last."""
    known = lexicon().first_parts
    return any(
        first[:cut] in known and first[cut:] in known and len(first) - cut > 2 for cut in range(3, len(first) - 2)
    )


@cache
def beginnings() -> frozenset[str]:
    """What a hurried writer leaves of a longer noun: "påm" of påminnelse."""
    lengths = range(SHORTEST_CLIPPED, LONGEST_CLIPPED + 1)
    return frozenset(noun[:n] for noun in words("nouns.txt") for n in lengths if len(noun) > n + 2)


@cache
def _said_words() -> frozenset[str]:
    lists = ("nouns.txt", "verbs.txt", "adjectives.txt", "small_words.txt")
    return frozenset(word for name in lists for word in words(name)) | NATURE | word_set("bent_names")


def is_only_made(word: str) -> bool:
    """Do the lists hold it in no form that people say ("malte" would be bent from "malt")? A listed name is a name."""
    return word not in _said_words()


def is_verb(word: str) -> bool:
    return word in lexicon().verbs


def is_bent(word: str) -> bool:
    """A form of a verb or an adjective; no preposition that happens to end like one."""
    return word in lexicon().bent


def is_noun(word: str) -> bool:
    return word in lexicon().nouns or is_compound(word)


@cache
def proper_phrases() -> frozenset[tuple[str, ...]]:
    """Names of methods, systems, places, kommuner … in lower case, word by word."""
    places = [name.lower() for name in kommun_names()]
    return frozenset(tuple(phrase.strip().split()) for phrase in [*phrases("proper.txt"), *places])


@cache
def name_list() -> frozenset[str]:
    """The short list of names, lower case. Only to be surer; the guard works without it."""
    return frozenset(word.lower() for word in words("names.txt"))
