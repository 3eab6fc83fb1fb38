"""The process in which files are made, at the lowest priority: `python -m avvikelse.reports.press FILENO MEGABYTES`.

Open with adapters/document_process.py, which starts it and speaks with it over the socket FILENO. It gets facts and
gives bytes. It writes nothing, not even about its failures: their words may hold what somebody has typed. It ends when
the other end of the socket does, which is when the server's process ends, however that happens.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from multiprocessing.connection import Connection

from avvikelse.reports import making

MADE, FAILED = b"+", b"-"  # the first byte of an answer; after it the file, or the name of the error
LOWEST = 19  # of nice(2): it gets what is left over when somebody waits for a page


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's; we end with it
    os.nice(LOWEST)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the texts
    most = int(sys.argv[2]) * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        with Connection(int(sys.argv[1])) as server:
            while True:
                kind, facts = server.recv()
                server.send_bytes(answer(kind, facts))
    except (EOFError, OSError):  # the server has gone
        return


def answer(kind: str, facts: tuple[object, ...]) -> bytes:
    """The file behind MADE, or behind FAILED what kind of error there was."""
    try:
        return MADE + making.here(kind, *facts)
    except Exception as error:  # noqa: BLE001 -- whatever it was, the server is told and the next file is made
        return FAILED + type(error).__name__.encode()


if __name__ == "__main__":
    main()
