"""Birth dates, also in words, and the four last digits alone. Open when a way of writing one slips through."""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvikelse.domain.guard.kinds import Hit, Kind
from avvikelse.domain.guard.trimming import trimmed

_I = re.IGNORECASE
_MONTH = (
    r"(?:jan(?:uari)?|feb(?:ruari)?|mar(?:s)?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|sept?(?:ember)?"
    r"|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ORDINAL = (
    r"(?:(?:tjugo|trettio)?(?:första|andra|tredje|fjärde|femte|sjätte|sjunde|åttonde|nionde)|tionde|elfte|tolfte"
    r"|trettonde|fjortonde|femtonde|sextonde|sjuttonde|artonde|nittonde|tjugonde|trettionde)"
)
_YEAR_IN_WORDS = r"(?:nittonhundra|tjugohundra|tvåtusen)[a-zåäö]{0,16}"
_NUMERIC = (
    r"(?:(?:18|19|20)?[0-9]{2}[-./ ]?[0-9]{2}[-./ ]?[0-9]{2}"
    r"|[0-9]{1,2}[-./ ]{1,2}[0-9]{1,2}[-./ ]{1,2}(?:19|20)?[0-9]{2})"
)
_WRITTEN = (
    rf"(?:den )?(?:[0-9]{{1,2}}(?::?e|:?a)?\.?|{_ORDINAL}) {_MONTH}"
    rf"(?:,? ?(?:år )?(?:(?:19|20)[0-9]{{2}}|{_YEAR_IN_WORDS})|[ -]{{0,2}}[0-9]{{2}}(?![0-9.:])|)"
)
_MONTH_YEAR = rf"{_MONTH}(?: månad)? (?:år )?(?:19|20)[0-9]{{2}}"

_BORN = re.compile(
    r"(?<![\w])(?:född[ae]?s?|fött|föddes|f\.?d\.?|f\.|f|född:|födelse(?:datum(?:et)?|dag(?:en)?|tid(?:en)?)"
    r"|födelsenr|fyllde|fyller|födde"
    r"|fyllt|dob|persondata|bday)(?![\w-])", _I,
)  # fmt: skip
_GAP_TO_DATE = re.compile(
    r"[ .:,(]{0,3}(?:(?:är|var|den|dag|år|hon|han|barnet|som|nu|i|på|infaller|angavs|angivet|som|till|med"
    r"|[0-9]{1,2} år|[0-9]{1,2}(?= den )|[a-zåäö]{2,7}ton|sju|åtta|nio|tio|elva|tolv|redan|datum)[ .:]{1,2}){0,4}",
    _I,
)
_DAY = re.compile(rf"(?:{_NUMERIC}|{_WRITTEN}|{_MONTH_YEAR})(?![0-9])", _I)
_WITHOUT_DEN = re.compile(r"den ", _I)
_HIDDEN_TAIL = re.compile(
    r"(?<![0-9-])((?:19|20)?[0-9]{6}) ?[-–+]? ?(?:[*xX•_?]{4}|[xX*]{3}[0-9]|[0-9*xX]{2}\*\*|0000|NNNN"
    r"|nnnn)(?![0-9A-Za-z])"
)
_DAY_THEN_BORN = re.compile(r"(?<![0-9-])((?:19|20)[0-9]{2}-?[0-9]{2}-?[0-9]{2}),? född", _I)
_YEARS = re.compile(r"(?:19|20)[0-9]{2}[-– ](?:19|20)[0-9]{2}")  # a span of years, as of a group
_BORN_NEAR = 60


def birth_dates(text: str) -> Iterator[Hit]:
    """ "född 180211", "f. 2010-10-01", "fyller år den 3 maj", "181001-****"."""
    for match in _HIDDEN_TAIL.finditer(text):
        yield Hit(match.start(), match.end(), Kind.FODELSEDATUM)
    for match in _DAY_THEN_BORN.finditer(text):
        yield Hit(match.start(1), match.end(1), Kind.FODELSEDATUM)
    for word in _BORN.finditer(text):
        gap = _GAP_TO_DATE.match(text, word.end(), word.end() + _BORN_NEAR)
        day = _DAY.match(text, gap.end() if gap else word.end(), word.end() + _BORN_NEAR + 30)
        if (
            day is None
            or _YEARS.fullmatch(day[0])
            or (word[0].lower() == "f" and not text[word.end() : word.end() + 2].strip().isdigit())
        ):
            continue
        start = day.start()
        den = _WITHOUT_DEN.match(text, start)
        yield Hit(den.end() if den else start, trimmed(text, start, day.end()), Kind.FODELSEDATUM)


_FOUR = re.compile(
    r"(?:(?:de )?fyra sista(?: siffrorna)?|sista (?:fyra|4)(?: siffrorna)?|(?:de )?4 sista(?: siffrorna)?"
    r"|kontrollsiffr(?:or|orna|an)|slutsiffr(?:or|orna)|sista siffrorna|(?:person)?(?:numret|nr"
    r"|numrets)[^.\n0-9]{0,25}slutar(?: på| med)?|slutar (?:på|med))"
    r"(?:[ :=(”\"–-]|är|på|är:|siffrorna|siffror|i|personnumret|numret|med|var|hans|hennes|alltså|nämligen"
    r"|som){0,9}(?<![0-9])([0-9]{4})(?![0-9])",
    _I,
)
_MASKED_DATE = re.compile(r"(?<![\w])(?:[xX*]{6}|[xX*]{8}|ÅÅMMDD|ååmmdd|[*•]{4,8})[-–]([0-9]{4})(?![0-9])")


def last_fours(text: str) -> Iterator[Hit]:
    """The four last digits alone: "de fyra sista är 2390", "******-2390"."""
    for pattern in (_FOUR, _MASKED_DATE):
        for match in pattern.finditer(text):
            yield Hit(match.start(1), match.end(1), Kind.PERSONNUMMER_DEL)
