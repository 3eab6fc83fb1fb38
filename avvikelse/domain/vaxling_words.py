"""What a manager reads of how often a case has gone to another party, before she lets it go once more (MS1)."""

from __future__ import annotations

_TIMES = {1: "en gång", 2: "två gånger", 3: "tre gånger"}


def times_given_on(vaxlingar: int) -> str:
    """ "" for a case that has stayed with one party."""
    return f"Ärendet har bytt part {_TIMES.get(vaxlingar, f'{vaxlingar} gånger')}." if vaxlingar else ""


def before_it_goes_on(vaxlingar: int) -> str:
    """The same as a warning: three parties in a row are no way back, but the next step may be one."""
    if not vaxlingar:
        return ""
    return (
        f"{times_given_on(vaxlingar)} Går det tillbaka till någon som redan har haft det löser ni det tillsammans, "
        "i ett gemensamt rum."
    )
