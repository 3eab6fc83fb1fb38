"""A process of its own, at the lowest priority, in which files are made. Open when files are late or do not come.

    DocumentProcess("avvikelse.reports.press").make("pdf", *facts)

One per process of the server, started with the first file. It gets the facts that the request has read and nothing
else: no database, no keys, no environment, and nobody else's rights to look at them. It ends when we do, since its
socket closes. One that dies is replaced and the file tried once more; one that takes too long is ended.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import structlog

from avvikelse.domain.errors import NotNow, TooMany

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 45.0  # seconds: a file takes a fraction of one, but it waits for whoever looks at a page
MEGABYTES = 1024  # of address space; a PDF takes a third of it
AT_ONCE = 3  # one in making, two that wait for it: of four threads (docs/DRIFT.md) one is always left for pages
MADE = b"+"
NOT_MADE = "Filen gick inte att göra just nu. Inget har ändrats. Vänta en stund och försök igen."
MANY = "Flera andra filer görs just nu. Vänta en stund och försök igen."
A_WHILE, A_MOMENT = 10, 2  # seconds until it may go better

log = structlog.get_logger(__name__)


class DocumentFailedError(Exception):
    """The process lives, and its template or table would not do: a fault of ours that shows again each time."""


class DocumentProcess:
    """`module` is run; `make` may be called by several threads, also after a fork."""

    def __init__(
        self, module: str, *, patience: float = PATIENCE, megabytes: int = MEGABYTES, at_once: int = AT_ONCE
    ) -> None:
        self._module, self._patience, self._megabytes = module, patience, megabytes
        self._places = threading.BoundedSemaphore(at_once)
        self._turn = threading.Lock()
        self._running: tuple[subprocess.Popen[bytes], Connection] | None = None
        self._started_by = 0

    def make(self, kind: str, *facts: object) -> bytes:
        """The file. Raises TooMany where others wait already, NotNow where it cannot be made, DocumentFailedError."""
        if not self._places.acquire(blocking=False):
            raise TooMany(MANY, retry_after=A_MOMENT)
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise NotNow(NOT_MADE, retry_after=A_WHILE)
            try:
                answer = self._ask(kind, facts)
            finally:
                self._turn.release()
        finally:
            self._places.release()
        if answer[:1] != MADE:
            log.error("document_failed", kind=kind, error=answer[1:].decode("ascii", "replace"))
            raise DocumentFailedError
        return answer[1:]

    def stop(self) -> None:
        """End the process, if there is one; the next file starts another."""
        if self._running is not None:
            process, connection = self._running
            self._running = None
            connection.close()
            if self._started_by == os.getpid():
                process.kill()
                process.wait()

    @property
    def pid(self) -> int | None:
        return self._running[0].pid if self._running else None

    def _ask(self, kind: str, facts: tuple[object, ...]) -> bytes:
        for _attempt in range(2):
            connection = self._connection()
            try:
                connection.send((kind, facts))
                if connection.poll(self._patience):
                    return connection.recv_bytes()
            except (EOFError, OSError):
                log.warning("document_process_died", kind=kind)
                self.stop()
            except BaseException:  # whoever asked has been ended in between: the answer must not be the next one's
                self.stop()
                raise
            else:
                log.error("document_process_too_slow", kind=kind, seconds=self._patience)
                self.stop()
                break
        raise NotNow(NOT_MADE, retry_after=A_WHILE)

    def _connection(self) -> Connection:
        if self._started_by != os.getpid():  # forked since: that process is not ours
            self.stop()
        if self._running is None:
            self._running = self._start()
            self._started_by = os.getpid()
        return self._running[1]

    def _start(self) -> tuple[subprocess.Popen[bytes], Connection]:
        """Out of the terminal's reach, but in our session: Linux may weigh priorities within a session only."""
        ours, theirs = Pipe()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 -- our own program, and numbers
                [sys.executable, "-P", "-m", self._module, str(theirs.fileno()), str(self._megabytes)],
                env={"PYTHONPATH": str(ROOT), "RAYON_NUM_THREADS": "1"},  # one core at most, the other is for pages
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()], process_group=0,
            )  # fmt: skip
        log.info("document_process_started", pid=process.pid)
        return process, ours
