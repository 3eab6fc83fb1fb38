"""Row → what this person may see. A view holds only what domain/sekretess.py lets the reader have; the rest is absent.

Templates get these views and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.relation import Relation
from avvikelse.domain.sekretess import FieldGroup, may_read
from avvikelse.domain.vocabulary import Channel, Extent, Outcome, PartySide, Status
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.policy.visibility import CURRENT_SIDES, my_parties, through_parties


@dataclass(frozen=True, slots=True)
class Head:
    """Number, day, status, deadline."""

    ref: str
    number: str
    version: int
    status: Status
    outcome: Outcome | None
    submitted_at: datetime
    occurred_on: date
    due_on: date | None
    paused: bool
    joint: bool
    severe: bool
    channel: Channel
    voices: int = 0  # others who have said *jag också*
    occasions: int | None = None  # a samlerapport: so many times, since
    occurred_from: date | None = None


@dataclass(frozen=True, slots=True)
class Coding:
    category: str | None
    reported_category: str | None
    severity: int
    possible_severity: int | None
    age_band: str | None
    tillstand: str | None
    niva: int | None
    extent: Extent | None
    gap_weeks: int | None
    child_waits: bool
    family_coordinates: bool
    family_cleared_reason: str | None
    avtalspunkt_id: int | None
    no_avtal: bool

    @property
    def good(self) -> bool:
        """A good example: no deviation."""
        return self.category == GOOD_EXAMPLE


@dataclass(frozen=True, slots=True)
class SharedText:
    """The text both sides read. `original` is given to the reporting område only, when the shared text is masked."""

    description: str
    proposal: str | None
    managers_talked: bool | None  # have the managers talked with each other, when, and what came of it
    managers_talked_on: date | None
    managers_outcome: str | None
    outside_reason: str | None  # why it was sent outside the ansvarstabell
    original: str | None
    no_notice_given: bool | None
    meeting_held: bool | None


@dataclass(frozen=True, slots=True)
class SenderOnly:
    own_reference: str | None
    immediate_action: str | None


@dataclass(frozen=True, slots=True)
class Gruppmening:
    sentence: str | None
    approved: bool


def head(row: Avvikelse, relations: Iterable[Relation]) -> Head:
    """Read by everybody who has any relation to the case; how severe it is belongs to the coding."""
    return Head(
        row.ref,
        row.number,
        row.version_id,
        row.status,
        row.outcome,
        row.submitted_at,
        row.occurred_on,
        row.due_on,
        row.paused_since is not None,
        row.joint,
        row.severity >= 3 and may_read(FieldGroup.CODING, relations),
        row.channel,
        row.voices,
        row.occasions,
        row.occurred_from,
    )


def coding(row: Avvikelse, relations: Iterable[Relation]) -> Coding | None:
    if not may_read(FieldGroup.CODING, relations):
        return None
    return Coding(
        row.category,
        row.reported_category,
        row.severity,
        row.possible_severity,
        row.age_band,
        row.tillstand,
        row.niva,
        row.extent,
        row.gap_weeks,
        row.child_waits,
        row.family_coordinates,
        row.family_cleared_reason,
        row.avtalspunkt_id,
        row.no_avtal is True,
    )


def shared_text(row: Avvikelse, relations: Iterable[Relation]) -> SharedText | None:
    """A masked text replaces the original for everybody but the reporting område and the reporter."""
    mine = frozenset(relations)
    if not may_read(FieldGroup.SHARED_TEXT, mine):
        return None
    sees_original = may_read(FieldGroup.SENDER_ONLY, mine) or Relation.REPORTER in mine  # her own words
    return SharedText(
        row.masked_description or row.description,
        row.proposal,
        row.managers_talked,
        row.managers_talked_on,
        row.managers_outcome,
        row.outside_reason,
        row.description if row.masked_description and sees_original else None,
        row.no_notice_given,
        row.meeting_held,
    )


def sender_only(row: Avvikelse, relations: Iterable[Relation]) -> SenderOnly | None:
    if not may_read(FieldGroup.SENDER_ONLY, relations):
        return None
    return SenderOnly(row.own_reference, row.immediate_action)


def gruppmening(row: Avvikelse, relations: Iterable[Relation]) -> Gruppmening | None:
    if not may_read(FieldGroup.GRUPPMENING, relations):
        return None
    return Gruppmening(row.gruppmening, row.gruppmening_approved_at is not None)


def sees_reporter(row: Avvikelse, relations: Iterable[Relation]) -> bool:
    return may_read(FieldGroup.REPORTER_IDENTITY, relations, chef_may_see_reporter=row.reporter_named_to_chef)


def room_parties(
    actor: Actor, row: Avvikelse, relations: Iterable[Relation], answered: Iterable[int], *, closed: bool
) -> frozenset[int]:
    """Whose answers and commitments in the joint room the actor reads: ids of parties.

    Both when both have sent their answers. Before that only the own ones, and only who may write them: a samordnare
    may look after both områden, and would carry the one's words to the other. Once the room is closed both are those
    who were in it: whoever comes in a party's place afterwards reads nothing there.
    """
    if not may_read(FieldGroup.JOINT, relations):
        return frozenset()
    owners, sent = [party for party in row.parties if party.side is PartySide.OWNER], frozenset(answered)
    was_there = closed and any(party.id in sent for party in my_parties(actor, row, PartySide.OWNER))
    if len(sent) > 1 and (was_there or {party.id for party in owners} <= sent):
        return sent
    writes = {Relation.OWNER_CHEF, Relation.HANDLER}
    return frozenset(party.id for party, mine in through_parties(actor, row) if party in owners and mine & writes)


def room_promises(
    actor: Actor, row: Avvikelse, relations: Iterable[Relation], readable: frozenset[int], heirs: Mapping[int, Party]
) -> frozenset[int]:
    """Whose commitments the actor reads: those of `room_parties`, and what she has taken over from another one.

    `heirs`: party → who has come in its place. That one reads what it has to do, and nothing else of the former room.
    """
    if not may_read(FieldGroup.JOINT, relations):
        return readable
    mine = my_parties(actor, row, PartySide.OWNER)
    return readable | {party_id for party_id, heir in heirs.items() if heir in mine}


def notes_until(actor: Actor, row: Avvikelse) -> dict[int, datetime | None]:
    """Whose internal notes the actor reads, and up to when: område → None, or the moment that she let the case go.

    Only områden through which she takes part. That she also manages a unit of the other side's område is no reason.
    """
    found: dict[int, datetime | None] = {}
    for party in my_parties(actor, row, PartySide.FORMER):
        known = found.get(party.omrade_id)
        found[party.omrade_id] = max(known, party.until) if known and party.until else party.until
    return found | {party.omrade_id: None for party in my_parties(actor, row, *CURRENT_SIDES)}
