"""Replace a text in which something has slipped past the guard: the old words are nowhere afterwards.

They go from the row, from every copy that the program itself has made (the other row of a settled talk, agendas,
minutes, papers, frozen months, a question lifted higher, the writer's drafts) and from what is searched in. Mails and
the log hold no texts. What stays are backups and what people have copied: docs/DRIFT.md says so. Which texts there
are: queries/maskable.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain import months
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.replacing import REMOVED, ReplaceReason, mentions, swapped, taken_out
from avvikelse.domain.vocabulary import PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse, ReportDraft
from avvikelse.models.group_decisions import DecisionCase, DecisionEvent
from avvikelse.models.group_work import GroupQuestion, MonthSummary
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.learning import LearningStory
from avvikelse.models.meeting_papers import MeetingPapers
from avvikelse.models.meetings import AgendaItem, GroupMeeting
from avvikelse.policy.permission_map import Permission
from avvikelse.policy.visibility import visible
from avvikelse.queries.maskable import BY_CODE, Maskable, TextOfCase, of_case, readable, rows_of, texts_of
from avvikelse.services import audit, outbox, search_index, stories, telling
from avvikelse.services.case_access import CaseInHand, find, in_hand, require
from avvikelse.services.guarding import guard

_OF_AGENDA = ("title", "about", "proposal", "proposed_owner")
CHANGED_MEANWHILE = "Någon annan har ändrat texten medan du skrev. Läs den nya och byt ut den igen om det behövs."


@dataclass(frozen=True, slots=True)
class Replaced:
    """`look_at` = texts of the case in which a word that was taken out still stands."""

    copies: int
    look_at: tuple[TextOfCase, ...]


def fingerprint(words: str) -> str:
    """Of a text as somebody saw it; tells nothing of the words."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def texts(session: Session, actor: Actor, ref: str) -> tuple[TextOfCase, ...]:
    """The texts that the actor may replace. Raises NotFound, Forbidden."""
    row = session.scalar(select(Avvikelse).where(Avvikelse.ref == ref, visible(actor)))
    if row is None:
        raise NotFound
    case = in_hand(session, actor, row)
    require(case, Permission.REPLACE_TEXT)
    return texts_of(session, actor, case.row, case.relations)


def replace(
    session: Session,
    actor: Actor,
    ref: str,
    code: str,
    row_id: int,
    new: str,
    reason: ReplaceReason,
    *,
    seen: str | None = None,
    now: datetime,
) -> Replaced:
    """Put `new` (empty = a sentence that something is gone) where the old text stands, and wherever it was copied to.

    `seen` is the fingerprint of the text as the form was opened with it. The writer is told, without blame.

    Raises NotFound for a text that is not there for the actor, Conflict when it has changed, Invalid at "text".
    """
    case = find(session, actor, ref)
    require(case, Permission.REPLACE_TEXT)
    field, row = _field(session, case, code, row_id)
    old = getattr(row, field.column.key)
    if seen is not None and seen != fingerprint(old):
        raise Conflict(CHANGED_MEANWHILE)
    new = new.strip() or REMOVED
    guard(text=new)
    if len(new) > field.longest:
        raise Invalid(f"Skriv högst {field.longest} tecken.", field="text")
    if new == old:
        raise Invalid("Texten är densamma som förut. Ta bort det som inte får stå här.", field="text")
    setattr(row, field.column.key, new)
    copies = _replace_copies(session, case.row, old, new)
    _refresh(session, case.row)
    detail = {"field": field.code, "row": row.id, "reason": reason.value, "copies": copies}
    audit.record(session, actor, Event.MASKED, now=now, avvikelse_id=case.row.id, role=case.role, detail=detail)
    _tell_writer(session, case, field, row, now=now)
    gone = taken_out(old, new)
    left = texts_of(session, actor, case.row, case.relations)
    return Replaced(copies, tuple(one for one in left if mentions(one.text, gone)))


def _field(session: Session, case: CaseInHand, code: str, row_id: int) -> tuple[Maskable, Any]:
    field = BY_CODE.get(code)
    if field is None:
        raise NotFound
    where = field.model.id == row_id
    if field.model is not Avvikelse:
        where = where & of_case(field.model, case.row)
    row = (
        case.row
        if field.model is Avvikelse and row_id == case.row.id
        else session.scalar(select(field.model).where(where))
    )
    if row is None or (field.model is Avvikelse and row is not case.row) or not getattr(row, field.column.key):
        raise NotFound
    if not readable(case.actor, case.row, case.relations, field, row):
        raise NotFound
    return field, row


# --- copies -----------------------------------------------------------------------------------------------------------


def _replace_copies(session: Session, case: Avvikelse, old: str, new: str) -> int:
    """Returns how many rows held a copy."""
    count = 0
    for row, keys in _holders(session, case):
        found = False
        for key in keys:
            value = getattr(row, key)
            changed = _in_draft(value, old, new) if isinstance(row, ReportDraft) else swapped(value, old, new)
            if changed != value:
                setattr(row, key, changed)
                found = True
        count += found
    session.flush()
    return count


def _in_draft(payload: str, old: str, new: str) -> str:
    """A draft is JSON in a text."""
    fields = json.loads(payload)
    changed = swapped(fields, old, new)
    return payload if changed == fields else json.dumps(changed, ensure_ascii=False)


def _holders(session: Session, case: Avvikelse) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Every row to which the program may have copied a text of the case, with the columns to look in."""
    for field, row in list(rows_of(session, case)):
        yield row, (field.column.key,)
    for story in session.scalars(select(LearningStory).where(LearningStory.avvikelse_id == case.id)):
        yield story, ("tags",)
    groups = select(Samverkansgrupp.id).where(Samverkansgrupp.pack_id == case.pack_id)
    since = months.month_of(local_date(case.submitted_at))
    held: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
        # a question that was lifted to the group above, and what came back from there
        (
            GroupQuestion,
            GroupQuestion.group_id.in_(groups) & GroupQuestion.lifted_from_id.is_not(None),
            ("text", "answer", "proposal", "proposed_owner"),
        ),
        (DecisionEvent, DecisionEvent.decision_id.in_(_decisions(case)), ("text",)),
        (AgendaItem, AgendaItem.meeting_id.in_(_meetings(groups, case)), _OF_AGENDA),
        (GroupMeeting, GroupMeeting.id.in_(_meetings(groups, case)) & GroupMeeting.minutes.is_not(None), ("minutes",)),
        (MeetingPapers, MeetingPapers.meeting_id.in_(_meetings(groups, case)), ("content",)),
        (MonthSummary, MonthSummary.group_id.in_(groups) & (MonthSummary.month >= since), ("content",)),
    )
    for model, where, keys in held:
        for row in session.scalars(select(model).where(where)):
            yield row, keys
    for draft in session.scalars(select(ReportDraft).where(ReportDraft.user_id == case.reporter_user_id)):
        yield draft, ("payload",)


def _meetings(groups: Any, case: Avvikelse) -> Any:
    return select(GroupMeeting.id).where(
        GroupMeeting.group_id.in_(groups), GroupMeeting.meets_on >= local_date(case.submitted_at)
    )


def _decisions(case: Avvikelse) -> Any:
    return select(DecisionCase.decision_id).where(DecisionCase.avvikelse_id == case.id)


# --- afterwards -------------------------------------------------------------------------------------------------------


def _refresh(session: Session, case: Avvikelse) -> None:
    """What is searched in follows the texts."""
    for story in session.scalars(select(LearningStory).where(LearningStory.avvikelse_id == case.id)):
        stories.find_by_words(story, local_date(case.submitted_at))
    search_index.refresh(session, case)
    senders = {party.omrade_id for party in case.parties if party.side is PartySide.SENDER}
    for omrade_id in {party.omrade_id for party in case.parties}:
        search_index.refresh_own(session, case, omrade_id, is_sender=omrade_id in senders)
    session.flush()


def _tell_writer(session: Session, case: CaseInHand, field: Maskable, row: Any, *, now: datetime) -> None:
    """Whoever wrote it learns that it was replaced, and that nobody minds. Who replaced it herself need not."""
    key = f"mask{field.code}{row.id}:{now:%Y%m%d%H%M}"
    if isinstance(field.writer, Audience):
        me = case.actor.user_id
        if field.writer is Audience.REPORTER and case.row.reporter_user_id == me:
            return
        telling.send(session, case.row, Notice.TEXT_REPLACED, field.writer, now=now, except_user_id=me, key=key)
        return
    writer = getattr(row, field.writer) if field.writer else None
    if writer is not None and writer != case.actor.user_id:
        outbox.queue(
            session, Notice.TEXT_REPLACED, to_user_id=writer, avvikelse_id=case.row.id, now=now,
            dedup_key=f"{Notice.TEXT_REPLACED.value}:{case.row.id}:{key}:u{writer}",
            params={"number": case.row.number, "ref": case.row.ref, "reads": True},
        )  # fmt: skip
