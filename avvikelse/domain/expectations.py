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
        (R.OWNER_CHEF,        "Prata med den andra chefen, och gå till det gemensamma rummet: svara på tre frågor och kom överens.", True),
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
        (R.REPORTER,          "Läs svaret och säg om du fick svar på din fråga.", True),
        (R.OWNER_CHEF,        "Rapportören har fått svaret och kan säga om frågan fick svar.", False),
        (R.HANDLER,           "Rapportören har fått svaret och kan säga om frågan fick svar.", False),
        (R.OWNER_SAMORDNARE,  "Rapportören har fått svaret.", False),
        (R.SENDER_SAMORDNARE, "Rapportören har fått svaret.", False),
        (R.SENDER_CHEF,       "Rapportören har fått svaret.", False),
    ),
    S.CLOSED: (),
}

# Of a good example, wherever it waits.
GOOD_EXPECTED = (
    (R.OWNER_CHEF,        "Läs vad någon tycker att ni gjorde bra, och tacka gärna med en rad.", True),
    (R.HANDLER,           "Läs vad någon tycker att ni gjorde bra, och tacka gärna med en rad.", True),
    (R.OWNER_SAMORDNARE,  "Den som exemplet handlar om läser det, och tackar gärna.", False),
    (R.SENDER_SAMORDNARE, "Skriv en gruppmening, så att andra kan ta efter.", False),
    (R.SENDER_CHEF,       "Den andra parten läser exemplet.", False),
)
GOOD_WORDS = "Ditt goda exempel har kommit fram. Den som det handlar om läser det, och tackar gärna."

# {by} is the day of the running clock, already written out.
REPORTER_WORDS: dict[S, str] = {
    S.SUBMITTED:   "Din rapport har kommit fram. En samordnare ser till att den hamnar hos rätt chef, senast {by}.",
    S.ASSIGNED:    "Din rapport ligger hos den chef som ansvarar. Chefen tar emot den senast {by}.",
    S.IN_PROGRESS: "Chefen har tagit emot din rapport och arbetar med den. Du får svar senast {by}.",
    S.DISPUTED:    "Två verksamheter löser det här tillsammans. Besked senast {by}.",
    S.WITH_GROUP:  "Frågan ligger hos samverkansgruppen. Besked senast {by}.",
    S.ANSWERED:    "Svaret finns. Säg gärna senast {by} om du fick svar på din fråga.",
}
BOTH_ANSWERED = " Båda har berättat vad de kan bidra med."
PAUSED_WORDS = "Du har fått en fråga. Svara på den, så går ärendet vidare."
OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.ANSWERED:       "Ärendet är besvarat och avslutat.",
    Outcome.SOLVED_IN_TALK: "Cheferna har löst det i samtal. Ärendet är avslutat.",
    Outcome.WITHDRAWN:      "Du har tagit tillbaka rapporten.",
    Outcome.NOT_TAKEN_UP:   "Samordnaren har bestämt att ärendet inte tas upp här. Läs varför nedan.",
    Outcome.MERGED:         "Din rapport hör ihop med ett annat ärende och besvaras där.",
}
# What somebody reads who has said *jag också* to another's report.
VOICE_WORDS: dict[S, str] = {
    S.SUBMITTED:   "En samordnare ser till att frågan hamnar hos rätt chef.",
    S.ASSIGNED:    "Frågan ligger hos den chef som ansvarar.",
    S.IN_PROGRESS: "Chefen arbetar med frågan.",
    S.DISPUTED:    "Två verksamheter löser frågan tillsammans.",
    S.WITH_GROUP:  "Frågan ligger hos samverkansgruppen.",
    S.ANSWERED:    "Frågan har fått ett svar. Du läser det nedan.",
    S.CLOSED:      "Frågan är besvarad och avslutad.",
}
ENDED_WORDS = "Rapporten avslutades utan svar. Rapportera gärna själv, så får du ett eget svar."
ENDED_UNANSWERED = frozenset({Outcome.WITHDRAWN, Outcome.NOT_TAKEN_UP})
# fmt: on


# While an answer waits for a samordnare to read it.
CHECKING: tuple[tuple[R, str, bool], ...] = (
    (R.OWNER_SAMORDNARE, "Läs svaret innan det går till rapportören.", True),
    (R.HANDLER, "Samordnaren läser svaret. Sedan går det till rapportören.", False),
    (R.OWNER_CHEF, "Samordnaren läser svaret. Sedan går det till rapportören.", False),
)


def expected_of(
    status: S, relations: Iterable[R], *, paused: bool = False, good: bool = False, checking: bool = False
) -> Expectation | None:
    """What the reader is expected to do, or waits for; None when nothing more will happen.

    `good`: a good example. `checking`: an answer waits for a samordnare to read it.
    """
    mine = set(relations)
    if paused and R.REPORTER in mine:
        return Expectation(PAUSED_WORDS, mine=True)
    rows = GOOD_EXPECTED if good and status in (S.ASSIGNED, S.IN_PROGRESS) else EXPECTED.get(status, ())
    for relation, text, acts in (*(CHECKING if checking else ()), *rows):
        if relation in mine:
            if paused:
                return Expectation(
                    "Ärendet väntar på att rapportören svarar på en fråga. Klockan står still.", mine=False
                )
            return Expectation(text, mine=acts)
    return None


def words_for_reporter(
    status: S, outcome: Outcome | None, by: str, *, paused: bool = False, both_answered: bool = False,
    good: bool = False,
) -> str:  # fmt: skip
    """The reporter's status in plain words. `by` is the clock's day in words, "" when no clock runs.

    `both_answered`: in the joint room.
    """
    if status is S.CLOSED:
        return OUTCOME_WORDS[outcome or Outcome.ANSWERED]
    if paused:
        return PAUSED_WORDS
    if good and status in (S.SUBMITTED, S.ASSIGNED, S.IN_PROGRESS):
        return GOOD_WORDS
    words = (
        REPORTER_WORDS[status].format(by=by) if by else REPORTER_WORDS[status].split(",")[0].split(". Besked")[0] + "."
    )
    return words + BOTH_ANSWERED if status is S.DISPUTED and both_answered else words


def words_for_voice(status: S, outcome: Outcome | None) -> str:
    """Where it stands, for somebody who has said *jag också*."""
    return ENDED_WORDS if outcome in ENDED_UNANSWERED else VOICE_WORDS[status]
