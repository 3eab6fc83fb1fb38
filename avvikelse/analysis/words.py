"""Numbers and small words as a Swede writes them in a sentence. Open when a generated sentence reads badly."""

from __future__ import annotations

_SMALL = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


def decimal(value: float) -> str:
    """10 → "10", 7.75 → "7,8", 0.04 → "0": one decimal, none when it is a whole number."""
    text = f"{value:.1f}"
    return text.removesuffix(".0").replace(".", ",")


def number_word(count: int, *, neuter: bool = False) -> str:
    """Up to twelve in letters ("en", or "ett" for a neuter noun), then digits."""
    if count == 1 and neuter:
        return "ett"
    return _SMALL[count] if 0 <= count < len(_SMALL) else str(count)


def counted(count: int, one: str, many: str, *, neuter: bool = False) -> str:
    """ "en avvikelse", "ett ärende", "fem avvikelser", "inga frågor", "32 avvikelser"."""
    return f"{number_word(count, neuter=neuter) if count else 'inga'} {one if count == 1 else many}"


def sentence_case(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]
