"""Addresses of css, scripts, fonts and images. Open when a browser shows an old file after an upgrade.

`url_for('static', filename=…)` gets `?v=` with the start of the file's hash, so that the browser may keep the file
for ever.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.security import safe_join


def register(app: Flask) -> None:
    """Version every static address of `app`."""

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" or "v" in values or app.static_folder is None:
            return
        path = safe_join(app.static_folder, str(values.get("filename", "")))
        if path is not None and Path(path).is_file():
            values["v"] = _version(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _version(path: str, _changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
