"""Whose *snabbvarningar* are mine to send, follow and take back; and which of them are shown to me.

A samordnare speaks to the own område, a convenor to the units in the group's area: nobody else speaks to another
authority's staff. Shown to whoever works at a unit it was sent to; said to be read by its manager.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Role
from avvikelse.models.safety_warnings import SafetyWarning

WORKS_AT = (Role.RAPPORTOR, Role.CHEF, Role.HANDLAGGARE)


def sent_by_mine(actor: Actor) -> ColumnElement[bool]:
    """Those of an område that she coordinates, or a group that she convenes."""
    return or_(
        SafetyWarning.omrade_id.in_(actor.omrade_ids(Role.SAMORDNARE)),
        SafetyWarning.group_id.in_(actor.group_ids(Role.SAMMANKALLANDE)),
    )


def holds(today: date | Any) -> ColumnElement[bool]:
    """Those that are shown on a day."""
    return and_(SafetyWarning.withdrawn_at.is_(None), SafetyWarning.last_on >= today)
