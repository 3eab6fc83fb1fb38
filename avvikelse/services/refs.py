"""Random names for URLs."""

from __future__ import annotations

import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_ref() -> str:
    """16 letters and digits without look-alikes (79 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(16))
