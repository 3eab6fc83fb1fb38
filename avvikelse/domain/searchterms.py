"""From text to search words and from words to patterns. Open when a search finds too little, too much or nothing.

Stems are made here, not in the database, so SQLite and PostgreSQL find the same cases. A search word is letters and
digits only: no character that means something in a pattern ever reaches one.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import snowballstemmer

MAX_QUERY_WORDS = 12
_MAX_LENGTH = 60

# Words so common that they tell cases apart nowhere; "inte" and "ingen" do.
# fmt: off
STOP_WORDS = frozenset((
    "alla", "att", "av", "de", "dem", "den", "denna", "det", "detta", "dig", "din", "du", "då", "efter", "ej",
    "eller", "en", "er", "ett", "från", "för", "ha", "hade", "han", "har", "hon", "hos", "i", "in", "jag", "kan",
    "man", "med", "men", "mig", "min", "mot", "ni", "nu", "när", "och", "om", "oss", "på", "sig", "sin", "ska",
    "skulle", "som", "så", "till", "under", "upp", "ut", "var", "vara", "vi", "vid", "vår", "är", "än", "å",
))
# fmt: on

# Parts joined by one sign: "SIP-möte", "BL-2026-0042", "RS/625/2021", "F32.1".
_COMPOUND = re.compile(r"[^\W_]+(?:[-/:.][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")


def stems(text: str) -> tuple[str, ...]:
    """The search words of a text to be indexed, in order, repeats kept.

    Lower case, Swedish stems, å ä ö kept, compounds untouched, stop words dropped, digits as they are. A number with
    signs in it ("BL-2026-0042") gives itself without the signs ("bl20260042") and its parts.
    """
    return tuple(word for whole, parts in _compounds(text) for word in ((whole, *parts) if whole else parts))


def query_stems(query: str) -> tuple[str, ...]:
    """The words of what somebody looks for, without repeats, at most `MAX_QUERY_WORDS`. Empty = nothing to look for."""
    words = (word for whole, parts in _compounds(query) for word in ((whole,) if whole else parts))
    return tuple(dict.fromkeys(words))[:MAX_QUERY_WORDS]


def word_patterns(words: Iterable[str]) -> tuple[str, ...]:
    """A LIKE pattern for each word, for stems with a space before, between and after them: the whole word, the last one
    as the beginning of a word. Letters and digits only, whatever the caller passed.
    """
    kept = ("".join(character for character in word if character.isalnum()) for word in words)
    *whole, last = [word for word in kept if word] or [""]
    return (*(f"% {word} %" for word in whole), *((f"% {last}%",) if last else ()))


def _compounds(text: str) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """For each word: what it is as a whole, when it is a number of several parts, and its parts as stems."""
    for match in _COMPOUND.finditer(_folded(text)):
        parts = _PART.findall(match[0])
        joined = "".join(parts)
        is_number = len(parts) > 1 and any(part[0].isdigit() for part in parts)
        yield (joined[:_MAX_LENGTH] if is_number else None), tuple(stem for part in parts if (stem := _stem(part)))


def _folded(text: str) -> str:
    """Lower case in composed form, full-width signs as plain ones, and no marks that a tokenizer could split at."""
    composed = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in composed if not unicodedata.category(character).startswith(("M", "Cf")))


_stemmers = threading.local()  # a stemmer keeps the word it works on: one for each thread


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    """The stem of a lower-case word; "" for a stop word."""
    if word in STOP_WORDS:
        return ""
    if not word.isalpha():
        return word[:_MAX_LENGTH]
    if not hasattr(_stemmers, "swedish"):
        _stemmers.swedish = snowballstemmer.stemmer("swedish")
    stem: str = _stemmers.swedish.stemWord(word[:_MAX_LENGTH])
    return stem
