"""A real server that dies at random moments, and people who send reports to it; test_crash.py says what must hold.

The server is gunicorn with wsgi.py, in a process group of its own on the loopback address: kill -9 takes all of it.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from config import ROOT, Settings

HOST = "127.0.0.1"
AT_A_TIME = 32
PATIENCE = 60.0  # seconds that one answer may take, or a start
RECEIPT = "/rapportera/kvitto/"


@dataclass(frozen=True, slots=True)
class Sender:
    """A logged-in reporter: what her browser sends along, and what her form holds."""

    user_id: int
    cookie: str
    fields: dict[str, str]


@dataclass(slots=True)
class Report:
    """One report that somebody wants to get through. `ref` is what the receipt said; None = not acknowledged yet."""

    sender: Sender
    key: str
    text: str
    ref: str | None = None

    @property
    def stored_key(self) -> str:
        return f"{self.sender.user_id}:{self.key}"


@dataclass(slots=True)
class Server:
    """The server of one database. `log` collects what it says, for a failing test."""

    settings: Settings
    port: int
    log: Path
    starts: list[float] = field(default_factory=list)  # seconds until each start answered
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until a page comes."""
        settings, began = self.settings, time.monotonic()
        environment = os.environ | {
            "AVVIKELSE_ENV": "production",
            "AVVIKELSE_DATABASE_URL": settings.database_url,
            "AVVIKELSE_SECRET_KEY": settings.secret_key,
            "AVVIKELSE_AUDIT_KEY": settings.audit_key,
            "AVVIKELSE_BASE_URL": f"http://{HOST}:{self.port}",
            "AVVIKELSE_MAIL": settings.mail,
            "AVVIKELSE_INSTANCE": str(settings.instance),
            "AVVIKELSE_SECOND_STEP": "offered",  # tests/web/test_second_step.py has it
        }
        command = [
            *(sys.executable, "-m", "gunicorn", "wsgi:app", "--preload", "--worker-class", "gthread"),
            *("--workers", "2", "--threads", str(AT_A_TIME // 2), "--bind", f"{HOST}:{self.port}"),
        ]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        while time.monotonic() < began + PATIENCE:
            if self._process.poll() is not None:
                break
            try:
                if self.get("/logga-in")[0] < 500:
                    self.starts.append(time.monotonic() - began)
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
        raise AssertionError(f"the server did not start: {self.log.read_text('utf-8')[-2000:]}")

    def kill(self) -> None:
        """kill -9 for the server and its workers."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE)
            self._process = None

    def get(self, path: str, cookie: str = "") -> tuple[int, str]:
        """Status and page. Raises OSError or HTTPException when there is no answer."""
        return self._ask("GET", path, cookie)[0::2]

    def send(self, report: Report) -> str | None:
        """Send the form; the ref of the receipt, None when there was no answer or it said that nothing was received."""
        body = urlencode({**report.sender.fields, "key": report.key, "description": report.text})
        try:
            status, location, _ = self._ask("POST", "/rapportera/skicka", report.sender.cookie, body)
        except (OSError, http.client.HTTPException):
            return None
        if status == 503:
            return None
        assert status == 302, f"a report was answered with {status}"
        assert RECEIPT in location, location
        return location.rpartition(RECEIPT)[2]

    def _ask(self, method: str, path: str, cookie: str, body: str | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": cookie, "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read().decode("utf-8")
        finally:
            connection.close()


class Crowd:
    """Thirty-two people at a time who send reports and keep trying."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._lock = threading.Lock()
        self._on_the_way: set[str] = set()
        self._done = 0

    def send_and_kill(self, reports: Sequence[Report], *, after: int, pause: float) -> int:
        """Send; when `after` reports have been acknowledged and `pause` seconds have passed, kill the server.

        The pause is cut short before the last ones have got through.

        Returns how many were on the way at that moment.
        """
        self._done = 0
        with ThreadPoolExecutor(AT_A_TIME) as people:
            answers = [people.submit(self._deliver, report) for report in reports]
            until = time.monotonic() + PATIENCE * 10
            while self._done < after and time.monotonic() < until and not all(answer.done() for answer in answers):
                time.sleep(0.001)
            until = time.monotonic() + pause
            while self._done < len(reports) - AT_A_TIME // 4 and time.monotonic() < until:
                time.sleep(0.001)
            with self._lock:
                caught = len(self._on_the_way)
            self.server.kill()
        for answer in answers:
            answer.result()
        return caught

    def send_all(self, reports: Iterable[Report], *, rounds: int = 10) -> int:
        """Send what is not acknowledged, again if needed; returns how many sendings got no receipt."""
        waiting = [report for report in reports if report.ref is None]
        vain = 0
        for _ in range(rounds):
            with ThreadPoolExecutor(AT_A_TIME) as people:
                list(people.map(self._deliver, waiting))
            waiting = [report for report in waiting if report.ref is None]
            vain += len(waiting)
            if not waiting:
                return vain
        raise AssertionError(f"{len(waiting)} reports did not get through in {rounds} rounds")

    def _deliver(self, report: Report) -> None:
        with self._lock:
            self._on_the_way.add(report.key)
        ref = self.server.send(report)
        with self._lock:
            self._on_the_way.discard(report.key)
            if ref is not None:
                report.ref = ref
                self._done += 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
