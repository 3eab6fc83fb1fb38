"""Numbers spelled out in words: "noll sju noll ett sju fyra …". Open when a spoken number slips through."""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvikelse.domain.guard.kinds import Hit, Kind
from avvikelse.domain.guard.numbers import birth_kind, check_digit_is_right

_UNITS = {"noll": "0", "ett": "1", "en": "1", "två": "2", "tre": "3", "fyra": "4", "fem": "5", "sex": "6"}
_UNITS |= {"sju": "7", "åtta": "8", "nio": "9"}
_TEENS = ("tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton")
_TENS = ("tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio")
_ROUND = {word: str(number) for number, word in enumerate(_TEENS, start=10)}
_ROUND |= {word: str(number * 10) for number, word in enumerate(_TENS, start=2)}
_COMPOUND = {ten + unit: _ROUND[ten][0] + _UNITS[unit] for ten in _TENS for unit in _UNITS if unit != "noll"}
_VALUE = _UNITS | _ROUND | _COMPOUND

_WORD = rf"(?:{'|'.join(sorted(_VALUE, key=len, reverse=True))})"
_RUN = re.compile(rf"(?<!\w){_WORD}(?:[ ,.-]{{1,3}}{_WORD}(?!\w)){{4,}}", re.IGNORECASE)
_ONE = re.compile(r"[^\W\d_]+")
_PHONE_DIGITS, _NUMBER_DIGITS = range(8, 12), (10, 12)


def spoken_numbers(text: str) -> Iterator[Hit]:
    """Phone numbers that begin with "noll", and personnummer, in words."""
    for run in _RUN.finditer(text):
        digits = "".join(_VALUE[word.lower()] for word in _ONE.findall(run[0]))
        kind = birth_kind(digits) if len(digits) in _NUMBER_DIGITS and check_digit_is_right(digits) else None
        if kind is None and digits.startswith("0") and len(digits) in _PHONE_DIGITS:
            kind = Kind.TELEFON
        if kind is not None:
            yield Hit(run.start(), run.end(), kind)
