"""MS24: has somebody looked to it that the child has support? What a case's page says, and what waits for a manager.

One question in two forms: of a case that has been read (`of_case`), and of all that wait for somebody (`waiting`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, exists, or_, select, union_all
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.deadlines import ClockId, due_on
from avvikelse.domain.severity import SEVERE_FROM, is_severe
from avvikelse.domain.vocabulary import PartySide, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import SupportConfirmation
from avvikelse.policy.permission_map import PERMISSIONS, Permission
from avvikelse.policy.visibility import chef_ways, placeholders_of, reach_of, through_parties
from avvikelse.queries.case_views import SupportView
from avvikelse.queries.emergency import emergency_lines
from avvikelse.queries.limits import limits_of

SHOWN, OFTEN = 5, 4  # somebody may take part in one case in several ways
_WHO, _STATES = PERMISSIONS[Permission.CONFIRM_SUPPORT]

CONFIRMED_BY = {
    PartySide.SENDER: "Rapporterande enhetens chef",
    PartySide.OWNER: "Ansvarig chef",
    PartySide.FORMER: "En chef som hade ärendet tidigare",
}


@dataclass(frozen=True, slots=True)
class SupportWaits:
    """A severe case in which her own confirmation is missing, and its last day."""

    ref: str
    number: str
    by: date


def as_chef(actor: Actor, row: Avvikelse) -> tuple[Party, ...]:
    """The sides for which the actor is the one to confirm: as their manager, not as anything else she may be."""
    return tuple(party for party, mine in through_parties(actor, row) if mine & _WHO and _asked(party))


def of_case(session: Session, actor: Actor, row: Avvikelse, mine: Collection[Party]) -> SupportView | None:
    """That the child's support was checked, by which side and when; and whom to call."""
    if row.status is Status.CLOSED or not is_severe(row.severity, child_waits=row.child_waits):
        return None
    done = {c.party_id: c for c in ask(session, _CONFIRMED, case=row.id)}
    waiting = [party for party in mine if party.id not in done and _asked(party)]
    hers = {party.id for party in as_chef(actor, row)}
    first = next(iter(waiting), None)
    return SupportView(
        waits=bool(waiting),
        mine=any(party.id in hers for party in waiting),
        due_on=_due(session, row.pack_id, first.since, row.severe_since) if first and row.severe_since else None,
        confirmed=tuple((CONFIRMED_BY[c.side], c.at) for c in done.values()),
        urgent=emergency_lines(session, row.pack_id),
    )


def waiting(session: Session, actor: Actor, at_most: int = SHOWN) -> tuple[SupportWaits, ...]:
    """The severe cases that wait for her as a manager, the longest waiting first; each once."""
    reach = reach_of(actor)
    if not chef_ways(reach, Party):
        return ()
    rows = ask(session, _waiting(reach.kinds()), at_most=at_most * OFTEN, **reach.values())
    found: dict[str, SupportWaits] = {}
    for row in rows:
        day = _due(session, row.pack_id, row.since, row.severe_since)
        found.setdefault(row.ref, SupportWaits(row.ref, row.number, day))
    return tuple(sorted(found.values(), key=lambda one: (one.by, one.number)))[:at_most]


def _asked(party: Party) -> bool:
    """A manager is asked, of an owner while it has one: what lies at a samordnare is distributed first."""
    return party.side is PartySide.SENDER or (party.side is PartySide.OWNER and party.position_id is not None)


def _due(session: Session, pack_id: int, since: datetime, severe_since: datetime) -> date:
    return due_on(ClockId.ALLVARLIG, local_date(max(since, severe_since)), limits_of(session, pack_id))


@cache
def _waiting(kinds: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Way by way, each along its own index: a manager's open cases are few, everybody's severe ones are not."""
    columns = (Avvikelse.ref, Avvikelse.number, Avvikelse.pack_id, Avvikelse.severe_since, Party.since, Party.id)
    query = (
        select(*columns)
        .join(Avvikelse, Avvikelse.id == Party.avvikelse_id)
        .where(
            Party.open,
            or_(Party.side == PartySide.SENDER, (Party.side == PartySide.OWNER) & Party.position_id.is_not(None)),
            Avvikelse.severe_since.is_not(None),
            or_(Avvikelse.severity >= SEVERE_FROM, Avvikelse.child_waits),
            Avvikelse.status.in_(_STATES),
            Avvikelse.category.is_distinct_from(GOOD_EXAMPLE),
            ~exists().where(SupportConfirmation.party_id == Party.id),
        )
        .order_by(Avvikelse.severe_since, Party.id)
        .limit(bindparam("at_most", type_=Integer))
    )
    ways = (select(query.where(way).subquery()) for way in chef_ways(placeholders_of(kinds), Party))
    every = union_all(*ways).subquery()
    return select(*every.c).order_by(every.c.severe_since, every.c.id)


_CONFIRMED = (
    select(SupportConfirmation.party_id, SupportConfirmation.side, SupportConfirmation.at)
    .where(SupportConfirmation.avvikelse_id == bindparam("case", type_=Integer))
    .order_by(SupportConfirmation.id)
)
