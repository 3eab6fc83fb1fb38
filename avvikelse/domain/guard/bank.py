"""Numbers of bank accounts, payment cards and passports. Open when one slips through or a harmless number is stopped.

An IBAN and a card prove themselves by their check digits. An account in the Swedish way and a passport have no such
form: they count after the word that says what they are. Bankgiro and plusgiro are printed on invoices and pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvikelse.domain.guard.kinds import Hit, Kind

_I = re.IGNORECASE
_SAYS = r"[ .,:;#=(”\"]{0,3}(?:(?:är|var|har|med|nummer|numret|nr|hos|på|till)[ .:]{1,2}){0,3}"
_NOT_IN_A_NUMBER = r"(?<![0-9A-Za-zÅÄÖåäö])"
_SEPARATOR = r"[ .,-]{0,2}"

_IBAN = re.compile(rf"{_NOT_IN_A_NUMBER}[A-Z]{{2}}[0-9]{{2}}(?:[ -]?[0-9A-Z]){{11,30}}(?![0-9A-Za-z])", _I)
_SHORTEST_IBAN = 15
_IBAN_REST = 97

# Clearing with its own check digit: nothing else is written so.
_SWEDBANK = re.compile(r"(?<![0-9-])8[0-9]{3}-[0-9][ ,]{1,2}[0-9]{2,3}[ .]?[0-9]{3}[ .]?[0-9]{3}-[0-9](?![0-9-])")

# Four groups of four, or fifteen digits as American Express groups them. What begins a card: Visa, Mastercard, …
_CARD = re.compile(
    r"(?<![0-9-])(?:(?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|6[0-9]{3})([ -]?)[0-9]{4}\1[0-9]{4}\1[0-9]{4}"
    r"|3[47][0-9]{2}([ -]?)[0-9]{6}\2[0-9]{5})(?![0-9-])"
)

_BANK_WORD = (
    r"(?:(?:bank|löne|person|spar|privat|ungdoms|barn)?konto(?:t|n(?:ummer|umret|r))?|clearing(?:n(?:ummer|umret|r))?"
    r"|kto\.?(?: ?nr)?)"
)
_BANKS = r"(?:(?:swedbank|nordea|seb|handelsbanken|ica banken|länsförsäkringar|sparbanken|skandia)[ ,:]{1,2})?"
_ACCOUNT = re.compile(
    rf"(?<!\w){_BANK_WORD}{_SAYS}{_BANKS}((?:[0-9]{_SEPARATOR}){{6,19}}[0-9])(?![0-9A-Za-z])",
    _I,
)
_A_SPAN = re.compile(r"[0-9]{4} ?- ?[0-9]{4}")  # "konto 4010-4090"
_MOST_GROUPS = 7  # "konto 1, 2, 3, 4 …": a row of single figures is no number

_PASSPORT_WORD = (
    r"(?:pass(?:et|s|n(?:ummer|umret|r)|-?nr)?|(?:nationellt )?id-?kort(?:et|s)?(?:n(?:ummer|umret|r))?|ut-?kort(?:et)?"
    r"|uppehållstillståndskort(?:et)?|resedokument(?:et)?|främlingspass(?:et)?)"
)
_PASSPORT = re.compile(rf"(?<!\w){_PASSPORT_WORD}{_SAYS}([A-Z]{{0,2}} ?[0-9]{{6,9}})(?![0-9A-Za-z-])", _I)
_A_DAY = re.compile(r"(?:19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")  # "passet 20260314" is work


def sure_numbers(text: str) -> Iterator[Hit]:
    """IBAN and cards, whose check digits are right. Asked first: parts of them look like other numbers."""
    for match in _IBAN.finditer(text):
        written = match[0]
        # in "SE45 … 7466 stod fel" the words that follow look like more of it: where does it end with the check right?
        ends = [at for at in range(_SHORTEST_IBAN, len(written) + 1) if not written[at : at + 1].isalnum()]
        end = next((at for at in reversed(ends) if _is_iban(written[:at])), None)
        if end is not None:
            yield Hit(match.start(), match.start() + end, Kind.KONTONUMMER)
    for match in _SWEDBANK.finditer(text):
        yield Hit(match.start(), match.end(), Kind.KONTONUMMER)
    for match in _CARD.finditer(text):
        if _luhn(re.sub(r"[ -]", "", match[0])):
            yield Hit(match.start(), match.end(), Kind.KORTNUMMER)


def told_numbers(text: str) -> Iterator[Hit]:
    """What stands after "kontonummer", "clearing", "passnr". Asked after personnummer, which an account may be."""
    for match in _ACCOUNT.finditer(text):
        if len(re.findall(r"[0-9]+", match[1])) <= _MOST_GROUPS and not _A_SPAN.fullmatch(match[1]):
            yield Hit(match.start(1), match.end(1), Kind.KONTONUMMER)
    for match in _PASSPORT.finditer(text):
        if not _A_DAY.fullmatch(match[1].strip()):
            yield Hit(match.start(1) + len(match[1]) - len(match[1].lstrip()), match.end(1), Kind.PASSNUMMER)


def _is_iban(written: str) -> bool:
    signs = re.sub(r"[ -]", "", written).upper()
    if len(signs) < _SHORTEST_IBAN:
        return False
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % _IBAN_REST == 1


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0
