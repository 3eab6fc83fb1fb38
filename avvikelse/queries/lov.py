"""*Lovkalender*: when units are closed and nobody stands in. For the clocks, the case page and the administrator.

A huvudman writes it down per kind of unit: its schools in the summer, its fritidsgårdar in July.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.deadlines import Wait, Waits
from avvikelse.domain.errors import NotFound
from avvikelse.domain.running import WAITS_IN
from avvikelse.domain.severity import is_severe
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.vocabulary import PartySide
from avvikelse.models.agreements import Lov
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.organisation import Enhet, Huvudman, Pack
from avvikelse.policy.organisation import require_administrator

CACHE = "lov"
ByHuvudman = dict[int, list[tuple[frozenset[str], Wait]]]


def waits_of(session: Session, row: Avvikelse) -> Waits:
    """The days that do not count for those who have the case. Something severe waits for nobody."""
    if is_severe(row.severity, child_waits=row.child_waits):
        return ()
    calendar = _calendar(session, row.pack_id)
    units = {p.enhet_id for p in row.parties if p.side is PartySide.OWNER and p.enhet_id is not None}
    if not calendar or not units:
        return ()
    found = {
        wait
        for huvudman_id, kind in session.execute(select(Enhet.huvudman_id, Enhet.kind).where(Enhet.id.in_(units)))
        for kinds, wait in calendar.get(huvudman_id, ())
        if kind in kinds
    }
    return tuple(sorted(found, key=lambda wait: wait.first))


def _calendar(session: Session, pack_id: int) -> ByHuvudman:
    """All lov of a län. Cached for the length of the session's transaction."""
    cache: dict[int, ByHuvudman] = session.info.setdefault(CACHE, {})
    if pack_id not in cache:
        found = cache[pack_id] = {}
        for row in ask(session, _LOV, pack=pack_id):
            wait = Wait(row.first_on, row.last_on, row.name)
            found.setdefault(row.huvudman_id, []).append((frozenset(row.kinds), wait))
    return cache[pack_id]


_LOV = (
    select(Lov.huvudman_id, Lov.name, Lov.kinds, Lov.first_on, Lov.last_on)
    .join(Huvudman, Huvudman.id == Lov.huvudman_id)
    .where(Huvudman.pack_id == bindparam("pack"))
)


def shown_on_case(session: Session, row: Avvikelse) -> Waits:
    """The lov that the day on the case's page has been moved for; none while its clock stands still."""
    if row.status not in WAITS_IN or row.due_on is None:
        return ()
    started = row.first_received_at or row.submitted_at
    return tuple(w for w in waits_of(session, row) if w.first < row.due_on and w.last >= started.date())


# --- the administrator's page -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LovLine:
    id: int
    name: str
    kinds: str
    first_on: date
    last_on: date
    may_remove: bool  # it has not begun


@dataclass(frozen=True, slots=True)
class LovPage:
    pack: str
    slug: str
    huvudman_id: int
    huvudman: str
    lines: tuple[LovLine, ...]
    kinds: tuple[tuple[str, str], ...]  # of the huvudman's living units


def lov_page(session: Session, actor: Actor, pack: str, slug: str, today: date) -> LovPage:
    """What is coming, and what is going on. Raises NotFound for another administrator's huvudman."""
    huvudman = session.scalar(
        select(Huvudman).join(Pack, Pack.id == Huvudman.pack_id).where(Pack.slug == pack, Huvudman.slug == slug)
    )
    if huvudman is None:
        raise NotFound
    require_administrator(actor, huvudman.id)
    rows = session.scalars(
        select(Lov).where(Lov.huvudman_id == huvudman.id, Lov.last_on >= today).order_by(Lov.first_on, Lov.id)
    )
    lines = tuple(
        LovLine(
            row.id, row.name, ", ".join(unit_type_label(kind) for kind in row.kinds), row.first_on, row.last_on,
            may_remove=row.first_on > today,
        )
        for row in rows
    )  # fmt: skip
    return LovPage(pack, slug, huvudman.id, huvudman.name, lines, kinds_of(session, huvudman.id, today))


def kinds_of(session: Session, huvudman_id: int, today: date) -> tuple[tuple[str, str], ...]:
    """(code, name) of the kinds of units that the huvudman has, by name."""
    codes = session.scalars(
        select(Enhet.kind)
        .where(Enhet.huvudman_id == huvudman_id, (Enhet.active_to.is_(None)) | (Enhet.active_to >= today))
        .distinct()
    )
    return tuple(sorted(((code, unit_type_label(code)) for code in codes), key=lambda pair: swedish(pair[1])))
