"""The län's own limits for the clocks."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.deadlines import Limits
from avvikelse.models.agreements import LimitSetting


def limits_of(session: Session, pack_id: int) -> Limits:
    """The pack's limits over the defaults. Cached for the length of the session's transaction."""
    cache: dict[int, Limits] = session.info.setdefault("limits", {})
    if pack_id not in cache:
        rows = session.execute(
            select(LimitSetting.slug, LimitSetting.value, LimitSetting.unit).where(LimitSetting.pack_id == pack_id)
        )
        cache[pack_id] = Limits.from_rows((slug, value, unit) for slug, value, unit in rows)
    return cache[pack_id]
