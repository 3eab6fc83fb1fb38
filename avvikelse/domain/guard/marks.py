"""Plates, numbers with a name (journal, akt, LMA), accounts and links, initials. Open when one slips through.

Every pattern has a fixed length or begins at a word that is rare, so a long text costs no more per character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvikelse.domain.guard.kinds import Hit, Kind
from avvikelse.domain.guard.trimming import trimmed
from avvikelse.domain.guard.words import word_set

_I = re.IGNORECASE

# --- number plates ----------------------------------------------------------------------------------------------------

_PLATE = re.compile(r"(?<![\w-])([A-HJ-PR-UW-Z]{3})([ -]?)[0-9]{2}[0-9A-HJ-NPR-UW-Z](?![\w-])")
_PLATE_SMALL = re.compile(r"(?<![\w-])[a-hj-pr-uw-z]{3} ?[0-9]{2}[0-9a-hj-npr-uw-z](?![\w-])")
_VEHICLE = re.compile(
    r"bil(?:en|ens|ar|arna)?(?!\w)|reg\.? ?n|reg\.|registrering|fordon|moped|mc(?!\w)|motorcykel|parker"
    r"|taxi|skåpbil|kör|plåt|volvo|a-traktor|epa|skylt|buss|husbil|skoter",
    _I,
)
_PLATE_GLUED = re.compile(r"[a-z]{3}[0-9]")
_CODE_BEFORE = re.compile(
    r"(?:kod|kurs|sal|rum|hus|klass|modell|blankett|artikel|version|avsnitt|ärende|dnr|nr|nummer)\w{0,8}[ :.]{1,3}$", _I
)
_REGISTERED = re.compile(r"(?<!\w)reg\.?(?: ?n|[ .:])|registrering|bil(?:en)?[ ,:(]", _I)
_NEAR = 70


def plates(text: str) -> Iterator[Hit]:
    """ "MLB 417" near a car, "LAM52K" anywhere."""
    for match in _PLATE.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        near = _VEHICLE.search(before) or _VEHICLE.search(text, match.end(), match.end() + 40)
        if near or (not match[2] and not _CODE_BEFORE.search(before)):
            yield Hit(match.start(), match.end(), Kind.REGISTRERINGSNUMMER)
    for match in _PLATE_SMALL.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if _REGISTERED.search(before) or (_PLATE_GLUED.match(match[0]) and _VEHICLE.search(before)):
            yield Hit(match.start(), match.end(), Kind.REGISTRERINGSNUMMER)


# --- numbers with a name ----------------------------------------------------------------------------------------------

_WRITTEN_NUMBER = r"([A-Za-zÅÄÖ]{0,4}[-/ ]?[0-9][0-9A-Za-z]*(?:[-/:.–][0-9A-Za-z]+){0,4})"
_LINK = (
    r"[ .,:;#=(”\"]{0,3}(?:(?:med|har|är|var|nummer|numret|nr|beteckning(?:en)?|id|dnr|hos oss|i cosmic"
    r"|i systemet|som)[ .:]{1,2}){0,4}"
)
_LMA = re.compile(
    rf"(?<!\w)(?:lma(?:[- ]?(?:kort(?:et|s)?|n(?:ummer|umret|r)))?|doss(?:ier)?(?:n(?:ummer|umret|r)|en)?"
    rf"|migrationsverket[s]?(?: beteckning| ärende\w{{0,10}}"
    rf"| dossier\w{{0,10}})?){_LINK}([0-9]{{2}}[-–/ ]?"
    rf"(?:[0-9]{{5,6}}|[0-9]{{3}} [0-9]{{3}}|[0-9]{{2}} [0-9]{{2}} [0-9]{{2}})(?:[-/][0-9]{{1,2}})?"
    rf"|[0-9]{{7,10}})(?![0-9])",
    _I,
)
_LMA_ALONE = re.compile(r"(?<![\w/-])[0-9]{2}-[0-9]{6}(?:/[0-9]{1,2})(?![\w/-])")
_JOURNAL = re.compile(
    rf"(?<!\w)(?:journal(?:n(?:ummer|umret|r)|id|-id|en|ens)?|patient(?:n(?:ummer|umret|r)|id|-id)"
    rf"|vårdkontakt(?:s)?-?id|pat\.?[- ]?(?:id|nr)|klientn(?:ummer|umret|r)|klient-?id|j\.? ?nr|brukarn(?:ummer|umret"
    rf"|r)|elev-?id|remiss-?id|remissn(?:ummer|umret|r)){_LINK}{_WRITTEN_NUMBER}(?![\w])",
    _I,
)
_AKT = re.compile(
    rf"(?<!\w)(?:person|barn|social|familje)?akt(?:n(?:ummer|umret|r)|en|id|-id)?{_LINK}{_WRITTEN_NUMBER}(?![\w])", _I
)
_UUID = re.compile(r"(?<![0-9a-f-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f-])", _I)
_BANKID = re.compile(
    r"bank-?id[^.\n]{0,40}?(?:transaktion\w{0,6}|referens\w{0,4}|ref|order-?ref"
    r"|id)[ .:#=]{1,3}((?=[\w-]{0,40}[0-9])[\w-]{8,40})(?![\w-])",
    _I,
)
_ENOUGH = 4  # digits in a journal or act


def numbers_with_names(text: str) -> Iterator[Hit]:
    """LMA, journal and act numbers and BankID references: after the word that says what they are."""
    for match in _UUID.finditer(text):
        yield Hit(match.start(), match.end(), Kind.BANKID_REFERENS)
    for pattern, kind in (
        (_BANKID, Kind.BANKID_REFERENS),
        (_LMA, Kind.LMA_NUMMER),
        (_JOURNAL, Kind.JOURNALNUMMER),
        (_AKT, Kind.AKTNUMMER),
    ):
        for match in pattern.finditer(text):
            start = match.start(1) + (len(match[1]) - len(match[1].lstrip()))
            if sum(sign.isdigit() for sign in match[1]) >= _ENOUGH and not _is_a_day(match[1]):
                yield Hit(start, match.end(1), kind)
    for match in _LMA_ALONE.finditer(text):
        yield Hit(match.start(), match.end(), Kind.LMA_NUMMER)


_A_DAY = re.compile(
    r"(?:[a-zåäö]{1,4} )?(?:(?:19|20)[0-9]{2}(?:-[0-9]{2}-[0-9]{2})?(?:[–-](?:19|20)[0-9]{2})?"
    r"|[0-9]{1,2}[./][0-9]{1,2}(?:[./-][0-9]{2,4})?)",
    _I,
)


def _is_a_day(found: str) -> bool:
    """ "journalen från 2024", "akten 2023-05-01": a day or a year, no number."""
    return _A_DAY.fullmatch(found.strip()) is not None


# --- accounts and links -----------------------------------------------------------------------------------------------

_HOSTS = (
    r"(?:instagram|facebook|fb|tiktok|snapchat|twitter|x|youtube|linkedin|threads|twitch|discord|onlyfans"
    r"|vsco|bereal|pinterest|reddit|telegram|kik|roblox|steamcommunity|soundcloud|spotify|tumblr|vk|ask"
    r"|jodel|yolo|ngl|t|m|wa|open\.spotify|be)"
)
_SOCIAL = re.compile(
    rf"(?<![\w@.-])(?:https?://)?(?:www\.|m\.|sv-se\.)?{_HOSTS}\.(?:com|me|net|gg|tv|be|fm|link"
    rf"|app)/[\w.@~%?=&/+-]{{2,120}}",
    _I,
)
_NO_ACCOUNT = re.compile(r"/(?:watch|hashtag|explore|help|about|policies|legal|search|events|groups/?$)", _I)
_HANDLE = re.compile(r"(?<![\w@./])@([A-Za-zÅÄÖåäö0-9_](?:[\w.-]{1,38}[A-Za-zÅÄÖåäö0-9_]))")
_ACCOUNT_WORD = (
    r"(?:(?:[a-zåäö]{0,20})?konto(?:t|n|namn(?:et)?)?|användarnamn(?:et)?|användar-?id|användare(?:n)?"
    r"|inloggning(?:en)?|nick(?:namn(?:et)?)?|gamertag|alias|tiktok|insta(?:gram|n)?|snap(?:chat|p?en)?"
    r"|discord|roblox|fortnite|epic|steam|kik|twitch|facebook|messenger|telegram|signal|bereal"
    r"|snapchatkonto|login|inlogg)"
)
_ACCOUNT = re.compile(
    rf"(?<!\w){_ACCOUNT_WORD}[ :.=(]{{1,3}}(?:(?:heter|är|hette|var|namn|namnet|som|med|under|på|id|”|\""
    rf"|')[ :]{{0,2}}){{0,3}}[\"”'“]?((?=[\w.-]{{0,39}}[0-9_])[A-Za-zÅÄÖåäö_](?:[\w.-]{{1,38}}[\w]))(?![\w@])",
    _I,
)
_ON_SITE = re.compile(
    r"(?<!\w)(?:heter|kallar sig|hette|som|under namnet"
    r"|finns som)[ ]{1,2}[\"”'“]?((?=[\w.-]{0,39}[0-9_.])[A-Za-zÅÄÖåäö_][\w.-]{1,38}[\w])[\"”'“]?[ ]{1,2}(?:på"
    r"|i) (?:tiktok|insta|snap|discord|roblox|fortnite|steam|kik|twitch|facebook|youtube|twitter|x(?!\w))",
    _I,
)
_TAGGED = re.compile(r"(?<![\w#])[A-Za-zÅÄÖåäö_][\w.-]{1,30}#[0-9]{4}(?!\w)")
_ORG_ACCOUNT = re.compile(r"(?:kommun|region|polis|bup|skol|myndighet|samverkan|bris|1177)", _I)


def accounts(text: str) -> Iterator[Hit]:
    """Links to a person's account, "@handle", "kontot lisa_09"."""
    for match in _SOCIAL.finditer(text):
        if not _NO_ACCOUNT.search(match[0]) and not _ORG_ACCOUNT.search(match[0].partition("/")[2]):
            yield Hit(match.start(), _link_end(text, match), Kind.URL)
    for match in _HANDLE.finditer(text):
        if not _ORG_ACCOUNT.search(match[1]) and len(match[1]) >= 3:
            yield Hit(match.start(), match.end(), Kind.ANVANDARNAMN)
    for match in _TAGGED.finditer(text):
        yield Hit(match.start(), match.end(), Kind.ANVANDARNAMN)
    for pattern in (_ACCOUNT, _ON_SITE):
        for match in pattern.finditer(text):
            if not _ORG_ACCOUNT.search(match[1]):
                yield Hit(match.start(1), match.end(1), Kind.ANVANDARNAMN)


def _link_end(text: str, match: re.Match[str]) -> int:
    return trimmed(text, match.start(), match.end())


# --- initials ---------------------------------------------------------------------------------------------------------

_DOTTED = re.compile(
    r"(?<![\w.-])[A-ZÅÄÖ](?:-[A-ZÅÄÖ])?\.[ -]?[A-ZÅÄÖ]\.(?:[ -]?[A-ZÅÄÖ]\.)?(?!\w)"
    r"|(?<![\w.])[A-ZÅÄÖ]\.[A-ZÅÄÖ](?:\.[A-ZÅÄÖ])?(?![\w.])"
)
_NO_INITIALS = word_set("no_dotted")
_BARE = re.compile(
    r"(?<!\w)(?:(?:eleven|barnet|flickan|pojken|ungdomen|patienten|pat|killen|tjejen|dottern|sonen"
    r"|syskonet|brodern|systern|mamman|pappan|klienten|brukaren|personen|vårdnadshavaren|elev|barn|patient"
    r"|flicka|pojke|ungdom|mor|far|modern|fadern)"
    r"(?: med initialerna| med initialer)?|initialer(?:na)?(?: är)?|signatur(?:en)?|kallad(?:e)?"
    r"|kallas(?: för)?|gäller|angående|ang\.?|avser|rör)[ :,(]{1,2}[\"”“']?([A-ZÅÄÖ]{2})(?![\w-])",
    re.IGNORECASE,
)  # fmt: skip
_THREE = re.compile(r"(?<!\w)initialer(?:na)?(?: är)?[ :]{1,2}[\"”“']?([A-ZÅÄÖ][ ]?[A-ZÅÄÖ](?:[ ]?[A-ZÅÄÖ])?)(?![\w])")
_NOT_INITIALS = word_set("not_initials")
_ACRONYMS = word_set("acronyms")


def initials(text: str) -> Iterator[Hit]:
    """ "A.K.", "A. K.", and "NL" beside "eleven"."""
    for match in _DOTTED.finditer(text):
        if match[0].replace(" ", "").upper() not in _NO_INITIALS:
            yield Hit(match.start(), match.end(), Kind.INITIALER)
    for match in _THREE.finditer(text):
        yield Hit(match.start(1), match.end(1), Kind.INITIALER)
    for match in _BARE.finditer(text):
        if match[1].isupper() and match[1] not in _NOT_INITIALS and match[1].lower() not in _ACRONYMS:
            yield Hit(match.start(1), match.end(1), Kind.INITIALER)
