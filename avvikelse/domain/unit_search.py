"""Find a unit from the words people use: "bup östersund", "soctjänst Krokom", "VC". Open to add a word for a type.

Tolerant to case, diacritics, word order and Swedish endings. Pure: the index is built from words, not from a database.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from avvikelse.domain.swedish_order import swedish

MAX_WORDS = 8
SHORTEST_INSIDE = 4  # a shorter piece of a compound ("sko") says too little
LONGEST_ENDING = 3  # -en, -ens, -arna lose at most this much to the stem

# What people say for a type (codes.json verksamhetstyper), beside its official label.
TYPE_WORDS: Mapping[str, str] = {
    "bup": "BUP barnpsykiatri barnpsyk ungdomspsykiatri psykiatri",
    "habilitering": "hab habiliteringen BUH barnhab",
    "barnmedicin": "barnklinik barnläkare BUM barnmottagning",
    "vardcentral": "VC HC vårdcentral hälsocentral husläkare primärvård",
    "forsta_linjen": "första linjen FL UPH psykisk hälsa",
    "ungdomsmottagning": "UM umo ungdomsmottagningen",
    "barnhalsovard": "BVC BHV barnavårdscentral",
    "modrahalsovard": "MVC MHV barnmorska mödravård",
    "akutsjukvard": "akut akuten akutmottagning",
    "heldygnsvard": "slutenvård avdelning inläggning",
    "vuxenpsykiatri": "VUP vuxenpsyk psykiatri",
    "atstorningsenhet": "ätstörning anorexi",
    "beroendeenhet": "beroende missbruk",
    "logopedmottagning": "logoped logopedi talsvårigheter",
    "privat_vardgivare": "privat vårdgivare",
    "utredningsenhet": "utredning en väg in NPF adhd autism",
    "socialtjanst_bou": "soc soctjänst socialtjänst socialen socialkontor IFO orosanmälan mottagning myndighet",
    "familjebehandling": "öppenvård familjestöd familjeteam soc socialtjänst",
    "lss": "LSS funktionsstöd funktionshinder handläggare omsorg",
    "hvb": "HVB hem för vård eller boende behandlingshem stödboende placering",
    "forskola": "förskola dagis",
    "grundskola": "skola grundskola rektor",
    "gymnasieskola": "skola gymnasium gymnasiet gy rektor",
    "friskola": "skola friskola fristående rektor",
    "elevhalsa": "EHT EHM elevhälsoteam skola kurator skolkurator skolpsykolog specialpedagog",
    "emi": "EMI skolsköterska skolläkare elevhälsa skolhälsovård",
    "kaa": "KAA aktivitetsansvar",
    "fritidsgard": "fritids fritidsgård ungdomsgård fältare",
    "ungdomsteam": "ungdomsteam fältare fält",
    "narvaroteam": "närvaroteam skolfrånvaro hemmasittare frånvaro",
    "mini_maria": "mini maria minimaria missbruk droger",
    "ikb_team": "IKB",
    "familjecentral": "familjecentral öppna förskolan",
    "barnahus": "barnahus barnförhör",
    "polis": "polis polisen",
    "aklagare": "åklagare",
    "kommunforbund": "kommunförbund",
}

# fmt: off
_STOP_WORDS = frozenset({
    "i", "pa", "och", "for", "till", "vid", "av", "en", "ett", "den", "det", "de", "som", "hos", "fran", "med",
    "vart", "var", "vem", "hur", "nar", "telefon", "telefonnummer", "nummer", "ring", "kontakt", "kontakta",
    "mejl", "epost", "adress", "chef", "kallelse", "skicka",
})
# fmt: on
_WORD = re.compile(r"[a-z0-9]+")


class Weight(IntEnum):
    """How much a word says. Who writes "BUP Östersund" wants BUP before a team with both words in its name."""

    CONTEXT = 1  # its huvudman, an earlier name
    PLACE = 3
    NAME = 4
    TYPE = 6


def fold(text: str) -> tuple[str, ...]:
    """Words in lower case without diacritics: "Östersunds BUP-mottagning" → ostersunds, bup, mottagning."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(char for char in plain if not unicodedata.combining(char))))


def query_words(text: str) -> tuple[str, ...]:
    """What is searched for in `text`: folded, without small words, at most MAX_WORDS, each once."""
    words = dict.fromkeys(fold(text))
    return tuple(word for word in words if word not in _STOP_WORDS)[:MAX_WORDS]


@dataclass(frozen=True, slots=True)
class UnitWords:
    """A unit as the index needs it. `texts` are weighted raw texts; closed units come after open ones."""

    unit_id: int
    name: str
    closed: bool
    texts: tuple[tuple[Weight, str], ...]
    area: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """`unit_ids`, best first. `missed` = the words that even the best of them lacks (folded; empty = all matched)."""

    unit_ids: tuple[int, ...]
    missed: tuple[str, ...] = ()


class UnitIndex:
    """Word → units, built once per version of the organisation. Thread safe: never changed after it is made."""

    def __init__(self, units: Iterable[UnitWords]) -> None:
        self._postings: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._order: dict[int, tuple[bool, str]] = {}
        self._area: dict[int, int] = {}
        for unit in units:
            self._area[unit.unit_id] = unit.area
            self._order[unit.unit_id] = (unit.closed, swedish(unit.name))
            for weight, text in unit.texts:
                for word in fold(text):
                    known = self._postings[word]
                    known[unit.unit_id] = max(weight, known.get(unit.unit_id, 0))

    def search(self, text: str, near: int | None = None) -> Found:
        """Units that match every word; failing that, those that match the most words, with the words they lack.

        Those in the area `near` come first.
        """
        words = query_words(text)
        scores = {word: self._units_for(word) for word in words}
        known = [word for word in words if scores[word]]
        if not known:
            return Found((), words)
        count: defaultdict[int, int] = defaultdict(int)
        total: defaultdict[int, int] = defaultdict(int)
        for word in known:
            for unit_id, score in scores[word].items():
                count[unit_id] += 1
                total[unit_id] += score
        most = max(count.values())
        best = [unit_id for unit_id, matched in count.items() if matched == most]
        away = near is not None

        def place(unit_id: int) -> tuple[bool, bool, int, str]:
            closed, name = self._order[unit_id]
            return closed, away and self._area[unit_id] != near, -total[unit_id], name

        best.sort(key=place)
        missed = tuple(word for word in words if best[0] not in scores[word])
        return Found(tuple(best), missed)

    def _units_for(self, word: str) -> dict[int, int]:
        """Units with a word like `word`, scored: the same word counts twice as much as a piece of it."""
        found: dict[int, int] = {}
        for known, units in self._postings.items():
            closeness = _closeness(word, known)
            if closeness:
                for unit_id, weight in units.items():
                    found[unit_id] = max(weight * closeness, found.get(unit_id, 0))
        return found


def _closeness(word: str, known: str) -> int:
    """2 the same word or only another ending, 1 the beginning or a piece of a compound, 0 another word."""
    if word == known:
        return 2
    if len(word) >= 3 and known.startswith(word):
        return 2 if len(known) - len(word) <= LONGEST_ENDING else 1
    if len(known) >= SHORTEST_INSIDE and word.startswith(known) and len(word) - len(known) <= LONGEST_ENDING:
        return 2
    return 1 if len(word) >= SHORTEST_INSIDE and word in known else 0


def ages_text(age_min: int, age_max: int) -> str:
    """0–17 år · från 18 år · alla åldrar."""
    if age_max < 100:
        return f"{age_min}–{age_max} år"
    return f"från {age_min} år" if age_min else "alla åldrar"
