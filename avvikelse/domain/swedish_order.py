"""The order of Swedish names: å, ä, ö last, in that order. Open when a list of names is to be sorted.

A database does not know it: SQLite goes by code points (Ä before Å), PostgreSQL by how it was installed. A list that
people look in is sorted here after it has been read.
"""

from __future__ import annotations

# é and ü stand with e and y, the letters of the neighbours with ours.
_LETTERS = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "é": "e", "è": "e", "ü": "y"})


def swedish(name: str) -> str:
    """A key for `sorted`: capital and small letters stand together."""
    return name.casefold().translate(_LETTERS)
