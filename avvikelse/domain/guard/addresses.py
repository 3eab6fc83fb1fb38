"""Where somebody lives: streets with a number, farms, post codes. Open when an address slips through."""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvikelse.domain.guard.kinds import Hit, Kind
from avvikelse.domain.guard.trimming import trimmed

_I = re.IGNORECASE
_STREET_END = (
    r"(?:gatan?|vägen?|stigen?|gränden?|gränd|backen?|allén?|torget|plan|planen|leden|liden|kajen|kullen"
    r"|höjden|hagen|dalen|slingan|ringen|svängen|tået|brinken|sluttningen|parken|terrassen|rundan|länken"
    r"|kroken|vreten|gärdet|åsen|porten|gården|tegen|lyckan|ekan|tåget|spåret|stråket|promenaden"
    r"|esplanaden|bron)"
)
_STREET = re.compile(
    rf"(?:(?<=\s)|(?<=^)|(?<=[(\"”:,]))(?:[A-ZÅÄÖ](?:[^\W\d_]|:){{1,25}} ){{0,2}}(?:[A-ZÅÄÖ][\wåäö-]{{0,30}}?"
    rf"|[a-zåäö]{{2,12}})??{_STREET_END}s?[ \n]"
)
_SMALL_STREET = r"[a-zåäö]{3,20}(?:gata|gatan|vägen|stigen|gränden?|allén|backen|torget)"
_STREET_SMALL = re.compile(rf"(?<![\w-]){_SMALL_STREET}[ \n](?=[0-9])")
_LONE_SMALL = re.compile(rf" (?:på|vid) ({_SMALL_STREET})(?!\w)")
_MEASURED = re.compile(
    r" ?(?<![a-zåäö])(?:km|mil|m|meter|min|minuter|tim|timmar|dagar|gånger|ggr|år|kr|st|barn|elever)(?!\w)", _I
)
_HOUSE = re.compile(r"[0-9]{1,4} ?(?:[A-Za-z](?![\w]))?(?:-[0-9]{1,3}[A-Za-z]?)?(?![0-9:.]?[0-9])")
_FLAT = re.compile(r",? ?(?:lgh\.?|lägenhet|våning|vån\.?|tr\.?|[0-9] tr\.?|läg\.?) ?[0-9]{0,4}", _I)
_POST = re.compile(
    r",? {1,2}(?:SE-?|S-)?[1-9][0-9]{2} ?[0-9]{2} {1,2}[A-ZÅÄÖ][\wåäö]{1,25}(?: [A-ZÅÄÖ][\wåäö]{1,25})?"
    r"|, [A-ZÅÄÖ][\wåäö]{2,25}(?![\w ]{0,3}[a-zåäö])"
)
_POST_ALONE = re.compile(r"(?<![\w-])(?:SE-?|S-)?[1-9][0-9]{2} [0-9]{2} {1,2}[A-ZÅÄÖ][a-zåäö]{2,25}")
_COUNTED = re.compile(r"(?:kronor|kr|barn|elever|procent|personer|timmar|dagar)$", _I)
_LIVES = re.compile(
    r"(?<!\w)(?:bor(?: \w{2,10})?|bodde|bosatt|boende|folkbokförd|adress(?:en)?|adr|hemadress(?:en)?|hemma"
    r"|hämta(?:s|de|des)?|hemvist|flyttat till|flyttade till|skriven|gården heter|vistelseadress(?:en)?"
    r"|c/o|gård(?:en)?|stugan|torpet|gatuadress(?:en)?|lämna(?:s|des)?|vistas)(?!\w)",
    _I,
)
_CAPITALS_AND_NUMBER = re.compile(
    r"\.?[^.\n]{0,25}?(?<![\w])((?:[A-ZÅÄÖ][a-zåäö]{1,25} ){1,3}[0-9]{1,4}(?: ?[A-Z](?!\w))?)(?!\.?[0-9]|[:%])"
)
_STREET_NO_NUMBER = re.compile(
    rf"(?:(?: på| i| vid)?[ :]{{1,2}})((?:[A-ZÅÄÖ][a-zåäö]{{1,25}} )?[A-ZÅÄÖ][a-zåäö]{{1,25}}?{_STREET_END})(?![\w])"
)
_NO_STREET = re.compile(
    r"(?:^|\s)(?:Klass|Sal|Rum|Hus|Plan|Våning|Mål|Punkt|Box|Avdelning|Avd|Kapitel|Kap|Bilaga|Vecka|Sida"
    r"|Nivå|Grupp|Steg|Årskurs|Åk|Ärende|Paragraf|Version|Fas|Modul|Del|Tabell|Nummer|Nr|Telefon|Team"
    r"|Enhet|Linje|Buss|Januari|Februari|Mars|April|Maj|Juni|Juli|Augusti|September|Oktober|November"
    r"|December|Den|Barn|Elev|Alla|Endast|Minst|Cirka) "
)


def addresses(text: str) -> Iterator[Hit]:
    """ "Björkhagsgatan 42, 231 44 Trelleborg", "bor på Storgatan", "gården heter Norra Bygget 3"."""
    for street in _STREET.finditer(text):
        house = _HOUSE.match(text, street.end())
        if house and any(sign.isupper() for sign in street[0]) and not _NO_STREET.match(street[0]):
            yield Hit(street.start(), _rest_of_address(text, house.end()), Kind.ADRESS)
    for street in _STREET_SMALL.finditer(text):
        house = _HOUSE.match(text, street.end())
        if house and not _MEASURED.match(text, house.end()) and not _MEASURED.search(house[0]):
            yield Hit(street.start(), _rest_of_address(text, house.end()), Kind.ADRESS)
    for lives in _LIVES.finditer(text):
        named = _CAPITALS_AND_NUMBER.match(text, lives.end())
        if named and not _NO_STREET.match(named[1]):
            yield Hit(named.start(1), _rest_of_address(text, named.end(1)), Kind.ADRESS)
        lone = _STREET_NO_NUMBER.match(text, lives.end()) or _LONE_SMALL.match(text, lives.end())
        if lone and "flytta" not in lives[0].lower():
            yield Hit(lone.start(1), lone.end(1), Kind.ADRESS)
    for match in _POST_ALONE.finditer(text):
        yield Hit(match.start(), match.end(), Kind.ADRESS)


def _rest_of_address(text: str, end: int) -> int:
    for pattern in (_FLAT, _POST):
        more = pattern.match(text, end)
        end = more.end() if more else end
    return trimmed(text, 0, end)
