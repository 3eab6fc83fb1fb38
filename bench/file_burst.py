"""Do others wait while somebody fetches twenty files at once (SECRECY A34)? Open when a file becomes dearer to make.

    python -m bench.file_burst [--databases sqlite,postgresql] [--size 10000] [--rounds 5] [--no-write]

A manager opens her list again and again, alone; then a convenor asks for twenty PDFs of a month in the same moment.
What counts is the manager's 95th percentile from the first file asked for until the last is answered, over her own of
just before. Files are made with what is left over (docs/adr/0264), so on a busy machine that lasts longer and holds
more of her answers: her slowest one is told too. The convenor's brake is let go between the rounds. Writes
bench/FILE_BURST.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import delete

from avvikelse import create_app
from avvikelse.models.base import db
from avvikelse.models.engine import WRITING
from avvikelse.models.identity import Throttle
from bench import cases, cluster, load
from bench.run import ROOT, flask, free_port, log_in, serving
from bench.scene import CONVENOR, MANAGER, prepare
from config import Settings

RESULTS = ROOT / "bench" / "FILE_BURST.md"
FILES = 20
ALONE = 4.0  # seconds
GOAL = 1.2
THREADS = 4  # of each of two workers, as docs/DRIFT.md has it


@dataclass(frozen=True, slots=True)
class Round:
    """Her seconds for each list, how the files were answered and how long it took until all were."""

    alone: list[float]
    beside: list[float]
    answers: Counter[int]
    seconds: float

    @property
    def ratio(self) -> float:
        return percentile_95(self.beside) / percentile_95(self.alone)


def main() -> None:
    parser = argparse.ArgumentParser(description="Mät om andra väntar när någon hämtar tjugo filer på en gång.")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-write", action="store_true")
    asked = parser.parse_args()
    found = {database: measure(database, asked.size, asked.rounds) for database in asked.databases.split(",")}
    text = report(found, asked.size)
    print(text)
    if not asked.no_write:
        RESULTS.write_text(text, encoding="utf-8")


def measure(database: str, size: int, rounds: int) -> list[Round]:
    with tempfile.TemporaryDirectory(prefix="avvikelse-bench-") as directory:
        instance = Path(directory)
        stored = cluster.running() if database == "postgresql" else nullcontext(f"sqlite:///{instance / 'b.sqlite3'}")
        with stored as url:
            port = free_port()
            env = os.environ | {
                "AVVIKELSE_ENV": "demo", "AVVIKELSE_DATABASE_URL": url, "AVVIKELSE_INSTANCE": str(instance),
                "AVVIKELSE_BASE_URL": f"http://{load.HOST}:{port}", "AVVIKELSE_MAIL": "log", "PYTHONPATH": str(ROOT),
            }  # fmt: skip
            flask(env, "database", "upgrade")
            cases.write(instance / "cases.jsonl", size)
            flask(env, "cases", "load", str(instance / "cases.jsonl"))
            app = create_app(Settings.from_env(env))
            scene = prepare(app)
            with serving("wsgi:app", port, env, threads=THREADS):
                chef, convenor = log_in(port, MANAGER), log_in(port, CONVENOR)
                lists = load.get(port, "/arenden", chef)
                files = load.get(port, f"/grupper/{scene.group_id}/{scene.month}/manad.pdf", convenor)
                load.per_second(lists, 1.0)
                load.fetch(files)
                return [one_round(app, lists, files) for _ in range(rounds)]


def one_round(app: Flask, lists: load.Page, files: load.Page) -> Round:
    let_go(app)
    end = time.perf_counter() + ALONE
    alone = waits(lists, lambda: time.perf_counter() < end)
    answers: list[int] = []
    started = threading.Barrier(FILES + 1)

    def fetch() -> None:
        started.wait()
        answers.append(int(load.fetch(files)[9:12]))

    threads = [threading.Thread(target=fetch) for _ in range(FILES)]
    for thread in threads:
        thread.start()
    started.wait()
    begin = time.perf_counter()
    beside = waits(lists, lambda: any(thread.is_alive() for thread in threads))
    seconds = time.perf_counter() - begin
    return Round(alone, beside, Counter(answers), seconds)


def waits(page: load.Page, more: Callable[[], bool]) -> list[float]:
    """Seconds for each answer, one after the other, for as long as there is `more` to wait for."""
    found: list[float] = []
    while more() or len(found) < 2:
        begin = time.perf_counter()
        load.fetch(page)
        found.append(time.perf_counter() - begin)
    return found


def percentile_95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


def let_go(app: Flask) -> None:
    """The next round's files are counted from nothing."""
    with app.app_context():
        session = db.session()
        session.connection(execution_options=WRITING)
        session.execute(delete(Throttle))
        session.commit()
        db.engine.dispose()


def report(found: dict[str, list[Round]], size: int) -> str:
    lines = [
        f"# Measured {datetime.now(UTC):%Y-%m-%d}", "",
        (f"By `python -m bench.file_burst`: {size:,} cases, gunicorn as in docs/DRIFT.md, {os.cpu_count()} cores. A manager's"
        f" list while a convenor asks for {FILES} PDFs of a month at once, until the last is answered. Goal (SECRECY A34): her"
        f" 95th percentile at most {GOAL} times what it was alone. The row is the round with the median ratio. The load"
        f" average of the machine was {os.getloadavg()[1]:.1f} at the end; where that is more than it has cores, others used it"
        " too, and only the ratio says anything."), "",
        ("| Database | alone: p50, p95, slowest ms | beside: p50, p95, slowest ms | lists beside | ratio of p95 | all ratios |"
        " files answered | until the last |"),
        "|---|---:|---:|---:|---:|---|---|---:|",
    ]  # fmt: skip
    for database, rounds in found.items():
        middle = sorted(rounds, key=lambda one: one.ratio)[len(rounds) // 2]
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(middle.answers.items()))
        missed = " ✗" if middle.ratio > GOAL else ""
        lines.append(
            f"| {database} | {_times(middle.alone)} | {_times(middle.beside)} | {len(middle.beside)} |"
            f" {middle.ratio:.2f}{missed} | {', '.join(f'{one.ratio:.2f}' for one in rounds)} | {answers} | {middle.seconds:.1f} s |"
        )
    return "\n".join([*lines, ""])


def _times(seconds: list[float]) -> str:
    return ", ".join(f"{one * 1000:.0f}" for one in (statistics.median(seconds), percentile_95(seconds), max(seconds)))


if __name__ == "__main__":
    main()
