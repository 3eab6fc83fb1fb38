"""A34: a text made to keep the guard busy costs what its length says, not what its cunning wishes."""

from __future__ import annotations

from time import process_time

import pytest

from avvikelse.domain.persondata import find

SHORT, TIMES = 2_500, 4  # characters; the longer text is so many times as long
BOMBS = {
    "digits": "1", "digits and spaces": "1 2 ", "dashes": "070-", "addresses": "a@", "dots": "a.b.", "names": "Anna ",
    "capital letters": "Å", "birth dates": "2012-", "quotes": "’", "slashes": "1/1/", "plates": "ABC1",
    "words": "och ", "brackets": "(((", "mails": "x@y.z@", "roles": "mamma Anna ", "line ends": "\n", "plus": "+46",
    "combining": "e\u0301", "small names": "lo och ", "roles in a row": "mamma lo, ", "clipped": "Påm. ",
    "surnames": "von der ",
    "long word": "nummernummer", "shouted": "OM ALMA ",
}  # fmt: skip


def seconds(text: str) -> float:
    began = process_time()
    find(text)
    return process_time() - began


@pytest.mark.parametrize("name", BOMBS)
def test_four_times_the_text_takes_no_more_than_eight_times_as_long(name: str) -> None:
    bomb = BOMBS[name]
    short = (bomb * SHORT)[:SHORT]
    long = (bomb * SHORT * TIMES)[: SHORT * TIMES]
    find(bomb)  # the lists of words are read once
    once = min(seconds(short) for _ in range(3))
    assert min(seconds(long) for _ in range(3)) <= max(once * TIMES * 2, 0.05)
