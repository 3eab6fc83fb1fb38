"""Personnummer, samordningsnummer, reservnummer in every form. Open when one slips through or a harmless number stops.

Three questions decide, in this order: can the digits be a birth date (samordningsnummer: day + 60) with four more; are
they grouped as people group them; and is there proof, which is a right check digit, the unmistakable form (date, dash,
four digits) or a word like "personnummer" just before. A word like "ordernummer" just before asks for the check digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from avvikelse.domain.guard.digits import Window
from avvikelse.domain.guard.kinds import Hit, Kind

# How people group the digits. Any other grouping ("1 506 122 397") counts only after a word that says what it is.
_WHOLE = frozenset({(6, 4), (8, 4), (10,), (12,)})
_SPLIT = frozenset(
    {
        (2, 2, 2, 4), (4, 2, 2, 4), (2, 2, 2, 2, 4), (2, 6, 4), (2, 10), (4, 4, 2), (4, 4, 4), (3, 3, 4),
        (2, 2, 6), (4, 2, 6), (6, 2, 2), (8, 2, 2), (6, 3, 1), (8, 3, 1), (6, 1, 1, 1, 1), (8, 1, 1, 1, 1),
        (2, 2, 2, 2, 2), (2, 2, 2, 2, 2, 2), (4, 2, 2, 2, 2), (1,) * 10, (1,) * 12,
    }
)  # fmt: skip
_DASH = re.compile(r"[-+]")

_SAYS_SO = re.compile(
    r"(?:person[ -]?n(?:um|r)|pers\.? ?nr|\bpe?nr\b|\bpnr|\bp-nr|samordnings?n|\bsam\.? ?nr|födelsen(?:um|r))"
    r"[^0-9]{0,25}$"
)
_TOUCHES_CODE = re.compile(r"[a-zåäö0-9][-/]$")  # "sn-20240312-0042"
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]$")


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def birth_kind(digits: str) -> Kind | None:
    """What the 10 or 12 digits can be by their date part alone, whether or not the check digit is right."""
    if len(digits) == 12:
        centuries: tuple[str, ...] = (digits[:2],)
        if digits[:2] not in {"18", "19", "20"}:
            return None
    else:
        centuries = ("19", "20")
    yy, month, day = digits[-10:-8], int(digits[-8:-6]), int(digits[-6:-4])
    kind, day = (Kind.SAMORDNINGSNUMMER, day - 60) if day > 60 else (Kind.PERSONNUMMER, day)
    return kind if any(_is_date(int(century + yy), month, day) for century in centuries) else None


def check_digit_is_right(digits: str) -> bool:
    """The Luhn check over the last ten digits."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits[-10:])]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _grouped_as_usual(window: Window) -> bool:
    shape, gaps = window.shape, window.gaps
    if shape in _WHOLE:
        return not {window.tight_before, window.tight_after} & {"-", "."}
    if shape not in _SPLIT or window.tight_before or window.tight_after or any("," in gap for gap in gaps):
        return False
    if shape[-1] == 4:
        return len(set(gaps[:-1])) <= 1
    # "2024-03-12 14.30" is a day and a time: four last digits that are split must be split by what splits the rest
    return len(set(gaps)) == 1 or (shape[0] in {6, 8} and set(gaps[1:]) == {" "})


def _unmistakable(window: Window) -> bool:
    """The form alone says it: a date, a dash or plus, and four digits; or twelve digits that are no time stamp."""
    if window.belongs_to_a_thing or _TOUCHES_CODE.search(window.before):
        return False
    dashed = bool(window.gaps) and _DASH.search(window.gaps[-1]) is not None
    if window.shape in {(12,), (8, 4)} and set(window.gaps) <= {" "}:
        return _CLOCK.search(window.digits) is None
    return dashed and window.shape in {(6, 4), (8, 4), (4, 2, 2, 4)}


def _proven(window: Window) -> bool:
    if not check_digit_is_right(window.digits):
        return False
    time_stamp = len(window.groups) == 1 and _CLOCK.search(window.digits) is not None
    return not (time_stamp and window.belongs_to_a_thing)


def _is_reservnummer(window: Window) -> bool:
    """Region Stockholm's reservnummer: 99, a year, six digits."""
    return (
        window.shape in {(12,), (8, 4), (2, 10), (4, 8), (2, 4, 6), (4, 2, 6)}
        and window.digits[:4] in {"9919", "9920"}
        and not window.belongs_to_a_thing
    )


def match_number(window: Window) -> Hit | None:
    """The personnummer, samordningsnummer or numeric reservnummer that fills the window, if it is one."""
    if window.size not in {10, 12}:
        return None
    digits = window.digits
    if _is_reservnummer(window):
        return Hit(window.start, window.end, Kind.RESERVNUMMER)
    kind = birth_kind(digits)
    if kind is None:
        return None
    said = _SAYS_SO.search(window.before) is not None and not window.belongs_to_a_thing
    if said or (_grouped_as_usual(window) and (_proven(window) or _unmistakable(window))):
        return Hit(window.start, window.end, kind)
    return None


_LETTERED = re.compile(r"(?<![0-9A-Za-z])((?:18|19|20)?[0-9]{6}) ?[-+]? ?[A-Za-z]{1,2}[0-9]{2,3}(?![0-9A-Za-z])")
_AFTER_WORD = re.compile(
    r"(?:reserv-?(?:n(?:umm|r)|id)|\bt-n(?:umm|r))[a-zåäö]{0,8}[ .:]{1,3}(?:är |var )?"
    r"([0-9A-Z][0-9A-Z-]{7,14})(?![0-9A-Za-z])",
    re.IGNORECASE,
)


def lettered_numbers(text: str) -> Iterator[Hit]:
    """Reservnummer with letters ("121227-T922", "20090305K101") and what stands after the word "reservnummer"."""
    for match in _LETTERED.finditer(text):
        if birth_kind(match[1] + "0000"):
            yield Hit(match.start(), match.end(), Kind.RESERVNUMMER)
    for match in _AFTER_WORD.finditer(text):
        if sum(character.isdigit() for character in match[1]) >= 6:
            yield Hit(match.start(1), match.end(1), Kind.RESERVNUMMER)


_BEFORE_LAST_FOUR = 40  # characters
_LAST_FOUR = re.compile(r"sista|kontrollsiffr", re.IGNORECASE)
_DATE_BEFORE = re.compile(r"(?<![0-9])((?:18|19|20)?[0-9]{2}[-./ ]?[0-9]{2}[-./ ]?[0-9]{2})(?![0-9])[^0-9]{0,25}$")
_FOUR_AFTER = re.compile(r"[^0-9]{0,25}([0-9]{4})(?![0-9])")


def told_apart(text: str) -> Iterator[Hit]:
    """A number split by words: "född 20120226, de fyra sista är 2398"."""
    for match in _LAST_FOUR.finditer(text):
        tail = _FOUR_AFTER.match(text, match.end())
        begin = max(0, match.start() - _BEFORE_LAST_FOUR)
        birth = _DATE_BEFORE.search(text[begin : match.start()])
        if tail and birth:
            digits = re.sub(r"[^0-9]", "", birth[1]) + tail[1]
            kind = birth_kind(digits)
            if kind:
                yield Hit(begin + birth.start(1), tail.end(1), kind)
