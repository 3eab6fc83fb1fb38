"""Climb the ladder: find the cases whose day has come, take each step that is due once, and note when to look again.

Open when a step is missed or doubled. The table stands in domain/escalation.py. Everything is selected from data, so
the job may run twice, late or in several processes: a step that has been taken is remembered with its clock and last
day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from avvikelse.domain.escalation import NextStep, next_step
from avvikelse.domain.running import Running, running
from avvikelse.domain.vocabulary import StepOutcome
from avvikelse.domain.workdays import STOCKHOLM
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse, LadderStep
from avvikelse.queries.limits import limits_of
from avvikelse.services import clocks, ladder_deeds
from avvikelse.services.ladder_deeds import Doing

DAY_BEGINS = time(6)  # nobody is reminded in the middle of the night
MOST_STEPS = 20  # of one case in one run: more would be a circle
log = structlog.get_logger(__name__)


def day_of_work(now: datetime) -> date:
    """The day whose steps may be taken: today from six in the morning, before that yesterday."""
    local = now.astimezone(STOCKHOLM)
    return local.date() if local.time() >= DAY_BEGINS else local.date() - timedelta(days=1)


def due_cases(session: Session, now: datetime, limit: int) -> list[int]:
    """Ids of cases to look at, the longest waiting first."""
    return list(
        session.scalars(
            select(Avvikelse.id)
            .where(Avvikelse.next_step_on <= day_of_work(now))
            .order_by(Avvikelse.next_step_on, Avvikelse.id)
            .limit(limit)
        )
    )


def climb(session: Session, now: datetime, ids: Iterable[int] | None = None) -> int:
    """Take every step that is due in the cases `ids` (all that wait, when not given). Returns how many were taken."""
    today = day_of_work(now)
    wanted = list(ids) if ids is not None else due_cases(session, now, 10_000)
    rows = session.scalars(
        select(Avvikelse)
        .where(Avvikelse.id.in_(wanted), Avvikelse.next_step_on <= today)
        .options(selectinload(Avvikelse.parties))
        .order_by(Avvikelse.id)
        .with_for_update()
    ).all()
    return sum(_climb_one(session, row, today, now) for row in rows)


def _climb_one(session: Session, row: Avvikelse, today: date, now: datetime) -> int:
    """The steps of one case. One that cannot be looked at does not stop the others: it is tried again tomorrow."""
    case_id = row.id
    try:
        with session.begin_nested():
            taken, following = _steps(session, row, today, now)
    except Exception as error:  # noqa: BLE001 -- noted without its message, which may quote a text
        log.error("ladder_case_failed", case=case_id, error=type(error).__name__)
        taken, following = 0, today + timedelta(days=1)
    table = Avvikelse.__table__
    session.execute(update(table).where(table.c.id == case_id).values(next_step_on=following))  # type: ignore[arg-type]
    session.expire(row, ["next_step_on"])
    return taken


def _steps(session: Session, row: Avvikelse, today: date, now: datetime) -> tuple[int, date | None]:
    """Take what is due. Returns how many, and the day of the next step (None = nothing runs)."""
    count = 0
    for _ in range(MOST_STEPS):
        _bring_up_to_date(session, row)
        waiting = _waiting(session, row, today)
        due = [(clock, step) for clock, step in waiting if step.on <= today]
        if not due:
            return count, min((step.on for _, step in waiting), default=None)
        clock, step = due[0]
        if _remember(session, row, clock, step, today):
            outcome = ladder_deeds.do(Doing(session, row, clock, step, now))
            if outcome is not StepOutcome.DONE:
                _note(session, row, clock, step, outcome)
            count += 1
    return count, today + timedelta(days=1)


def _bring_up_to_date(session: Session, row: Avvikelse) -> None:
    """The day on the page follows when a limit or a lov has changed. No new version: no open form grows stale."""
    if row.due_clock is None:
        return
    clock, day = clocks.expected(session, row, limits_of(session, row.pack_id))
    if (row.due_clock, row.due_on) != (clock.value, day):
        clocks.show(session, row, clock, day)


_TAKEN = select(LadderStep.clock, LadderStep.subject, LadderStep.due_on, LadderStep.step, LadderStep.taken_on).where(
    LadderStep.avvikelse_id == bindparam("case")
)


def _waiting(session: Session, row: Avvikelse, today: date) -> list[tuple[Running, NextStep]]:
    """The next step of each running clock, in the order of the clocks."""
    times = clocks.times_of(session, row)
    taken: dict[tuple[str, str, date], dict[str, date]] = {}
    for clock_id, subject, due_on, name, on in ask(session, _TAKEN, case=row.id):
        taken.setdefault((clock_id, subject, due_on), {})[name] = on
    found = []
    for clock in running(times, limits_of(session, row.pack_id)):
        known = taken.get((clock.clock.value, clock.subject, clock.due_on), {})
        step = next_step(clock, known, today, times.waits)
        if step is not None:
            found.append((clock, step))
    return found


def _remember(session: Session, row: Avvikelse, clock: Running, step: NextStep, today: date) -> bool:
    """Write the step down; False when somebody else has."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(LadderStep).values(
        avvikelse_id=row.id, clock=clock.clock.value, subject=clock.subject, due_on=clock.due_on, step=step.name,
        taken_on=today, outcome=StepOutcome.DONE,
    )  # fmt: skip
    return session.execute(statement.on_conflict_do_nothing().returning(LadderStep.id)).first() is not None


def _note(session: Session, row: Avvikelse, clock: Running, step: NextStep, outcome: StepOutcome) -> None:
    """There was nobody, or no group: the samordnare's desk and the log can show it."""
    session.execute(
        update(LadderStep)
        .where(
            LadderStep.avvikelse_id == row.id, LadderStep.clock == clock.clock.value,
            LadderStep.subject == clock.subject, LadderStep.due_on == clock.due_on, LadderStep.step == step.name,
        )
        .values(outcome=outcome)
    )  # fmt: skip
