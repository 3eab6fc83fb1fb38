"""How alike are two texts? TF-IDF over stems and over pieces of words. Open when the wrong texts are called alike.

    vector = [0.6 · tfidf(stems), 1.0 · tfidf(3-5 characters)], of length 1; likeness = cosine, 0 to 1
    tfidf  = (1 + ln tf) · (ln((1 + n) / (1 + df)) + 1), n and df of the texts given

Source: G. Salton & C. Buckley, "Term-weighting Approaches in Automatic Text Retrieval", Information Processing &
Management 24 (1988) 513-523. No model that has been trained anywhere: the same texts give the same answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import log
from typing import Any

from avvikelse.analysis.themes.words import Synonyms, grams_of, house_synonyms, stems_of

STEM_WEIGHT, GRAM_WEIGHT = 0.6, 1.0


def vectors(texts: Sequence[str], synonyms: Synonyms | None = None) -> Any:
    """A sparse matrix (scipy), one row of length 1 per text; a text without words is a row of zeros."""
    from scipy.sparse import csr_array, hstack

    plain = [(synonyms or house_synonyms()).applied(text) for text in texts]
    if not plain:
        return csr_array((0, 0))
    stems, grams = (_tfidf(plain, parts) for parts in (stems_of, grams_of))
    return _unit(csr_array(hstack([STEM_WEIGHT * stems, GRAM_WEIGHT * grams])))


def likeness(a: Any, b: Any) -> Any:
    """Cosines as a plain array (rows of `a` × rows of `b`)."""
    return (a @ b.T).toarray()


def _tfidf(texts: Sequence[str], parts: Callable[[str], list[str]]) -> Any:
    from scipy.sparse import csr_array

    counts = [Counter(parts(text)) for text in texts]
    in_texts = Counter(term for count in counts for term in count)
    places = {term: place for place, term in enumerate(sorted(in_texts))}
    rare = {term: log((1 + len(texts)) / (1 + number)) + 1 for term, number in in_texts.items()}
    rows, columns, values = [], [], []
    for row, count in enumerate(counts):
        for term in sorted(count):  # in one order, so that sums are rounded in one way
            rows.append(row)
            columns.append(places[term])
            values.append((1 + log(count[term])) * rare[term])
    return _unit(csr_array((values, (rows, columns)), shape=(len(texts), max(len(places), 1))))


def _unit(matrix: Any) -> Any:
    import numpy as np
    from scipy.sparse import csr_array, diags_array

    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    length[length == 0] = 1
    return csr_array(diags_array(1 / length) @ matrix)
