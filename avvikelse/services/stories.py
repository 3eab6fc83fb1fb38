"""*Händelsebeskrivningar*: what happened, what was done, how it went, rewritten and approved by both sides.

Written from a case by a samordnare of either side. Published when the samordnare of each side has approved the words;
who changes them asks the other anew. Which case it comes from is known to the case's parties only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import StoryStatus
from avvikelse.domain.notices import Notice
from avvikelse.domain.party_words import as_concerned, as_reporter
from avvikelse.domain.searchterms import stems
from avvikelse.domain.vocabulary import PartySide, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.learning import LearningStory, StoryApproval
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.recipients import samordnare_of
from avvikelse.services import audit, outbox
from avvikelse.services.case_access import CaseInHand, find, require
from avvikelse.services.guarding import guard
from avvikelse.services.refs import new_ref

MOST_TAGS, LONGEST_TAG = 6, 30
LIMITS = {"title": 120, "event": 800, "measure": 800, "effect": 800}


@dataclass(frozen=True, slots=True)
class StoryWords:
    """What is written. `tags` as typed, with commas between."""

    title: str
    event: str
    measure: str
    effect: str
    tags: str = ""


def write(session: Session, actor: Actor, ref: str, words: StoryWords, *, now: datetime) -> LearningStory:
    """Write it, or write it anew while it waits; the writer's own side has approved it with that.

    Raises Conflict when it is published: then it is withdrawn first.
    """
    case = find(session, actor, ref)
    require(case, Permission.WRITE_STORY)
    row = case.row
    story = _of_case(session, row.id)
    if story is not None and story.status is StoryStatus.PUBLISHED:
        raise Conflict("Händelsebeskrivningen är publicerad. Dra in den innan du ändrar den.")
    if story is None:
        story = LearningStory(
            ref=new_ref(), pack_id=row.pack_id, avvikelse_id=row.id, category=row.category,
            sender_kind=row.sender_kind, receiver_kind=row.receiver_kind or row.counterpart_kind,
        )  # fmt: skip
        session.add(story)
    _fill(story, words, local_date(case.row.submitted_at))
    story.status, story.written_at, story.written_by_user_id, story.published_at = (
        StoryStatus.WAITING, now, actor.user_id, None,
    )  # fmt: skip
    session.flush()
    session.execute(delete(StoryApproval).where(StoryApproval.story_id == story.id))
    _record(session, case, Event.STORY_WRITTEN, story, now)
    return _approve(session, case, story, now)


def approve(session: Session, actor: Actor, ref: str, *, now: datetime) -> LearningStory:
    """The other side's yes."""
    case = find(session, actor, ref)
    require(case, Permission.WRITE_STORY)
    story = _of_case(session, case.row.id)
    if story is None:
        raise NotFound
    if story.status is not StoryStatus.WAITING:
        raise Conflict(f"Händelsebeskrivningen väntar inte på något: {story.status.label.lower()}.")
    _record(session, case, Event.STORY_APPROVED, story, now)
    return _approve(session, case, story, now)


def withdraw(session: Session, actor: Actor, ref: str, *, now: datetime) -> LearningStory:
    """Either side may take it out of the library."""
    case = find(session, actor, ref)
    require(case, Permission.WRITE_STORY)
    story = _of_case(session, case.row.id)
    if story is None:
        raise NotFound
    story.status = StoryStatus.WITHDRAWN
    session.flush()
    _record(session, case, Event.STORY_WITHDRAWN, story, now)
    return story


def missing(session: Session, row: Avvikelse, story_id: int, today: date) -> frozenset[int]:
    """The områden whose samordnare has not approved. One without samordnare is not waited for."""
    sides = (PartySide.SENDER, PartySide.OWNER)
    needed = {p.omrade_id for p in row.parties if p.side in sides and samordnare_of(session, p.omrade_id, today)}
    given = session.scalars(select(StoryApproval.omrade_id).where(StoryApproval.story_id == story_id))
    return frozenset(needed) - frozenset(given)


def _approve(session: Session, case: CaseInHand, story: LearningStory, now: datetime) -> LearningStory:
    left = missing(session, case.row, story.id, local_date(now))
    own = left & case.actor.omrade_ids(Role.SAMORDNARE)
    session.add_all(
        StoryApproval(story_id=story.id, omrade_id=omrade_id, at=now, by_user_id=case.actor.user_id)
        for omrade_id in sorted(own)
    )
    session.flush()
    if left - own:
        for omrade_id in sorted(left - own):
            for user_id in samordnare_of(session, omrade_id, local_date(now)):
                outbox.queue(
                    session, Notice.STORY_TO_APPROVE, to_user_id=user_id, avvikelse_id=case.row.id, now=now,
                    dedup_key=f"story{story.id}v{story.version_id}:o{omrade_id}:u{user_id}",
                    params={"number": case.row.number, "ref": case.row.ref},
                )  # fmt: skip
        return story
    story.status, story.published_at = StoryStatus.PUBLISHED, now
    session.flush()
    _record(session, case, Event.STORY_PUBLISHED, story, now)
    return story


def _of_case(session: Session, avvikelse_id: int) -> LearningStory | None:
    query = select(LearningStory).where(LearningStory.avvikelse_id == avvikelse_id)
    return session.scalar(query.order_by(LearningStory.id.desc()).limit(1).with_for_update())


def _fill(story: LearningStory, words: StoryWords, submitted_on: date) -> None:
    texts = {name: getattr(words, name).strip() for name in LIMITS}
    guard(**texts, tags=words.tags)
    for name, most in LIMITS.items():
        if not texts[name] or len(texts[name]) > most:
            raise Invalid(f"Fyll i fältet, med högst {most} tecken.", field=name)
    tags = list(dict.fromkeys(" ".join(tag.split()).lower() for tag in words.tags.split(",") if tag.strip()))
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        raise Invalid(f"Skriv högst {MOST_TAGS} etiketter, med högst {LONGEST_TAG} tecken var.", field="tags")
    story.title, story.event, story.measure, story.effect = (texts[name] for name in LIMITS)
    story.tags = tags
    find_by_words(story, submitted_on)


def find_by_words(story: LearningStory, submitted_on: date) -> None:
    """Set what the library searches in, from the story as it stands, and its category as it was called then."""
    texts = (story.title, story.event, story.measure, story.effect, *story.tags)
    around = (
        category_label(story.category, submitted_on) if story.category else "", as_reporter(story.sender_kind or ""),
        as_concerned(story.receiver_kind or ""),
    )  # fmt: skip
    story.stems = f" {' '.join(stems(' '.join((*texts, *around))))} "


def _record(session: Session, case: CaseInHand, event: Event, story: LearningStory, now: datetime) -> None:
    audit.record(
        session, case.actor, event, now=now, avvikelse_id=case.row.id, role=case.role, detail={"story": story.id}
    )
