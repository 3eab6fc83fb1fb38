"""Names of people, found by where they stand: a capital inside a sentence, an unknown word that does or owns something,
a word beside "eleven". Open when a name slips through or a harmless word is taken for one.

The list of common names only makes it surer. What is a place, a unit or a method is things.py.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from avvikelse.domain.guard.beside import acts_as_a_person, is_a_letter_for_somebody, stands_beside
from avvikelse.domain.guard.kinds import Hit
from avvikelse.domain.guard.lexicon import (
    LONGEST_CLIPPED,
    NATURE,
    beginnings,
    is_noun,
    is_only_made,
    is_ordinary,
    is_verb,
)
from avvikelse.domain.guard.naming import BEGIN_FAMILY, SURE_FAMILY_ENDS, named
from avvikelse.domain.guard.roles import TITLES, neutral_for
from avvikelse.domain.guard.small_names import acts_by_title, is_said_to_be_somebody, may_be_somebody
from avvikelse.domain.guard.things import (
    MONTHS,
    is_a_month,
    is_a_place_of_work,
    is_a_thing_word,
    is_called_a_thing,
    known_name,
    looks_like_a_thing,
)
from avvikelse.domain.guard.tokens import Token
from avvikelse.domain.guard.word_names import capital_is_somebody, owns_family, small_is_somebody
from avvikelse.domain.guard.words import word_set

LONGEST_NAME = 5  # words
_PARTICLES = word_set("particles")
_FAMILY_ENDS = tuple(word_set("family_ends"))
# What a person does, so that a word which is also a name ("Juni grät") is one.
_DOES = word_set("does")
_KIN = word_set("kin")
_TO = word_set("to")
_CALLED = word_set("called")
_ACRONYMS = word_set("acronyms")
_SENTENCE_END = re.compile(r"[.!?\n]")
_UNLIKELY_LOWER = re.compile(
    r"(?:ade|ades|erar|erade|ande|ende|ligen|isk|iska|ats|its|ning|ningen|het|heten|er?na|arna|orna|igt"
    r"|iga|as|des|tes|are|ar|or|et|en)$"
)
_DEFINITE_BODY = re.compile(r"\w{6}(?<![sei])en$")  # "Kronofogden", but no "Andreasen"
_NO_VOWEL = re.compile(r"[bcdfghjklmnpqrstvwxz]+")  # "Dnr", "Tfn", "Fwd": a short form
_MOSTLY_CAPITALS = 0.7
_EARLIEST_SHOUT = 3
_SHORTEST_SHOUTED = 20  # letters of a text that is all in capitals
_ENOUGH_WORDS, _LOOKED_AT, _MOSTLY_UNKNOWN = 5, 60, 0.45
_AND = frozenset(("och", "o", "å", "&"))
_CONCERNING = frozenset(("ang", "angående", "gällande", "rörande", "avseende"))
_FOREIGN_CAPITALS = word_set("foreign_capitals")


def names(text: str, words: Sequence[Token], things: bytearray, extra: Collection[str]) -> Iterator[Hit]:
    """Every name, the whole of it, with the neutral word for whoever it is."""
    finder = _Finder(text, words, things, extra)
    at = 0
    while at < len(words):
        last = finder.name_from(at)
        if last is None:
            at += 1
        else:
            yield named(text, words, at, last)
            finder.last = last
            at = last + 1


class _Finder:
    """The words of one text and what has been asked of them."""

    def __init__(self, text: str, words: Sequence[Token], things: bytearray, extra: Collection[str]) -> None:
        self.text, self.words, self.things, self.extra = text, words, things, extra
        letters = [sign for sign in text if sign.isalpha()]
        self.all_shout = len(letters) > _SHORTEST_SHOUTED and sum(map(str.isupper, letters)) > _MOSTLY_CAPITALS * len(
            letters
        )

        self.last = -2  # the place of the last word of the name found before
        self.foreign = self._is_foreign()

    def _is_foreign(self) -> bool:
        """Another language, in which an unknown word says nothing: most small words are not Swedish."""
        small = [at for at, word in enumerate(self.words) if not word.capital]
        unknown = sum(not self._ordinary(at) for at in small[:_LOOKED_AT])
        return len(small) >= _ENOUGH_WORDS and unknown > len(small[:_LOOKED_AT]) * _MOSTLY_UNKNOWN

    # --- where a name begins and ends

    def name_from(self, at: int) -> int | None:
        """The place of the name's last word, when a name begins at `at`."""
        word = self.words[at]
        if self.things[at] and not self._is_a_person_after_all(at):
            return None
        if not word.one_letter and word.text.partition(":")[0].isupper():
            told = not self.all_shout or self._said_before(at)
            return self._shouted(at) if told else self._among_capitals(at)
        if not word.capital and self._is_small_pair(at):
            return at + 1
        if self.foreign and (not word.capital or word.lower.split("'")[0].split("’")[0] in _FOREIGN_CAPITALS):
            return None
        if word.one_letter:
            last = self._after_an_initial(at)
            return at if last is None and is_a_letter_for_somebody(self.words, at) else last
        return self._capital(at) if word.capital else self._small(at)

    def _is_a_person_after_all(self, at: int) -> bool:
        """ "Idas mamma", where IDAS is a method: one listed word alone that owns somebody."""
        alone = not (at and self.things[at - 1]) and at + 1 < len(self.words) and not self.things[at + 1]
        acts = self._known(at) and acts_as_a_person(self.words, at)
        return alone and (acts or owns_family(self.words, at))

    def _capital(self, at: int) -> int | None:
        if self.things[at]:
            return at
        last = self._extended(at)
        if last is None:
            return None
        sure = self._known(at)
        after = self._next(last)
        if not sure and after is not None and after.capital and self.things[last + 1] and not self._known(last + 1):
            return None  # "Vårdval Östergötland"
        if not self._may_be(at, last):
            return None
        return None if is_called_a_thing(self.words, at, last, sure=sure) else last

    def _may_be(self, at: int, last: int) -> bool:
        word, several = self.words[at], last > at
        ordinary = self._ordinary(at)
        beside = self.last == at - 2 and self.words[at - 1].lower in _AND  # "August och Juni är syskon"
        if (is_a_month(self.words, at) and not beside) or _NO_VOWEL.fullmatch(word.lower) or self._is_clipped(at, last):
            return False
        if not ordinary:
            if not several and _DEFINITE_BODY.search(word.lower) and not self._known(at):
                return self._names_people(at)
            may_be = not (self.foreign and word.begins) or several or self._known(at)
            return may_be and (self._known(at) or not looks_like_a_thing(word))
        if several:
            if neutral_for(word.lower) or is_a_thing_word(word.lower):
                return False  # "Mamman Lena", "Stiftelsen Linden": what follows is looked at by itself
            if self.words[at + 1].lower in BEGIN_FAMILY:  # "Sanna af Trolle"
                return True
            if self.words[last].one_letter and is_only_made(word.lower):  # "Viktor S. tackade nej"
                return True
            return self._known(at) or (not word.begins and not self._ordinary(last)) or self._names_people(at)
        if capital_is_somebody(self.words, at):
            return not looks_like_a_thing(word)
        if word.begins:
            return self._known(at) and (self._does_or_owns(at) or stands_beside(self.words, at, self._known))
        if self.words[at - 1].lower in _CONCERNING and not word.lower.endswith(
            ("en", "et", "an", "na", "ng", "er", "ar")
        ):
            return True
        return (self._known(at) and not self._is_plain_word_here(at)) or self._names_people(at)

    def _is_clipped(self, at: int, last: int) -> bool:
        """ "Påm skickad", "Prop. 2020/21:163": the beginning of a longer word, and nobody who does anything."""
        word, after = self.words[at], self.words[at + 1] if at + 1 < len(self.words) else None
        if last > at or not word.begins or len(word.text) > LONGEST_CLIPPED or self._known(at) or after is None:
            return False
        does = after.lower in _DOES or after.lower in {"och", "är"} or after.gap.startswith(",")
        numbered = after.gap.startswith(".") and any(sign.isdigit() for sign in after.gap)  # "Prop. 2020/21:163"
        return not does and (numbered or word.lower in beginnings())

    def _is_plain_word_here(self, at: int) -> bool:
        """A word that is also a name, with a capital for another reason ("Per capita", "Du")."""
        return self.words[at].lower in MONTHS and not (self._does_or_owns(at) or self._names_people(at))

    def _names_people(self, at: int) -> bool:
        """Is the word before one that a name follows, and this word no role or bent noun?"""
        word = self.words[at]
        if at == 0 or word.gap not in {" ", ". "} or neutral_for(word.lower) or word.begins:
            return False
        before = self.words[at - 1]
        if before.lower in TITLES or before.lower in {"dr", "doktor"}:
            return not looks_like_a_thing(word)
        if before.capital and not before.begins and is_a_thing_word(self.words[at - 2].lower):
            return False  # "Enheten Barn Mottag"
        role = neutral_for(before.lower) is not None and not before.lower.endswith("s")
        body = looks_like_a_thing(word) or is_a_place_of_work(word)  # "Kurator Skola"
        plain = not body and not word.lower.endswith(("en", "et", "an", "na", "ng", "er"))
        return plain and (role or (before.lower in _TO and self._known(at)))

    def _does_or_owns(self, at: int) -> bool:
        after = self._next(at)
        if after is None:
            return False
        owns = self.words[at].lower.endswith("s") and self.words[at].lower != "hans"  # "Hans mamma" tells no name
        return after.lower in _DOES or (owns and after.lower in _KIN)

    def _extended(self, at: int) -> int | None:
        """The last word of the chain of capitals that begins here; None when it turns out to be a thing's name."""
        last = at
        while last + 1 < len(self.words) and last - at < LONGEST_NAME - 1:
            step = self._step(at, last)
            if step == 0:
                break
            last += step
        after = self._next(last)
        ends_in_a_thing = after is not None and after.capital and not after.begins and looks_like_a_thing(after)
        return None if ends_in_a_thing else last

    def _step(self, at: int, last: int) -> int:
        """How many words the name goes on after `last`."""
        word = self.words[last + 1]
        reversed_ = word.gap == ", " and last == at and self._is_reversed(at)
        if self.things[last + 1] or not (word.gap in {" ", ". "} or reversed_):
            return 0
        if word.gap == ". " and not self.words[last].one_letter:
            return 0
        if word.one_letter:
            return int(
                word.capital and word.gap == " " and not self.words[last].one_letter and self._is_initial(last + 1)
            )
        if word.capital and not word.begins and (not word.shouts or self._is_shouted_name(last + 1, later=False)):
            return int(not self._is_common_here(at, last + 1))
        if last == at and not self._ordinary(at) and self._known(at) and self._known(last + 1) and len(word.text) > 3:
            return int(self._unknown_small(last + 1))  # "Ante jouhki"
        for small in (1, 2):  # "de Geer", "de la Gardie"
            if not all(w.lower in _PARTICLES and w.gap == " " for w in self.words[last + 1 : last + 1 + small]):
                return 0
            after = self.words[last + 1 + small] if last + 1 + small < len(self.words) else None
            if after is not None and after.capital and after.gap == " ":
                listed = self.things[last + 1 + small] and word.lower not in BEGIN_FAMILY  # "van den Berg" is no kommun
                body = after.shouts or listed or (word.lower == "av" and self._ordinary(last + 2))
                return 0 if body else 1 + small
        return 0

    def _is_common_here(self, at: int, place: int) -> bool:
        """An ordinary word with a capital that does not go on the name: "Familjen Rektor"."""
        word = self.words[place]
        if not self._ordinary(place) or self._known(place):
            return False
        return (
            neutral_for(word.lower) is not None
            or (self._ordinary(at) and not self._known(at))
            or looks_like_a_thing(word)
        )

    def _is_initial(self, place: int) -> bool:
        """A single capital that stands for a name: "Jakob K." but not "Elev A i"."""
        end = self.words[place].end
        return self.text[end : end + 1] == "." or not self._ordinary(place - 1)

    def _is_reversed(self, at: int) -> bool:
        """ "Bolin, Maja": a label before, or a family name first, and no third of a row."""
        word, after = self.words[at], self.words[at + 1]
        if not after.capital or after.shouts or (self._ordinary(at + 1) and not self._known(at + 1)):
            return False
        if looks_like_a_thing(after):
            return False  # "Nyberg, Storgatan"
        following = self.words[at + 2] if at + 2 < len(self.words) else None
        a_row = following is not None and following.capital and following.gap == ", "
        return not a_row and (":" in word.gap or word.lower.endswith(_FAMILY_ENDS))

    def _after_an_initial(self, at: int) -> int | None:
        """ "K. Larsson", "A Karlsson"."""
        word, after = self.words[at], self.words[at + 1] if at + 1 < len(self.words) else None
        if after is None or not word.capital or after.gap not in {". ", " ", "."}:
            return None
        if not after.capital or after.shouts or after.one_letter or self.things[at + 1]:
            return None
        if self._ordinary(at + 1) and not self._known(at + 1) and not (after.gap == ". " and after.lower in NATURE):
            return None
        unknown = not self._ordinary(at + 1)
        if after.gap == " " and not (unknown or after.lower.endswith(_FAMILY_ENDS) or self._said_before(at)):
            return None
        return None if looks_like_a_thing(after) or is_called_a_thing(self.words, at, at + 1, sure=False) else at + 1

    def _shouted(self, at: int) -> int | None:
        """ "VIDAR HEDBERG"; a single one only beside "eleven"."""
        last = at
        while (
            last + 1 < len(self.words)
            and self.words[last + 1].gap == " "
            and self._is_shouted_name(last + 1, later=True)
        ):
            last += 1
        if not self._is_shouted_name(at, later=False):
            return None
        long_enough = any(len(self.words[n].text) >= 5 for n in range(at, last + 1))
        word = self.words[at]
        after = self._next(at)
        acts = self._known(at) and (self._does_or_owns(at) or (after is not None and after.lower == "som"))
        told = self._said_before(at) or acts or word.bare.endswith(SURE_FAMILY_ENDS)
        alone = last == at and len(word.text) > _EARLIEST_SHOUT and told
        if (last > at and long_enough) or alone:
            return None if is_called_a_thing(self.words, at, last, sure=False) else last
        return None

    def _among_capitals(self, at: int) -> int | None:
        """ "… SVAR OM LINNEA HOLM SEDAN MAJ": where all is in capitals a name is found as in small letters."""
        if not self._is_shouted_name(at, later=False) or self._ordinary(at):
            return None
        after = self._next(at)
        before_family = after is not None and after.bare.endswith(SURE_FAMILY_ENDS) and not self._ordinary(at + 1)
        begins = self.words[at].begins and after is not None and self._is_shouted_name(at + 1, later=True)
        acts = begins and at + 2 < len(self.words) and self.words[at + 2].lower in _DOES  # "MIRO HEDVALL HAR …"
        if not (before_family or acts or self._is_placed(at)):
            return None
        goes_on = after is not None and after.lower not in _ACRONYMS
        return at + 1 if goes_on and (not self._ordinary(at + 1) or self.words[at + 1].lower in NATURE) else at

    def _is_placed(self, at: int) -> bool:
        """Does an unknown word in small letters stand where somebody stands?"""
        if self._known(at) or is_said_to_be_somebody(self.words, at):
            return True
        if _UNLIKELY_LOWER.search(self.words[at].lower):
            return False
        goes_on = at > 1 and self.last == at - 2 and self.words[at - 1].lower in _AND
        return goes_on or may_be_somebody(self.words, at)

    def _is_shouted_name(self, at: int, *, later: bool) -> bool:
        word = self.words[at]
        if not word.shouts or self.things[at] or word.lower in _ACRONYMS or len(word.text) < _EARLIEST_SHOUT:
            return False
        return (
            self._known(at)
            or not self._ordinary(at)
            or (later and not is_noun(word.lower) and not is_verb(word.lower))
            or (later and word.lower.endswith(_FAMILY_ENDS))
        )

    def _small(self, at: int) -> int | None:
        """A name in small letters: a listed one, or an unknown word beside "eleven" or "heter"."""
        with_a_particle = self._with_a_particle(at)
        if with_a_particle is not None or not self._unknown_small(at):
            return with_a_particle or (at if small_is_somebody(self.words, at) else None)
        known = self._known(at) and len(self.words[at].text) > _EARLIEST_SHOUT
        placed = not known and self._is_placed(at)
        if not known and not placed and not self._said_before(at):
            return None
        after = at + 1
        several = after < len(self.words) and self.words[after].gap == " " and self._unknown_small(after)
        doubtful = _UNLIKELY_LOWER.search(self.words[at].lower) and not acts_by_title(self.words, at)
        if not known and not placed and not several and doubtful:
            return None
        return after if several else at

    def _with_a_particle(self, at: int) -> int | None:
        """ "von Platen", also where the family name is an ordinary word."""
        after = self._next(at)
        family = after is not None and after.capital and not (after.shouts or after.begins or self.things[at + 1])
        return self._extended(at + 1) if family and self.words[at].lower in BEGIN_FAMILY else None

    def _is_small_pair(self, at: int) -> bool:
        """ "otis berglund": an unknown word before one that only family names end like."""
        after = self._next(at)
        if after is None or not after.lower.removesuffix("s").endswith(SURE_FAMILY_ENDS):
            return False
        return self._unknown_small(at) and self._unknown_small(at + 1)

    def _unknown_small(self, at: int) -> bool:
        word = self.words[at]
        return (
            len(word.text) > 2
            and not word.capital
            and "-" not in word.text[-3:]
            and not self.things[at]
            and (word.lower in self.extra or not self._ordinary(at))
        )

    def _said_before(self, at: int) -> bool:
        """Does "eleven", "mamma", "heter", "Namn:" … stand just before?"""
        if at == 0 or self.words[at].gap not in {" ", ": ", ":", " (", " ”", ' "'}:
            return False
        before = self.words[at - 1].lower
        return before in _CALLED or neutral_for(before) is not None

    # --- words

    def _known(self, at: int) -> bool:
        return known_name(self.words[at], self.extra)

    def _ordinary(self, at: int) -> bool:
        word = self.words[at]
        lower = word.lower.partition(":")[0]
        if self._known(at) and is_only_made(lower) and is_only_made(word.bare):
            return False
        return is_ordinary(lower) or (lower.endswith("s") and len(lower) > 4 and is_ordinary(lower[:-1]))

    def _next(self, at: int) -> Token | None:
        after = self.words[at + 1] if at + 1 < len(self.words) else None
        return after if after is not None and after.gap == " " else None
