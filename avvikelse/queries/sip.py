"""SIP as kommuner have counted them: the newest version of each half-year, and who has not reported. Open for `/sip`,
and when a number in a group's annual report looks wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from avvikelse.analysis.indicators.sip_totals import NUMBERS, SipCount
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.kommuner import kommun_name
from avvikelse.domain.sip import Half, before, half_of, has_ended
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.vocabulary import HuvudmanKind, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.followup import SipReport
from avvikelse.models.organisation import Huvudman, Pack

HALVES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class SipPlace:
    """A kommun that somebody counts for, and for whom she does it."""

    pack_id: int
    kommunkod: str
    huvudman_id: int
    counted_by: str

    @property
    def name(self) -> str:
        return kommun_name(self.kommunkod)


@dataclass(frozen=True, slots=True)
class SipCell:
    """One kommun's half-year. `version` 0 = nobody has reported."""

    half: Half
    count: SipCount
    version: int
    written_on: date | None
    written_for: str
    ended: bool

    @property
    def missing(self) -> bool:
        return self.ended and not self.version


@dataclass(frozen=True, slots=True)
class SipRow:
    place: SipPlace
    cells: tuple[SipCell, ...]


def places(session: Session, actor: Actor) -> tuple[SipPlace, ...]:
    """Where the actor counts: a kommun's SIP-samordnare its own kommun, a region's every kommun of the län."""
    ids = [g.huvudman_id for g in actor.having(Role.SIP_SAMORDNARE) if g.huvudman_id is not None]
    if not ids:
        return ()
    rows = session.execute(
        select(Huvudman, Pack).join(Pack, Pack.id == Huvudman.pack_id).where(Huvudman.id.in_(ids)).order_by(Huvudman.id)
    )
    found: dict[tuple[int, str], SipPlace] = {}
    for huvudman, pack in rows:
        for code in _kommuner(huvudman, pack):
            own = huvudman.kind is HuvudmanKind.KOMMUN
            if own or (pack.id, code) not in found:
                found[pack.id, code] = SipPlace(pack.id, code, huvudman.id, huvudman.name)
    return tuple(sorted(found.values(), key=lambda place: swedish(place.name)))


def _kommuner(huvudman: Huvudman, pack: Pack) -> Sequence[str]:
    if huvudman.kind is HuvudmanKind.KOMMUN:
        return [huvudman.kommunkod] if huvudman.kommunkod else []
    return pack.kommuner if huvudman.kind is HuvudmanKind.REGION else []


def place(session: Session, actor: Actor, kommunkod: str) -> SipPlace:
    """Raises NotFound for a kommun that the actor does not count for."""
    found = next((one for one in places(session, actor) if one.kommunkod == kommunkod), None)
    if found is None:
        raise NotFound
    return found


def my_rows(session: Session, actor: Actor, today: date) -> tuple[tuple[Half, ...], tuple[SipRow, ...]]:
    """The half-years that are shown, oldest first, and each kommun of mine with them. Three reads."""
    mine = places(session, actor)
    halves = tuple(before(half_of(today), n) for n in range(HALVES_SHOWN - 1, -1, -1))
    known: dict[tuple[int, str, Half], SipCell] = {}
    for pack_id in {one.pack_id for one in mine}:
        codes = [one.kommunkod for one in mine if one.pack_id == pack_id]
        for (code, half), cell in cells(session, pack_id, codes, halves, today).items():
            known[pack_id, code, half] = cell
    rows = tuple(SipRow(one, tuple(known[one.pack_id, one.kommunkod, half] for half in halves)) for one in mine)
    return halves, rows


def missing(session: Session, actor: Actor, today: date) -> int:
    """How many of the shown half-years are over and without numbers, over all my kommuner."""
    _, rows = my_rows(session, actor, today)
    return sum(cell.missing for row in rows for cell in row.cells)


def cell_of(session: Session, where: SipPlace, half: Half, today: date) -> SipCell:
    return cells(session, where.pack_id, [where.kommunkod], [half], today)[where.kommunkod, half]


def cells(
    session: Session, pack_id: int, kommuner: Collection[str], halves: Collection[Half], today: date
) -> dict[tuple[str, Half], SipCell]:
    """Every kommun and half-year asked for, also those that nobody has reported."""
    rows = session.execute(
        select(SipReport, Huvudman.name)
        .join(Huvudman, Huvudman.id == SipReport.huvudman_id)
        .where(
            SipReport.pack_id == pack_id,
            SipReport.kommunkod.in_(kommuner),
            tuple_(SipReport.year, SipReport.half).in_(list(halves)),
        )
        .order_by(SipReport.version)
    )
    newest = {(row.kommunkod, (row.year, row.half)): (row, name) for row, name in rows}
    return {
        (code, half): _cell(half, *newest.get((code, half), (None, "")), today=today)
        for code in kommuner
        for half in halves
    }


def _cell(half: Half, row: SipReport | None, written_for: str, *, today: date) -> SipCell:
    if row is None:
        return SipCell(half, SipCount(), 0, None, "", has_ended(half, today))
    count = SipCount(**{name: getattr(row, name) for name in NUMBERS})
    return SipCell(half, count, row.version, local_date(row.written_at), written_for, has_ended(half, today))
