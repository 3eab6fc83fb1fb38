"""Whom to call when it is urgent: the län's own lines beside 112. Open when a banner shows an old number."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.models.texts import LanText

SWEDISH = "sv"
SOCIALJOUR, BUP_AKUT = "akut_socialjour", "akut_bup"
LABELS = {SOCIALJOUR: "Socialjouren", BUP_AKUT: "BUP akut"}
DEFAULTS = {
    SOCIALJOUR: "Ring kommunens växel, eller 112 om den är stängd.",
    BUP_AKUT: "Ring 1177, som kopplar vidare dygnet runt.",
}


@dataclass(frozen=True, slots=True)
class EmergencyLine:
    key: str
    label: str
    text: str


def emergency_lines(session: Session, pack_id: int | None) -> tuple[EmergencyLine, ...]:
    """The län's lines; the program's own words where it has written none."""
    own: dict[str, str] = {}
    if pack_id is not None:
        rows = session.execute(
            select(LanText.key, LanText.text).where(
                LanText.pack_id == pack_id, LanText.language == SWEDISH, LanText.key.in_(LABELS)
            )
        )
        own = {row.key: row.text for row in rows}
    return tuple(EmergencyLine(key, label, own.get(key) or DEFAULTS[key]) for key, label in LABELS.items())
