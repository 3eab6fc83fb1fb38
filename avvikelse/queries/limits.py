"""The län's own limits for the clocks, for the clocks themselves and as a page for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.deadlines import CLOCKS, ClockId, Limit, Limits
from avvikelse.domain.errors import NotFound
from avvikelse.domain.vocabulary import Role
from avvikelse.models.agreements import LimitChange, LimitSetting
from avvikelse.models.asking import ask
from avvikelse.models.organisation import Huvudman, Pack
from avvikelse.policy.organisation import administered_ids

FIXED = (
    ClockId.KVITTENS,
    ClockId.ATGARD,
    ClockId.GRUPPBESLUT,
    ClockId.ATAGANDE,
    ClockId.KOSTNAD,
)  # at once; its own day


def limits_of(session: Session, pack_id: int) -> Limits:
    """The pack's limits over the defaults, and an administrator's over them, each from its day.

    Cached for the length of the session's transaction.
    """
    cache: dict[int, Limits] = session.info.setdefault("limits", {})
    if pack_id not in cache:
        rows, dated = ask(session, _SETTINGS, pack=pack_id), ask(session, _CHANGES, pack=pack_id)
        cache[pack_id] = Limits.from_rows(((r[0], r[1], r[2]) for r in rows), ((r[0], r[1], r[2], r[3]) for r in dated))
    return cache[pack_id]


_SETTINGS = select(LimitSetting.slug, LimitSetting.value, LimitSetting.unit).where(
    LimitSetting.pack_id == bindparam("pack")
)
_CHANGES = select(LimitChange.clock, LimitChange.from_on, LimitChange.value, LimitChange.unit).where(
    LimitChange.pack_id == bindparam("pack")
)


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One clock: what holds for what starts today, the default, and what will hold from a later day."""

    clock: ClockId
    now: str
    default: str
    starts: str
    limit: Limit
    later: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class LimitsPage:
    pack: str
    name: str
    pack_id: int
    lines: tuple[LimitLine, ...]
    may_change: bool


def limits_page(session: Session, actor: Actor, pack_slug: str, today: date) -> LimitsPage:
    """For every administrator in the län; the system's administrator may change. Raises NotFound for other län."""
    pack = session.scalar(select(Pack).where(Pack.slug == pack_slug))
    mine = administered_ids(actor)
    if pack is None or not actor.has(Role.ADMINISTRATOR):
        raise NotFound
    if mine is not None:
        here = session.scalar(select(Huvudman.id).where(Huvudman.id.in_(mine), Huvudman.pack_id == pack.id).limit(1))
        if here is None:
            raise NotFound
    limits = limits_of(session, pack.id)
    lines = tuple(
        LimitLine(
            clock,
            str(limits.of(clock, today)),
            str(row.limit),
            row.starts,
            limits.of(clock, today),
            tuple((day, str(limit)) for which, day, limit in limits.dated if which is clock and day > today),
        )
        for clock, row in CLOCKS.items()
        if clock not in FIXED
    )
    return LimitsPage(pack.slug, pack.lan, pack.id, lines, may_change=mine is None)
