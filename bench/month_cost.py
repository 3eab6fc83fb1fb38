"""What making a group's month costs, and that it follows the group's two years, not all history.

    python -m bench.month_cost [--databases sqlite,postgresql] [--size 10000] [--history 1,10,100] [--no-write]

Loads `size` cases of thirty months (`flask cases load`), then adds copies of them from the years before, until the
database holds so many times more. The group, its month and its cases are the same all the way; only what lies outside
its window grows. Then, for comparison, as many copies inside the window. Writes bench/MONTH_COST.md.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.orm import Session

from avvikelse.analysis.month import WINDOW, month_content
from avvikelse.domain import months
from avvikelse.models import schema
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.queries.group_desk import groups_beside
from avvikelse.queries.month import NAMES, month_facts
from bench import cases, cluster
from bench.more_cases import copy_cases
from bench.run import ROOT, flask

RESULTS = ROOT / "bench" / "MONTH_COST.md"
GOAL_SECONDS, GOAL_GROWTH = 3.0, 1.3
TURNS = 15
DENSER = 10
SPAN = 1000  # days: more than the thirty months that the loaded cases lie in
YEARS_BACK = 5  # over so many years the history is spread


@dataclass(frozen=True, slots=True)
class Cost:
    """One group's month. `cases` in the database, `mine` in the group's window.

    Seconds of the fastest turn, and for `database` of each statement's fastest: whatever else the machine does can only
    add to it. What grows with history is the database's part; the rest is Python on the same rows.
    """

    cases: int
    mine: int
    statements: int
    database: float
    reading: float
    computing: float

    @property
    def seconds(self) -> float:
        return self.reading + self.computing


def main() -> None:
    parser = argparse.ArgumentParser(description="Mät vad en grupps månad kostar att göra.")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--history", default="1,10,100", help="så många gånger fler ärenden i hela databasen")
    parser.add_argument("--no-write", action="store_true")
    options = parser.parse_args()
    histories = [int(times) for times in options.history.split(",")]
    found = {database: measure(database, options.size, histories) for database in options.databases.split(",")}
    if not options.no_write:
        RESULTS.write_text(report(found), encoding="utf-8")


def measure(database: str, size: int, histories: list[int]) -> list[Cost]:
    """One cost per history, and last the denser window."""
    found = []
    with loaded(database, size) as engine:
        with Session(engine) as session:
            group_id, month = _largest(session)
        there = 1
        for times in histories:
            if times > there:
                with Session(engine) as session:
                    copy_cases(session, [_back(number) for number in range(there, times)], size, after=there - 1)
                    session.commit()
                there = times
            _settle(engine)
            with Session(engine) as session:
                found.append(_cost(session, group_id, month))
            print(f"{database}: {found[-1]}", flush=True)
        with Session(engine) as session:
            copy_cases(session, [0] * (DENSER - 1), size, after=there - 1)
            session.execute(text("ANALYZE"))
            found.append(_cost(session, group_id, month))
            session.rollback()
        print(f"{database}, denser: {found[-1]}", flush=True)
    return found


def _back(number: int) -> int:
    return SPAN + 30 * (number % (YEARS_BACK * 12))


@contextmanager
def loaded(database: str, size: int) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="avvikelse-bench-") as directory:
        file = Path(directory) / "cases.jsonl"
        cases.write(file, size)
        here = nullcontext(f"sqlite:///{directory}/bench.sqlite3") if database == "sqlite" else cluster.running()
        with here as url:
            env = os.environ | {
                "AVVIKELSE_ENV": "demo", "AVVIKELSE_DATABASE_URL": url, "AVVIKELSE_INSTANCE": directory,
                "AVVIKELSE_MAIL": "log", "PYTHONPATH": str(ROOT),
            }  # fmt: skip
            flask(env, "database", "upgrade")
            flask(env, "cases", "load", str(file))
            schema.load_models()
            engine = schema.make_engine(url)
            yield engine
            engine.dispose()


def _largest(session: Session) -> tuple[int, str]:
    """The group with most cases, and its last month that is over."""
    group_id, latest = session.execute(
        select(GroupMembership.group_id, func.max(GroupMembership.reported_on))
        .group_by(GroupMembership.group_id)
        .order_by(func.count().desc(), GroupMembership.group_id)
        .limit(1)
    ).one()
    return group_id, months.shift(months.month_of(latest), -1)


def _settle(engine: Engine) -> None:
    """As both databases do by themselves when a table has grown."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))


def _cost(session: Session, group_id: int, month: str) -> Cost:
    now = datetime.combine(months.last_day(months.shift(month, 1)), datetime.min.time(), UTC)
    window = months.first_day(months.shift(month, 1 - WINDOW)), months.last_day(month)
    mine = GroupMembership.group_id == group_id, GroupMembership.reported_on.between(*window)
    reading, computing, statements = [], [], 0
    fastest: list[float] = []
    for _ in range(TURNS):
        session.expunge_all()
        with _timed(session) as took:
            begin = time.perf_counter()
            groups = groups_beside(session, group_id)
            facts = month_facts(session, groups, groups[group_id], month, now=now)
            read = time.perf_counter()
            month_content(facts, NAMES).to_json()
        reading.append(read - begin)
        computing.append(time.perf_counter() - read)
        # The first turn may say more than the others: that a transaction begins.
        fastest = [min(pair) for pair in zip(fastest, took, strict=True)] if len(fastest) == len(took) else took
        statements = len(took)
    return Cost(
        session.scalars(select(func.count()).select_from(Avvikelse)).one(),
        session.scalars(select(func.count()).select_from(GroupMembership).where(*mine)).one(),
        statements, sum(fastest), min(reading), min(computing),
    )  # fmt: skip


@contextmanager
def _timed(session: Session) -> Iterator[list[float]]:
    """How long the database took for each statement, in order."""
    engine, took, begun = session.get_bind(), [], []

    def begin(*_: object) -> None:
        begun.append(time.perf_counter())

    def end(*_: object) -> None:
        took.append(time.perf_counter() - begun.pop())

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    try:
        yield took
    finally:
        event.remove(engine, "before_cursor_execute", begin)
        event.remove(engine, "after_cursor_execute", end)


def report(found: dict[str, list[Cost]]) -> str:
    lines = [
        f"# What making a group's month costs, measured {datetime.now(UTC):%Y-%m-%d}", "",
        (f"By `python -m bench.month_cost` on {os.cpu_count()} cores. The group with most cases (a whole län's), its last"
         f" month that is over, {TURNS} turns, the fastest of each (others on the machine can only add). The same cases of the same {WINDOW} months in every"
         " row but the last; the others are older copies. *Growth* is that of the database's part against the first row; the rest is Python on the same rows."), "",
        f"Goals: at most {GOAL_SECONDS:.0f} s; growth with history at most {GOAL_GROWTH}.", "",
    ]  # fmt: skip
    for database, rows in found.items():
        lines += [
            f"## {database}", "",
            "| Cases in the database | in the group's window | statements | of it in the database, s | reading, s | computing, s | together, s | growth |",
            "|---:|---:|---:|---:|---:|---:|---:|---:|",
        ]  # fmt: skip
        for row in rows:
            growth = row.database / rows[0].database
            late = " ✗" if row.seconds > GOAL_SECONDS else ""
            grown = " ✗" if growth > GOAL_GROWTH and row.mine == rows[0].mine else ""
            lines.append(
                f"| {row.cases:,} | {row.mine:,} | {row.statements} | {row.database:.4f} | {row.reading:.2f} | {row.computing:.2f} |"
                f" {row.seconds:.2f}{late} | {growth:.2f}{grown} |"
            )
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
