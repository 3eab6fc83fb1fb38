"""THE table of clocks: what runs when, for how long, who is reminded and what then. Open when something is late.

Limits are defaults; a län may have its own. The longer ladder of escalation is
built on the same table.
"""
# ruff: noqa: E501 -- a table is read across

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from avvikelse.domain.vocabulary import Labelled, Status
from avvikelse.domain.workdays import add_workdays, is_workday
from avvikelse.domain.workflow import Audience


class ClockId(Labelled):
    """The ids that packs use in `tidsfrist`."""

    KVITTENS = "kvittens", "Kvittens till rapportören"
    TRIAGE = "triage", "Samordnaren fördelar"
    MOTTAGEN = "mottagen", "Chefen tar emot"
    FORSTA_SVAR = "forsta_svar", "Första svar eller plan"
    SVAR = "svar", "Svar till rapportören"
    GEMENSAMT = "gemensamt", "Parterna löser det tillsammans"
    GRUPP = "grupp", "Gruppens beslut"
    PUBLICERING = "publicering", "Beslutet publiceras"
    BETYG = "betyg", "Rapportören säger om det hjälpte"
    FRAGA_PAMINNELSE = "fraga_paminnelse", "Påminnelse om fråga"
    FRAGA = "fraga", "Frågan stängs utan svar"
    ATGARD = "atgard", "Åtgärden ska vara införd"
    EFFEKT = "effekt", "Effekten följs upp"
    EFFEKT_IGEN = "effekt_igen", "Effekten följs upp en andra gång"
    ALLVARLIG = "allvarlig", "Chefen bekräftar vid allvarlig händelse"


class Unit(Labelled):
    DAYS = "dagar", "dagar"
    WORKDAYS = "arbetsdagar", "arbetsdagar"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many days of a kind."""

    value: int
    unit: Unit

    def after(self, day: date) -> date:
        """The last day of the limit when it starts on `day`."""
        return add_workdays(day, self.value) if self.unit is Unit.WORKDAYS else day + timedelta(days=self.value)

    def __str__(self) -> str:
        return f"{self.value} {self.unit.label}"


@dataclass(frozen=True, slots=True)
class Clock:
    """One row: what starts it, the statuses it runs in (none: beside the case), who is reminded at the end, what then."""

    limit: Limit
    starts: str
    runs_in: tuple[Status, ...]
    reminded: tuple[Audience, ...]
    then: str


_D, _W, S, A = Unit.DAYS, Unit.WORKDAYS, Status, Audience
_BEING_ANSWERED = (S.ASSIGNED, S.IN_PROGRESS, S.DISPUTED, S.WITH_GROUP)
_BOTH = (A.OWNER, A.OTHER_SIDE)

# fmt: off
CLOCKS: Mapping[ClockId, Clock] = {
    #                               limit           starts                              runs in             reminded        then
    ClockId.KVITTENS:         Clock(Limit(0, _D),   "Rapporten skickas in",             (),                 (),             "–"),
    ClockId.TRIAGE:           Clock(Limit(3, _W),   "Rapporten skickas in",             (S.SUBMITTED,),     (A.OWNER,),     "Områdets samordnare påminns"),
    ClockId.MOTTAGEN:         Clock(Limit(5, _W),   "Ärendet kommer till en chef",      (S.ASSIGNED,),      (A.OWNER,),     "Chefen påminns, eller den som ersätter"),
    ClockId.FORSTA_SVAR:      Clock(Limit(30, _D),  "Den första chefen får ärendet",    _BEING_ANSWERED,    (A.OWNER,),     "Den som har ärendet påminns"),
    ClockId.SVAR:             Clock(Limit(60, _D),  "Den första chefen får ärendet",    _BEING_ANSWERED,    (A.OWNER,),     "Den som har ärendet påminns"),
    ClockId.GEMENSAMT:        Clock(Limit(15, _W),  "Ärendet låses för två parter",     (S.DISPUTED,),      _BOTH,          "Båda parter påminns"),
    ClockId.GRUPP:            Clock(Limit(60, _D),  "Frågan lyfts till gruppen",        (S.WITH_GROUP,),    (A.CONVENOR,),  "Sammankallande påminns"),
    ClockId.PUBLICERING:      Clock(Limit(7, _D),   "Gruppen beslutar",                 (),                 (A.CONVENOR,),  "Sammankallande påminns"),
    ClockId.BETYG:            Clock(Limit(30, _D),  "Rapportören får svar",             (S.ANSWERED,),      (A.REPORTER,),  "Ärendet avslutas som ”inget betyg”"),
    ClockId.FRAGA_PAMINNELSE: Clock(Limit(7, _D),   "Rapportören får en fråga",         (),                 (A.REPORTER,),  "Rapportören påminns"),
    ClockId.FRAGA:            Clock(Limit(30, _D),  "Rapportören får en fråga",         (),                 (A.OWNER,),     "Frågan stängs och ärendet går vidare"),
    ClockId.ATGARD:           Clock(Limit(0, _D),   "Åtgärdens egen dag är inne",       (),                 (A.OWNER,),     "Åtgärdens ägare påminns"),
    ClockId.EFFEKT:           Clock(Limit(90, _D),  "Åtgärden är införd",               (),                 (A.OWNER, A.REPORTER), "Åtgärdens ägare och rapportören tillfrågas"),
    ClockId.EFFEKT_IGEN:      Clock(Limit(180, _D), "Åtgärden är införd",               (),                 (A.OWNER, A.REPORTER), "Åtgärdens ägare och rapportören tillfrågas"),
    ClockId.ALLVARLIG:        Clock(Limit(2, _W),   "Chefen får en allvarlig händelse", (),                 (A.OWNER,),     "Chefen påminns"),
}
# fmt: on

# MS20: when the family carries the coordination the first answer is due sooner.
FAMILY_FIRST_ANSWER = Limit(10, Unit.WORKDAYS)


# The clock that a status page shows. While a case is worked on it is the next answer the reporter waits for.
_SHOWN: Mapping[Status, ClockId] = {
    S.SUBMITTED: ClockId.TRIAGE,
    S.ASSIGNED: ClockId.MOTTAGEN,
    S.DISPUTED: ClockId.GEMENSAMT,
    S.WITH_GROUP: ClockId.GRUPP,
    S.ANSWERED: ClockId.BETYG,
}


def clocks_of(status: Status) -> tuple[ClockId, ...]:
    """Every clock that runs for a case in this status, in the table's order."""
    return tuple(clock for clock, row in CLOCKS.items() if status in row.runs_in)


def current_clock(status: Status, *, first_answer_given: bool = False) -> ClockId | None:
    """The one clock that says what is expected by when; None for a draft and a closed case."""
    if status is Status.IN_PROGRESS:
        return ClockId.SVAR if first_answer_given else ClockId.FORSTA_SVAR
    return _SHOWN.get(status)


@dataclass(frozen=True, slots=True)
class Limits:
    """A län's own limits over the defaults."""

    own: Mapping[ClockId, Limit] = field(default_factory=dict)

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[str, int, str]]) -> Limits:
        """(clock id, value, unit) as in `tidsfrist`. What is no clock or no days is information, not a limit."""
        clocks, units = {clock.value: clock for clock in ClockId}, {unit.value: unit for unit in Unit}
        return cls(
            {
                clocks[slug]: Limit(value, units[unit])
                for slug, value, unit in rows
                if slug in clocks and unit in units and value >= 0
            }
        )

    def of(self, clock: ClockId) -> Limit:
        """The limit that holds here."""
        return self.own.get(clock) or CLOCKS[clock].limit


DEFAULTS = Limits()


def due_on(
    clock: ClockId, started_on: date, limits: Limits = DEFAULTS, *, paused_days: int = 0, family: bool = False
) -> date:
    """The last day of a clock that started on `started_on`.

    Only a question to the reporter stops a clock: each calendar day that it was open (`paused_days`) moves the last day
    by one, and a limit in working days then ends on the next working day. `family` (the family carries the
    coordination) gives the sooner of the län's limit and `FAMILY_FIRST_ANSWER` for the first answer.
    """
    limit = limits.of(clock)
    due = limit.after(started_on)
    if family and clock is ClockId.FORSTA_SVAR:
        due = min(due, FAMILY_FIRST_ANSWER.after(started_on))
    due += timedelta(days=paused_days)
    if paused_days and limit.unit is Unit.WORKDAYS and not is_workday(due):
        due = add_workdays(due, 1)
    return due


def is_late(due: date | None, today: date) -> bool:
    """The due day itself is in time."""
    return due is not None and due < today


def clocks_markdown() -> str:
    """docs/generated/klockor.md."""
    lines = ["<!-- Görs av `make docs` ur avvikelse/domain/deadlines.py. Ändra inte för hand. -->", "# Klockor", ""]
    lines += ["Gränserna är förval. Ett län kan ha egna (`tidsfrist` i organisationspaketet).", ""]
    lines += ["Bara en fråga till rapportören stoppar klockan.", ""]
    lines += ["| Id | Klocka | Startar när | Går under | Gräns | Påminns | Sedan |", "|---|---|---|---|---|---|---|"]
    for clock, row in CLOCKS.items():
        during = ", ".join(status.label for status in row.runs_in) or "–"
        who = ", ".join(audience.label for audience in row.reminded) or "–"
        lines.append(
            f"| `{clock.value}` | {clock.label} | {row.starts} | {during} | {row.limit} | {who} | {row.then} |"
        )
    return "\n".join(lines) + "\n"
