"""`make bench`: our pages beside bare ones, in one run, on both databases. Open to change what is measured.

Each page and its bare counterpart are asked in turns, some seconds each, so that a busy machine disturbs both alike;
what counts is the median of the rounds. Writes bench/RESULTS.md, after each database, so that a run that is stopped
has not been for nothing. A page that fails is said so and the others go on; then the exit code is 1.

python -m bench.run [--sizes 10000,100000] [--databases sqlite,postgresql] [--seconds 1.5] [--rounds 5]
"""

from __future__ import annotations

import argparse
import http.client
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from avvikelse import create_app
from avvikelse.models.base import db
from bench import cases, cluster, load
from bench.scene import CONVENOR, MANAGER, PASSWORD, REPORTER, Scene, prepare
from config import Settings
from tests.support.forms import find

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "RESULTS.md"
PAGES = ("report", "list", "case", "search", "month")
TITLES = {
    "report": "File a report (POST)", "list": "Work list, 50 rows", "case": "Case with 10 events",
    "search": "Search", "month": "A group's month (published)",
}  # fmt: skip
GOAL_RATIO, GOAL_GROWTH = 0.5, 1.3
WITH_GOAL = ("list", "case", "month")


@dataclass(frozen=True, slots=True)
class Rates:
    """Answers per second, and the size of one in bytes."""

    ours: float
    bare: float
    our_size: int
    bare_size: int

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


@dataclass(frozen=True, slots=True)
class Loading:
    """What `flask cases load` took: by the clock, of a processor in the program itself, and of memory at most."""

    seconds: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:.0f} s ({self.cpu:.0f} s of processor in the program, {self.megabytes:.0f} MB at most)"


Found = dict[tuple[str, int, str], Rates]


def main() -> None:
    parser = argparse.ArgumentParser(description="Mät sidornas fart mot nakna Flask-sidor.")
    parser.add_argument("--sizes", default="10000")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-write", action="store_true", help="skriv inte bench/RESULTS.md")
    options = parser.parse_args()
    found: Found = {}
    loading: dict[tuple[str, int], Loading] = {}
    failed = False
    for database in options.databases.split(","):
        for size in map(int, options.sizes.split(",")):
            try:
                failed |= measure(database, size, options, found, loading)
            except Exception as error:  # noqa: BLE001 -- the other databases are measured all the same
                failed = True
                print(f"{database} {size}: {type(error).__name__}: {error}", flush=True)
            if not options.no_write:
                RESULTS.write_text(report(found, loading, options), encoding="utf-8")
    sys.exit(failed)


def measure(
    database: str, size: int, options: argparse.Namespace, found: Found, loading: dict[tuple[str, int], Loading]
) -> bool:
    """Load so many cases and measure every page. True when a page failed."""
    failed = False
    with tempfile.TemporaryDirectory(prefix="avvikelse-bench-") as directory:
        instance = Path(directory)
        with (
            cluster.running()
            if database == "postgresql"
            else nullcontext(f"sqlite:///{instance / 'bench.sqlite3'}") as url
        ):
            ours, bare = free_port(), free_port()
            env = os.environ | {
                "AVVIKELSE_ENV": "demo", "AVVIKELSE_DATABASE_URL": url, "AVVIKELSE_INSTANCE": str(instance),
                "AVVIKELSE_BASE_URL": f"http://{load.HOST}:{ours}", "AVVIKELSE_MAIL": "log", "PYTHONPATH": str(ROOT),
            }  # fmt: skip
            flask(env, "database", "upgrade")
            file = instance / "cases.jsonl"
            cases.write(file, size)
            loading[database, size] = flask(env, "cases", "load", str(file))
            app = create_app(Settings.from_env(env))
            scene = prepare(app)
            with app.app_context():
                db.engine.dispose()
            print(
                f"{database} {size}: loaded in {loading[database, size]}, {scene.open_cases} open in the list",
                flush=True,
            )
            with serving("wsgi:app", ours, env), serving("bench.bare:make()", bare, env):
                for page, (mine, other) in pages(scene, ours, bare).items():
                    try:
                        rates = in_turns(mine, other, options.seconds, options.rounds)
                    except (RuntimeError, OSError) as error:
                        failed = True
                        print(f"{database} {size} {page}: {error}", flush=True)
                        continue
                    found[database, size, page] = rates
                    print(
                        f"{database} {size} {page}: {rates.ours:.0f}/s, bare {rates.bare:.0f}/s, ratio {rates.ratio:.2f}",
                        flush=True,
                    )
    return failed


def in_turns(mine: load.Page, other: load.Page, seconds: float, rounds: int) -> Rates:
    """The medians; a short first round of each warms the workers."""
    for page in (mine, other):
        load.per_second(page, min(seconds, 1.0))
    pairs = [(load.per_second(mine, seconds), load.per_second(other, seconds)) for _ in range(rounds)]
    ratio = statistics.median(one / two for one, two in pairs)
    middle = statistics.median(two for _, two in pairs)
    return Rates(ratio * middle, middle, len(load.fetch(mine)), len(load.fetch(other)))


def pages(scene: Scene, ours: int, bare: int) -> dict[str, tuple[load.Page, load.Page]]:
    chef, reporter, convenor = (log_in(ours, email) for email in (MANAGER, REPORTER, CONVENOR))
    form = find(read(ours, "/rapportera", reporter)[1], button="Granska").filled({}, None)
    text = "Kallelsen till mötet kom tre dagar före. Rätt person hann inte komma."
    chosen = {
        "sender_enhet_id": scene.enhet_id, "counterpart": scene.counterpart_id, "description": text, "severity": 1,
        "kommunkod": scene.kommunkod, "category": "A2",
    }  # fmt: skip
    fields = dict(form) | chosen
    plain = {"sender": 1, "counterpart": "2", "occurred_on": "2026-01-01", "description": text, "severity": 1}

    def body(number: int) -> str:
        return urlencode(fields | {"key": f"measured-{number:09d}"})

    return {
        "list": (load.get(ours, "/arenden", chef), load.get(bare, f"/list/{scene.position_id}")),
        "case": (load.get(ours, f"/avvikelser/{scene.ref}", chef), load.get(bare, f"/case/{scene.ref}")),
        "search": (load.get(ours, "/sok?q=kallelse", chef), load.get(bare, "/search")),
        "month": (load.get(ours, f"/grupper/{scene.group_id}/{scene.month}", convenor), load.get(bare, f"/month/{scene.summary_id}/{scene.position_id}")),
        "report": (load.post(ours, "/rapportera/skicka", body, reporter), load.post(bare, "/report", lambda _: urlencode(plain))),
    }  # fmt: skip


# --- servers and log-ins ----------------------------------------------------------------------------------------------


@contextmanager
def serving(target: str, port: int, env: dict[str, str], threads: int = 1) -> Iterator[None]:
    """gunicorn with two workers."""
    command = [sys.executable, "-m", "gunicorn", target, "-w", "2", "--threads", str(threads)]
    command += ["-b", f"{load.HOST}:{port}", "--log-level", "error"]
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex((load.HOST, port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(30)


def flask(env: dict[str, str], *command: str) -> Loading:
    """Run a command of ours, and say what it took."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command], env=env, cwd=ROOT, stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"flask {' '.join(command)}: {said.read().decode()[-2000:]}")
    return Loading(time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((load.HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def read(port: int, path: str, cookie: str, body: str | None = None) -> tuple[http.client.HTTPResponse, str]:
    connection = http.client.HTTPConnection(load.HOST, port, timeout=120)
    headers = {"Cookie": cookie} | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
    connection.request("POST" if body else "GET", path, body, headers)
    response = connection.getresponse()
    return response, response.read().decode()


def log_in(port: int, email: str) -> str:
    """The cookie of a log-in."""
    response, page = read(port, "/logga-in", "")
    cookie = (response.getheader("Set-Cookie") or "").split(";")[0]
    filled = find(page).filled({"email": email, "password": PASSWORD}, None)
    response, _ = read(port, "/logga-in", cookie, urlencode(filled))
    found = response.getheader("Set-Cookie")
    if response.status >= 400 or not found:
        raise RuntimeError(f"{email} could not log in: {response.status}")
    return found.split(";")[0]


# --- the result -------------------------------------------------------------------------------------------------------


def report(found: Found, loading: dict[tuple[str, int], Loading], options: argparse.Namespace) -> str:
    databases, sizes = list(dict.fromkeys(key[0] for key in loading)), list(dict.fromkeys(key[1] for key in loading))
    lines = [
        f"# Measured {datetime.now(UTC):%Y-%m-%d}", "",
        (f"By `make bench` (100,000 cases too: `make bench SIZES=10000,100000`) on {os.cpu_count()} cores, Python"
        f" {platform.python_version()}: gunicorn with 2 workers, 4 questions at a time, {options.rounds} rounds of"
        f" {options.seconds:g} s a page, in turns with the bare page."), "",
        ("*Ratio* is our answers per second over those of a bare Flask page of the same weight (the same `base.html`, about as"
        " much HTML of the same components; what each does stands in `bench/bare.py`). *Growth* is the cost of an answer at the largest number of cases over that"
        " at the smallest, both against the bare page of the same run."), "",
        (f"Goals: the list, the case and the month at least {GOAL_RATIO} of the bare page; growth at most {GOAL_GROWTH};"
        f" 100,000 cases loaded in 3 minutes and 1 GB. The load average of the machine was {os.getloadavg()[2]:.1f} at the"
        " end; where that is more than it has cores, others used it too, and only the ratios and the processor's time say anything."), "",
    ]  # fmt: skip
    for database in databases:
        columns = [f"{size:,}: ours/s | bare/s | ratio" for size in sizes]
        lines += [f"## {database}", "", "| Page | bytes: ours | bare | " + " | ".join(columns) + " | growth |"]
        lines.append("|---|" + "---:|" * (3 * len(sizes) + 3))
        for page in PAGES:
            rates = [found.get((database, size, page)) for size in sizes]
            cells = " | ".join(_cell(page, each) for each in rates)
            lines.append(f"| {TITLES[page]} | {_sizes(rates)} | {cells} | {_growth(rates)} |")
        loaded = ", ".join(f"{size:,} in {loading[database, size]}" for size in sizes if (database, size) in loading)
        lines += ["", f"Loading with `flask cases load`: {loaded}.", ""]
    return "\n".join(lines)


def _cell(page: str, rates: Rates | None) -> str:
    if rates is None:
        return "– | – | –"
    missed = page in WITH_GOAL and rates.ratio < GOAL_RATIO
    return f"{rates.ours:.0f} | {rates.bare:.0f} | {rates.ratio:.2f}{' ✗' if missed else ''}"


def _sizes(rates: list[Rates | None]) -> str:
    """Of each number of cases: a page that holds more of them costs more, whatever lies behind it."""
    known = [each for each in rates if each is not None]
    ours, bare = ({each.our_size: None for each in known}, {each.bare_size: None for each in known})
    return " | ".join(" → ".join(f"{size:,}" for size in sizes) or "–" for sizes in (ours, bare))


def _growth(rates: list[Rates | None]) -> str:
    known = [each.ratio for each in rates if each is not None]
    if len(known) < 2:
        return "–"
    growth = known[0] / known[-1]
    return f"{growth:.2f}{' ✗' if growth > GOAL_GROWTH else ''}"


if __name__ == "__main__":
    main()
