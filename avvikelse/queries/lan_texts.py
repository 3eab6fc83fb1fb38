"""The texts of a län: its own where it has written one, else the program's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.lan_texts import LanTextKey, languages_of, own_text
from avvikelse.domain.languages import LANGUAGES
from avvikelse.domain.vocabulary import HuvudmanKind
from avvikelse.models.organisation import Enhet, Huvudman, Pack
from avvikelse.models.texts import LanText
from avvikelse.policy.organisation import administered_ids


@dataclass(frozen=True, slots=True)
class EditableText:
    """One field of the administrator's page. `own` = the län has its own words."""

    key: LanTextKey
    language: str
    language_name: str
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class LanTexts:
    pack_id: int
    slug: str
    name: str
    texts: tuple[EditableText, ...]


def texts_of(session: Session, pack_id: int, language: str) -> Mapping[str, str]:
    """Every text by its key, for a public page; one query."""
    rows = session.execute(
        select(LanText.key, LanText.text).where(LanText.pack_id == pack_id, LanText.language == language)
    )
    own = {row[0]: row[1] for row in rows}
    return {key.value: own.get(key.value) or own_text(key, language) for key in LanTextKey}


def texts_at(session: Session, enhet_id: int | None, language: str) -> Mapping[str, str]:
    """The same for the län of a unit; the program's own for somebody who works nowhere. One query."""
    query = select(LanText.key, LanText.text).join(Enhet, Enhet.pack_id == LanText.pack_id)
    rows = session.execute(query.where(Enhet.id == enhet_id, LanText.language == language))
    own = {row[0]: row[1] for row in rows}
    return {key.value: own.get(key.value) or own_text(key, language) for key in LanTextKey}


def editable_packs(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(slug, län) of those whose texts the actor may change: the system's administrator, or the region's."""
    ids = administered_ids(actor)
    query = select(Pack.slug, Pack.lan).order_by(Pack.lan)
    if ids is not None:
        regions = select(Huvudman.pack_id).where(Huvudman.id.in_(ids), Huvudman.kind == HuvudmanKind.REGION)
        query = query.where(Pack.id.in_(regions))
    return [(row[0], row[1]) for row in session.execute(query)]


def editable_texts(session: Session, actor: Actor, pack: str) -> LanTexts:
    """What the administrator's page shows. Raises NotFound for a län that is not hers."""
    if pack not in {slug for slug, _ in editable_packs(session, actor)}:
        raise NotFound
    row = session.scalars(select(Pack).where(Pack.slug == pack)).one()
    own = {
        (text.key, text.language): text.text
        for text in session.scalars(select(LanText).where(LanText.pack_id == row.id))
    }
    texts = tuple(
        EditableText(
            key,
            code,
            LANGUAGES[code].name,
            own.get((key.value, code)) or own_text(key, code),
            (key.value, code) in own,
        )
        for key in LanTextKey
        for code in languages_of(key)
    )
    return LanTexts(row.id, row.slug, row.lan, texts)
