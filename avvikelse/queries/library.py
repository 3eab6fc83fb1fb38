"""The library of published händelsebeskrivningar: search by the same stems as cases, by tag. For all staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from avvikelse.domain.codes import category_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import StoryStatus
from avvikelse.domain.party_words import as_concerned, as_reporter
from avvikelse.domain.searchterms import query_stems
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.learning import LearningStory
from avvikelse.models.organisation import Pack

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Story:
    """`about`: category and route, in words. Nothing of the case."""

    ref: str
    title: str
    event: str
    measure: str
    effect: str
    tags: tuple[str, ...]
    about: str
    published_on: date


@dataclass(frozen=True, slots=True)
class Shelf:
    rows: tuple[Story, ...]
    total: int
    number: int
    tags: tuple[str, ...]


def shelf(session: Session, words: str, tag: str, number: int) -> Shelf:
    """What matches every word (the last one as the beginning of a word) and the tag, newest first."""
    query = select(LearningStory).where(LearningStory.status == StoryStatus.PUBLISHED)
    *whole, last = query_stems(words) or ("",)
    for stem in whole:
        query = query.where(LearningStory.stems.contains(f" {stem} ", autoescape=True))
    if last:
        query = query.where(LearningStory.stems.contains(f" {last}", autoescape=True))
    if tag:
        query = query.where(LearningStory.ref.in_(_tagged(session, tag)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(
        query.join(Avvikelse, Avvikelse.id == LearningStory.avvikelse_id)
        .add_columns(Avvikelse.submitted_at)
        .order_by(LearningStory.published_at.desc(), LearningStory.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Shelf(tuple(_story(*row) for row in rows), total, number, _all_tags(session))


def story(session: Session, ref: str) -> Story:
    """Raises NotFound for what is not published."""
    row = session.execute(_published().where(LearningStory.ref == ref)).first()
    if row is None:
        raise NotFound
    return _story(*row)


def newest(session: Session, pack_slug: str, count: int = 3) -> tuple[Story, ...]:
    query = _published().join(Pack, Pack.id == LearningStory.pack_id).where(Pack.slug == pack_slug)
    newest_first = query.order_by(LearningStory.published_at.desc(), LearningStory.id.desc())
    return tuple(_story(*row) for row in session.execute(newest_first.limit(count)))


def _published() -> Select[LearningStory, datetime]:
    """With the moment of the report that it tells of: what its category was called then."""
    return (
        select(LearningStory, Avvikelse.submitted_at)
        .join(Avvikelse, Avvikelse.id == LearningStory.avvikelse_id)
        .where(LearningStory.status == StoryStatus.PUBLISHED)
    )


def _tagged(session: Session, tag: str) -> list[str]:
    rows = session.execute(
        select(LearningStory.ref, LearningStory.tags).where(LearningStory.status == StoryStatus.PUBLISHED)
    )
    return [ref for ref, tags in rows if tag in tags]


def _all_tags(session: Session) -> tuple[str, ...]:
    rows = session.scalars(select(LearningStory.tags).where(LearningStory.status == StoryStatus.PUBLISHED))
    return tuple(sorted({tag for tags in rows for tag in tags}, key=swedish))


def _story(row: LearningStory, submitted_at: datetime) -> Story:
    words = [category_label(row.category, local_date(submitted_at))] if row.category else []
    if row.sender_kind:
        words.append(f"{as_reporter(row.sender_kind)} rapporterar, gäller {as_concerned(row.receiver_kind or '')}")
    at: datetime = row.published_at or row.written_at
    return Story(
        row.ref, row.title, row.event, row.measure, row.effect, tuple(row.tags), ". ".join(words), local_date(at)
    )
