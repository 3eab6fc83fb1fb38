"""Groups of texts that may be about the same thing, for a person to confirm or dismiss. Open when candidates are bad.

Agglomerative clustering, average linkage, on 1 - likeness. Texts alone say little when each reporter has words of her
own; that the same two kinds of parties are involved, and that the reporter chose the same category, brings two texts
nearer. Where such fields are given the cut is lower to match: the more so, the more texts they bring nearer, so that a
field in which all are alike changes nothing. Only groups of at least three, from at least two reporters where these
are known.

Source of the linkage: R. R. Sokal & C. D. Michener (1958), UPGMA. The weights were chosen on the labelled examples, in
the middle of a wide range that does well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from avvikelse.analysis.themes.vectors import likeness, vectors
from avvikelse.analysis.themes.words import Synonyms

SMALLEST_GROUP, FEWEST_REPORTERS = 3, 2
CUT_OF_TEXTS = 0.90
NEARER = {"receiver": 0.08, "sender": 0.04, "category": 0.08}
CUT_FOLLOWS = 0.6  # at least this share of what a field brings two texts nearer


@dataclass(frozen=True, slots=True)
class Told:
    """A text with what is known around it. `reporter`: any key that tells reporters apart; None = unknown."""

    text: str
    sender: str | None = None
    receiver: str | None = None
    category: str | None = None
    reporter: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Places of texts that seem to belong together, and the place of the one most like all the others."""

    members: tuple[int, ...]
    typical: int


def candidates(told: Sequence[Told], synonyms: Synonyms | None = None) -> tuple[Candidate, ...]:
    """The groups, largest first. The order of the input changes only the places."""
    if len(told) < SMALLEST_GROUP:
        return ()
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    order = sorted(range(len(told)), key=lambda i: _key(told[i]))  # ties in the linkage go by content, not by place
    matrix = vectors([told[i].text for i in order], synonyms)
    alike = likeness(matrix, matrix)
    cut = CUT_OF_TEXTS
    for field, nearer in NEARER.items():
        values = [getattr(told[i], field) for i in order]
        if any(values):
            codes = np.array([_code(values, value) for value in values])
            same = (codes[:, None] == codes[None, :]) & (codes >= 0)[:, None]
            alike += nearer * same
            pairs = len(told) * (len(told) - 1)
            cut -= nearer * max(CUT_FOLLOWS, (int(same.sum()) - int(same.trace())) / pairs)
    distance = np.clip(1 - alike, 0, None).round(12)
    np.fill_diagonal(distance, 0)
    labels = fcluster(linkage(squareform(distance, checks=False), "average"), cut, "distance")
    by_label: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        by_label.setdefault(int(label), []).append(place)
    found = [_candidate(order, alike, places) for places in by_label.values() if _counts(told, order, places)]
    return tuple(sorted(found, key=lambda one: (-len(one.members), one.members)))


def _code(values: Sequence[str | None], value: str | None) -> int:
    """A number per value, -1 for none."""
    return values.index(value) if value else -1


def _counts(told: Sequence[Told], order: Sequence[int], places: Sequence[int]) -> bool:
    reporters = {told[order[place]].reporter for place in places}
    return len(places) >= SMALLEST_GROUP and (reporters == {None} or len(reporters) >= FEWEST_REPORTERS)


def _candidate(order: Sequence[int], alike: Any, places: Sequence[int]) -> Candidate:
    inside = alike[places][:, places].sum(axis=1).round(9).tolist()
    typical = places[inside.index(max(inside))]
    return Candidate(tuple(sorted(order[place] for place in places)), order[typical])


def _key(one: Told) -> tuple[str, ...]:
    return (one.text, one.sender or "", one.receiver or "", one.category or "", one.reporter or "")
