"""Addresses of css, scripts, fonts and images. Open when a browser shows an old file after an upgrade.

`static_url('css/app.css')` in a template, and `url_for('static', …)`, carry `?v=` with the start of the file's hash, so
that the browser may keep the file for ever. A file's hash is read once: whoever changes one restarts the server.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from werkzeug.security import safe_join


def register(app: Flask) -> None:
    """Version every static address of `app`."""

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" or "v" in values or app.static_folder is None:
            return
        path = safe_join(app.static_folder, str(values.get("filename", "")))
        if path is not None and (version := _version(path)):
            values["v"] = version

    @cache
    def static_url(filename: str) -> str:
        return url_for("static", filename=filename)

    app.jinja_env.globals["static_url"] = static_url


@cache
def _version(path: str) -> str:
    """Empty for what is no file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12] if Path(path).is_file() else ""
