"""The half-years for which SIP are counted, and what the numbers must agree on. Open when a count is refused.

A kommun's numbers are totals, never a list of plans. What each of NUMBERS counts stands in
analysis/indicators/sip_totals.py. None means that it could not be counted, which is not 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from avvikelse.domain.workdays import workday_from

HALVES = (1, 2)
MOST = 100_000
# Counting takes weeks, and July is holiday: the mails go out in the middle of February and of August.
REMIND_AFTER = timedelta(days=45)
REMIND_FOR = timedelta(days=30)  # shorter than the outbox remembers what it has sent
_NAMES = {1: "januari–juni", 2: "juli–december"}
_LAST = {1: (6, 30), 2: (12, 31)}

Half = tuple[int, int]  # year, 1 or 2


NUMBERS = ("new", "held", "once", "twice", "more", "full", "called", "attended", "cancelled", "short")
# what cannot be more than what: the sentence stands at the first
_AT_MOST = (
    ("new", "held", "Nya SIP kan inte vara fler än mötena: en ny SIP räknas när det första mötet har hållits."),
    ("full", "held", "Det kan inte vara fler möten där alla kom än möten som hölls."),
    ("short", "held", "Det kan inte vara fler möten med kort varsel än möten som hölls."),
    ("attended", "called", "Det kan inte komma fler parter än de som var kallade."),
)  # fmt: skip


def refusals(count: Mapping[str, int | None]) -> Iterator[tuple[str, str]]:
    """(name, sentence) for each of NUMBERS that does not add up; nothing is guessed about what is not known."""
    if all(count[name] is None for name in NUMBERS):
        yield "new", "Fyll i minst ett tal. Skriv 0 om ni inte hade någon SIP."
    for name in NUMBERS:
        value = count[name]
        if value is not None and not 0 <= value <= MOST:
            yield name, f"Skriv ett tal mellan 0 och {MOST}."
    for name, bound, sentence in _AT_MOST:
        value, most = count[name], count[bound]
        if value is not None and most is not None and value > most:
            yield name, sentence
    held, once, twice, more = (count[name] for name in ("held", "once", "twice", "more"))
    if held is not None and once is not None and twice is not None and more is not None:
        fewest = once + 2 * twice + 3 * more
        if fewest > held or (held > fewest and not more):
            yield "once", "Personerna och mötena stämmer inte överens. Räkna varje möte som hölls för en person."


def half_of(day: date) -> Half:
    return day.year, 1 if day.month <= _LAST[1][0] else 2


def first_day(half: Half) -> date:
    return date(half[0], 1 if half[1] == 1 else 7, 1)


def last_day(half: Half) -> date:
    return date(half[0], *_LAST[half[1]])


def has_ended(half: Half, today: date) -> bool:
    return last_day(half) < today


def is_time_to_remind(half: Half, today: date) -> bool:
    """Of numbers that are missing: six weeks after the end, on a working day, and a month for those who were missed."""
    first = workday_from(last_day(half) + REMIND_AFTER)
    return first <= today <= first + REMIND_FOR


def before(half: Half, count: int = 1) -> Half:
    """The half-year so many earlier."""
    index = half[0] * 2 + half[1] - 1 - count
    return index // 2, index % 2 + 1


def half_name(half: Half) -> str:
    """ "januari–juni 2026"."""
    return f"{_NAMES[half[1]]} {half[0]}"
