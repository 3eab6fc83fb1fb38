"""The kinds of personal data the guard knows, how severe each is and what to write instead. Open to change words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from avvikelse.domain.vocabulary import Labelled


class Severity(StrEnum):
    """BLOCK cannot be sent, by anybody. WARN must be answered by the writer."""

    BLOCK = "block"
    WARN = "warn"


class Kind(Labelled):
    """What was found; the label is the kind in definite form, as it stands after "Ta bort"."""

    PERSONNUMMER = "personnummer", "personnumret"
    PERSONNUMMER_DEL = "personnummer_del", "de fyra sista siffrorna"
    SAMORDNINGSNUMMER = "samordningsnummer", "samordningsnumret"
    RESERVNUMMER = "reservnummer", "reservnumret"
    TELEFON = "telefon", "telefonnumret"
    EPOST = "epost", "e-postadressen"
    FODELSEDATUM = "fodelsedatum", "födelsedatumet"
    NAMN_FULLT = "namn_fullt", "namnet"
    NAMN_FOR = "namn_for", "förnamnet"
    NAMN_EFTER = "namn_efter", "efternamnet"
    INITIALER = "initialer", "initialerna"
    ADRESS = "adress", "adressen"
    INDIREKT = "indirekt", "det som gör att någon kan kännas igen"
    JOURNALNUMMER = "journalnummer", "journalnumret"
    AKTNUMMER = "aktnummer", "aktnumret"
    LMA_NUMMER = "lma_nummer", "LMA-numret"
    REGISTRERINGSNUMMER = "registreringsnummer", "bilens registreringsnummer"
    BANKID_REFERENS = "bankid_referens", "BankID-referensen"
    KONTONUMMER = "kontonummer", "kontonumret"
    KORTNUMMER = "kortnummer", "kortnumret"
    PASSNUMMER = "passnummer", "pass- eller id-kortsnumret"
    URL = "url", "länken"
    ANVANDARNAMN = "anvandarnamn", "användarnamnet"


@dataclass(frozen=True, slots=True)
class Advice:
    """What the guard says about one kind: its severity and the neutral words that say the same."""

    severity: Severity
    suggestion: str


_CHILD, _BLOCK, _WARN = "eleven", Severity.BLOCK, Severity.WARN

# fmt: off
ADVICE: dict[Kind, Advice] = {
    Kind.PERSONNUMMER:        Advice(_BLOCK, _CHILD),
    Kind.PERSONNUMMER_DEL:    Advice(_WARN,  "borttagna"),
    Kind.SAMORDNINGSNUMMER:   Advice(_BLOCK, _CHILD),
    Kind.RESERVNUMMER:        Advice(_BLOCK, _CHILD),
    Kind.TELEFON:             Advice(_BLOCK, "ett telefonnummer"),
    Kind.EPOST:               Advice(_BLOCK, "en e-postadress"),
    Kind.FODELSEDATUM:        Advice(_WARN,  "ett visst datum"),
    Kind.NAMN_FULLT:          Advice(_WARN,  _CHILD),
    Kind.NAMN_FOR:            Advice(_WARN,  _CHILD),
    Kind.NAMN_EFTER:          Advice(_WARN,  "vårdnadshavaren"),
    Kind.INITIALER:           Advice(_WARN,  _CHILD),
    Kind.ADRESS:              Advice(_WARN,  "en adress i kommunen"),
    Kind.INDIREKT:            Advice(_WARN,  "en elev"),
    Kind.JOURNALNUMMER:       Advice(_BLOCK, "journalen"),
    Kind.AKTNUMMER:           Advice(_BLOCK, "akten"),
    Kind.LMA_NUMMER:          Advice(_BLOCK, "barnet"),
    Kind.REGISTRERINGSNUMMER: Advice(_WARN,  "ett registreringsnummer"),
    Kind.BANKID_REFERENS:     Advice(_BLOCK, "inloggningen"),
    Kind.KONTONUMMER:         Advice(_BLOCK, "kontot"),
    Kind.KORTNUMMER:          Advice(_BLOCK, "kortet"),
    Kind.PASSNUMMER:          Advice(_BLOCK, "passet"),
    Kind.URL:                 Advice(_BLOCK, "kontot i sociala medier"),
    Kind.ANVANDARNAMN:        Advice(_BLOCK, "kontot i sociala medier"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in the normalised text (`start` and exclusive `end`, code points), its kind, and the word to use instead
    when the words around tell who it is."""

    start: int
    end: int
    kind: Kind
    suggestion: str = ""
