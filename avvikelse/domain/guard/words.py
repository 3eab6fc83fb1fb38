"""Reads the word lists of avvikelse/data/guard/. Open when a list gets a new form."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_FOLDER = files("avvikelse") / "data" / "guard"


def lines(name: str) -> Iterator[str]:
    """The lines of a list, without comments."""
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def words(name: str) -> Iterator[str]:
    for line in lines(name):
        yield from line.split()


def phrases(name: str) -> Iterator[str]:
    """Names of several words, divided by "|"."""
    for line in lines(name):
        yield from line.split("|")


@cache
def _sections() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in lines("contexts.txt"):
        if line.startswith("["):
            found[name := line.strip("[]")] = set()
        else:
            found[name].update(line.split())
    return {name: frozenset(members) for name, members in found.items()}


def word_set(name: str) -> frozenset[str]:
    """One section of contexts.txt. Raises KeyError for a name that is not there."""
    return _sections()[name]


def roles() -> dict[str, str]:
    """Role word → the neutral word for whoever has the role, from roles.txt ("neutral: role role …")."""
    table: dict[str, str] = {}
    for line in lines("roles.txt"):
        neutral, _, members = line.partition(":")
        table.update(dict.fromkeys(members.split(), neutral.strip()))
    return table
