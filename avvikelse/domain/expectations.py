"""What is expected of me now, and what the reporter reads.

Two tables from status and relation to a Swedish sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from avvikelse.domain.relation import Relation as R
from avvikelse.domain.vocabulary import Outcome
from avvikelse.domain.vocabulary import Status as S


@dataclass(frozen=True, slots=True)
class Expectation:
    """`mine` = the reader is the one who should act."""

    text: str
    mine: bool


# The first relation that the reader has, from the top, decides.
# fmt: off
EXPECTED: dict[S, tuple[tuple[R, str, bool], ...]] = {
    S.SUBMITTED: (
        (R.OWNER_SAMORDNARE,  "Fördela ärendet till den chef som ansvarar, eller skriv varför det inte tas upp.", True),
        (R.SENDER_SAMORDNARE, "Ärendet väntar på att fördelas till rätt chef.", True),
        (R.SENDER_CHEF,       "Samordnaren fördelar ärendet till rätt chef.", False),
    ),
    S.ASSIGNED: (
        (R.OWNER_CHEF,        "Ta emot ärendet, lämna över det eller föreslå någon annan. Det du gör först räknas som att du tar emot.", True),
        (R.OWNER_SAMORDNARE,  "Ansvarig chef ska ta emot ärendet, lämna över det eller föreslå någon annan.", False),
        (R.SENDER_SAMORDNARE, "Den andra partens chef ska ta emot ärendet.", False),
        (R.SENDER_CHEF,       "Den andra partens chef ska ta emot ärendet. Har ni redan pratat? Skriv att det är löst i samtal.", False),
    ),
    S.IN_PROGRESS: (
        (R.HANDLER,           "Ta reda på vad som hände och svara rapportören.", True),
        (R.OWNER_CHEF,        "Ta reda på vad som hände, bestäm en åtgärd och svara rapportören.", True),
        (R.OWNER_SAMORDNARE,  "Ansvarig chef arbetar med ärendet.", False),
        (R.SENDER_SAMORDNARE, "Den andra parten arbetar med ärendet.", False),
        (R.SENDER_CHEF,       "Den andra parten arbetar med ärendet. Har ni redan pratat? Skriv att det är löst i samtal.", False),
    ),
    S.DISPUTED: (
        (R.OWNER_CHEF,        "Prata med den andra chefen. Skriv vad ni kan bidra med och säg om ni är överens.", True),
        (R.OWNER_SAMORDNARE,  "De två cheferna löser ärendet tillsammans.", False),
        (R.SENDER_SAMORDNARE, "De två cheferna löser ärendet tillsammans.", False),
        (R.SENDER_CHEF,       "De två cheferna löser ärendet tillsammans.", False),
    ),
    S.WITH_GROUP: (
        (R.SENDER_SAMORDNARE, "Godkänn frågan så att gruppen kan läsa den. Sedan väntar ärendet på gruppens beslut.", False),
        (R.OWNER_CHEF,        "Samverkansgruppen beslutar. Sedan svarar du rapportören.", False),
        (R.OWNER_SAMORDNARE,  "Samverkansgruppen beslutar.", False),
        (R.SENDER_CHEF,       "Samverkansgruppen beslutar.", False),
    ),
    S.ANSWERED: (
        (R.REPORTER,          "Läs svaret och säg om det hjälpte.", True),
        (R.OWNER_CHEF,        "Rapportören har fått svaret och kan säga om det hjälpte.", False),
        (R.HANDLER,           "Rapportören har fått svaret och kan säga om det hjälpte.", False),
        (R.OWNER_SAMORDNARE,  "Rapportören har fått svaret.", False),
        (R.SENDER_SAMORDNARE, "Rapportören har fått svaret.", False),
        (R.SENDER_CHEF,       "Rapportören har fått svaret.", False),
    ),
    S.CLOSED: (),
}

# {by} is the day of the running clock, already written out.
REPORTER_WORDS: dict[S, str] = {
    S.SUBMITTED:   "Din rapport har kommit fram. En samordnare ser till att den hamnar hos rätt chef, senast {by}.",
    S.ASSIGNED:    "Din rapport ligger hos den chef som ansvarar. Chefen tar emot den senast {by}.",
    S.IN_PROGRESS: "Chefen har tagit emot din rapport och arbetar med den. Du får svar senast {by}.",
    S.DISPUTED:    "Två verksamheter löser det här tillsammans. Besked senast {by}.",
    S.WITH_GROUP:  "Frågan ligger hos samverkansgruppen. Besked senast {by}.",
    S.ANSWERED:    "Du har fått svar. Säg gärna senast {by} om det hjälpte.",
}
PAUSED_WORDS = "Du har fått en fråga. Svara på den, så går ärendet vidare."
OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.ANSWERED:       "Ärendet är besvarat och avslutat.",
    Outcome.SOLVED_IN_TALK: "Cheferna har löst det i samtal. Ärendet är avslutat.",
    Outcome.WITHDRAWN:      "Du har tagit tillbaka rapporten.",
    Outcome.NOT_TAKEN_UP:   "Samordnaren har bestämt att ärendet inte tas upp här. Läs varför nedan.",
    Outcome.MERGED:         "Din rapport hör ihop med ett annat ärende och besvaras där.",
}
# fmt: on


def expected_of(status: S, relations: Iterable[R], *, paused: bool = False) -> Expectation | None:
    """What the reader is expected to do, or waits for; None when nothing more will happen."""
    mine = set(relations)
    if paused and R.REPORTER in mine:
        return Expectation(PAUSED_WORDS, mine=True)
    for relation, text, acts in EXPECTED.get(status, ()):
        if relation in mine:
            if paused:
                return Expectation(
                    "Ärendet väntar på att rapportören svarar på en fråga. Klockan står still.", mine=False
                )
            return Expectation(text, mine=acts)
    return None


def words_for_reporter(status: S, outcome: Outcome | None, by: str, *, paused: bool = False) -> str:
    """The reporter's status in plain words. `by` is the clock's day in words, "" when no clock runs."""
    if status is S.CLOSED:
        return OUTCOME_WORDS[outcome or Outcome.ANSWERED]
    if paused:
        return PAUSED_WORDS
    return (
        REPORTER_WORDS[status].format(by=by) if by else REPORTER_WORDS[status].split(",")[0].split(". Besked")[0] + "."
    )
