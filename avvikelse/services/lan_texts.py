"""Change a län's own text, or go back to the program's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.lan_texts import LONGEST, LanTextKey, languages_of, own_text
from avvikelse.domain.persondata import refuse_control_characters
from avvikelse.models.texts import LanText
from avvikelse.queries.lan_texts import editable_texts
from avvikelse.services import audit


def change(session: Session, actor: Actor, pack: str, key: str, language: str, text: str, *, now: datetime) -> None:
    """Keep the text; an empty one, or the program's own, removes the län's.

    It is public and may hold an authority's phone number, so the guard is not asked. Raises NotFound for a län that is
    not the actor's and for an unknown key or language, Invalid for a text that is too long.
    """
    pack_id = editable_texts(session, actor, pack).pack_id
    if key not in LanTextKey._value2member_map_ or language not in languages_of(LanTextKey(key)):
        raise NotFound
    text = text.replace("\r\n", "\n").strip()
    refuse_control_characters(text)
    if len(text) > LONGEST:
        raise Invalid(f"Skriv högst {LONGEST} tecken.", field="text")
    row = session.get(LanText, (pack_id, key, language))
    if text in ("", own_text(LanTextKey(key), language)):
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(LanText(pack_id=pack_id, key=key, language=language, text=text, changed_at=now))
    else:
        row.text, row.changed_at = text, now
    session.flush()
    detail = {"pack": pack_id, "key": key, "language": language}
    audit.record(session, actor, Event.LAN_TEXT_CHANGED, now=now, detail=detail)
