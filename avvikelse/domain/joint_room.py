"""The joint room: what two managers are asked, how it ends, and what the group then reads. Open to change a word of it.

The order: each answers the prompts alone; when both have sent they read each other; each writes what it takes upon
itself; both say yes to the same words, or one records that they do not agree and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avvikelse.domain.vocabulary import Labelled

MAX_ANSWER = 1000


class RoomOutcome(Labelled):
    """How a room ended."""

    AGREED = "agreed", "Parterna kom överens"
    DISAGREED = "disagreed", "Parterna kom inte överens"
    RAN_OUT = "ran_out", "Tiden gick ut"
    SILENT = "silent", "En part hade inte svarat när tiden gick ut"
    LIFTED = "lifted", "Frågan lyftes till samverkansgruppen"
    UNLOCKED = "unlocked", "Parterna äger inte längre ärendet tillsammans"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question. `field` is the column of models.joint_room.RoomAnswer."""

    field: str
    text: str
    hint: str
    missing: str


# What one can give comes first: a room that begins with the obstacles stays there.
PROMPTS = (
    Prompt(
        "offer", "Vad kan vi bidra med?", "Det er verksamhet kan göra, också det som ligger lite utanför det vanliga.",
        "Skriv vad ni kan bidra med.",
    ),
    Prompt(
        "need", "Vad behöver barnet?", "Skriv allmänt, utan uppgifter om barnet.",
        "Skriv vad barnet behöver, utan uppgifter om barnet.",
    ),
    Prompt(
        "hinder", "Vad hindrar oss?", "Uppdrag, regler, pengar, tid, eller något den andra verksamheten kan ändra.",
        "Skriv vad som hindrar er. Skriv ”inget” om det är så.",
    ),
)  # fmt: skip

# What the group is asked; both texts stand beside it.
GROUP_IS_ASKED: Mapping[RoomOutcome, str] = {
    RoomOutcome.DISAGREED: (
        "Två verksamheter har försökt lösa ett ärende tillsammans och är inte överens. Gruppen behöver ta ställning."
    ),
    RoomOutcome.RAN_OUT: "Två verksamheter har inte hunnit lösa ett ärende tillsammans i tid. Hur kommer de vidare?",
    RoomOutcome.SILENT: (
        "Två verksamheter skulle lösa ett ärende tillsammans, men en part har inte svarat i tid. "
        "Hur kommer de vidare?"
    ),
}  # fmt: skip


def words_of_agreement(commitments: tuple[tuple[str, str, str], ...], cost: str = "") -> str:
    """The commitments (who, what, day) and how a cost is shared, as one text: both say yes to the same words, or to
    none.
    """
    said = [f"{who}: {what} ({day})" for who, what, day in commitments]
    return " · ".join([*said, cost] if cost else said)
