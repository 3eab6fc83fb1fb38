"""From text to search words: Swedish stems, the same on both databases. Open when a search finds too much or too little."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import snowballstemmer

# A case number or similar (letters and digits joined by dashes) is one word; otherwise a run of letters or digits.
_WORD = re.compile(r"[^\W\d_]+(?:-\d+)+|[^\W_]+")
MAX_WORDS = 12  # of a query; more only slows it
# fmt: off
STOP_WORDS = frozenset((
    "och", "att", "det", "som", "en", "ett", "på", "är", "av", "för", "med", "till", "den", "har", "de", "inte", "om", "vi", "men",
    "i", "var", "jag", "han", "hon", "hen", "så", "vid", "från", "ut", "eller", "då", "när", "man", "sig", "kan", "där", "sin",
))
# fmt: on
_stemmer = snowballstemmer.stemmer("swedish")


@cache
def _stem(word: str) -> str:
    if any(ch.isdigit() for ch in word):
        return word.replace("-", "")
    return str(_stemmer.stemWord(word))


def stems(text: str) -> tuple[str, ...]:
    """Stems in the order of the text, stop words left out. Letters keep their dots; digits and case numbers stay whole (without dashes)."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    return tuple(_stem(word) for word in words if word not in STOP_WORDS)


def query_stems(query: str) -> tuple[str, ...]:
    """The stems that all must be found, without repeats, at most MAX_WORDS."""
    return tuple(dict.fromkeys(stems(query)))[:MAX_WORDS]


def fts5_query(words: Iterable[str]) -> str:
    """A match string for SQLite FTS5: all words, the last one as the beginning of a word. Quoted, so nothing in it is syntax."""
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    return " AND ".join(quoted) + ("*" if quoted else "")


def tsquery(words: Iterable[str]) -> str:
    """The same for PostgreSQL's to_tsquery('simple', …)."""
    quoted = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words]
    return " & ".join(quoted) + (":*" if quoted else "")
