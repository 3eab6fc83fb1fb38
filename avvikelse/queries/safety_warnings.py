"""*Snabbvarningar*: what is shown to staff, to whom one may send, what was sent and which units' managers have read it.

Units are counted and listed, never people.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    bindparam,
    case,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.vocabulary import Role
from avvikelse.models.asking import ask
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Enhet, Huvudman, Sekretessomrade
from avvikelse.models.safety_warnings import SafetyWarning, SafetyWarningUnit
from avvikelse.policy.group_reading import desk_reading
from avvikelse.policy.safety_warnings import WORKS_AT, holds, sent_by_mine
from avvikelse.queries.group_desk import groups_beside
from avvikelse.queries.group_units import covered, living

SHOWN = 5
LISTED = 50


@dataclass(frozen=True, slots=True)
class ShownWarning:
    """As staff reads it. `asks_me`: the reader manages a unit where nobody has said that it is read."""

    ref: str
    watch_for: str
    do_now: str
    sender: str
    sent_at: datetime
    last_on: date
    asks_me: bool


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name the actor may send, and to which kinds: (code, name, how many units)."""

    key: str
    name: str
    pack_id: int
    omrade_id: int | None
    group_id: int | None
    within: ColumnElement[bool]
    kinds: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class SentWarning:
    """One that was sent. `read` of `units` managers have read it; `holds` = it is shown today."""

    ref: str
    watch_for: str
    do_now: str
    sender: str
    kinds: tuple[str, ...]
    sent_at: datetime
    last_on: date
    withdrawn_at: datetime | None
    units: int
    read: int
    holds: bool


@dataclass(frozen=True, slots=True)
class UnitRead:
    name: str
    huvudman: str
    read_at: datetime | None


# --- staff ------------------------------------------------------------------------------------------------------------


def shown(session: Session, actor: Actor, today: date) -> tuple[ShownWarning, ...]:
    """Those that hold today for a unit where she works, the newest first."""
    units = actor.enhet_ids(*WORKS_AT)
    if not units:
        return ()
    rows = ask(session, _SHOWN, units=sorted(units), manages=sorted(actor.enhet_ids(Role.CHEF)), today=today)
    return tuple(
        ShownWarning(r.ref, r.watch_for, r.do_now, _name(r), r.published_at, r.last_on, bool(r.unread)) for r in rows
    )


_SENDER = (
    Samverkansgrupp.name.label("group_name"),
    Sekretessomrade.name.label("omrade_name"),
    Huvudman.name.label("huvudman_name"),
)


def _with_sender(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.add_columns(*_SENDER)
        .outerjoin(Samverkansgrupp, Samverkansgrupp.id == SafetyWarning.group_id)
        .outerjoin(Sekretessomrade, Sekretessomrade.id == SafetyWarning.omrade_id)
        .outerjoin(Huvudman, Huvudman.id == Sekretessomrade.huvudman_id)
    )


def _name(row: Row[*tuple[Any, ...]]) -> str:
    return row.group_name or f"{row.omrade_name}, {row.huvudman_name}"


_MINE = (SafetyWarningUnit.warning_id == SafetyWarning.id,)
_SHOWN = (
    _with_sender(
        select(
            SafetyWarning.ref,
            SafetyWarning.watch_for,
            SafetyWarning.do_now,
            SafetyWarning.published_at,
            SafetyWarning.last_on,
            case(
                (
                    exists().where(
                        *_MINE,
                        SafetyWarningUnit.enhet_id.in_(bindparam("manages", expanding=True, type_=Integer)),
                        SafetyWarningUnit.read_at.is_(None),
                    ),
                    1,
                ),
                else_=0,
            ).label("unread"),
        ).where(
            holds(bindparam("today", type_=Date)),
            exists().where(*_MINE, SafetyWarningUnit.enhet_id.in_(bindparam("units", expanding=True, type_=Integer))),
        )
    )
    .order_by(SafetyWarning.published_at.desc(), SafetyWarning.id.desc())
    .limit(SHOWN)
)


# --- whoever sends ----------------------------------------------------------------------------------------------------


def senders(session: Session, actor: Actor, today: date) -> tuple[Sender, ...]:
    """Each område that she coordinates and each group that she convenes, with the kinds of units that it reaches."""
    omraden = session.execute(
        select(Sekretessomrade.id, Sekretessomrade.pack_id, Sekretessomrade.name, Huvudman.name)
        .join(Huvudman, Huvudman.id == Sekretessomrade.huvudman_id)
        .where(Sekretessomrade.id.in_(actor.omrade_ids(Role.SAMORDNARE)))
        .order_by(Huvudman.name, Sekretessomrade.name)
    )
    found = [
        _sender(session, f"o{id_}", f"{name}, {huvudman}", pack_id, today, Enhet.omrade_id == id_, omrade_id=id_)
        for id_, pack_id, name, huvudman in omraden
    ]
    for group_id in sorted(actor.group_ids(Role.SAMMANKALLANDE)):
        groups = groups_beside(session, group_id)
        read = desk_reading(actor, groups, group_id)
        if read is not None and read.may_decide:
            group = read.group
            within = covered(groups, group)
            found.append(_sender(session, f"g{group_id}", group.name, group.pack_id, today, within, group_id=group_id))
    return tuple(one for one in found if one.kinds)


def units_of(session: Session, sender: Sender, kinds: Collection[str], today: date) -> tuple[int, ...]:
    """The living units of those kinds that the sender reaches."""
    query = select(Enhet.id).where(sender.within, living(today), Enhet.kind.in_(kinds)).order_by(Enhet.id)
    return tuple(session.scalars(query))


def _sender(
    session: Session,
    key: str,
    name: str,
    pack_id: int,
    today: date,
    within: ColumnElement[bool],
    *,
    omrade_id: int | None = None,
    group_id: int | None = None,
) -> Sender:
    counted = select(Enhet.kind, func.count()).where(within, living(today)).group_by(Enhet.kind)
    kinds = ((kind, unit_type_label(kind), number) for kind, number in session.execute(counted))
    in_order = tuple(sorted(kinds, key=lambda kind: swedish(kind[1])))
    return Sender(key, name, pack_id, omrade_id, group_id, within, in_order)


# --- what was sent ----------------------------------------------------------------------------------------------------


def sent(session: Session, actor: Actor, today: date) -> tuple[SentWarning, ...]:
    """The latest of those that are hers to follow."""
    return _sent(session, today, sent_by_mine(actor))


def sent_one(session: Session, actor: Actor, ref: str, today: date) -> tuple[SentWarning, tuple[UnitRead, ...]]:
    """One of them with its units, those that have not read it first. Raises NotFound."""
    found = _sent(session, today, sent_by_mine(actor), SafetyWarning.ref == ref)
    if not found:
        raise NotFound
    rows = session.execute(
        select(Enhet.name, Huvudman.name, SafetyWarningUnit.read_at)
        .join(Enhet, Enhet.id == SafetyWarningUnit.enhet_id)
        .join(Huvudman, Huvudman.id == Enhet.huvudman_id)
        .join(SafetyWarning, SafetyWarning.id == SafetyWarningUnit.warning_id)
        .where(SafetyWarning.ref == ref)
    )
    units = sorted((UnitRead(*row) for row in rows), key=lambda one: (one.read_at is not None, swedish(one.name)))
    return found[0], tuple(units)


def _sent(session: Session, today: date, *where: ColumnElement[bool]) -> tuple[SentWarning, ...]:
    def number(*more: ColumnElement[bool]) -> Any:
        return select(func.count()).where(*_MINE, *more).correlate(SafetyWarning).scalar_subquery()

    query = _with_sender(
        select(
            SafetyWarning,
            number().label("units"),
            number(SafetyWarningUnit.read_at.is_not(None)).label("read"),
        ).where(*where)
    ).order_by(SafetyWarning.published_at.desc(), SafetyWarning.id.desc())
    found = []
    for row in session.execute(query.limit(LISTED)):
        one: SafetyWarning = row.SafetyWarning
        found.append(
            SentWarning(
                one.ref, one.watch_for, one.do_now, _name(row), tuple(unit_type_label(kind) for kind in one.kinds),
                one.published_at, one.last_on, one.withdrawn_at, row.units, row.read,
                one.withdrawn_at is None and one.last_on >= today,
            )
        )  # fmt: skip
    return tuple(found)
