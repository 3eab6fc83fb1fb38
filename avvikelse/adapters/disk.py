"""The disk as the health page asks about it: how much is free, how old the newest copy is."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path


def free_share(directory: Path) -> float:
    """Free part of the disk that holds `directory`, 0–1."""
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    usage = shutil.disk_usage(existing)
    return usage.free / usage.total


def newest_file_at(directory: Path) -> datetime | None:
    """When the newest file that is not empty was written; None without one."""
    try:
        found = [entry.stat() for entry in directory.iterdir() if entry.is_file()]
    except OSError:
        return None
    times = [stat.st_mtime for stat in found if stat.st_size]
    return datetime.fromtimestamp(max(times), UTC) if times else None
