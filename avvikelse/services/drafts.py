"""Drafts of reports: save while typing, take up again, throw away. A text with personal data is not stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.models.avvikelse import ReportDraft
from avvikelse.services.guarding import refuse
from avvikelse.services.refs import new_ref

MAX_FIELD = 4_000
MAX_DRAFTS = 50


@dataclass(frozen=True, slots=True)
class Saved:
    """`stopped` names the fields whose text was not stored, each with the reason; `warned` those to look at again.

    A warned text is stored: it is the writer's own, read by nobody else, and asked about when it is sent.
    """

    ref: str
    stopped: Mapping[str, str]
    warned: tuple[str, ...] = ()


def save(
    session: Session, actor: Actor, form: str, fields: Mapping[str, Any], *, ref: str | None, now: datetime
) -> Saved:
    """Store what has been typed, under `ref` or a new one. Raises NotFound for somebody else's draft."""
    if actor.user_id is None:
        raise NotFound
    kept: dict[str, Any] = {}
    stopped: dict[str, str] = {}
    warned: list[str] = []
    for name, value in fields.items():
        try:
            if isinstance(value, str):
                warned += refuse(**{name: value})
        except Invalid as error:
            stopped[name] = error.reason
        else:
            kept[name] = value[:MAX_FIELD] if isinstance(value, str) else value
    draft = _find(session, actor, ref) if ref else None
    if draft is None:
        _make_room(session, actor)
        draft = ReportDraft(ref=new_ref(), user_id=actor.user_id, form=form)
        session.add(draft)
    draft.payload, draft.updated_at = json.dumps(kept, ensure_ascii=False), now
    session.flush()
    return Saved(draft.ref, stopped, tuple(warned))


def load(session: Session, actor: Actor, ref: str) -> dict[str, Any]:
    """What was typed. Raises NotFound when it is not the actor's own."""
    found: dict[str, Any] = json.loads(_find(session, actor, ref).payload)
    return found


def mine(session: Session, actor: Actor) -> list[ReportDraft]:
    """The actor's drafts, the latest first."""
    query = select(ReportDraft).where(ReportDraft.user_id == actor.user_id).order_by(ReportDraft.updated_at.desc())
    return list(session.scalars(query.limit(MAX_DRAFTS)))


def discard(session: Session, actor: Actor, ref: str) -> None:
    """Throw a draft away. Raises NotFound when it is not the actor's own."""
    session.delete(_find(session, actor, ref))
    session.flush()


def discard_if_mine(session: Session, actor: Actor, ref: str | None) -> None:
    """After sending: the draft has become a report. One that is gone already is no error."""
    if ref:
        session.execute(delete(ReportDraft).where(ReportDraft.ref == ref, ReportDraft.user_id == actor.user_id))


def _find(session: Session, actor: Actor, ref: str) -> ReportDraft:
    draft = session.scalar(select(ReportDraft).where(ReportDraft.ref == ref, ReportDraft.user_id == actor.user_id))
    if draft is None:
        raise NotFound
    return draft


def _make_room(session: Session, actor: Actor) -> None:
    """At most MAX_DRAFTS a person: the oldest gives way."""
    query = select(ReportDraft).where(ReportDraft.user_id == actor.user_id).order_by(ReportDraft.updated_at.desc())
    for old in session.scalars(query.offset(MAX_DRAFTS - 1)):
        session.delete(old)
