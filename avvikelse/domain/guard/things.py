"""What has a capital letter but is nobody: own units, places, methods, systems. Open when such a name is warned for.

Three ways to know: the phrase is on a list (ours, the organisation's, the administrator's), the words around say it
("programmet …", "i …", "… kommun"), or the word itself does ("Linnéskolan", "SamReKo").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile

from avvikelse.domain.guard.lexicon import (
    is_compound,
    is_noun,
    is_only_made,
    is_ordinary,
    is_verb,
    name_list,
    proper_phrases,
)
from avvikelse.domain.guard.roles import neutral_for
from avvikelse.domain.guard.tokens import Token
from avvikelse.domain.guard.words import word_set

Phrases = Mapping[str, Collection[tuple[str, ...]]]


def by_first_word(phrases: Collection[tuple[str, ...]]) -> Phrases:
    """The phrases by their first word, so that a text is compared with few of them."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        if phrase:
            table.setdefault(phrase[0], []).append(phrase)
    return table


SURE_HEAD = 7  # letters
_OURS: Phrases = by_first_word(proper_phrases())

# Nouns (or their ends) that say what the following name is the name of.
_THING_ENDS = tuple(word_set("thing_ends"))
# Nouns that take a name before them: "… kommun", "… torg".
_THING_HEADS = word_set("thing_heads")
_LONG_HEADS = tuple(head for head in _THING_HEADS if len(head) >= SURE_HEAD)  # also "… barnsjukhus"
_WEAK_HEADS = word_set("weak_heads")
_PLACE_ENDS = tuple(word_set("place_ends"))
_PLACE_GENITIVES = tuple(word_set("place_genitives"))
_SYSTEMS = tuple(word_set("systems"))
_SAID_OF_PEOPLE = word_set("homes")
_COMPASS = word_set("compass")
_IN = word_set("in")
_WAY = word_set("way")
_WAITING = word_set("waiting")
_MOVING = word_set("moving")
_OPERATORS = word_set("operators")
_USING = word_set("using")
_THING_VERBS = word_set("thing_verbs")
_WORKS_OF = word_set("works")
_KIN = word_set("kin")
_AT = frozenset(("på", "vid", "i", "sankt", "s:t"))
_OWNED = frozenset(("plats", "hem", "program", "test", "väg", "fond", "minne"))  # a person's too
_PAPERS = word_set("papers")
_AROUND, _HELP = word_set("around"), word_set("help")
_TIME_BEFORE = word_set("time_before")
MONTHS = word_set("months")
_INNER_CAPITAL = re.compile(r"[a-zåäö][A-ZÅÄÖ]")
_WHO_DOES = ("aren", "isten", "logen", "ören", "mannen", "anten")  # "ledaren", "assistenten": a person
_PERSON_PREFIX = re.compile(r"(?:Mc|Mac|De|Di|La|Le|Van|O['’])[A-ZÅÄÖ]")


def listed_things(words: Sequence[Token], own: Phrases) -> bytearray:
    """For each word whether it is part of a listed phrase."""
    known = bytearray(len(words))
    for at, word in enumerate(words):
        for table in (_OURS, own):
            for phrase in {*table.get(_key(word), ()), *table.get(word.bare, ())}:
                if len(phrase) <= len(words) - at and all(
                    _same(words[at + n], part, n) for n, part in enumerate(phrase)
                ):
                    known[at : at + len(phrase)] = b"\x01" * len(phrase)
    return known


def _key(word: Token) -> str:
    return word.lower.partition(":")[0]


def _same(word: Token, part: str, place: int) -> bool:
    if place and word.gap not in {" ", "-", "&", " & ", "/", "–"}:
        return False
    # "ABC" and "SIP" in capitals, but a name that is also a word only with a capital letter
    return (word.capital or place > 0) and (_key(word) == part or word.bare == part)


def looks_like_a_thing(word: Token) -> bool:
    """ "Linnéskolan", "SamReKo", "ESTER-bedömningen": the word itself says that it is no name of a person."""
    text = word.text.partition(":")[0]
    if _INNER_CAPITAL.search(text) and not _PERSON_PREFIX.match(text):
        return True
    first, dash, last = text.rpartition("-")
    return bool(dash and last[:1].islower() and first) or word.bare.endswith(_PLACE_ENDS) or is_compound(word.lower)


def is_a_thing_word(word: str) -> bool:
    """ "programmet", "stiftelsen", "vårdcentralen": what follows with a capital is its name."""
    return word.endswith(_THING_ENDS) and word not in _SAID_OF_PEOPLE and _is_whole_end(word)


def is_a_place_of_work(word: Token) -> bool:
    """ "Skola", "Mottagning": what stands after a title without being a name."""
    return word.lower in _THING_HEADS or word.lower in _WEAK_HEADS


def is_called_a_thing(words: Sequence[Token], first: int, last: int, *, sure: bool) -> bool:
    """Do the words around `words[first..last]` say that it is a place, a programme, a body …?

    `sure` = the word is a known given name, so only the plainest signs count.
    """
    before = words[first - 1] if first else None
    after = words[last + 1] if last + 1 < len(words) and words[last + 1].gap == " " else None
    if after is not None and _takes_a_name(words, first, last, after, sure=sure):
        return True
    if before is None or words[first].gap not in {" ", ' "', " ”", " “", " »", " ’", " '"}:
        return after is not None and not sure and after.lower in _THING_VERBS
    if is_a_thing_word(before.lower):
        return True
    if not sure and (_is_the_name_of(before) or before.lower in _OPERATORS):
        return True
    if before.lower in {"om", "av"} and first > 1 and words[first - 2].lower in _WORKS_OF:
        return True
    if sure:
        return False
    genitive = words[last].lower.endswith("s") and after is not None and not after.capital and is_ordinary(after.lower)
    if before.lower in _AROUND and first > 1 and words[first - 2].lower in _HELP:
        return False
    if before.lower in _IN:
        waiting = before.lower == "på" and any(word.lower in _WAITING for word in words[max(0, first - 4) : first - 1])
        owns = genitive and last == first and (before.lower == "i" or (after is not None and _is_somebodys(after)))
        return not waiting and not owns
    if before.lower in _WAY:
        return any(word.lower in _MOVING for word in words[max(0, first - 5) : first - 1])
    return before.lower in _USING


def _is_the_name_of(before: Token) -> bool:
    """ "kollot Sjövik": a thing in definite form and its name. A person is named after a role or a paper."""
    word = before.lower
    definite = word.endswith(("en", "et", "an", "ot")) and len(word) > 4 and not word.endswith(_WHO_DOES)
    return definite and is_noun(word) and not is_verb(word) and word not in _PAPERS and neutral_for(word) is None


def _is_whole_end(word: str) -> bool:
    """Ends in one of the nouns as a whole word or compound, not "personal" in "al"."""
    return any(
        word == end or (word.endswith(end) and len(word) > len(end) + 1) for end in _THING_ENDS if word.endswith(end)
    )


def _takes_a_name(words: Sequence[Token], first: int, last: int, after: Token, *, sure: bool) -> bool:
    if sure and first == last and words[last].lower.endswith("s") and after.lower in _OWNED:
        return first > 0 and words[first - 1].lower in _AT  # "på Karls plats", but "avbokade Karls plats"
    if after.lower in _THING_HEADS or after.lower.endswith(_LONG_HEADS):
        return True
    if after.lower in _COMPASS and last + 2 < len(words) and words[last + 2].lower in {*_THING_HEADS, *_WEAK_HEADS}:
        return True
    if after.lower in _WEAK_HEADS and not words[last].lower.endswith("s"):
        return not sure  # "Mellansjö skola": what is somebody's would stand in the genitive
    if after.lower in _WEAK_HEADS:
        if words[last].lower.endswith(_PLACE_GENITIVES):
            return not sure
        alone = first == last
        place_before = first > 0 and words[first - 1].lower in _AT
        return not sure and (not alone or place_before)
    rest = list(takewhile(lambda word: not word.begins, words[last + 1 : last + 7]))
    said = [word.lower for word in rest]
    said = said[2:] if said[:1] == ["och"] else said  # "Humlan och Blåklockan är de avdelningar …"
    ends = _SYSTEMS if sure else _THING_ENDS
    named = list(takewhile(lambda word: word not in _IN, said[1:4]))  # "Hopp är inskriven på avd 61" says where
    return said[:1] == ["är"] and any(word.endswith(ends) for word in named)


def _is_somebodys(word: Token) -> bool:
    """ "mentor", "pappa", "utredning": what a person has."""
    return word.lower in _KIN or neutral_for(word.lower) is not None


def is_a_month(words: Sequence[Token], at: int) -> bool:
    """ "i August", "den 3 Juni": the month, not the name."""
    word = words[at]
    if word.lower not in MONTHS:
        return False
    digit = word.gap[-2:-1].isdigit() or any(sign.isdigit() for sign in word.gap)
    return digit or (at > 0 and words[at - 1].lower in _TIME_BEFORE)


def known_name(word: Token, extra: Collection[str]) -> bool:
    listed = word.lower in name_list() or (
        word.bare in name_list() and is_only_made(word.lower)
    )  # "Klass" is no Klas's
    return listed or word.lower in extra or word.bare in extra
