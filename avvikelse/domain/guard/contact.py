"""Phone numbers and e-mail addresses. Open when a form of them slips through or a public number is stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvikelse.domain.guard.digits import Window
from avvikelse.domain.guard.kinds import Hit, Kind

# --- phone ------------------------------------------------------------------------------------------------------------

# Area codes of three digits; "08" has two and every other one four. 07x are mobiles.
# fmt: off
_AREA3 = frozenset((
    "010", "011", "013", "016", "018", "019", "020", "021", "023", "026", "031", "033", "035", "036", "040", "042",
    "044", "046", "054", "060", "063", "070", "072", "073", "076", "079", "090",
))
# fmt: on
_MOBILE = ("070", "072", "073", "076", "079")
_MOBILE_ABROAD = tuple("46" + code[1:] for code in _MOBILE)
_PUBLIC_PREFIX = ("020", "0200", "077")  # free of charge and nation-wide services: Kvinnofridslinjen, 0771-…
_PUBLIC = frozenset(("112", "1177", "11313", "11414", "116000", "116111", "116117", "116123", "90000", "118118"))
_COUNTRIES = ("45", "47", "49", "44", "358", "48")

_PHONE_WORD = re.compile(
    r"(?<![a-zåäö])(?:tele?f?o?n?|tfn|mobil(?:telefon)?|sms|telnr|mobilnr|telefonnr|(?:telefon|mobil)num(?:mer|ret))"
    r"[ .:]{0,3}(?:(?:nr|nummer|är|var|till|på)[ .:]{1,3}){0,2}\(?$"
)
_PHONE_HINT = re.compile(r"(?:tel|tfn|mobil|ring|sms|nås på|kontakt|svarar på|nummer)[^0-9\n]{0,20}$")
_DAY_OR_TIME = re.compile(
    r"(?:[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ](?:19|20)[0-9]{2}"  # 08-12-2024, 08/12 2024
    r"|[0-9]{2}[.][0-9]{2} ?[-/] ?[0-9]{2}[.][0-9]{2}"  # 08.15-09.45
    r"|[0-9]{4} ?- ?[0-9]{4})$"  # 0815-0945
)
_GAP = re.compile(r"[ \n]?[-./()]?[ \n]?\(?|\) ?-? ?")


def _national(digits: str, plus: bool) -> tuple[str, bool]:
    """The digits as dialled inside Sweden, and whether a country code said that this is a phone number."""
    if digits.startswith("0046"):
        return "0" + digits[4:].removeprefix("0"), True
    if plus and digits.startswith("46"):
        return "0" + digits[2:].removeprefix("0"), True
    if (digits.startswith("00") and digits[2:].startswith(_COUNTRIES)) or (plus and digits.startswith(_COUNTRIES)):
        return digits.removeprefix("00"), True
    return digits, False


def _area(digits: str) -> str:
    if digits.startswith("08"):
        return "08"
    return digits[:3] if digits[:3] in _AREA3 else digits[:4]


def is_public(national: str) -> bool:
    """Numbers that everybody may know: emergency, care and help lines, nation-wide services."""
    return national in _PUBLIC or national.startswith(_PUBLIC_PREFIX)


def _looks_national(window: Window, digits: str) -> bool:
    """The form of a Swedish number: area code, subscriber, grouped as people do."""
    if not 8 <= len(digits) <= 10:
        return False
    area, first, later_gaps = _area(digits), window.groups[0], set(window.gaps[1:])
    digit_by_digit = set(window.shape) == {1}
    if digits.startswith(_MOBILE):
        return len(digits) == 10 and (len(first) >= 3 or digit_by_digit)
    subscriber = digits[len(area) :]
    if subscriber.startswith("0") or not 5 <= len(subscriber) <= 8:
        return False
    if len(window.groups) == 1:
        return len(digits) >= 9
    # "08-12 13-16" and "08.12.24 14.30" are hours and days: after the area code one kind of separator
    grouped = first == area and len(later_gaps) <= 1 and all(len(group) >= 2 for group in window.groups[1:])
    return digit_by_digit or (grouped and not (area == "08" and later_gaps & {"-", " - "}))


def match_phone(window: Window) -> Hit | None:
    """The phone number that fills the window, if it is one and not public."""
    plus = window.text[max(0, window.start - 2) : window.start].rstrip(" ").endswith("+")
    zero = window.groups[0].startswith("0")
    abroad_mobile = window.size == 11 and window.digits.startswith(_MOBILE_ABROAD)  # "46 70 …", without the plus
    if not (zero or plus or abroad_mobile) and (window.size > 10 or not _PHONE_WORD.search(window.before)):
        return None  # asked first: most numbers in a text end here
    if window.tight_before in {"-", "."} or not all(_GAP.fullmatch(gap) for gap in window.gaps):
        return None
    digits, abroad = _national(window.digits, plus or (abroad_mobile and not window.belongs_to_a_thing))
    if is_public(digits):
        return None
    if abroad:
        found = 8 <= len(digits) <= 15
    elif zero and not digits.startswith("00"):
        found = window.size >= 8 and _domestic(window, digits)
    else:
        found = window.size <= 10 and _PHONE_WORD.search(window.before) is not None
    return Hit(_with_sign(window), window.end, Kind.TELEFON) if found else None


def _domestic(window: Window, digits: str) -> bool:
    if _DAY_OR_TIME.fullmatch(window.text, window.start, window.end) or window.tight_after in {"-", "."}:
        return False
    if window.belongs_to_a_thing:
        return False
    return _looks_national(window, digits) or (len(digits) <= 10 and _PHONE_WORD.search(window.before) is not None)


def sounds_like_phone(window: Window) -> bool:
    """Ten digits that could be both: "0704122385" is a phone number after "ring" and a personnummer otherwise."""
    return window.digits.startswith(_MOBILE) and window.shape == (10,) and _PHONE_HINT.search(window.before) is not None


def _with_sign(window: Window) -> int:
    """The start, moved to take in a "+" or "(" that belongs to the number."""
    start = window.start
    while start > 0 and window.text[start - 1] in "+(":
        start -= 1
    return start


# --- e-mail -----------------------------------------------------------------------------------------------------------

_AT = re.compile(
    r"[ ]{0,2}@[ ]{0,2}|[ ]?[(\[{<][ ]?(?:at|a|@|snabel-?a)[ ]?[)\]}>][ ]?|[ ](?:at|snabel-?a)[ ]", re.IGNORECASE
)
_LOCAL = re.compile(r"[\w.+%'-]{0,63}\w$")
_LABEL = r"\w(?:[\w-]{0,62})"
_DOT = r"(?:\.|[ ]\.[ ]?|[ ]?[(\[{](?:dot|punkt|\.)[)\]}][ ]?|[ ](?:dot|punkt)[ ])"
_DOMAIN = re.compile(rf"{_LABEL}(?:{_DOT}{_LABEL}){{1,6}}", re.IGNORECASE)
_DOT_AND_SPACE = re.compile(r"\w[\w-]{1,62}\. (?:se|com|nu|net|org|eu|no|dk|fi|info)\b")
_TLD = re.compile(r"[a-zåäö]{2,24}$", re.IGNORECASE)
_DOT_COMMON = re.compile(r"[. ](?:se|com|nu|net|org|eu|no|dk|fi|info)$", re.IGNORECASE)
_NO_DOT = re.compile(r"[a-zåäö][\w-]{1,62}", re.IGNORECASE)


def emails(text: str) -> Iterator[Hit]:
    """E-mail addresses, also with spaces and written out ("anna (at) example punkt com")."""
    for at in _AT.finditer(text):
        local = _LOCAL.search(text, max(0, at.start() - 64), at.start())
        if local is None:
            continue
        end = _domain_end(text, at)
        if end is not None:
            yield Hit(local.start(), end, Kind.EPOST)


def _domain_end(text: str, at: re.Match[str]) -> int | None:
    """Where the domain after the at sign ends; None when what follows is no domain."""
    domain = _DOMAIN.match(text, at.end()) or _DOT_AND_SPACE.match(text, at.end())
    if domain and at[0].startswith(" ") and at[0].endswith("@") and not _DOT_COMMON.search(domain[0]):
        return None  # "som @lisa.xo": a handle
    if domain and _TLD.search(domain[0]):
        spaced = _DOT_AND_SPACE.match(text, at.end())
        return max(domain.end(), spaced.end() if spaced else 0)
    if at[0] == "@":
        bare = _NO_DOT.match(text, at.end())
        return bare.end() if bare else None
    return None
