"""The code on a receipt: 16 digits, written 1234 5678 9012 3456. Whoever has it is the reporter. It is not stored."""

from __future__ import annotations

LENGTH = 16
_IGNORED = " -–—.\u00a0\u202f\t\r\n"


def from_bytes(random: bytes) -> str:
    """Sixteen digits out of 32 random bytes; every code is (to 2⁻²⁰⁰) as likely as any other."""
    if len(random) < 32:
        raise ValueError("too few random bytes")
    return f"{int.from_bytes(random) % 10**LENGTH:0{LENGTH}d}"


def grouped(code: str) -> str:
    """As people read it aloud."""
    return " ".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def parsed(typed: str) -> str | None:
    """The digits of what somebody typed, with or without spaces and dashes; None when it cannot be a code."""
    digits = "".join(character for character in typed if character not in _IGNORED)
    return digits if len(digits) == LENGTH and digits.isascii() and digits.isdigit() else None
