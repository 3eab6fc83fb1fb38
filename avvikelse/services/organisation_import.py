"""Bring an organisation pack into the database.

The same file twice changes nothing; a changed file changes only what it changed. Each row remembers what the file
said (`imported`). What an administrator has edited since stays, unless the file's own value is another than last
time. What vanishes from the file is closed, not deleted, wherever a case may point to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from avvikelse.domain import pack_rows
from avvikelse.domain.actor import Actor
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import Labelled
from avvikelse.domain.workdays import local_date
from avvikelse.models.agreements import Avtal, Avtalspunkt, LimitSetting, MatrixCell, MatrixVersion, RoutingOverride
from avvikelse.models.groups import ReportingDuty, Samverkansgrupp
from avvikelse.models.organisation import (
    Enhet,
    EnhetKommun,
    EnhetSharedWith,
    Funktion,
    Huvudman,
    Organisation,
    Pack,
    Position,
    Sekretessomrade,
)
from avvikelse.policy.organisation import require_administrator
from avvikelse.services import audit
from avvikelse.services.avtal import keep_wording
from avvikelse.services.group_register import seats_from_pack
from avvikelse.services.organisation import changed, keep_name


class Gone(Labelled):
    """What happens to a row that the file no longer has."""

    KEEP = "keep", "behålls"
    CLOSE = "close", "stängs"
    DEACTIVATE = "deactivate", "blir vilande"
    DELETE = "delete", "tas bort"


class ChangeKind(Labelled):
    NEW = "new", "ny"
    CHANGED = "changed", "ändrad"
    CLOSED = "closed", "stängd"
    REMOVED = "removed", "borttagen"

    @property
    def plural(self) -> str:
        return {"new": "nya", "changed": "ändrade", "closed": "stängda", "removed": "borttagna"}[self.value]


@dataclass(frozen=True, slots=True)
class Change:
    """One row that the import touched. `fields` only for changed rows."""

    table: str
    slug: str
    kind: ChangeKind
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportResult:
    pack_slug: str
    changes: tuple[Change, ...]

    def counts(self) -> dict[str, dict[ChangeKind, int]]:
        """table → kind → number of rows."""
        found: dict[str, Counter[ChangeKind]] = {}
        for change in self.changes:
            found.setdefault(change.table, Counter())[change.kind] += 1
        return {table: dict(kinds) for table, kinds in found.items()}


@dataclass(frozen=True, slots=True)
class _Table:
    """How one table of the file meets one table of the database.

    `later` = references that may point forward or to itself.
    """

    name: str
    model: Any  # a FromPack table
    gone: Gone
    references: Mapping[str, str]  # attribute → table of the file it points to
    later: frozenset[str] = frozenset()


# In an order where what is pointed to comes first.
# fmt: off
_TABLES = (
    _Table("huvudman",        Huvudman,        Gone.KEEP,       {}),
    _Table("sekretessomrade", Sekretessomrade, Gone.KEEP,       {"huvudman": "huvudman"}),
    _Table("organisation",    Organisation,    Gone.CLOSE,      {"huvudman": "huvudman", "parent": "organisation"},
           frozenset({"parent"})),
    _Table("verksamhet",      Enhet,           Gone.CLOSE,      {"huvudman": "huvudman", "omrade": "sekretessomrade",
                                                                 "organisation": "organisation",
                                                                 "successor": "verksamhet"},
           frozenset({"successor"})),
    _Table("chefsposition",   Position,        Gone.CLOSE,      {"enhet": "verksamhet", "organisation": "organisation",
                                                                 "substitute": "chefsposition"},
           frozenset({"substitute"})),
    _Table("funktion",        Funktion,        Gone.CLOSE,      {"huvudman": "huvudman", "omrade": "sekretessomrade"}),
    _Table("samverkansgrupp", Samverkansgrupp, Gone.DEACTIVATE, {"parent": "samverkansgrupp"}, frozenset({"parent"})),
    _Table("rapportplikt",    ReportingDuty,   Gone.DELETE,     {}),
    _Table("tidsfrist",       LimitSetting,    Gone.DELETE,     {}),
    _Table("avtal",           Avtal,           Gone.CLOSE,      {}),
    _Table("avtalspunkt",     Avtalspunkt,     Gone.CLOSE,      {"avtal": "avtal"}),
    _Table("routingregel",    RoutingOverride, Gone.DELETE,     {}),
)
# fmt: on
_DATES = frozenset({"active_from", "active_to", "valid_from"})


def import_pack(session: Session, actor: Actor, tables: Mapping[str, Any], *, now: datetime) -> ImportResult:
    """Bring one pack in. `tables` = the file's TOML, already checked by the pack reader (adapters/pack_file.py).

    Only the system's administrator may. Raises Forbidden or NotFound, and writes all or (by the caller's rollback)
    nothing.
    """
    require_administrator(actor, None)
    changes: list[Change] = []
    pack = _pack(session, tables["paket"], changes)
    work = _Import(session, pack, local_date(now), changes)
    for table in _TABLES:
        rows = pack_rows.omraden(tables) if table.name == "sekretessomrade" else tables.get(table.name, ())
        work.bring(table, rows)
    work.point_forward()
    work.matrix(tables.get("ansvarsmatris", ()))
    result = ImportResult(pack.slug, tuple(changes))
    if changes:
        seats_from_pack(session, pack.id)
        changed(session, pack.id, now=now)
        audit.record(
            session, actor, Event.ORGANISATION_IMPORTED, now=now, detail={"pack": pack.slug, "counts": result.counts()}
        )
    session.flush()
    return result


def _pack(session: Session, row: Mapping[str, Any], changes: list[Change]) -> Pack:
    """The pack's own row, locked, so that two imports of it take turns."""
    columns = pack_rows.paket(row)
    pack = session.scalar(select(Pack).where(Pack.slug == row["id"]).with_for_update())
    if pack is None:
        columns_free = columns | {"number_prefix": _free_prefix(session, columns["number_prefix"])}
        pack = Pack(slug=row["id"], imported=columns, **_typed(columns_free))
        session.add(pack)
        session.flush()
        changes.append(Change("paket", pack.slug, ChangeKind.NEW))
        return pack
    # a prefix that is in use stays: numbers have been given out under it
    changed = {
        key: value for key, value in columns.items() if pack.imported.get(key) != value and key != "number_prefix"
    }
    for key, value in _typed(changed).items():
        setattr(pack, key, value)
    if changed:
        pack.imported = pack.imported | changed
        changes.append(Change("paket", pack.slug, ChangeKind.CHANGED, tuple(changed)))
    return pack


def _free_prefix(session: Session, wanted: str) -> str:
    """`wanted`, or with the first free digit after it when another pack has it."""
    taken = set(session.scalars(select(Pack.number_prefix)))
    candidates = (wanted, *(f"{wanted[:3]}{digit}" for digit in range(2, 10)))
    return next(candidate for candidate in candidates if candidate not in taken)


class _Import:
    """The work of one import: what exists, which ids the file's ids have got, what must be pointed when all exist."""

    def __init__(self, session: Session, pack: Pack, today: date, changes: list[Change]) -> None:
        self.session, self.pack, self.today, self.changes = session, pack, today, changes
        self.ids: dict[str, dict[str, int]] = {}
        self.forward: list[tuple[Any, str, str, str | None]] = []  # row, attribute, table, slug

    def bring(self, table: _Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Create, change and close the rows of one table."""
        known = self._known(table)
        reader = pack_rows.READERS[table.name]
        seen: set[str] = set()
        for row in rows:
            slug = row["id"]
            seen.add(slug)
            columns = reader(row)
            found = known.get(slug)
            if found is None:
                found = known[slug] = table.model(pack_id=self.pack.id, slug=slug)
                self._fill(table, found, columns)
                if isinstance(found, Avtalspunkt) and self._was_there("avtal", columns["avtal"]):
                    found.active_from = self.today  # the avtal had no such point until now
                self.session.add(found)
                self.changes.append(Change(table.name, slug, ChangeKind.NEW))
                continue
            changed = {
                key: value
                for key, value in columns.items()
                if key not in found.imported or found.imported[key] != value
            }
            if changed:
                if isinstance(found, Enhet) and "name" in changed and changed["name"] != found.name:
                    keep_name(self.session, found, from_on=self.today)
                if isinstance(found, Avtalspunkt) and "text" in changed and changed["text"] != found.text:
                    keep_wording(self.session, found, self.today)
                self._fill(table, found, changed)
                self.changes.append(Change(table.name, slug, ChangeKind.CHANGED, tuple(changed)))
        for slug, found in known.items():
            if slug not in seen and found.imported:  # rows without `imported` were made by hand
                self._gone(table, found)
        self.session.flush()
        self.ids[table.name] = {slug: found.id for slug, found in known.items()}

    def _was_there(self, table: str, slug: str) -> bool:
        """Was the row in the database before this import?"""
        return Change(table, slug, ChangeKind.NEW) not in self.changes

    def point_forward(self) -> None:
        """Set the references that had to wait until their target had an id."""
        for row, attribute, table, slug in self.forward:
            setattr(row, f"{attribute}_id", self.ids[table][slug] if slug else None)
        self.session.flush()

    def matrix(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """The responsibility matrix of this version of the pack; earlier versions stay as they were."""
        version = self.pack.version
        rows = list(rows)
        if rows:
            self._matrix_version(version)
        known = {
            (cell.tillstand, cell.niva): cell
            for cell in self.session.scalars(
                select(MatrixCell).where(MatrixCell.pack_id == self.pack.id, MatrixCell.version == version)
            )
        }
        seen = set()
        for row in rows:
            key = (row["tillstand"], int(row["niva"]))
            seen.add(key)
            columns = pack_rows.matrix_cell(row)
            cell = known.get(key)
            label = f"{key[0]} nivå {key[1]}"
            if cell is None:
                self.session.add(
                    MatrixCell(pack_id=self.pack.id, version=version, tillstand=key[0], niva=key[1], **columns)
                )
                self.changes.append(Change("ansvarsmatris", label, ChangeKind.NEW))
            elif changed := {name: value for name, value in columns.items() if getattr(cell, name) != value}:
                for name, value in changed.items():
                    setattr(cell, name, value)
                self.changes.append(Change("ansvarsmatris", label, ChangeKind.CHANGED, tuple(changed)))
        for key, cell in known.items():
            if key not in seen:
                self.session.delete(cell)
                self.changes.append(Change("ansvarsmatris", f"{key[0]} nivå {key[1]}", ChangeKind.REMOVED))

    def _matrix_version(self, version: str) -> None:
        """From which day the version holds: the pack's own day, or today when an earlier version held then."""
        if self.session.get(MatrixVersion, (self.pack.id, version)) is None:
            earlier = select(MatrixVersion.version).where(MatrixVersion.pack_id == self.pack.id)
            begins = self.pack.valid_from if self.session.scalar(earlier.limit(1)) is None else self.today
            self.session.add(MatrixVersion(pack_id=self.pack.id, version=version, from_on=begins))

    def _known(self, table: _Table) -> dict[str, Any]:
        query = select(table.model).where(table.model.pack_id == self.pack.id)
        if table.model is Enhet:
            query = query.options(selectinload(Enhet.kommuner), selectinload(Enhet.shared_with))
        return {row.slug: row for row in self.session.scalars(query)}

    def _fill(self, table: _Table, row: Any, columns: Mapping[str, Any]) -> None:
        """Write columns to the row and remember them as the file's."""
        for attribute, value in _typed(columns).items():
            if attribute in table.later:
                self.forward.append((row, attribute, table.references[attribute], value))
            elif attribute in table.references:
                setattr(row, f"{attribute}_id", self.ids[table.references[attribute]][value] if value else None)
            elif isinstance(row, Enhet) and attribute == "kommuner":
                row.kommuner = _same_or_new(
                    {k.kommunkod: k for k in row.kommuner}, value, lambda kod: EnhetKommun(kommunkod=kod)
                )
            elif isinstance(row, Enhet) and attribute == "shared_with":
                wanted = [self.ids["huvudman"][slug] for slug in value]
                row.shared_with = _same_or_new(
                    {s.huvudman_id: s for s in row.shared_with}, wanted, lambda id_: EnhetSharedWith(huvudman_id=id_)
                )
            else:
                setattr(row, attribute, value)
        row.imported = (row.imported or {}) | dict(columns)

    def _gone(self, table: _Table, row: Any) -> None:
        """Close, deactivate or remove a row that the file no longer has; already done = nothing."""
        if table.gone is Gone.DELETE:
            self.session.delete(row)
            self.changes.append(Change(table.name, row.slug, ChangeKind.REMOVED))
        elif table.gone is Gone.DEACTIVATE and row.active:
            row.active, row.imported = False, row.imported | {"active": False}
            self.changes.append(Change(table.name, row.slug, ChangeKind.CLOSED))
        elif table.gone is Gone.CLOSE and (row.active_to is None or row.active_to >= self.today):
            last_day = self.today - timedelta(days=1)
            if isinstance(row, Enhet) and row.active_from:
                last_day = max(last_day, row.active_from)
            row.active_to, row.imported = last_day, row.imported | {"active_to": last_day.isoformat()}
            self.changes.append(Change(table.name, row.slug, ChangeKind.CLOSED))


def _same_or_new(known: Mapping[Any, Any], wanted: Iterable[Any], make: Callable[[Any], Any]) -> list[Any]:
    """The rows that stay, and new ones for the keys that had none; the rest fall out of the list and are deleted."""
    return [known.get(key) or make(key) for key in wanted]


def _typed(columns: Mapping[str, Any]) -> dict[str, Any]:
    """ISO texts of date columns as dates."""
    return {key: date.fromisoformat(value) if key in _DATES and value else value for key, value in columns.items()}
