"""THE table of clocks: what runs, for how long, and who is reminded when it runs out. Limits are defaults; a län may have its own.

Source: design/DOMAIN.md, "Clocks". The longer ladder of escalation is built on the same table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from avvikelse.domain.vocabulary import Labelled
from avvikelse.domain.workdays import add_workdays


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
    EFFEKT = "effekt", "Effekten följs upp"
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
    """`then` says what happens when it runs out."""

    limit: Limit
    starts: str
    then: str


_D, _W = Unit.DAYS, Unit.WORKDAYS

# fmt: off
CLOCKS: Mapping[ClockId, Clock] = {
    ClockId.KVITTENS:         Clock(Limit(0, _D),  "Rapporten skickas in",            "–"),
    ClockId.TRIAGE:           Clock(Limit(3, _W),  "Rapporten skickas in",            "Områdets samordnare påminns"),
    ClockId.MOTTAGEN:         Clock(Limit(5, _W),  "Ärendet kommer till en chef",     "Chefen påminns, eller den som ersätter"),
    ClockId.FORSTA_SVAR:      Clock(Limit(30, _D), "Den första chefen får ärendet",   "Den som har ärendet påminns"),
    ClockId.SVAR:             Clock(Limit(60, _D), "Den första chefen får ärendet",   "Den som har ärendet påminns"),
    ClockId.GEMENSAMT:        Clock(Limit(15, _W), "Ärendet låses för två parter",    "Båda parter påminns"),
    ClockId.GRUPP:            Clock(Limit(60, _D), "Frågan lyfts till gruppen",       "Sammankallande påminns"),
    ClockId.PUBLICERING:      Clock(Limit(7, _D),  "Gruppen beslutar",                "Sammankallande påminns"),
    ClockId.BETYG:            Clock(Limit(30, _D), "Rapportören får svar",            "Ärendet avslutas som ”inget betyg”"),
    ClockId.FRAGA_PAMINNELSE: Clock(Limit(7, _D),  "Rapportören får en fråga",        "Rapportören påminns"),
    ClockId.FRAGA:            Clock(Limit(30, _D), "Rapportören får en fråga",        "Frågan stängs och ärendet går vidare"),
    ClockId.EFFEKT:           Clock(Limit(90, _D), "Ärendet avslutas med åtgärd",     "Åtgärdens ägare tillfrågas"),
    ClockId.ALLVARLIG:        Clock(Limit(2, _W),  "Chefen får en allvarlig händelse", "Chefen påminns"),
}
# fmt: on

# MS20: when the family carries the coordination the first answer is due sooner.
FAMILY_FIRST_ANSWER = Limit(10, Unit.WORKDAYS)


@dataclass(frozen=True, slots=True)
class Limits:
    """A län's own limits over the defaults."""

    own: Mapping[ClockId, Limit] = field(default_factory=dict)

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[str, int, str]]) -> Limits:
        """(clock id, value, unit) as in `tidsfrist`. Ids that are no clock, and units that are no days, are information only."""
        clocks = {clock.value for clock in ClockId}
        units = {unit.value for unit in Unit}
        return cls({ClockId(slug): Limit(value, Unit(unit)) for slug, value, unit in rows if slug in clocks and unit in units})

    def of(self, clock: ClockId) -> Limit:
        return self.own.get(clock) or CLOCKS[clock].limit


DEFAULTS = Limits()


def due_on(clock: ClockId, started_on: date, limits: Limits = DEFAULTS, *, paused_days: int = 0, family: bool = False) -> date:
    """The last day of a clock that started on `started_on`. Only days when a question was open (`paused_days`) move it."""
    limit = FAMILY_FIRST_ANSWER if family and clock is ClockId.FORSTA_SVAR else limits.of(clock)
    return limit.after(started_on) + timedelta(days=paused_days)


def is_late(due: date | None, today: date) -> bool:
    """The due day itself is in time."""
    return due is not None and due < today


def clocks_markdown() -> str:
    """docs/generated/klockor.md."""
    lines = ["<!-- Görs av `make docs` ur avvikelse/domain/deadlines.py. Ändra inte för hand. -->", "# Klockor", ""]
    lines += ["Gränserna är förval. Ett län kan ha egna (`tidsfrist` i organisationspaketet).", ""]
    lines += ["| Id | Klocka | Startar när | Gräns | Sedan |", "|---|---|---|---|---|"]
    lines += [f"| `{c.value}` | {c.label} | {row.starts} | {row.limit} | {row.then} |" for c, row in CLOCKS.items()]
    return "\n".join(lines) + "\n"
