"""*Skickad fram och tillbaka*: a unit holds the case again after letting go. Read from the transfer log only.

A > B > A and A > B > C > A are returns; A > B > C is a long way but no return. The samordnare in between (a hold
without unit) is neither: what she sends back to the same unit has not been anywhere else. *Växlingar* between
sekretessområden, which lock a case, are another count (domain/receiver.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from avvikelse.analysis.intervals import Share, share

LONG_CHAIN = 3  # transfers between units
MIN_RETURNED = 3  # cases before a pair can stand out


@dataclass(frozen=True, slots=True)
class Hold:
    """A case comes to a unit. `unit` None = it lies with a samordnare. `order` sorts the holds of one case."""

    case: Hashable
    order: int
    unit: int | None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """A way back, in kinds of units: ("bup", "elevhalsa", "bup") and how many cases went it."""

    kinds: tuple[str, ...]
    cases: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two kinds of parties, in the order sent: of how many cases sent on, how many came back later."""

    sender: str
    receiver: str
    returned: Share


@dataclass(frozen=True, slots=True)
class PairShare:
    """A row of the route table: what one kind of unit reported to another, and how much of it was sent back and forth.

    `stands_out`: the interval lies above the share of everything in the table.
    """

    sender: str
    receiver: str
    returned: Share
    stands_out: bool


@dataclass(frozen=True, slots=True)
class Bounces:
    """`returned` of the cases that a unit has held; `sent`: passed on, `long`: LONG_CHAIN times or more."""

    returned: Share
    sent: int
    long: int
    routes: tuple[Route, ...]
    pairs: tuple[Pair, ...]


def bounces(holds: Iterable[Hold]) -> Bounces:
    """Count over the cases in the log. The order of the rows does not matter."""
    ways = _ways(holds)
    routes: Counter[tuple[str, ...]] = Counter()
    sent_pairs: Counter[tuple[str, str]] = Counter()
    back_pairs: Counter[tuple[str, str]] = Counter()
    for way in ways.values():
        back = _first_return(way)
        pairs = {(before.kind or "", after.kind or "") for before, after in pairwise(way)}
        sent_pairs.update(pairs)
        if back:
            routes[tuple(hold.kind or "" for hold in back)] += 1
            back_pairs.update({(back[0].kind or "", back[1].kind or "")})
    returned = sum(routes.values())
    return Bounces(
        returned=share(returned, len(ways)),
        sent=sum(len(way) > 1 for way in ways.values()),
        long=sum(len(way) > LONG_CHAIN for way in ways.values()),
        routes=tuple(Route(kinds, n) for kinds, n in sorted(routes.items(), key=lambda item: (-item[1], item[0]))),
        pairs=tuple(
            Pair(*pair, returned=share(back_pairs[pair], total))
            for pair, total in sorted(sent_pairs.items(), key=lambda item: (-back_pairs[item[0]], -item[1], item[0]))
        ),
    )


def pair_shares(rows: Iterable[tuple[str, str, int, int]]) -> tuple[PairShare, ...]:
    """The route table from (sender, receiver, sent, returned), pairs also repeated. What stands out comes first."""
    sent: Counter[tuple[str, str]] = Counter()
    back: Counter[tuple[str, str]] = Counter()
    for sender, receiver, number, returned in rows:
        sent[sender, receiver] += number
        back[sender, receiver] += returned
    usual = back.total() / sent.total() if sent.total() else 0.0
    found = []
    for (sender, receiver), number in sent.items():
        of = share(back[sender, receiver], number)
        found.append(PairShare(sender, receiver, of, stands_out=of.count >= MIN_RETURNED and of.low > usual))
    return tuple(sorted(found, key=lambda one: (not one.stands_out, -one.returned.count, one.sender, one.receiver)))


def _ways(holds: Iterable[Hold]) -> Mapping[Hashable, Sequence[Hold]]:
    """Per case the units in order, a unit once for each unbroken time that it holds the case."""
    by_case: dict[Hashable, list[Hold]] = defaultdict(list)
    for hold in holds:
        if hold.unit is not None:
            by_case[hold.case].append(hold)
    return {
        case: [next(same) for _, same in groupby(sorted(way, key=lambda h: h.order), key=lambda h: h.unit)]
        for case, way in by_case.items()
    }


def _first_return(way: Sequence[Hold]) -> Sequence[Hold]:
    """From the first unit that comes back to where it does; empty when none does."""
    seen: dict[int | None, int] = {}
    for place, hold in enumerate(way):
        if hold.unit in seen:
            return way[seen[hold.unit] : place + 1]
        seen[hold.unit] = place
    return ()
