"""Load many earlier cases at once, by the rules of the services but without their queries.

Open when loading is slow, or when a table gets a column that loaded cases lack. A batch is read and checked line by
line (case_lines.py), placed in the organisation (case_places.py), walked through its history in memory
(case_histories.py) and written here, table by table: COPY on PostgreSQL, executemany on SQLite.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from itertools import chain
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.ansvar import version_on
from avvikelse.domain.codes import category_label
from avvikelse.domain.errors import Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.group_membership import Membership, groups_of_case
from avvikelse.domain.searchterms import stems
from avvikelse.domain.vocabulary import PartySide, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import NO_DAY, Avvikelse, GroupMembership, NumberSeries, Party, RecordEntry, Transfer
from avvikelse.models.dialogue import Answer, Atgard
from avvikelse.models.joint_room import Commitment, JointRoom
from avvikelse.models.organisation import Pack
from avvikelse.models.search import SearchDocument
from avvikelse.queries.limits import limits_of
from avvikelse.queries.organisation_map import Mapping, mapping_of
from avvikelse.queries.responsibility import versions_of
from avvikelse.services import audit, clocks
from avvikelse.services.case_histories import CLOSING_TEXT, Walked, walk
from avvikelse.services.case_lines import LoadedCase, is_warned, parse
from avvikelse.services.case_places import Places
from avvikelse.services.refs import new_ref

BATCH = 2_000  # cases written together; what is in memory at a time


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line that was left out, and why. The sentence never repeats what stands in the line."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"Rad {self.line}: {self.reason.rstrip('.')}."


@dataclass(slots=True)
class LoadResult:
    """What became of the lines so far.

    `known` = loaded earlier (same id); `warned` = loaded, but the guard would have asked about the text.
    """

    loaded: int
    known: int
    problems: list[LineProblem]
    warned: int = 0


class Loader:
    """Loads batches; keeps what batches share. The caller commits after each batch, or at the end."""

    def __init__(self, session: Session, *, now: datetime) -> None:
        self.session = session
        self.today = local_date(now)
        self.places = Places(session)
        self._mappings: dict[int, Mapping] = {}
        self._versions: dict[int, list[tuple[str, date | None]]] = {}
        self._memberships: dict[tuple[int, str, frozenset[str], bool], tuple[tuple[int, ...], int | None]] = {}

    def load(self, lines: Sequence[tuple[int, bytes]]) -> LoadResult:
        """Load one batch of (line number, line). Bad lines are reported and left out; an empty line is nothing."""
        result = LoadResult(0, 0, [])
        cases: dict[str, tuple[int, LoadedCase]] = {}
        for number, line in lines:
            if line.strip():
                try:
                    case = parse(line)
                except Invalid as error:
                    result.problems.append(LineProblem(number, error.reason))
                else:
                    result.known += case.external_id in cases
                    cases.setdefault(case.external_id, (number, case))
        known = set(self.session.scalars(select(Avvikelse.external_id).where(Avvikelse.external_id.in_(cases))))
        result.known += len(known)
        fresh = [found for key, found in cases.items() if key not in known]
        walked = list(self._walk(fresh, result.problems))
        if walked:
            self._write(walked)
        result.loaded = len(walked)
        result.warned = sum(is_warned(one.case.report) for one in walked)
        return result

    def _walk(self, cases: Sequence[tuple[int, LoadedCase]], problems: list[LineProblem]) -> Iterator[Walked]:
        self.places.prepare(
            (place for _, case in cases for place in case.places),
            ((case.lanskod, case.counterpart_huvudman) for _, case in cases),
        )
        for number, case in cases:
            try:
                self.places.huvudman_id(case.lanskod, case.counterpart_huvudman)
                sender = self.places.site(case.sender)
                counterpart = self.places.site(case.counterpart) if case.counterpart is not None else None
                walked = walk(Walked(case, self.places.pack_id(case.lanskod), sender, counterpart), self.places.site)
            except Invalid as error:
                problems.append(LineProblem(number, error.reason))
            else:
                yield walked

    # --- writing

    def _write(self, walked: list[Walked]) -> None:
        for one, new_id in zip(walked, self._ids(Avvikelse, len(walked)), strict=True):
            one.id = new_id
        numbers = self._numbers(walked)
        party_ids = iter(self._ids(Party, sum(len(one.parties) for one in walked)))
        room_ids = iter(self._ids(JointRoom, sum(one.room is not None for one in walked)))
        rows: dict[Any, list[dict[str, Any]]] = {model: [] for model in _TABLES}
        for one, number in zip(walked, numbers, strict=True):
            self._rows(rows, one, number, party_ids, room_ids)
        for model in _TABLES:
            insert_many(self.session, model.__table__, rows[model])
        audit.record_many(self.session, chain.from_iterable(one.entries() for one in walked))

    def _rows(
        self,
        rows: dict[Any, list[dict[str, Any]]],
        one: Walked,
        number: str,
        party_ids: Iterator[int],
        room_ids: Iterator[int],
    ) -> None:
        clock, due_on = None, None
        if one.status is not Status.CLOSED:
            limits = limits_of(self.session, one.pack_id)
            parties: Any = [SimpleNamespace(**party) for party in one.parties]  # as the clocks read them
            seen = replace(one, parties=parties)
            running, due_on = clocks.expected(self.session, cast("Avvikelse", seen), limits)
            clock = running.value
        rows[Avvikelse].append(self._avvikelse(one, number, clock, due_on))
        ids = []
        for party in one.parties:
            living = one.status is not Status.CLOSED and party["side"] != PartySide.FORMER
            ids.append(next(party_ids))
            due = (due_on or NO_DAY) if living else NO_DAY
            rows[Party].append(
                {
                    "id": ids[-1],
                    "avvikelse_id": one.id,
                    **party,
                    "open": living,
                    "status": one.status.value,
                    "due_on": due,
                }
            )
        if one.room is not None:
            room_id = next(room_ids)
            rows[JointRoom].append({"id": room_id, "avvikelse_id": one.id, **one.room})
            for commitment in one.commitments:
                party_id = ids[commitment.pop("party_index")]
                rows[Commitment].append(
                    {"room_id": room_id, "avvikelse_id": one.id, "party_id": party_id, **commitment}
                )
        for model, found in ((Transfer, one.transfers), (Answer, one.answers), (Atgard, one.atgarder)):
            rows[model].extend({"avvikelse_id": one.id, **row} for row in found)
        rows[RecordEntry].extend(
            {"avvikelse_id": one.id, "omrade_id": omrade_id, "registered_on": day}
            for omrade_id, day in one.registered.items()
        )
        group_ids, home = self._groups(one)
        day = local_date(one.submitted_at)
        rows[GroupMembership].extend(
            {"avvikelse_id": one.id, "group_id": group_id, "is_home": group_id == home, "reported_on": day}
            for group_id in group_ids
        )
        rows[SearchDocument].append(
            {"avvikelse_id": one.id, "omrade_id": None, "stems": shared_stems(number, one.case, day)}
        )

    def _avvikelse(self, one: Walked, number: str, clock: str | None, due_on: Any) -> dict[str, Any]:
        case, report = one.case, one.case.report
        huvudman_id = self.places.huvudman_id(case.lanskod, case.counterpart_huvudman)
        return {
            "id": one.id, "ref": new_ref(), "number": number, "external_id": case.external_id, "version_id": 1,
            "pack_id": one.pack_id, "channel": report.channel.value, "status": one.status.value,
            "outcome": one.outcome.value if one.outcome else None, "reporter_named_to_chef": False,
            "sender_enhet_id": one.sender.enhet_id, "sender_kind": one.sender.kind,
            "counterpart_enhet_id": one.counterpart.enhet_id if one.counterpart else None,
            "counterpart_huvudman_id": huvudman_id, "counterpart_kind": report.counterpart_kind,
            "counterpart_unknown": case.unknown, "receiver_enhet_id": one.receiver.enhet_id if one.receiver else None,
            "receiver_kind": one.receiver.enhet_kind if one.receiver else None, "kommunkod": case.kommunkod,
            "inside_huvudman": one.inside_huvudman, "occurred_on": report.occurred_on,
            "description": report.description.strip(), "category": report.category, "reported_category": report.category,
            "age_band": report.age_band, "tillstand": case.tillstand, "niva": case.niva, "severity": report.severity,
            "extent": report.extent.value if report.extent else None, "child_waits": False,
            "matrix_version": self._ansvarstabell(one.pack_id, report.occurred_on) if case.tillstand else None,
            "family_coordinates": one.family_coordinates, "routing_contested": False, "vaxlingar": one.vaxlingar,
            "returned": one.returned, "nej_count": one.nej_count, "joint": one.joint, "submitted_at": one.submitted_at,
            "first_received_at": one.first_received_at, "status_since": one.status_since, "accepted_at": one.accepted_at,
            "first_answer_at": one.first_answer_at, "answered_at": one.answered_at, "closed_at": one.closed_at,
            "paused_days": 0, "status_paused_days": 0, "due_clock": clock, "due_on": due_on,
            "again_since": one.again_since, "again_paused_days": 0,
            "next_step_on": clocks.NOW if clock or one.atgarder else None,
            "closing_text": CLOSING_TEXT if one.answers else None,
        }  # fmt: skip

    def _ansvarstabell(self, pack_id: int, day: date) -> str | None:
        """The version of the day; a län's are read once."""
        versions = self._versions.get(pack_id)
        if versions is None:
            versions = self._versions[pack_id] = versions_of(self.session, pack_id)
        return version_on(day, versions)

    def _groups(self, one: Walked) -> tuple[tuple[int, ...], int | None]:
        key = (one.pack_id, one.case.kommunkod, one.types, one.inside_huvudman)
        found = self._memberships.get(key)
        if found is None:
            mapping = self._mappings.get(one.pack_id) or mapping_of(self.session, one.pack_id, self.today)
            self._mappings[one.pack_id] = mapping  # all län at once are more than mapping_of keeps
            membership: Membership = groups_of_case(
                mapping.organisation, kommunkod=key[1], types=key[2], inside_huvudman=key[3]
            )
            home = mapping.group_ids[membership.home] if membership.home else None
            found = tuple(mapping.group_ids[slug] for slug in membership.groups), home
            self._memberships[key] = found
        return found

    def _numbers(self, walked: list[Walked]) -> list[str]:
        """The next numbers of each pack and year, in the order of the cases."""
        prefixes = dict(self.session.execute(select(Pack.id, Pack.number_prefix)).all())
        years = [(one.pack_id, local_date(one.submitted_at).year) for one in walked]
        series: dict[tuple[int, int], NumberSeries] = {}
        for key in sorted(set(years)):
            self.session.execute(select(Pack.id).where(Pack.id == key[0]).with_for_update())
            row = self.session.get(NumberSeries, key, populate_existing=True, with_for_update=True)
            if row is None:
                row = NumberSeries(pack_id=key[0], year=key[1], last=0)
                self.session.add(row)
            series[key] = row
        numbers = []
        for key in years:
            series[key].last += 1
            numbers.append(f"{prefixes[key[0]]}-{key[1]}-{series[key].last:04d}")
        self.session.flush()
        return numbers

    def _ids(self, model: Any, count: int) -> list[int]:
        """Ids that nobody else gets: from the sequence, or under SQLite's one writer the next ones."""
        if self.session.get_bind().dialect.name == "postgresql":
            query = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
            return list(self.session.scalars(query, {"name": model.__tablename__, "count": count}))
        last = self.session.scalar(select(func.max(model.id))) or 0
        return list(range(last + 1, last + 1 + count))


def finish(session: Session, actor: Actor, loaded: int, *, now: datetime) -> None:
    """Remember that so many cases were loaded."""
    if loaded:
        audit.record(session, actor, Event.CASES_LOADED, now=now, detail={"count": loaded})


def load_all(session: Session, lines: Iterable[tuple[int, bytes]], *, now: datetime) -> LoadResult:
    """Everything in one transaction, batch by batch."""
    loader, total = Loader(session, now=now), LoadResult(0, 0, [])
    for batch in batches(lines):
        part = loader.load(batch)
        total.loaded += part.loaded
        total.known += part.known
        total.problems += part.problems
    finish(session, SYSTEM, total.loaded, now=now)
    return total


def batches(lines: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    batch = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def shared_stems(number: str, case: LoadedCase, submitted_on: date) -> str:
    """The same words as services/search_index.shared_stems gives, with the repeated texts stemmed once."""
    category = category_label(case.report.category, submitted_on) if case.report.category else ""
    return " ".join((*stems(number), _stemmed(case.report.description), _stemmed(category))).strip()


@lru_cache(maxsize=50_000)
def _stemmed(words: str) -> str:
    return " ".join(stems(words))


def insert_many(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    """Write rows that all have the same columns. What they leave out gets the column's own default, as an INSERT would."""
    if not rows:
        return
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
    else:
        left_out = {
            column.name: column.default.arg
            for column in table.columns
            if column.name not in rows[0] and column.default is not None and column.default.is_scalar
        }
        columns = ", ".join((*rows[0], *left_out))
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                values = (*row.values(), *left_out.values())
                copy.write_row([value.value if isinstance(value, Enum) else value for value in values])
    session.info["wrote"] = True


# In an order where what is pointed to comes first.
_TABLES = (
    Avvikelse, Party, Transfer, Answer, Atgard, JointRoom, Commitment, RecordEntry, GroupMembership, SearchDocument,
)  # fmt: skip
