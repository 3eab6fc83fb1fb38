"""Which problem types does a text seem to be about, and which earlier texts are like it? Open when a suggestion is
silly.

A problem type is one sentence and the texts that people have confirmed. A text is compared with the sentence and with
the middle of the confirmed texts; the sentence weighs SENTENCE as much as that middle, so that a type with many
confirmed texts does not swallow a young one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from avvikelse.analysis.themes.vectors import likeness, vectors
from avvikelse.analysis.themes.words import Synonyms

SENTENCE = 1.5
SUGGESTED, SIMILAR = 3, 5


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A recurring problem as a group words it, with the texts confirmed to be about it."""

    id: str
    sentence: str
    confirmed: tuple[str, ...] = ()


def suggest(
    texts: Sequence[str], types: Sequence[ProblemType], *, count: int = SUGGESTED, synonyms: Synonyms | None = None
) -> list[tuple[str, ...]]:
    """Per text the ids of the `count` likeliest types, best first. Give only types and texts that the reader may see.

    The order of the types does not matter: ties go by id. A type that shares nothing with the text is not suggested.
    """
    import numpy as np

    ordered = sorted(types, key=lambda one: one.id)
    if not texts or not ordered:
        return [()] * len(texts)
    confirmed = [text for one in ordered for text in one.confirmed]
    matrix = vectors([*texts, *(one.sentence for one in ordered), *confirmed], synonyms)
    n, m = len(texts), len(ordered)
    scores = SENTENCE * likeness(matrix[:n], matrix[n : n + m])
    start = n + m
    for place, one in enumerate(ordered):
        if one.confirmed:
            end = start + len(one.confirmed)
            scores[:, place] += likeness(matrix[:n], matrix[start:end]).mean(axis=1)
            start = end
    scores = scores.round(12)
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    return [tuple(ordered[place].id for place in row if scores[text, place] > 0) for text, row in enumerate(ranked)]


def similar(text: str, others: Sequence[str], *, count: int = SIMILAR, synonyms: Synonyms | None = None) -> list[int]:
    """Places of the `others` most like the text, best first; those that share nothing with it are left out."""
    if not others:
        return []
    matrix = vectors([text, *others], synonyms)
    scores: Any = likeness(matrix[:1], matrix[1:])[0].round(12)
    ranked = sorted(range(len(others)), key=lambda place: (-scores[place], place))
    return [place for place in ranked[:count] if scores[place] > 0]
