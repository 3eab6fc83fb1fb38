"""The timeline of a case: what happened, from the audit records that are meant to be shown. Roles, never names."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.events import Event
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import Role
from avvikelse.models.audit import AuditEvent
from avvikelse.queries.case_views import TimelineEntry

# Steps inside one side that the other side and the reporter are not told about.
_PARTIES_ONLY = frozenset(
    {Event.RECODED, Event.HANDLER_NAMED, Event.CONTACT_OUTSIDE, Event.TALK_PROPOSED, Event.TALK_REJECTED}
)
_OWNERS_ONLY = frozenset({Event.ALSO_HANDLED_AS, Event.FACTORS_SET, Event.ANSWER_PROPOSED})
_OWNERS = frozenset({Relation.OWNER_CHEF, Relation.HANDLER, Relation.OWNER_SAMORDNARE})
_PARTIES = _OWNERS | {Relation.SENDER_CHEF, Relation.SENDER_SAMORDNARE}


def timeline_of(session: Session, avvikelse_id: int, found: frozenset[Relation]) -> tuple[TimelineEntry, ...]:
    """Oldest first."""
    rows = session.execute(
        select(AuditEvent.at, AuditEvent.event, AuditEvent.role)
        .where(AuditEvent.avvikelse_id == avvikelse_id, AuditEvent.on_timeline)
        .order_by(AuditEvent.seq)
    )
    return tuple(
        TimelineEntry(at, Event(event).label, _role_label(role))
        for at, event, role in rows
        if _may_see(Event(event), found)
    )


def _may_see(event: Event, found: frozenset[Relation]) -> bool:
    if event in _OWNERS_ONLY:
        return bool(found & _OWNERS)
    if event in _PARTIES_ONLY:
        return bool(found & _PARTIES)
    return True


def _role_label(role: str | None) -> str:
    labels = {member.value: member.label for known in (Role, Relation) for member in known}
    return labels.get(role or "", "Systemet")
