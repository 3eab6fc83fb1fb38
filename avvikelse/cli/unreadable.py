"""Why a file could not be read, in Swedish."""

from __future__ import annotations

from collections.abc import Mapping

_WHY: Mapping[type[OSError], str] = {
    FileNotFoundError: "Filen finns inte",
    IsADirectoryError: "Det är en mapp",
    NotADirectoryError: "Filen finns inte",
    PermissionError: "Du får inte läsa filen",
}


def why(error: OSError) -> str:
    """A sentence without its full stop."""
    return _WHY.get(type(error), f"Systemet svarar {error.strerror or type(error).__name__}")
