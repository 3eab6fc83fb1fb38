"""Which clocks run for a case at this moment, and until when. Open when a clock runs that should not, or does not.

Pure: services/clocks.py reads the facts. The ladder (domain/escalation.py) climbs on what this file says, the calendar
and the case page show it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from avvikelse.domain.deadlines import DEFAULTS, UNTHANKED, ClockId, Limits, Waits, current_clock, due_on
from avvikelse.domain.meetings import group_due_on
from avvikelse.domain.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs. `subject` says of what, where a case may have several: a party, a question, an åtgärd."""

    clock: ClockId
    started_on: date
    due_on: date
    subject: str = ""


@dataclass(frozen=True, slots=True)
class AtgardTimes:
    """An åtgärd that is to be done, or one whose owner has been asked about its effect (`asked_on`) and is silent."""

    id: int
    decided_on: date
    due_on: date | None
    done_on: date | None = None
    round: int = 0
    asked_on: date | None = None
    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class CaseTimes:
    """What the clocks need to know of a case. Days are days in Sweden.

    `received_on`: the first manager got it; a hand-over never resets it. `again_since`: it came back to be answered
    once more. `question`: (id, asked on) of the open question, the only thing that stops the clock. `silent`: the
    owners who have not said what they can do, when two solve it together. `unconfirmed`: (owner, since) who have not
    confirmed that the child has support. `unapproved`: (question to the group, raised on) whose words the samordnare
    has not approved. `unpublished`: (question, decided on) of the group. `owned`: (decision, decided on, until) that a
    position has to carry out. `good`: nothing but thanks is waited for. `unchecked`: (owner, since) whose answer a
    samordnare has not read. `promised`: (owner, since, until) who has not done what it took upon itself in the
    joint room; `undecided`: the same of a shared cost.
    """

    status: Status
    since: date
    submitted_on: date
    received_on: date | None = None
    again_since: date | None = None
    again_paused_days: int = 0
    first_answer_given: bool = False
    family: bool = False
    severe: bool = False
    good: bool = False
    paused: bool = False
    paused_days: int = 0
    status_paused_days: int = 0
    meeting_months: tuple[int, ...] = ()
    waits: Waits = ()
    question: tuple[int, date] | None = None
    silent: tuple[int, ...] = ()
    unconfirmed: tuple[tuple[int, date], ...] = ()
    atgarder: tuple[AtgardTimes, ...] = ()
    unapproved: tuple[tuple[int, date], ...] = ()
    unpublished: tuple[tuple[int, date], ...] = ()
    owned: tuple[tuple[int, date, date], ...] = ()
    unchecked: tuple[int, date] | None = None
    promised: tuple[tuple[int, date, date], ...] = ()
    undecided: tuple[tuple[int, date, date], ...] = ()


C, S = ClockId, Status
_ANSWERING = (S.ASSIGNED, S.IN_PROGRESS)
WAITS_IN = (S.ASSIGNED, S.IN_PROGRESS, S.DISPUTED)  # whoever answers in them may be closed for lov
_COMES_BACK_FROM = (S.DISPUTED, S.WITH_GROUP, S.ANSWERED)


def comes_back(before: Status, after: Status) -> bool:
    """Does the step bring the case back to be answered once more?"""
    return after is S.IN_PROGRESS and before in _COMES_BACK_FROM


def shown(times: CaseTimes, limits: Limits = DEFAULTS) -> Running:
    """The clock that says what is expected next, also while it stands still. Raises ValueError for a closed case."""
    again = times.again_since is not None
    clock = current_clock(times.status, first_answer_given=times.first_answer_given, again=again, good=times.good)
    if clock is None:
        raise ValueError(f"no clock runs in {times.status}")
    return _of_status(clock, times, limits)


def running(times: CaseTimes, limits: Limits = DEFAULTS) -> tuple[Running, ...]:
    """All clocks that run now. While a question waits only its own clocks do, and the one for a child's safety."""
    found = [*_beside(times, limits)]
    if not times.paused:
        found += [_of_status(clock, times, limits) for clock in _clocks_now(times)]
        if times.status is S.DISPUTED:
            found += [_of_status(C.GEMENSAMT_TYST, times, limits, f"p{party}") for party in times.silent]
        if times.unchecked is not None:
            party, since = times.unchecked
            found.append(Running(C.GENOMLASNING, since, due_on(C.GENOMLASNING, since, limits), f"p{party}"))
    return tuple(found)


def _clocks_now(times: CaseTimes) -> Iterator[ClockId]:
    """The clocks of the status. How an answer is getting on is asked while its owner alone can give it."""
    if times.good and times.status in UNTHANKED:
        yield C.GOTT_EXEMPEL
    elif times.status in _ANSWERING:
        if times.status is S.ASSIGNED:
            yield C.MOTTAGEN
        if times.again_since is not None:
            yield C.SVAR_IGEN
        else:
            if not times.first_answer_given:
                yield C.FORSTA_SVAR
            yield C.SVAR
    else:
        clock = current_clock(times.status)
        if clock is not None:
            yield clock


def _of_status(clock: ClockId, times: CaseTimes, limits: Limits, subject: str = "") -> Running:
    """Answering counts from the day the first manager received the case; the other clocks from the status's own."""
    if clock is C.GRUPP:
        return Running(clock, times.since, group_due_on(times.meeting_months, times.since, limits), subject)
    if clock in {C.FORSTA_SVAR, C.SVAR}:
        start = times.received_on or times.submitted_on
        due = due_on(clock, start, limits, paused_days=times.paused_days, shorter=times.family, waits=times.waits)
        return Running(clock, start, due, subject)
    if clock is C.GOTT_EXEMPEL:
        start = times.submitted_on
        return Running(clock, start, due_on(clock, start, limits, paused_days=times.paused_days), subject)
    if clock is C.SVAR_IGEN:
        start = times.again_since or times.since
        first = _of_status(C.SVAR, times, limits).due_on
        again = due_on(clock, start, limits, paused_days=times.again_paused_days, waits=times.waits)
        return Running(clock, start, max(first, again), subject)
    waits = times.waits if times.status is not S.ANSWERED else ()
    due = due_on(clock, times.since, limits, paused_days=times.status_paused_days, shorter=times.severe, waits=waits)
    return Running(clock, times.since, due, subject)


def _beside(times: CaseTimes, limits: Limits) -> Iterator[Running]:
    """The clocks that run beside the status."""

    def since(clock: ClockId, start: date, subject: str) -> Running:
        return Running(clock, start, due_on(clock, start, limits), subject)

    if times.question is not None:
        question, asked_on = times.question
        yield since(C.FRAGA_PAMINNELSE, asked_on, f"q{question}")
        yield since(C.FRAGA, asked_on, f"q{question}")
    for party, start in times.unconfirmed:
        yield since(C.ALLVARLIG, start, f"p{party}")
    for atgard in times.atgarder:
        if atgard.asked_on is not None and atgard.answer_by is not None:
            clock = C.EFFEKT if atgard.round == 1 else C.EFFEKT_IGEN
            yield Running(clock, atgard.asked_on, atgard.answer_by, f"a{atgard.id}")
        elif atgard.done_on is None and atgard.due_on is not None:
            yield Running(C.ATGARD, atgard.decided_on, atgard.due_on, f"a{atgard.id}")
    for question, raised_on in times.unapproved:
        yield since(C.GODKANNANDE, raised_on, f"g{question}")
    for question, decided_on in times.unpublished:
        yield since(C.PUBLICERING, decided_on, f"g{question}")
    for decision, decided_on, until in times.owned:
        yield Running(C.GRUPPBESLUT, decided_on, until, f"d{decision}")
    for party, start, until in times.promised:
        yield Running(C.ATAGANDE, start, until, f"p{party}")
    for party, start, until in times.undecided:
        yield Running(C.KOSTNAD, start, until, f"p{party}")
