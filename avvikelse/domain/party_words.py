"""Kinds of units as words in a sentence: "Skolan rapporterar, gäller BUP". Open when such a sentence reads badly.

The code list's own names (codes.py) stand in tables and forms; these are shorter and definite. A kind without a line
here is called by its name in the code list.
"""

from __future__ import annotations

from collections.abc import Mapping

from avvikelse.domain.codes import known_unit_type, unit_type_label
from avvikelse.domain.vocabulary import Channel

_ROLES = ("chef", "rektor", "ledare", "samordnare", "ansvarig")  # how a word that names a role ends
UNKNOWN = ("Någon", "en part som inte är känd")

# kind: (as the one who reports, as the one whom it concerns)
_WORDS: dict[str, tuple[str, str]] = {
    "akutsjukvard": ("Akut- och slutenvården", "akut- och slutenvården"),
    "barnhalsovard": ("Barnhälsovården", "barnhälsovården"),
    "barnmedicin": ("Barnmedicin", "barnmedicin"),
    "brukare": ("Vårdnadshavare eller förening", "vårdnadshavare eller förening"),
    "bup": ("BUP", "BUP"),
    "elevhalsa": ("Elevhälsan", "elevhälsan"),
    "emi": ("Skolhälsovården", "skolhälsovården"),
    "familjebehandling": ("Socialtjänstens öppenvård", "socialtjänstens öppenvård"),
    "forskola": ("Förskolan", "förskolan"),
    "forsta_linjen": ("Första linjen", "första linjen"),
    "friskola": ("Friskolan", "friskolan"),
    "grundskola": ("Skolan", "skolan"),
    "gymnasieskola": ("Gymnasieskolan", "gymnasieskolan"),
    "habilitering": ("Habiliteringen", "habiliteringen"),
    "heldygnsvard": ("Heldygnsvården", "heldygnsvården"),
    "hvb": ("HVB-hemmet", "HVB-hemmet"),
    "kaa": ("Aktivitetsansvaret", "aktivitetsansvaret"),
    "logopedmottagning": ("Logopedmottagningen", "logopedmottagningen"),
    "lss": ("LSS", "LSS"),
    "modrahalsovard": ("Mödrahälsovården", "mödrahälsovården"),
    "narvaroteam": ("Närvaroteamet", "närvaroteamet"),
    "polis": ("Polisen", "polisen"),
    "privat_vardgivare": ("Privat vårdgivare", "privat vårdgivare"),
    "samverkansforum": ("Samverkansforumet", "samverkansforumet"),
    "socialtjanst_bou": ("Socialtjänsten", "socialtjänsten"),
    "ungdomsmottagning": ("Ungdomsmottagningen", "ungdomsmottagningen"),
    "ungdomsteam": ("Ungdomsteamet", "ungdomsteamet"),
    "utredningsenhet": ("Utredningsenheten", "utredningsenheten"),
    "vardcentral": ("Vårdcentralen", "vårdcentralen"),
    "vuxenpsykiatri": ("Vuxenpsykiatrin", "vuxenpsykiatrin"),
}


def as_reporter(kind: str) -> str:
    """First in a sentence: "Skolan"."""
    return _words(kind)[0]


def as_concerned(kind: str) -> str:
    """Inside a sentence: "skolan", "BUP"."""
    return _words(kind)[1]


def _words(kind: str) -> tuple[str, str]:
    if kind in _WORDS:
        return _WORDS[kind]
    return (unit_type_label(kind),) * 2 if known_unit_type(kind) else UNKNOWN


# What stands where the reporting unit's name would, for reports that come from no unit.
WITHOUT_UNIT: Mapping[Channel, str] = {
    Channel.NO_ACCOUNT: "Någon utan konto",
    Channel.PHONE: "Någon som ringde",
    Channel.FAMILY: "En familj",
}


def position_words(kind: str | None, title: str | None) -> str:
    """A position without its place: "Socialtjänst (enhetschef)". Of a title only the role, when it begins with one."""
    first = (title or "").split(maxsplit=1)[:1]
    role = first[0].rstrip(",") if first and first[0].rstrip(",").endswith(_ROLES) else None
    if kind is None:
        return f"{role[:1].upper()}{role[1:]}" if role else "En part"
    return f"{kind} ({role})" if role else kind
