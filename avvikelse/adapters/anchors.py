"""The ends of the audit chain as they were, kept in a file outside the database. Open when an anchor is missed.

One JSON line per anchor. The file is worth something only where the database's owner cannot write:
docs/DRIFT.md says to copy it away.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

FILE_NAME = "audit-anchors.jsonl"


def append(path: Path, seq: int, chain_hash: str, now: datetime) -> None:
    """Add an anchor; on disk when this returns. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"at": now.isoformat(timespec="seconds"), "seq": seq, "hash": chain_hash})
    with path.open("a", encoding="ascii") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Iterator[tuple[int, str]]:
    """(seq, hash) of each anchor, oldest first; nothing without a file. ValueError for a line that is no anchor."""
    if not path.exists():
        return
    for number, line in enumerate(path.read_text("ascii").splitlines(), 1):
        try:
            anchor = json.loads(line)
            yield int(anchor["seq"]), str(anchor["hash"])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name}, rad {number}: inte ett ankare") from error
