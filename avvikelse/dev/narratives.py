"""The made-up avvikelser that the demo tells (data/narratives.json). Open to see how one becomes a report."""
# ruff: noqa: E501 -- tables are read across

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

from avvikelse.dev.people import DOMAIN
from avvikelse.domain.passages import PASSAGES
from avvikelse.domain.vocabulary import Extent

# Who writes the reports of a unit; a unit without a person of its own reports through its samordnare.
REPORTERS = {
    "bup-mottagning": "bup", "bup-behandling": "bup", "beh-2380": "elevhalsa", "soc-2380": "socchef", "hvb-lit": "hvb",
    "kaa-2380": "kaa", "fritid-2380": "fritid", "um-jh": "ungdomsmottagning", "jgy-gymnasium": "gymnasium",
    "skola-2380": "larare",
    "soc-karlskrona": "soc.karlskrona", "elevhalsa-karlskrona": "elevhalsa.karlskrona", "skola-karlskrona": "skola.karlskrona",
    "bup-karlskrona": "bup.karlskrona", "vc-karlskrona": "vc.karlskrona", "bvc-karlskrona": "bvc.karlskrona",
    "skola-trelleborg": "skola.trelleborg", "akut-skane": "akut.skane", "elevhalsa-trelleborg": "elevhalsa.trelleborg",
    "hab-trelleborg": "hab.trelleborg", "bup-malmo-trelleborg": "bup.trelleborg", "soc-trelleborg": "soc.trelleborg",
}  # fmt: skip
BY_PHONE = {"jamtland-harjedalen": "samordnare", "skane-trelleborg": "samordnare.trelleborg"}

WEEKS = (8, 3, 14, 6, 20)  # without help, in one passage after the other


def gap_weeks(category: str, number: int) -> int | None:
    return WEEKS[number % len(WEEKS)] if category in PASSAGES else None


@dataclass(frozen=True, slots=True)
class Place:
    """What a pack's narratives share. `phone_enhet` = for whom the samordnare writes a report that came by phone."""

    kommunkod: str
    fallback_enhet: str
    phone_enhet: str
    other_enheter: tuple[str, ...]


PLACES = {
    "jamtland-harjedalen": Place("2380", "beh-2380", "beh-2380", ("soc-2380", "bup-behandling", "beh-2380")),
    "blekinge": Place(
        "1080", "soc-karlskrona", "elevhalsa-karlskrona", ("soc-karlskrona", "bup-karlskrona", "skola-karlskrona")
    ),
    "skane-trelleborg": Place(
        "1287", "soc-trelleborg", "elevhalsa-trelleborg", ("soc-trelleborg", "bup-malmo-trelleborg", "skola-trelleborg")
    ),
}


@dataclass(frozen=True, slots=True)
class Narrative:
    """One avvikelse as it is told. `receiver_enhet` None = the reporter does not know whom it concerns."""

    id: str
    pack: str
    text: str
    proposal: str
    sender_enhet: str
    receiver_enhet: str | None
    category: str
    severity: int
    possible_severity: int
    age_band: str
    extent: Extent
    by_phone: bool
    factors: tuple[str, ...]

    @property
    def reporter_email(self) -> str:
        login = BY_PHONE[self.pack] if self.by_phone else REPORTERS[self.sender_enhet]
        return f"{login}@{DOMAIN}"

    @property
    def kommunkod(self) -> str:
        return PLACES[self.pack].kommunkod

    @property
    def fallback_enhet(self) -> str:
        return PLACES[self.pack].fallback_enhet

    @property
    def other_enheter(self) -> tuple[str, ...]:
        return PLACES[self.pack].other_enheter


def narratives() -> tuple[Narrative, ...]:
    """All of them, in the file's order."""
    raw = json.loads((files("avvikelse") / "data" / "narratives.json").read_text(encoding="utf-8"))
    found = []
    for row in raw["avvikelser"]:
        pack = row["paket"].replace("_", "-")
        by_phone = row["kanal"] != "webb"
        found.append(
            Narrative(
                id=row["id"],
                pack=pack,
                text=row["text"],
                proposal=row["forslag"],
                sender_enhet=row["rapporterande"]["enhet"] or PLACES[pack].phone_enhet,
                receiver_enhet=row["forvantad_ansvarig"]["enhet"],
                category=row["kategori"],
                severity=row["allvar_faktisk"],
                possible_severity=row["allvar_risk"],
                age_band=row["alder"],
                extent=Extent(row["utstrackning"]),
                by_phone=by_phone,
                factors=tuple(row["bidragande_faktorer"]),
            )
        )
    return tuple(found)
