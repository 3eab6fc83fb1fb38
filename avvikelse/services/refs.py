"""Random names for URLs."""

from __future__ import annotations

import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_RANDOM = secrets.SystemRandom()


def new_ref() -> str:
    """16 letters and digits without look-alikes (79 bits)."""
    return "".join(_RANDOM.choices(ALPHABET, k=16))
