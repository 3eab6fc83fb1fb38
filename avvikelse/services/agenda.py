"""What people do to an agenda: order, add, leave out, write the minutes. The rest builds itself (queries/agenda.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain import agenda as rules
from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import known_unit_type, unit_type_label
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import AgendaKind, MeetingStatus
from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.meetings import AgendaItem, GroupMeeting
from avvikelse.queries.agenda import agenda_of
from avvikelse.services import audit
from avvikelse.services.group_access import GroupInHand, convened, role_of
from avvikelse.services.guarding import guard
from avvikelse.services.meeting_access import BEFORE_CLOSING, meeting_in_hand
from avvikelse.services.refs import new_ref

MAX_TITLE = 200
MAX_NOTE = 2000


def add(session: Session, actor: Actor, group_id: int, ref: str, title: str, *, now: datetime) -> AgendaItem:
    """An item of the group's own. Its title stands in the public minutes."""
    group, meeting = meeting_in_hand(session, actor, group_id, ref, *BEFORE_CLOSING)
    guard(title=title)
    title = " ".join(title.split())
    if not title or len(title) > MAX_TITLE:
        raise Invalid(f"Skriv punktens rubrik, med högst {MAX_TITLE} tecken.", field="title")
    row = _row(meeting, rules.Item(rules.key_of(AgendaKind.OWN, new_ref()), AgendaKind.OWN, title))
    if meeting.status is MeetingStatus.OPEN:
        row.place = len(agenda_of(session, group.groups, group.facts, meeting, now=now))
    session.add(row)
    session.flush()
    _record(session, group, meeting, now)
    return row


def propose_adjunct(session: Session, actor: Actor, group_id: int, unit_kind: str, *, now: datetime) -> AgendaItem:
    """A party that occurs in the group's cases and has no place there: put on the next agenda.

    Raises Conflict when no meeting is planned, or when it stands there already.
    """
    group = convened(session, actor, group_id)
    if not known_unit_type(unit_kind):
        raise NotFound
    key = rules.key_of(AgendaKind.FORUM_GAP, unit_kind)
    title = f"Adjungera {unit_type_label(unit_kind)} till gruppen?"
    item = rules.Item(key, AgendaKind.FORUM_GAP, title, "Förekommer i avvikelser men har ingen plats.")
    return _on_the_next(session, group, item, now=now)


def propose_revision(session: Session, actor: Actor, group_id: int, point_id: int, *, now: datetime) -> AgendaItem:
    """A point of an avtal that is often not kept: put on the next agenda, to be revised.

    Raises NotFound for another län's point, Conflict when no meeting is planned, or when it stands there already.
    """
    group = convened(session, actor, group_id)
    found = session.execute(
        select(Avtal.name, Avtalspunkt.number)
        .join(Avtalspunkt, Avtalspunkt.avtal_id == Avtal.id)
        .where(Avtalspunkt.id == point_id, Avtal.pack_id == group.facts.pack_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    title = f"Förslag till revidering: {found.name}, punkt {found.number}"[:MAX_TITLE]
    item = rules.Item(rules.key_of(AgendaKind.OWN, f"avtalspunkt-{point_id}"), AgendaKind.OWN, title)
    return _on_the_next(session, group, item, now=now)


def _on_the_next(session: Session, group: GroupInHand, item: rules.Item, *, now: datetime) -> AgendaItem:
    """On the agenda of the group's next meeting. Raises Conflict when there is none, or it stands there already."""
    query = select(GroupMeeting).where(GroupMeeting.group_id == group.id, GroupMeeting.status.in_(BEFORE_CLOSING))
    meeting = session.scalar(query.order_by(GroupMeeting.meets_on).limit(1))
    if meeting is None:
        raise Conflict("Sätt dag för nästa möte först, så hamnar förslaget på dagordningen.")
    if _find(session, meeting, item.key) is not None:
        raise Conflict("Förslaget står redan på dagordningen.")
    row = _row(meeting, item)
    if meeting.status is MeetingStatus.OPEN:
        row.place = len(agenda_of(session, group.groups, group.facts, meeting, now=now))
    session.add(row)
    session.flush()
    _record(session, group, meeting, now)
    return row


def move(session: Session, actor: Actor, group_id: int, ref: str, key: str, step: int, *, now: datetime) -> None:
    """One place up (-1) or down (1). From now on the order is the one that stands here."""
    group, meeting = meeting_in_hand(session, actor, group_id, ref, *BEFORE_CLOSING)
    lines = agenda_of(session, group.groups, group.facts, meeting, now=now)
    items = {line.item.key: line.item for line in lines}
    if key not in items:
        raise NotFound
    for place, name in enumerate(rules.moved([line.item.key for line in lines], key, 1 if step > 0 else -1)):
        _known(session, meeting, items[name]).place = place
    session.flush()
    _record(session, group, meeting, now)


def leave_out(
    session: Session, actor: Actor, group_id: int, ref: str, key: str, *, removed: bool, now: datetime
) -> None:
    """Take an item from this meeting's agenda, or put it back. Its source stays and comes back the next time.

    Raises Conflict for a decision that the group must choose about.
    """
    group, meeting = meeting_in_hand(session, actor, group_id, ref, MeetingStatus.PLANNED)
    lines = agenda_of(session, group.groups, group.facts, meeting, now=now, left_out=True)
    item = next((line.item for line in lines if line.item.key == key), None)
    if item is None:
        raise NotFound
    if item.kind is AgendaKind.REMAINS and removed:
        raise Conflict("Frågan kvarstår och kan inte lyftas bort. Gruppen behöver välja.")
    row = _known(session, meeting, item)
    if item.kind is AgendaKind.OWN and removed:
        session.delete(row)
    else:
        row.removed = removed
    session.flush()
    _record(session, group, meeting, now)


def write(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    key: str,
    note: str,
    internal_note: str,
    *,
    now: datetime,
) -> AgendaItem:
    """The minutes of one item: what everybody may read, and what is marked for the group alone."""
    group, meeting = meeting_in_hand(session, actor, group_id, ref, MeetingStatus.OPEN)
    row = _find(session, meeting, key)
    if row is None:
        raise NotFound
    guard(note=note, internal_note=internal_note)
    for field, text in (("note", note), ("internal_note", internal_note)):
        if len(text) > MAX_NOTE:
            raise Invalid(f"Skriv högst {MAX_NOTE} tecken.", field=field)
    row.note, row.internal_note = note.strip() or None, internal_note.strip() or None
    session.flush()
    _record(session, group, meeting, now)
    return row


def keep_standing(session: Session, actor: Actor, group_id: int, lines: Iterable[str], *, now: datetime) -> list[str]:
    """What stands on every agenda of the group, one line each. No lines = nothing stands."""
    group = convened(session, actor, group_id)
    kept = [" ".join(line.split()) for line in lines if line.strip()]
    guard(items="\n".join(kept))
    if len(kept) > rules.MAX_STANDING_ITEMS or any(len(line) > MAX_TITLE for line in kept):
        raise Invalid(
            f"Skriv högst {rules.MAX_STANDING_ITEMS} punkter, med högst {MAX_TITLE} tecken var.", field="items"
        )
    session.get_one(Samverkansgrupp, group.id).standing_items = kept
    session.flush()
    audit.record(
        session, actor, Event.MEETING_CHANGED, now=now, group_id=group.id, role=role_of(actor, group.id),
        detail={"standing": len(kept)},
    )  # fmt: skip
    return kept


def freeze(session: Session, group: GroupInHand, meeting: GroupMeeting, *, now: datetime) -> None:
    """The meeting opens: every item gets its row, in the order that it has now."""
    for place, line in enumerate(agenda_of(session, group.groups, group.facts, meeting, now=now)):
        row = _known(session, meeting, line.item)
        row.place, row.title, row.about = place, line.item.title, line.item.about or None
        row.proposal, row.proposed_owner = line.item.proposal or None, line.item.owner or None
    session.flush()


def _known(session: Session, meeting: GroupMeeting, item: rules.Item) -> AgendaItem:
    row = _find(session, meeting, item.key)
    if row is None:
        row = _row(meeting, item)
        session.add(row)
        session.flush()
    return row


def _row(meeting: GroupMeeting, item: rules.Item) -> AgendaItem:
    return AgendaItem(
        meeting_id=meeting.id, key=item.key, kind=item.kind, title=item.title, about=item.about or None, removed=False
    )


def _find(session: Session, meeting: GroupMeeting, key: str) -> AgendaItem | None:
    return session.scalar(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, AgendaItem.key == key))


def _record(session: Session, group: GroupInHand, meeting: GroupMeeting, now: datetime) -> None:
    audit.record(
        session, group.actor, Event.MEETING_CHANGED, now=now, group_id=group.id, role=role_of(group.actor, group.id),
        detail={"meeting": meeting.id},
    )  # fmt: skip
