"""A found name as a hit: which kind of name it is, and the neutral word instead. Open to change what is proposed."""

from __future__ import annotations

from collections.abc import Sequence

from avvikelse.domain.guard.kinds import Hit, Kind
from avvikelse.domain.guard.roles import CHILD, FAMILY, GUARDIAN, TITLES, neutral_for
from avvikelse.domain.guard.tokens import Token
from avvikelse.domain.guard.words import word_set

SURE_FAMILY_ENDS = tuple(word_set("sure_family_ends"))
# Small words that begin a family name, unless Swedish says them of other things.
BEGIN_FAMILY = frozenset(("af", "van", "von", "der", "bin", "ibn", "abu", "da", "di", "della", "dos", "ould"))


def named(text: str, words: Sequence[Token], at: int, last: int) -> Hit:
    """The name `words[at..last]`, with the small words that belong to it."""
    while at and words[at].gap == " " and words[at - 1].lower in BEGIN_FAMILY:
        at -= 1
    end = words[last].end
    if words[last].one_letter and text[end : end + 1] == ".":
        end += 1
    before = words[at - 1].lower if at and words[at].gap in {" ", ": ", ", "} else ""
    full = sum(not word.one_letter for word in words[at : last + 1])
    if full == 0:
        kind = Kind.INITIALER
    elif full > 1:
        kind = Kind.NAMN_FULLT
    elif before in TITLES or words[at].one_letter or words[at].lower.removesuffix("s").endswith(SURE_FAMILY_ENDS):
        kind = Kind.NAMN_EFTER
    else:
        kind = Kind.NAMN_FOR
    return Hit(words[at].start, end, kind, suggestion=_neutral(words, last, before, kind))


def _neutral(words: Sequence[Token], last: int, before: str, kind: Kind) -> str:
    """What the person is called instead: by the role word before, or the one after a comma, else the child."""
    said = neutral_for(before) if before else None
    if said is not None:
        return said
    after = words[last + 1] if last + 1 < len(words) else None
    if after is not None and after.gap in {", ", " ("} and (told := neutral_for(after.lower)):
        return told
    if kind is Kind.NAMN_EFTER:
        return FAMILY if before in TITLES and before.endswith(("en", "na")) else GUARDIAN
    return CHILD
