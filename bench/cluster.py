"""A PostgreSQL server of the benchmark's own, with its usual durability, gone afterwards. Open to change its settings."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.postgres import UNPRIVILEGED, binaries

# As installed, but for memory that a server of this size would be given.
SETTINGS = "-c listen_addresses='' -c shared_buffers=256MB -c max_connections=60"


@contextmanager
def running() -> Iterator[str]:
    """URL of an empty database `bench`."""
    directory = Path(tempfile.mkdtemp(prefix="avvikelse-bench-pg-"))
    directory.chmod(0o755)
    if os.getuid() == 0:
        shutil.chown(directory, UNPRIVILEGED)
    programs, data = binaries(), directory / "data"
    _run(programs / "initdb", "-D", data, "-U", UNPRIVILEGED, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    _run(programs / "pg_ctl", "-D", data, "-l", directory / "log", "-o", f"{SETTINGS} -k {directory}", "-w", "start")
    try:
        _run(programs / "createdb", "-h", directory, "-U", UNPRIVILEGED, "bench")
        yield f"postgresql+psycopg://{UNPRIVILEGED}@/bench?host={directory}"
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(directory, ignore_errors=True)


def _run(*command: str | Path) -> None:
    """Run a server program, as an unprivileged user when we are root: PostgreSQL refuses root."""
    prefix = ["setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups", "--"]
    subprocess.run(
        [*(prefix if os.getuid() == 0 else []), *map(str, command)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", check=True, timeout=120,
    )  # fmt: skip
