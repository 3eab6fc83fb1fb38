"""The timeline of a case: what happened, from the audit records that are meant to be shown. Roles, never names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from avvikelse.domain.events import Event
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import Role
from avvikelse.queries.case_views import TimelineEntry

# Steps inside one side that the other side and the reporter are not told about.
_PARTIES_ONLY = frozenset(
    {
        Event.RECODED, Event.HANDLER_NAMED, Event.CONTACT_OUTSIDE, Event.TALK_PROPOSED, Event.TALK_REJECTED,
        Event.RECURRED, Event.FAMILY_FLAGGED, Event.FAMILY_CLEARED,
    }
)  # fmt: skip
_OWNERS_ONLY = frozenset(
    {
        Event.ALSO_HANDLED_AS, Event.FACTORS_SET, Event.ANSWER_PROPOSED, Event.ANSWER_TO_CHECK, Event.ANSWER_CHECKED,
        Event.ANSWER_RETURNED, Event.COST_WRITTEN, Event.COST_DROPPED, Event.COST_PATH_SET, Event.COST_DECIDED,
        Event.TALK_PLANNED, Event.TALK_ACCEPTED, Event.TALK_HELD, Event.TALK_CANCELLED,
    }
)  # fmt: skip
_OWNERS = frozenset({Relation.OWNER_CHEF, Relation.HANDLER, Relation.OWNER_SAMORDNARE})
_PARTIES = _OWNERS | {Relation.SENDER_CHEF, Relation.SENDER_SAMORDNARE}


def timeline_of(rows: Iterable[Any], found: frozenset[Relation]) -> tuple[TimelineEntry, ...]:
    """Of audit records (at, event, role), in their order."""
    return tuple(
        TimelineEntry(at, Event(event).label, _ROLE_LABELS.get(role or "", "Systemet"))
        for at, event, role in rows
        if _may_see(Event(event), found)
    )


_ROLE_LABELS = {member.value: member.label for known in (Role, Relation) for member in known}


def _may_see(event: Event, found: frozenset[Relation]) -> bool:
    if event in _OWNERS_ONLY:
        return bool(found & _OWNERS)
    if event in _PARTIES_ONLY:
        return bool(found & _PARTIES)
    return True
