"""A temporary PostgreSQL cluster for one test run: made at the first need, shared by all workers, gone afterwards.

Also when run as root.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

RUN_DIR = "AVVIKELSE_TEST_RUN_DIR"  # set by the controlling process, inherited by the workers
PREFIX = "avvikelse-tests-"
SERVER_SETTINGS = (
    "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    " -c max_connections=200 -c shared_buffers=64MB"
)
UNPRIVILEGED = "postgres"


class PostgresMissingError(RuntimeError):
    """No server programs on this machine."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server, reached through a socket in `directory`."""

    directory: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{UNPRIVILEGED}@/{database}?host={self.directory}"


def binaries() -> Path:
    """The newest directory with initdb and pg_ctl. Raises PostgresMissingError."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    raise PostgresMissingError(
        "PostgreSQL saknas. Installera det (Debian: apt-get install postgresql), eller kör `make test` som gör det."
    )


def create_run_dir() -> Path:
    """A directory for this test run, known to the workers through the environment.

    Clears up after runs that were killed.
    """
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = path.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists() and path.stat().st_uid == os.getuid():
            remove_run_dir(path)
    directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    directory.chmod(0o755)
    os.environ[RUN_DIR] = str(directory)
    return directory


def remove_run_dir(directory: Path) -> None:
    """Stop the cluster, if one was started, and delete everything."""
    data = directory / "pg" / "data"
    if (data / "postmaster.pid").exists():
        _run([binaries() / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], check=False)
    shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def locked(name: str) -> Iterator[Path]:
    """One worker at a time; gives the run's directory."""
    directory = Path(os.environ[RUN_DIR])
    with (directory / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield directory


def cluster() -> Cluster:
    """The running cluster, started if this is the first time anybody asks."""
    with locked("cluster") as run_dir:
        directory = run_dir / "pg"
        data = directory / "data"
        if not (data / "postmaster.pid").exists():
            _start(directory, data)
        return Cluster(directory)


def _start(directory: Path, data: Path) -> None:
    programs = binaries()
    directory.mkdir(exist_ok=True)
    if os.getuid() == 0:
        shutil.chown(directory, UNPRIVILEGED)
    _run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            UNPRIVILEGED,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
    )
    options = f"{SERVER_SETTINGS} -k {directory}"
    _run([programs / "pg_ctl", "-D", data, "-l", directory / "log", "-o", options, "-w", "-t", "60", "start"])


def _run(command: list[str | Path], *, check: bool = True) -> None:
    """Run a server program, as an unprivileged user when we are root: PostgreSQL refuses root."""
    prefix = (
        ["setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups", "--"]
        if os.getuid() == 0
        else []
    )
    result = subprocess.run(  # output goes to a file: the server that pg_ctl leaves behind would keep a pipe open
        [*prefix, *map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if "initdb" in str(command[0]) else subprocess.DEVNULL,
        cwd="/",
        check=False,
        timeout=120,
    )
    if check and result.returncode:
        raise RuntimeError(f"{command[0]} failed with {result.returncode}: {(result.stderr or b'').decode()[-500:]}")
