"""The sentence about silence says what the formula says, and no more than anybody can wait for."""

from __future__ import annotations

import pytest

from avvikelse.analysis.silence import silence_sentence


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        (0, "inte rapporterat hos er"),
        (1, "rapporterats en gång på ett år. Så få rapporter"),
        (3, "tre gånger på ett år. Det behöver vara tyst i 21 månader"),
        (6, "tyst i åtta månader"),
        (12, "tolv gånger på ett år. Det behöver vara tyst i fyra månader"),
        (200, "tyst i en månad "),
    ],
)
def test_in_words(cases: int, words: str) -> None:
    assert words in silence_sentence(cases)
