"""A text as words that can be compared: lower case, synonyms made one, Swedish stems. Open when two words should (not)
be the same.

The synonyms are a table that anybody can edit (avvikelse/data/synonyms.txt): one line per word that counts, a colon and
what is changed into it. It helps more than any model.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files

import snowballstemmer

GRAMS = (3, 4, 5)
# Words that tell no problem from another; "inte" and "ingen" do.
# fmt: off
STOP_WORDS = frozenset((
    "alla", "att", "av", "de", "dem", "den", "denna", "det", "detta", "dig", "din", "du", "då", "efter", "ej",
    "eller", "en", "er", "ett", "från", "för", "ha", "hade", "han", "har", "hon", "hos", "i", "in", "jag", "kan",
    "man", "med", "men", "mig", "min", "mot", "ni", "nu", "när", "och", "om", "oss", "på", "sig", "sin", "ska",
    "skulle", "som", "så", "till", "under", "upp", "ut", "var", "vara", "vi", "vid", "vår", "är", "än", "å",
))
# fmt: on
_WORD = re.compile(r"[^\W_]+")
_NOT_TEXT = re.compile(r"[^\w:-]+")
_stemmer = threading.local()  # its state is not for several threads


@dataclass(frozen=True)
class Synonyms:
    """Pairs of (what is written, the word that counts), as in the table."""

    pairs: tuple[tuple[str, str], ...] = ()

    def applied(self, text: str) -> str:
        """The text in lower case with each synonym changed, the longest first."""
        spaced = " ".join(_NOT_TEXT.sub(" ", unicodedata.normalize("NFC", text).lower()).split())
        return self._pattern.sub(lambda found: self._words[found[0]], spaced) if self.pairs else spaced

    @cached_property
    def _words(self) -> dict[str, str]:
        return dict(self.pairs)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest = sorted(self._words, key=lambda word: (-len(word), word))
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])")


def read_synonyms(lines: Iterable[str]) -> Synonyms:
    """The table from its lines; # begins a remark.

    Raises:
        ValueError: with the number of a line that has no colon.
    """
    pairs = []
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].strip().lower()
        if words:
            kept, colon, others = words.partition(":")
            if not colon:
                raise ValueError(f"line {number}: no colon")
            pairs += [(other.strip(), kept.strip()) for other in others.split(",") if other.strip()]
    return Synonyms(tuple(pairs))


@cache
def house_synonyms() -> Synonyms:
    """The table that the program comes with."""
    return read_synonyms((files("avvikelse") / "data/synonyms.txt").read_text("utf-8").splitlines())


def stems_of(text: str) -> list[str]:
    """Swedish stems of the words that say something. `text` as Synonyms.applied() gives it."""
    return [_stem(word) for word in _WORD.findall(text) if word not in STOP_WORDS]


def grams_of(text: str) -> list[str]:
    """Pieces of three to five characters inside each word, its ends marked: what compounds and misspellings share."""
    found = []
    for word in _WORD.findall(text):
        marked = f" {word} "
        for length in GRAMS:
            if len(marked) <= length:
                found.append(marked)
                break
            found += [marked[start : start + length] for start in range(len(marked) - length + 1)]
    return found


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    if not hasattr(_stemmer, "swedish"):
        _stemmer.swedish = snowballstemmer.stemmer("swedish")
    return str(_stemmer.swedish.stemWord(word))
