"""THE table of clocks: what runs, from when and for how long. Open when something is late on the wrong day.

Limits are defaults; a län may have its own, from a day. What happens before and after the last day stands in
domain/escalation.py, which clocks run for a case now in domain/running.py.
"""
# ruff: noqa: E501 -- a table is read across

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from avvikelse.domain.vocabulary import Labelled, Status
from avvikelse.domain.workdays import add_workdays, is_workday, workday_from

_ONE_DAY = timedelta(days=1)


class ClockId(Labelled):
    """The ids that packs use in `tidsfrist`."""

    KVITTENS = "kvittens", "Kvittens till rapportören"
    TRIAGE = "triage", "Samordnaren fördelar"
    TRIAGE_ALLVARLIG = "triage_allvarlig", "Samordnaren fördelar, allvarlig händelse"
    MOTTAGEN = "mottagen", "Chefen tar emot"
    FORSTA_SVAR = "forsta_svar", "Första svar eller plan"
    FORSTA_SVAR_FAMILJ = "forsta_svar_familj", "Första svar när familjen bär samordningen"
    SVAR = "svar", "Svar till rapportören"
    SVAR_IGEN = "svar_igen", "Nytt svar till rapportören"
    GEMENSAMT_TYST = "gemensamt_tyst", "Båda parter skriver vad de kan bidra med"
    GEMENSAMT = "gemensamt", "Parterna löser det tillsammans"
    ATAGANDE = "atagande", "Det en part tog på sig ska vara gjort"
    KOSTNAD = "kostnad", "En part beslutar om en gemensam kostnad"
    GENOMLASNING = "genomlasning", "Samordnaren läser svaret"
    GODKANNANDE = "godkannande", "Samordnaren godkänner frågan till gruppen"
    GRUPP = "grupp", "Gruppens beslut"
    PUBLICERING = "publicering", "Beslutet publiceras"
    BETYG = "betyg", "Rapportören säger om frågan fick svar"
    FRAGA_PAMINNELSE = "fraga_paminnelse", "Påminnelse om fråga"
    FRAGA = "fraga", "Frågan stängs utan svar"
    ATGARD = "atgard", "Åtgärden ska vara införd"
    GRUPPBESLUT = "gruppbeslut", "Det gruppen beslutade ska vara gjort"
    EFFEKT = "effekt", "Effekten följs upp"
    EFFEKT_IGEN = "effekt_igen", "Effekten följs upp en andra gång"
    ALLVARLIG = "allvarlig", "Chefen bekräftar vid allvarlig händelse"
    GOTT_EXEMPEL = "gott_exempel", "Ett gott exempel läses, och någon tackar"


class Unit(Labelled):
    DAYS = "dagar", "dagar"
    WORKDAYS = "arbetsdagar", "arbetsdagar"


@dataclass(frozen=True, slots=True)
class Wait:
    """Days, first and last included, that do not count: a unit is closed for *lov* and nobody stands in."""

    first: date
    last: date
    why: str = ""

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


Waits = tuple[Wait, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many days of a kind."""

    value: int
    unit: Unit

    def after(self, day: date, waits: Waits = ()) -> date:
        """The last day of the limit when it starts on `day`; days inside `waits` do not count."""
        if not waits:
            return add_workdays(day, self.value) if self.unit is Unit.WORKDAYS else day + timedelta(days=self.value)
        left = self.value
        while left:
            day += _ONE_DAY
            left -= not waiting(day, waits) and (self.unit is Unit.DAYS or is_workday(day))
        return day

    def __str__(self) -> str:
        return f"{self.value} {self.unit.label.removesuffix('ar') if self.value == 1 else self.unit.label}"


def waiting(day: date, waits: Waits) -> Wait | None:
    """The wait that `day` lies in."""
    return next((wait for wait in waits if wait.covers(day)), None)


def after_waits(day: date, waits: Waits) -> date:
    """`day`, or the first day after the waits that it lies in."""
    while (wait := waiting(day, waits)) is not None:
        day = wait.last + _ONE_DAY
    return day


def workdays_left(today: date, due: date, waits: Waits = ()) -> int:
    """Working days from tomorrow to `due`, both counted, without those of a lov; 0 when `due` is here or has passed."""
    days = (today + timedelta(days=n) for n in range(1, (due - today).days + 1))
    return sum(is_workday(day) and waiting(day, waits) is None for day in days)


@dataclass(frozen=True, slots=True)
class Clock:
    """One row: its limit, what starts it, the statuses it runs in (none: it runs beside the status)."""

    limit: Limit
    starts: str
    runs_in: tuple[Status, ...]


_D, _W, S = Unit.DAYS, Unit.WORKDAYS, Status
UNTHANKED = (S.SUBMITTED, S.ASSIGNED, S.IN_PROGRESS)  # where a good example waits
_BEING_ANSWERED = (S.ASSIGNED, S.IN_PROGRESS, S.DISPUTED, S.WITH_GROUP)

# fmt: off
CLOCKS: Mapping[ClockId, Clock] = {
    #                                 limit           starts                                                                    runs in
    ClockId.KVITTENS:           Clock(Limit(0, _D),   "Rapporten skickas in",                                                   ()),
    ClockId.TRIAGE:             Clock(Limit(3, _W),   "Rapporten skickas in, eller en chef avböjer",                            (S.SUBMITTED,)),
    ClockId.TRIAGE_ALLVARLIG:   Clock(Limit(1, _W),   "En allvarlig rapport skickas in",                                        (S.SUBMITTED,)),
    ClockId.MOTTAGEN:           Clock(Limit(5, _W),   "Ärendet kommer till en chef",                                            (S.ASSIGNED,)),
    ClockId.FORSTA_SVAR:        Clock(Limit(30, _D),  "Den första chefen får ärendet",                                          _BEING_ANSWERED),
    ClockId.FORSTA_SVAR_FAMILJ: Clock(Limit(10, _W),  "Den första chefen får ärendet, och familjen bär samordningen",           _BEING_ANSWERED),
    ClockId.SVAR:               Clock(Limit(60, _D),  "Den första chefen får ärendet",                                          _BEING_ANSWERED),
    ClockId.SVAR_IGEN:          Clock(Limit(30, _D),  "Ärendet kommer tillbaka efter ett Nej, en överenskommelse eller ett beslut", (S.IN_PROGRESS,)),
    ClockId.GEMENSAMT_TYST:     Clock(Limit(5, _W),   "Ärendet låses för två parter",                                           (S.DISPUTED,)),
    ClockId.GEMENSAMT:          Clock(Limit(15, _W),  "Ärendet låses för två parter",                                           (S.DISPUTED,)),
    ClockId.ATAGANDE:           Clock(Limit(0, _D),   "Åtagandets egen dag är inne",                                            ()),
    ClockId.KOSTNAD:            Clock(Limit(0, _D),   "Dagen för partens beslut är inne",                                       ()),
    ClockId.GENOMLASNING:       Clock(Limit(3, _W),   "Ett svar väntar på att samordnaren läser det",                           ()),
    ClockId.GODKANNANDE:        Clock(Limit(3, _W),   "Frågan lyfts till gruppen",                                              ()),
    ClockId.GRUPP:              Clock(Limit(60, _D),  "Frågan lyfts till gruppen; är mötet tidigare gäller mötet",              (S.WITH_GROUP,)),
    ClockId.PUBLICERING:        Clock(Limit(7, _D),   "Gruppen beslutar",                                                       ()),
    ClockId.BETYG:              Clock(Limit(30, _D),  "Rapportören får svar",                                                   (S.ANSWERED,)),
    ClockId.FRAGA_PAMINNELSE:   Clock(Limit(7, _D),   "Rapportören får en fråga",                                               ()),
    ClockId.FRAGA:              Clock(Limit(30, _D),  "Rapportören får en fråga",                                               ()),
    ClockId.ATGARD:             Clock(Limit(0, _D),   "Åtgärdens egen dag är inne",                                             ()),
    ClockId.GRUPPBESLUT:        Clock(Limit(0, _D),   "Dagen för det som en befattning ansvarar för är inne",                   ()),
    ClockId.EFFEKT:             Clock(Limit(90, _D),  "Åtgärden är införd",                                                     ()),
    ClockId.EFFEKT_IGEN:        Clock(Limit(180, _D), "Åtgärden är införd",                                                     ()),
    ClockId.ALLVARLIG:          Clock(Limit(2, _W),   "Chefen får en allvarlig händelse, eller barnet väntar",                  ()),
    ClockId.GOTT_EXEMPEL:       Clock(Limit(30, _D),  "Ett gott exempel skickas in; det har ingen annan klocka",                UNTHANKED),
}
# fmt: on

# The clock that a status page shows. While a case is worked on it is the next answer the reporter waits for.
_SHOWN: Mapping[Status, ClockId] = {
    S.SUBMITTED: ClockId.TRIAGE,
    S.ASSIGNED: ClockId.MOTTAGEN,
    S.DISPUTED: ClockId.GEMENSAMT,
    S.WITH_GROUP: ClockId.GRUPP,
    S.ANSWERED: ClockId.BETYG,
}
# Where a shorter limit holds for some cases: the clock, and the one whose limit then counts if it ends earlier.
SHORTER: Mapping[ClockId, ClockId] = {
    ClockId.TRIAGE: ClockId.TRIAGE_ALLVARLIG,
    ClockId.FORSTA_SVAR: ClockId.FORSTA_SVAR_FAMILJ,
}


def clocks_of(status: Status) -> tuple[ClockId, ...]:
    """Every clock that may run for a case in this status, in the table's order."""
    return tuple(clock for clock, row in CLOCKS.items() if status in row.runs_in)


def current_clock(
    status: Status, *, first_answer_given: bool = False, again: bool = False, good: bool = False
) -> ClockId | None:
    """The one clock that says what is expected by when; None for a draft and a closed case.

    `again`: the case has come back to be answered once more. `good`: it is a good example.
    """
    if good and status in UNTHANKED:
        return ClockId.GOTT_EXEMPEL
    if status is Status.IN_PROGRESS:
        if again:
            return ClockId.SVAR_IGEN
        return ClockId.SVAR if first_answer_given else ClockId.FORSTA_SVAR
    return _SHOWN.get(status)


@dataclass(frozen=True, slots=True)
class Limits:
    """A län's own limits over the defaults.

    `own` hold since ever (the pack's); `dated` are an administrator's, each for what starts on its day or later, the
    latest day last.
    """

    own: Mapping[ClockId, Limit] = field(default_factory=dict)
    dated: tuple[tuple[ClockId, date, Limit], ...] = ()

    @classmethod
    def from_rows(
        cls, rows: Iterable[tuple[str, int, str]], dated: Iterable[tuple[str, date, int, str]] = ()
    ) -> Limits:
        """(clock id, value, unit) as in `tidsfrist`. What is no clock or no days is information, not a limit."""
        own = {clock: limit for clock, limit in (_row(*row) for row in rows) if clock and limit}
        later = [(*_row(slug, value, unit), day) for slug, day, value, unit in dated]
        known = [(clock, day, limit) for clock, limit, day in later if clock and limit]
        return cls(own, tuple(sorted(known, key=lambda row: row[1])))

    def of(self, clock: ClockId, started_on: date | None = None) -> Limit:
        """The limit for a clock that started on a day (None: the latest one). What has started keeps its limit."""
        found = self.own.get(clock) or CLOCKS[clock].limit
        for which, since, limit in self.dated:
            if which is clock and (started_on is None or since <= started_on):
                found = limit
        return found


_KNOWN_CLOCKS = {clock.value: clock for clock in ClockId}
_KNOWN_UNITS = {unit.value: unit for unit in Unit}


def _row(slug: str, value: int, unit: str) -> tuple[ClockId | None, Limit | None]:
    limit = Limit(value, _KNOWN_UNITS[unit]) if unit in _KNOWN_UNITS and value >= 0 else None
    return _KNOWN_CLOCKS.get(slug), limit


DEFAULTS = Limits()


def due_on(
    clock: ClockId,
    started_on: date,
    limits: Limits = DEFAULTS,
    *,
    paused_days: int = 0,
    shorter: bool = False,
    waits: Waits = (),
) -> date:
    """The last day of a clock that started on `started_on`.

    Only a question to the reporter stops a clock: each calendar day that it was open (`paused_days`) moves the last day
    by one, and a limit in working days then ends on the next working day. During `waits` no day counts. `shorter` (the
    family carries the coordination, something severe has happened) gives the sooner of the two limits of `SHORTER`.
    """
    limit = limits.of(clock, started_on)
    due = limit.after(started_on, waits)
    if shorter and clock in SHORTER:
        due = min(due, limits.of(SHORTER[clock], started_on).after(started_on, waits))
    if not paused_days:
        return due
    moved = after_waits(due + timedelta(days=paused_days), waits)
    return after_waits(workday_from(moved), waits) if limit.unit is Unit.WORKDAYS else moved


def is_late(due: date | None, today: date) -> bool:
    """The due day itself is in time."""
    return due is not None and due < today
