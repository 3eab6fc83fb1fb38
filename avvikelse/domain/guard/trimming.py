"""The end of a found place without the sign that ends the sentence."""

from __future__ import annotations


def trimmed(text: str, start: int, end: int) -> int:
    """`end`, moved back over spaces, full stops and commas, but not before `start`."""
    while end > start and text[end - 1] in " .,":
        end -= 1
    return end
