"""Each category in the words of somebody who has just met it. Open when a category's example is wrong.

data/codes.json names the categories as those do who sort them; whoever reports recognises the situation instead. So
the form and the page about avvikelser say it this way, and the name stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from avvikelse.domain import codes
from avvikelse.domain.lan_texts import LanTextKey

# fmt: off
IN_OWN_WORDS: Mapping[str, str] = {
    "A1": "De var kallade till mötet men kom inte, och ingen annan kom i stället",
    "A2": "Vi fick veta om mötet så sent att vi inte hann förbereda oss",
    "A3": "Kallelsen gick till någon som var ledig, eller till fel verksamhet",
    "A4": "Ingen visste riktigt vad mötet skulle handla om",
    "A5": "Den som kom kunde inte lova något eller visste inte vad det gällde",
    "A6": "Barnet behövde en gemensam plan, men ingen kallade till ett möte",
    "A7": "I planen står inte vem som gör vad eller när vi ses igen",
    "A8": "De lovade något på mötet, men det blev inte av",
    "A9": "Vi skulle ses igen och följa upp, men det hände inte",
    "A10": "Familjen fick inte vara med på riktigt, eller fick ordna allt själv",
    "B1": "Ingen säger att det är deras sak",
    "B2": "Vi skickas runt mellan verksamheter som pekar på varandra",
    "B3": "Vi tycker att barnet behöver mycket, de tycker att det räcker som det är",
    "B4": "Vårdcentralen säger BUP, och BUP säger vårdcentralen",
    "B5": "Skolan säger vården, och vården säger elevhälsan",
    "B6": "Vi fick göra något som en annan verksamhet skulle ha gjort",
    "B7": "Två verksamheter i samma kommun eller region är oense om vem som gör vad",
    "C1": "Remissen kom tillbaka utan besked om vart vi ska vända oss",
    "C2": "Det stod för lite i remissen för att kunna bedöma",
    "C3": "Remissen hamnade hos fel verksamhet från början",
    "C4": "Vi skickade en remiss och har inte hört något",
    "D1": "Vi fick veta det för sent, eller inte alls",
    "D2": "Vi ringer och mejlar, men ingen svarar",
    "D3": "Ingen vågade berätta, för vi visste inte vad som får sägas",
    "D4": "Någon fick läsa eller höra något som den inte skulle",
    "D5": "De skriver i ett system som vi inte kommer åt",
    "E1": "Det fanns skäl till oro, men ingen anmälde eller gjorde det sent",
    "E2": "Det stod för lite i en orosanmälan",
    "E3": "Vi gjorde en orosanmälan och fick aldrig veta om den kom fram",
    "F1": "En ung person har varit borta från skolan länge, men närvaroteamet kom inte in",
    "F2": "Någon som skulle vara med i närvaroteamet kom inte",
    "F3": "Någon är borta från skolan, och ingen gör något åt det",
    "F4": "Kommunens aktivitetsansvar fick veta när det redan var för sent",
    "G1": "De är oense om vem som ska betala",
    "G2": "Behandlingen tog slut när barnet flyttade till ett hem på annan ort",
    "G3": "Ingen har sett till att vården på hemmet är bra",
    "G4": "Ingen har ordnat skolan för ett barn som är placerat",
    "H1": "Den nya skolan fick inte veta vad den gamla visste",
    "H2": "Stödet tog slut på artonårsdagen",
    "H3": "Ingen hade planerat vad som händer efter sjukhuset",
    "H4": "Vår kontaktperson slutade, och ingen tog över",
    "I1": "Vi får bära väntan på en annan verksamhet",
    "I2": "De säger att de inte har tid eller folk",
    "I3": "Det som barnet behöver finns inte hos någon",
    "J1": "Vi träffar de här ungdomarna varje dag, men är inte bjudna till samverkan",
    "J2": "Det finns ingen rutin, eller så känner ingen till den",
    "J3": "Vi vet inte vart vi ska gå med frågan",
    "J4": "Samverkansmötena ställs in eller leder ingenstans",
    "J5": "Det bestämdes något, men vi fick aldrig veta vad",
    "J6": "Vi har en gemensam rutin, men gör på olika sätt",
    "K1": "Mötet handlade om oss vuxna och inte om barnet",
    "K2": "Det fungerar bara när en viss person är där",
    "L1": "Det här gick riktigt bra, fler borde göra så",
    "X1": "Det liknar inget av det andra",
}

# What people bring here that belongs elsewhere, and where it belongs.
NOT_HERE: tuple[tuple[str, LanTextKey], ...] = (
    ("Ett barn är i fara just nu.", LanTextKey.ELSE_DANGER),
    ("Du misstänker att ett barn far illa hemma.", LanTextKey.ELSE_CONCERN),
    ("Ett barn fick fel medicin på mottagningen.", LanTextKey.ELSE_LEX_MARIA),
    ("Ett barn behandlades illa på ett boende.", LanTextKey.ELSE_LEX_SARAH),
    ("En förälder är missnöjd med ett bemötande.", LanTextKey.ELSE_COMPLAINT),
    ("Ett mejl om ett barn gick till fel person.", LanTextKey.ELSE_INCIDENT),
)
# fmt: on


def plain_choices() -> list[tuple[str, str]]:
    """(code, text) of every category: own words first, then the name to search by."""
    return [(c.code, f"{IN_OWN_WORDS[c.code]} ({c.name})") for c in codes.OFFERED]
