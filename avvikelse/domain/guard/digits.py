"""Digit groups and the windows over them that a matcher may look at. Open to change which separators join a number.

A *run* is a sequence of digit groups with at most four separators between them ("11 12 11-2386" has four groups).
Every number the guard knows is a window of at most `MAX_DIGITS` digits over whole groups, so the work per group is
bounded and the guard is linear in the text whatever is typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

FIXED_SIZES = (10, 12)  # personnummer and its kin
MIN_DIGITS, MAX_DIGITS = 5, 15
CONTEXT = 45  # characters before a window that may tell what it is

# Separators, a bounded number of them, and then digits: the two never overlap, so there is nothing to retry.
_RUN = re.compile(r"[0-9]+(?:[ \t\n+\-./_,()*]{1,4}[0-9]+)*")
_GROUP = re.compile(r"[0-9]+")
_TIGHT = frozenset("-./+")
# A word just before that says the number belongs to a thing: every "…nummer" but the ones that belong to people.
_OTHER_NUMBER = re.compile(
    r"(?<![a-zåäö])(?:"
    r"(?!pers|p-?nr|sam|reserv|födelse|tele?|t-|mobil|hem|jobb|direkt|kontakt|sms|patient|elev|barn)"
    r"[a-zåäö][a-zåäö-]{0,30}(?:nummer|numret|nr)"
    r"|(?:[a-zåäö]{1,20})?koden?|ocr|bankgirot?|plusgirot?|bg|pg|konto|kontot|id|[a-zåäö]{1,10}-id"
    r"|ref|referens(?:en)?|version(?:en)?"
    r"|beställning(?:en)?|tidsstämpeln?|rum|avsnitt|kapitel|punkt"
    r"|(?:exporten|filen|loggen|rapporten) (?:skapades|kördes|gjordes)"
    r")[ .:#]{0,3}(?:(?:är|var)[ :]{1,2})?$"
)


@dataclass(frozen=True, slots=True)
class Window:
    """Whole digit groups beside each other. `gaps` has one separator fewer than `groups`."""

    text: str
    start: int
    end: int
    groups: tuple[str, ...]
    gaps: tuple[str, ...]
    size: int  # digits in all groups
    tight_before: str  # the sign that glues it to a digit before it ("-", ".", "/", "+"), else ""
    tight_after: str

    @property
    def digits(self) -> str:
        return "".join(self.groups)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(group) for group in self.groups)

    @property
    def before(self) -> str:
        """The words just before, in lower case."""
        return self.text[max(0, self.start - CONTEXT) : self.start].lower()

    @property
    def belongs_to_a_thing(self) -> bool:
        """Whether the word just before is "ordernummer", "dnr", "OCR" or the like."""
        return _OTHER_NUMBER.search(self.before) is not None


def _tight(gap: str) -> str:
    return gap if gap in _TIGHT else ""


def windows(text: str) -> Iterator[tuple[Window, ...]]:
    """For every digit group: the windows that begin there, the longest first."""
    for run in _RUN.finditer(text):
        groups = [(m.start(), m.end()) for m in _GROUP.finditer(text, run.start(), run.end())]
        gaps = [text[left[1] : right[0]] for left, right in pairwise(groups)]
        for first in range(len(groups)):
            found = []
            total = 0
            # inside a run there is no word before the digits: a phone number has to begin with 0 or +
            may_be_phone = first == 0 or text[groups[first][0]] == "0" or "+" in gaps[first - 1]
            for after in range(first + 1, len(groups) + 1):
                total += groups[after - 1][1] - groups[after - 1][0]
                if total > MAX_DIGITS:
                    break
                if total in FIXED_SIZES or (may_be_phone and total >= MIN_DIGITS):
                    found.append(_window(text, groups[first:after], gaps, first, total))
            yield tuple(reversed(found))


def _window(text: str, groups: list[tuple[int, int]], gaps: list[str], first: int, size: int) -> Window:
    after = first + len(groups)
    return Window(
        text=text,
        start=groups[0][0],
        end=groups[-1][1],
        groups=tuple(text[start:end] for start, end in groups),
        gaps=tuple(gaps[first : after - 1]),
        size=size,
        tight_before=_tight(gaps[first - 1]) if first else "",
        tight_after=_tight(gaps[after - 1]) if after - 1 < len(gaps) else "",
    )
