"""Which mätetal a group may set a goal for, and until when. Open when a goal cannot be written, or reads wrongly.

Goals belong to a year. They are written before the year begins; then they stand, with the definitions that they were
written for, so that a year is never judged by another measure than the one it was given. A group that has set none
when the year begins may do it once, and the page says from which day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from avvikelse.domain.vocabulary import Labelled


class Unit(Labelled):
    PERCENT = "procent", "%"
    DAYS = "dagar", "dagar"


@dataclass(frozen=True, slots=True)
class GoalKind:
    """`definition`: one sentence, as it is frozen with the year. `at_least`: more is better."""

    name: str
    definition: str
    at_least: bool = True
    unit: Unit = Unit.PERCENT

    @property
    def most(self) -> int:
        return 100 if self.unit is Unit.PERCENT else 365


# id in analysis/indicators/figures.py
GOAL_KINDS: Mapping[str, GoalKind] = {
    "I05_kvitterade_3_arbetsdagar": GoalKind(
        "Mottagna inom {ack_working_days} arbetsdagar",
        "Rapporter vars ansvariga chef har tagit emot dem senast den {ack_working_days}:e arbetsdagen efter "
        "rapportdagen, av de rapporter vars gränsdag har varit.",
    ),
    "I06_besvarade_30_dagar": GoalKind(
        "Besvarade inom {answer_days} dagar",
        "Rapporter där rapportören har fått ett första svar senast {answer_days} dagar efter rapportdagen, av de "
        "rapporter vars gränsdag har varit.",
    ),
    "I07_median_dagar_till_aterkoppling": GoalKind(
        "Hälften hade svar efter",
        "Det antal dagar då minst hälften av rapporterna har ett första svar. De som väntar räknas med.",
        at_least=False, unit=Unit.DAYS,
    ),
    "I08_andel_aterkoppling_dag_60": GoalKind(
        "Har svar efter {feedback_share_day} dagar",
        "Andelen rapporter med ett första svar efter {feedback_share_day} dagar. De som väntar räknas med.",
    ),
    "I13_bollade": GoalKind(
        "Skickade fram och tillbaka",
        "Rapporter där en enhet har fått tillbaka ärendet sedan den lämnat ifrån sig det, av alla som kom.",
        at_least=False,
    ),
    "I10_atgarder_uppfoljda_i_tid": GoalKind(
        "Åtgärder uppföljda i tid",
        "Åtgärder som följts upp senast den dag då de skulle följas upp, av dem som skulle följas upp i perioden.",
    ),
    "I11_atgarder_effektiva": GoalKind(
        "Uppföljda åtgärder som hjälpte",
        "Åtgärder som vid uppföljningen bedömts effektiva, av dem som följts upp i perioden. Delvis räknas inte.",
    ),
    "I12_aterkomst_efter_effektiv_atgard_90_dagar": GoalKind(
        "Kom tillbaka inom {recurrence_days} dagar efter åtgärd som hjälpt",
        "Åtgärder som bedömts effektiva och sedan fått en ny rapport om samma problem hos samma mottagare inom "
        "{recurrence_days} dagar, av dem vars hela tid har gått.",
        at_least=False,
    ),
    "I14_sip": GoalKind(
        "SIP-möten där alla kallade kom",
        "Hållna SIP-möten dit alla kallade parter kom, av alla hållna, enligt kommunernas egna siffror för halvåret.",
    ),
    "I15_aktiviteter_i_tid": GoalKind(
        "Aktiviteter i handlingsplanen klara i tid",
        "Aktiviteter som blev klara senast den dag som först planerades, av dem som skulle bli klara i perioden. "
        "Avbrutna räknas inte.",
    ),
}  # fmt: skip
# The limits that the definitions use today. A year keeps those it was fixed with.
PARAMS: Mapping[str, int] = {
    "ack_working_days": 3,
    "answer_days": 30,
    "feedback_share_day": 60,
    "recurrence_days": 90,
    "min_denominator": 5,
}


def goal_words(kind: GoalKind, value: int) -> str:
    """ "minst 80 %", "högst 30 dagar"."""
    return f"{'minst' if kind.at_least else 'högst'} {value}\N{NO-BREAK SPACE}{kind.unit.label}"


def may_write(year: int, today: date, *, written: bool) -> bool:
    """May goals for the year be written today? `written`: there are some."""
    if year == today.year + 1:
        return True
    return year == today.year and not written
