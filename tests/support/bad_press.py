"""Stands in for avvikelse/reports/press.py where it goes wrong: dies at a file, is slow, or needs too much memory."""

from __future__ import annotations

import os
import resource
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path


def main() -> None:
    most = int(sys.argv[2]) * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with Connection(int(sys.argv[1])) as server:
        while True:
            kind, facts = server.recv()
            if kind == "dies":
                os._exit(1)
            if kind == "dies once" and not Path(facts[0]).exists():
                Path(facts[0]).touch()
                os._exit(1)
            if kind == "slow":
                time.sleep(60)
            if kind == "large":
                bytearray(2**31)
            server.send_bytes(b"+" + str(os.getpid()).encode())


if __name__ == "__main__":
    main()
