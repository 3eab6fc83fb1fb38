"""Where a case lies: a position, or a samordnare's funktion, always within a sekretessområde."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receiver:
    """Database ids. Exactly one of `position_id` and `funktion_id` is set."""

    omrade_id: int
    enhet_id: int | None = None
    position_id: int | None = None
    funktion_id: int | None = None
    enhet_kind: str | None = None

    def __post_init__(self) -> None:
        if (self.position_id is None) == (self.funktion_id is None):
            raise ValueError("a receiver is a position or a funktion")


@dataclass(frozen=True, slots=True)
class Held:
    """One earlier or present holder of a case, in the order of its way (positions only)."""

    omrade_id: int
    enhet_id: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """What a move to `Receiver` means for the counts."""

    crosses: bool  # between sekretessområden: one växling more
    back_to_omrade: bool  # the område has held the case before
    back_to_enhet: bool  # the unit holds it again after having let go ("skickad fram och tillbaka")


def step_to(way: tuple[Held, ...], to: Receiver) -> Step:
    """Compare a move with the way so far. A move to a samordnare (funktion) is no växling and no return."""
    if to.position_id is None or not way:
        return Step(crosses=False, back_to_omrade=False, back_to_enhet=False)
    last = way[-1]
    return Step(
        crosses=last.omrade_id != to.omrade_id,
        back_to_omrade=last.omrade_id != to.omrade_id and any(h.omrade_id == to.omrade_id for h in way[:-1]),
        back_to_enhet=to.enhet_id is not None
        and last.enhet_id != to.enhet_id
        and any(h.enhet_id == to.enhet_id for h in way[:-1]),
    )
