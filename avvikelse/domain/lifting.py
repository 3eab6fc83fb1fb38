"""THE table of reasons to lift a theme to the group above. The system proposes, the convenor decides.

Open to change when something is proposed, or the words of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MANY_CASES = 3


@dataclass(frozen=True, slots=True)
class ThemeFacts:
    """What is known of a theme: confirmed cases of twelve months, and how its cases and decisions stand now."""

    cases: int
    disputed: int = 0  # two parties could not agree
    overdue: int = 0  # the day for an answer has passed
    decisions_late: int = 0
    decided: bool = False  # the group has an own decision about it that is not over
    lifted: bool = False  # a question about it waits above already


@dataclass(frozen=True, slots=True)
class Rule:
    """`says` gives the Swedish reason, or None when the rule does not hold."""

    name: str
    says: Callable[[ThemeFacts], str | None]


def _many(theme: ThemeFacts) -> str | None:
    if theme.cases < MANY_CASES or theme.decided:
        return None
    return "Tre eller fler fall på tolv månader, och gruppen har inget beslut som gäller."


def _disputed(theme: ThemeFacts) -> str | None:
    return "Parterna är inte överens om vem som ansvarar." if theme.disputed else None


def _overdue(theme: ThemeFacts) -> str | None:
    return "Tiden för svar har gått ut." if theme.overdue else None


def _late(theme: ThemeFacts) -> str | None:
    return "Gruppens eget beslut är försenat." if theme.decisions_late else None


RULES: tuple[Rule, ...] = (
    Rule("flera fall", _many),
    Rule("oense", _disputed),
    Rule("tiden ute", _overdue),
    Rule("sent beslut", _late),
)


def reasons(theme: ThemeFacts) -> tuple[str, ...]:
    """Why the theme should be lifted; empty = no proposal. Nothing is proposed twice, and nothing without cases."""
    if theme.lifted or theme.cases == 0:
        return ()
    return tuple(said for rule in RULES if (said := rule.says(theme)) is not None)
