"""What may become of an åtgärd: its steps, when its effect is asked about, and what the answers together say.

Whether an åtgärd helped is never decided by the one who owns it: the owner says what she sees, the reporters say
whether it has happened again, and whoever says nothing counts as "vet inte". The numbers of days that a län may change
stand in domain/deadlines.py (`effekt`, `effekt_igen`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from avvikelse.domain.deadlines import ClockId, Limits
from avvikelse.domain.vocabulary import Again, AtgardStatus, Labelled

NO_ATGARD = "M13"  # "ingen åtgärd": nothing that could be put in place
LIFTED = "M12"  # the question is lifted: what it leads to is an åtgärd of its own
NO_EFFECT_ASKED = frozenset({NO_ATGARD, LIFTED})

ROUNDS = (ClockId.EFFEKT, ClockId.EFFEKT_IGEN)
QUESTION_DAYS = 30  # unanswered after these: "vet inte"
RECURRENCE_DAYS = 365  # a report later than this after the åtgärd counts as a new problem
DOES_NOT_BITE = 2  # so many reporters who say "som förut" bring it back to the group
CHANGED_MAX = 200


class AtgardStep(Labelled):
    """What can be done with an åtgärd."""

    DECIDE = "besluta", "Besluta"
    CHANGE = "andra", "Ändra"
    DO = "infor", "På plats"
    FOLLOW_UP = "folj-upp", "Följ upp"
    DROP = "avfor", "Genomförs inte"


S, T = AtgardStatus, AtgardStep

# step: from which statuses, to which (None = it stays)
# fmt: off
FLOW: Mapping[AtgardStep, tuple[frozenset[AtgardStatus], AtgardStatus | None]] = {
    T.DECIDE:    (frozenset({S.PROPOSED}),            S.DECIDED),
    T.CHANGE:    (frozenset({S.PROPOSED, S.DECIDED}), None),
    T.DO:        (frozenset({S.PROPOSED, S.DECIDED}), S.DONE),
    T.FOLLOW_UP: (frozenset({S.DONE, S.FOLLOWED_UP}), S.FOLLOWED_UP),
    T.DROP:      (frozenset({S.PROPOSED, S.DECIDED}), S.DROPPED),
}
# fmt: on


def open_steps(status: AtgardStatus, kind: str) -> tuple[AtgardStep, ...]:
    """What may be done next. "Ingen åtgärd" is a reason, not a thing to put in place."""
    if kind == NO_ATGARD:
        return ()
    return tuple(step for step, (sources, _) in FLOW.items() if status in sources)


# --- when it is asked -------------------------------------------------------------------------------------------------


def first_follow_up(kind: str, done_on: date, limits: Limits) -> date | None:
    """The day of the first asking after an åtgärd came into place; None when its effect is not asked about."""
    return None if kind in NO_EFFECT_ASKED else limits.of(ROUNDS[0]).after(done_on)


def next_follow_up(done_on: date, asked_on: date, rounds_asked: int, limits: Limits) -> date | None:
    """The day of the next asking. None after the last one, or when it would come before this one has been answered."""
    if rounds_asked >= len(ROUNDS):
        return None
    day = limits.of(ROUNDS[rounds_asked]).after(done_on)
    return day if day > closes_on(asked_on) else None


def closes_on(asked_on: date) -> date:
    """The last day to answer."""
    return asked_on + timedelta(days=QUESTION_DAYS)


# --- what is heard ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Voice:
    """One asking of one reporter. `who` tells reporters apart; `again` None = no answer (yet)."""

    who: str
    asked_on: date
    again: Again | None
    open: bool = False  # there is still time to answer


@dataclass(frozen=True, slots=True)
class Heard:
    """What the reporters say now, each counted once by her latest answer.

    `unknown` = "vet inte"; `waiting` = may still answer.
    """

    no: int = 0
    sometimes: int = 0
    as_before: int = 0
    unknown: int = 0
    waiting: int = 0

    @property
    def asked(self) -> int:
        return self.no + self.sometimes + self.as_before + self.unknown + self.waiting

    @property
    def does_not_bite(self) -> bool:
        return self.as_before >= DOES_NOT_BITE

    @property
    def unanswered(self) -> bool:
        """Nobody who was asked has answered."""
        return not (self.no or self.sometimes or self.as_before)

    @property
    def confirmed(self) -> bool:
        """The reporters confirm the effect: somebody says "Nej", and nobody says that it happens still."""
        return self.no > 0 and not self.sometimes and not self.as_before


def heard(voices: Iterable[Voice]) -> Heard:
    """The order does not matter. A later silence does not take back what somebody has said."""
    latest: dict[str, Voice] = {}
    for voice in sorted(voices, key=lambda v: (v.who, v.asked_on)):
        before = latest.get(voice.who)
        if voice.again is None and before is not None and before.again is not None and not voice.open:
            continue
        latest[voice.who] = voice
    said = Counter(voice.again for voice in latest.values())
    waiting = sum(voice.again is None and voice.open for voice in latest.values())
    return Heard(
        no=said[Again.NO],
        sometimes=said[Again.SOMETIMES],
        as_before=said[Again.AS_BEFORE],
        unknown=said[None] - waiting,
        waiting=waiting,
    )
