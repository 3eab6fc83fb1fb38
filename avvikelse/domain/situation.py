"""What routing is asked and what it answers: the situation of a report, a reason, a choice of unit, the route."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from avvikelse.domain.codes import age_range, known_age_band
from avvikelse.domain.organisation import Office, Post, Unit
from avvikelse.domain.vocabulary import RoutingMode

# Categories about referral, responsibility and access: here tillstånd and nivå decide who answers (R02, R03).
MATRIX_GROUPS = ("B", "C", "I")


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when a report is routed.

    Ids are the pack's. `transferred` are units that have already let the case go.
    """

    sender_unit: str | None
    sender_huvudman: str | None
    occurred_on: date
    counterpart_unit: str | None = None
    counterpart_kind: str | None = None
    counterpart_huvudman: str | None = None
    kommunkod: str | None = None
    category: str | None = None
    age_band: str | None = None
    tillstand: str | None = None
    niva: int | None = None
    placing_kommun: str | None = None  # the kommun that has placed the child elsewhere, or where it is registered
    transferred: tuple[str, ...] = ()

    @property
    def ages(self) -> tuple[int, int] | None:
        return age_range(self.age_band) if self.age_band and known_age_band(self.age_band) else None

    @property
    def asks_matrix(self) -> bool:
        return bool(self.category) and self.category[:1] in MATRIX_GROUPS  # type: ignore[index]


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` is a clause that follows "därför att"."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a unit rule says: a unit, or an office where people distribute.

    `alternatives` are units to propose to the samordnare.
    """

    reason: Reason
    unit: Unit | None = None
    office: Office | None = None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Exactly one of `post` and `office`, or neither when nobody at all is known.

    `flagged` = the position itself cannot answer now.
    """

    post: Post | None
    office: Office | None
    unit: Unit | None
    huvudman: str | None
    mode: RoutingMode
    reasons: tuple[Reason, ...]
    copies: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    flagged: bool = False
