"""THE ladder: what happens before, at and after a clock's last day, and to whom. Open when somebody is reminded too
early, too late or not at all.

Read a clock's rows from the top. Days are counted in the clock's own kind (working days or calendar days); a message to
a person lands on a working day. services/ladder.py climbs, once per row and last day; docs/generated/klockor.md is
drawn from here.

An *inbjuden part* (friskola, private provider, police) is reminded and its own substitute may step in, but nothing goes
above its own manager: its silence is shown to the group instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from avvikelse.domain.deadlines import CLOCKS, ClockId, Unit, Waits, after_waits
from avvikelse.domain.notices import Notice
from avvikelse.domain.running import Running
from avvikelse.domain.vocabulary import Labelled
from avvikelse.domain.workdays import add_workdays, workday_from, workday_until, workdays_before


class Target(Labelled):
    """To whom a step goes. Resolved by services/ladder_targets.py."""

    OWNER = "owner", "Den som har ärendet"
    PARTY = "party", "Den part det gäller"
    SUBSTITUTE = "substitute", "Ersättaren, annars chefen över"
    ABOVE = "above", "Chefen över"
    TOP = "top", "Förvaltningens chef"
    SAMORDNARE = "samordnare", "Områdets samordnare"
    HOLDER = "holder", "Den ansvariga själv"
    SENDER_SAMORDNARE = "sender_samordnare", "Rapporterande områdets samordnare"
    OFFICE = "office", "Områdets alla samordnare och funktionsbrevlådan"
    REPORTER = "reporter", "Rapportören"
    ATGARD_OWNER = "atgard_owner", "Åtgärdens ägare"
    DECISION_OWNER = "decision_owner", "Den befattning som gruppen gjort ansvarig"
    CONVENOR = "convenor", "Gruppens sammankallande"
    GROUP = "group", "Samverkansgruppen"
    GROUP_ABOVE = "group_above", "Gruppen på nivån över"
    NOBODY = "nobody", "–"


class Deed(Labelled):
    """What happens."""

    REMIND = "remind", "påminns"
    TELL = "tell", "får veta det"
    STEP_IN = "step_in", "träder in och kan göra det som chefen kan"
    LIFT = "lift", "får frågan att besluta om"
    CLOSE_CASE = "close_case", "ärendet avslutas som ”inget betyg”"
    CLOSE_GOOD = "close_good", "exemplet avslutas, och rapportören får ett tack"
    SEND_ANSWER = "send_answer", "svaret skickas utan att någon har läst det"
    CLOSE_QUESTION = "close_question", "frågan stängs och ärendet går vidare"


# What a step above the own manager becomes for an inbjuden part: nothing, or that the group sees the silence.
ABOVE_THE_MANAGER = frozenset({Target.ABOVE, Target.TOP})


@dataclass(frozen=True, slots=True)
class Rung:
    """One step. `days` from the clock's last day: negative = before, 0 = on it, positive = after.

    `again` repeats it at that distance for as long as the clock runs. `owner_hears` = what the owner is told beside.
    """

    days: int
    to: Target
    deed: Deed
    notice: Notice | None = None
    owner_hears: Notice | None = None
    again: int = 0

    @property
    def code(self) -> str:
        """How it is remembered; a row that keeps its day and target keeps its code."""
        return f"{self.days:+d}:{self.to.value}"


C, T, D, N, R = ClockId, Target, Deed, Notice, Rung

_ANSWER = (
    R(-10, T.OWNER, D.REMIND, N.SOON_SVAR),
    R(+1, T.ABOVE, D.STEP_IN, N.STEP_IN_ABOVE, N.REMIND_SVAR),
    R(+7, T.OWNER, D.TELL, N.SVAR_TO_GROUP_SOON),
    R(+14, T.GROUP, D.LIFT, None, N.SVAR_TO_GROUP),
)
# Asked by services/effects.py; what stands here begins when the owner has been asked and does not answer.
_FOLLOW_UP = (
    R(-10, T.ATGARD_OWNER, D.REMIND, N.EFFECT_OWNER),
    R(+1, T.GROUP, D.TELL, N.EFFECT_SILENT),
)
# fmt: off
LADDER: Mapping[ClockId, tuple[Rung, ...]] = {
    #     days  to whom                what             message                 and the owner hears
    C.TRIAGE: (
        R(-1,   T.OWNER,               D.REMIND,        N.SOON_TRIAGE),
        R(+1,   T.OWNER,               D.REMIND,        N.REMIND_TRIAGE),
        R(+3,   T.OFFICE,              D.TELL,          N.LATE_TRIAGE,          again=5),
    ),
    C.MOTTAGEN: (
        R(-1,   T.OWNER,               D.REMIND,        N.SOON_MOTTAGEN),
        R(+1,   T.SUBSTITUTE,          D.STEP_IN,       N.STEP_IN_SUBSTITUTE,   N.REMIND_MOTTAGEN),
        R(+5,   T.ABOVE,               D.STEP_IN,       N.STEP_IN_ABOVE),
        R(+8,   T.SAMORDNARE,          D.TELL,          N.LATE_SAMORDNARE,      again=10),
    ),
    C.FORSTA_SVAR: (
        R(-5,   T.OWNER,               D.REMIND,        N.SOON_FORSTA_SVAR),
        R(+1,   T.OWNER,               D.REMIND,        N.REMIND_FORSTA_SVAR),
    ),
    C.SVAR: _ANSWER,
    C.SVAR_IGEN: _ANSWER,
    C.GEMENSAMT_TYST: (
        R(-1,   T.PARTY,               D.REMIND,        N.SOON_GEMENSAMT_TYST),
        R(+1,   T.SUBSTITUTE,          D.STEP_IN,       N.STEP_IN_SUBSTITUTE),
    ),
    C.GEMENSAMT: (
        R(-3,   T.OWNER,               D.REMIND,        N.SOON_GEMENSAMT),
        R(+1,   T.GROUP,               D.LIFT,          None,                   N.GEMENSAMT_TO_GROUP),
    ),
    C.ATAGANDE: (
        R(-7,   T.PARTY,               D.REMIND,        N.SOON_ATAGANDE),
        R(+1,   T.PARTY,               D.REMIND,        N.REMIND_ATAGANDE),
        R(+14,  T.SAMORDNARE,          D.TELL,          N.LATE_AGREED,          again=30),
    ),
    C.KOSTNAD: (
        R(-7,   T.PARTY,               D.REMIND,        N.SOON_KOSTNAD),
        R(+1,   T.PARTY,               D.REMIND,        N.REMIND_KOSTNAD),
        R(+14,  T.SAMORDNARE,          D.TELL,          N.LATE_AGREED,          again=30),
    ),
    C.GENOMLASNING: (
        R(-1,   T.SAMORDNARE,          D.REMIND,        N.SOON_GENOMLASNING),
        R(+1,   T.NOBODY,              D.SEND_ANSWER),
    ),
    C.GODKANNANDE: (
        R(+1,   T.SENDER_SAMORDNARE,   D.REMIND,        N.REMIND_APPROVE,       again=3),
    ),
    C.GRUPP: (
        R(-7,   T.CONVENOR,            D.REMIND,        N.SOON_GRUPP),
        R(+1,   T.CONVENOR,            D.REMIND,        N.REMIND_GRUPP),
        R(+14,  T.GROUP_ABOVE,         D.LIFT),
    ),
    C.PUBLICERING: (
        R(+1,   T.CONVENOR,            D.REMIND,        N.REMIND_PUBLICERING,   again=7),
    ),
    C.BETYG: (
        R(-10,  T.REPORTER,            D.REMIND,        N.REMIND_BETYG),
        R(+1,   T.NOBODY,              D.CLOSE_CASE),
    ),
    C.FRAGA_PAMINNELSE: (
        R(+1,   T.REPORTER,            D.REMIND,        N.REMIND_FRAGA),
    ),
    C.FRAGA: (
        R(+1,   T.NOBODY,              D.CLOSE_QUESTION),
    ),
    C.ATGARD: (
        R(-7,   T.ATGARD_OWNER,        D.REMIND,        N.SOON_ATGARD),
        R(+1,   T.ATGARD_OWNER,        D.REMIND,        N.REMIND_ATGARD),
        R(+30,  T.GROUP,               D.TELL,          N.ATGARD_LATE),
    ),
    C.GRUPPBESLUT: (  # after that it is taken up at each meeting (domain/carrying.py)
        R(-7,   T.DECISION_OWNER,      D.REMIND,        N.SOON_GRUPPBESLUT),
        R(+1,   T.DECISION_OWNER,      D.REMIND,        N.REMIND_GRUPPBESLUT),
    ),
    C.EFFEKT: _FOLLOW_UP,
    C.EFFEKT_IGEN: _FOLLOW_UP,
    C.ALLVARLIG: (
        R(-1,   T.PARTY,               D.REMIND,        N.REMIND_ALLVARLIG),
        R(+1,   T.SUBSTITUTE,          D.STEP_IN,       N.STEP_IN_SEVERE),
        R(+2,   T.TOP,                 D.STEP_IN,       N.STEP_IN_SEVERE),
    ),
    C.GOTT_EXEMPEL: (
        R(-7,   T.OWNER,               D.REMIND,        N.SOON_GOTT_EXEMPEL),
        R(+1,   T.NOBODY,              D.CLOSE_GOOD),
    ),
}
# fmt: on
NEVER_TO_A_GROUP = (C.ALLVARLIG,)  # a child's safety is the managers' matter; a test holds the table to it


def day_of(rung: Rung, clock: Running, waits: Waits = (), *, times: int = 0) -> date:
    """The day on which the step is taken; `times` = how often it has been repeated.

    What the system closes by itself is closed on the very day, everything else on a working day outside `waits`.
    """
    unit = CLOCKS[clock.clock].limit.unit
    days = rung.days + times * rung.again
    if days < 0:
        before = workdays_before(clock.due_on, -days) if unit is Unit.WORKDAYS else clock.due_on + timedelta(days=days)
        return workday_until(before)
    after = add_workdays(clock.due_on, days) if unit is Unit.WORKDAYS else clock.due_on + timedelta(days=days)
    if rung.to is Target.NOBODY:
        return after
    return workday_from(after_waits(workday_from(after), waits))


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step of a clock to take on a day, under the name it is remembered by."""

    on: date
    rung: Rung
    name: str


def next_step(clock: Running, taken: Mapping[str, date], today: date, waits: Waits = ()) -> NextStep | None:
    """The next step of a running clock; None when all are taken. `taken`: names of taken steps → the day.

    One step of a clock a day, in the table's order: who comes late climbs no faster than a person can act. What should
    have been said before the last day is not said after it.
    """
    for rung in LADDER.get(clock.clock, ()):
        times = sum(name == rung.code or name.startswith(f"{rung.code}#") for name in taken)
        if times and not rung.again:
            continue
        on = day_of(rung, clock, waits, times=times)
        if rung.days < 0 and (on <= clock.started_on or today > clock.due_on):
            continue
        if today in taken.values():
            on = max(on, today + timedelta(days=1))
        return NextStep(on, rung, f"{rung.code}#{times}" if times else rung.code)
    return None
