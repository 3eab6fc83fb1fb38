"""What people have told about the pages, for the administrator of the län."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.models.organisation import Pack
from avvikelse.models.texts import PageComment
from avvikelse.queries.lan_texts import editable_packs


@dataclass(frozen=True, slots=True)
class OpenComment:
    id: int
    lan: str
    text: str
    told_on: date


def open_comments(session: Session, actor: Actor) -> tuple[OpenComment, ...]:
    """The open ones of the län whose public texts the actor may change; the oldest first."""
    mine = [slug for slug, _ in editable_packs(session, actor)]
    rows = session.execute(
        select(PageComment.id, Pack.lan, PageComment.text, PageComment.told_on)
        .join(Pack, Pack.id == PageComment.pack_id)
        .where(PageComment.done_at.is_(None), Pack.slug.in_(mine))
        .order_by(PageComment.told_on, PageComment.id)
    )
    return tuple(OpenComment(*row) for row in rows)


def answers_for(session: Session, actor: Actor, pack_id: int) -> bool:
    """Is it the actor who takes care of what is told about this län's pages?"""
    slug = session.scalar(select(Pack.slug).where(Pack.id == pack_id))
    return any(slug == mine for mine, _ in editable_packs(session, actor))
