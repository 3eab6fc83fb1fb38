"""Loading earlier cases: the same state as the same steps by hand, every invariant, and bad lines told by number."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor, Grant
from avvikelse.domain.codes import TILLSTAND
from avvikelse.domain.errors import Conflict
from avvikelse.domain.vocabulary import OrosanmalanAnswer, PartySide, Rating, Role, Status
from avvikelse.models.agreements import MatrixVersion
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import NO_DAY, Avvikelse, GroupMembership, RecordEntry
from avvikelse.models.dialogue import Answer, Atgard
from avvikelse.models.identity import User
from avvikelse.models.organisation import Enhet, Pack, Position
from avvikelse.models.search import SearchDocument
from avvikelse.queries.receivers import receiver_of_position
from avvikelse.queries.work_lists import Tab, work_list
from avvikelse.services import answers, atgarder, audit, handling, reporting, search_index
from avvikelse.services.case_histories import ELSEWHERE
from avvikelse.services.case_lines import LoadedCase, Step, parse
from avvikelse.services.case_loading import load_all
from tests.support import rooms

FILE = Path(__file__).parents[1] / "cases" / "earlier_cases.jsonl"
LINES = [(number, line) for number, line in enumerate(FILE.read_bytes().splitlines(), start=1)]
NOW = datetime.fromisoformat("2026-04-10T09:00+00:00")


@pytest.fixture
def loaded(session: Session) -> list[Avvikelse]:
    result = load_all(session, LINES, now=NOW)
    assert result.problems == []
    assert (result.loaded, result.known) == (len(LINES), 0)
    return list(session.scalars(select(Avvikelse).order_by(Avvikelse.id)))


def test_every_invariant_holds(session: Session, loaded: list[Avvikelse]) -> None:
    for case in loaded:
        owners = [party for party in case.parties if party.side is PartySide.OWNER]
        assert len(owners) == (2 if case.joint else 1), case.external_id
        assert [party.side for party in case.parties].count(PartySide.SENDER) == 1
        assert case.vaxlingar == sum(transfer.crosses for transfer in case.transfers)
        assert (case.transfers[-1].to_omrade_id, case.transfers[-1].to_enhet_id) in {
            (o.omrade_id, o.enhet_id) for o in owners
        }
        assert all(party.status is case.status for party in case.parties)
        living = {party.open for party in case.parties if party.side is not PartySide.FORMER}
        assert living == {case.status is not Status.CLOSED}
        assert all(party.due_on == (case.due_on if party.open else NO_DAY) for party in case.parties)
        assert (case.due_on is None) == (case.status is Status.CLOSED)
        if case.status is Status.CLOSED:
            assert case.closing_text
        held = {party.omrade_id for party in case.parties}
        assert set(session.scalars(select(RecordEntry.omrade_id).where(RecordEntry.avvikelse_id == case.id))) == held
        document = session.scalars(select(SearchDocument.stems).where(SearchDocument.avvikelse_id == case.id)).one()
        assert document == search_index.shared_stems(case)
        homes = session.scalars(
            select(GroupMembership.is_home).where(GroupMembership.avvikelse_id == case.id, GroupMembership.is_home)
        ).all()
        assert len(homes) <= 1
    assert audit.verify(session).ok
    assert {case.status for case in loaded} >= {
        Status.SUBMITTED, Status.ASSIGNED, Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED,
    }  # fmt: skip
    assert any(case.joint for case in loaded)
    assert any(case.returned for case in loaded)


def test_the_log_tells_the_way_of_each_case(session: Session, loaded: list[Avvikelse]) -> None:
    for case in loaded:
        moves = session.execute(
            select(AuditEvent.from_status, AuditEvent.to_status)
            .where(AuditEvent.avvikelse_id == case.id, AuditEvent.to_status.is_not(None))
            .order_by(AuditEvent.seq)
        ).all()
        assert moves[0].from_status == Status.DRAFT
        assert moves[-1].to_status == case.status
        assert all(early.to_status == late.from_status for early, late in itertools.pairwise(moves))


def test_a_reopened_case_is_a_no_and_a_second_answer(session: Session, loaded: list[Avvikelse]) -> None:
    histories = {
        row["id"]: [step[0] for step in row["historik"]] for row in map(json.loads, (line for _, line in LINES))
    }
    again = [case for case in loaded if "aterropad" in histories[case.external_id or ""]]
    assert again
    for case in again:
        ratings = session.scalars(
            select(Answer.rating).where(Answer.avvikelse_id == case.id).order_by(Answer.version)
        ).all()
        assert ratings[0] is Rating.NEJ
        assert case.nej_count == 1


def test_the_same_file_again_changes_nothing(session: Session, loaded: list[Avvikelse]) -> None:
    before = session.scalar(select(func.count()).select_from(AuditEvent))
    result = load_all(session, LINES, now=NOW)
    assert (result.loaded, result.known, result.problems) == (0, len(LINES), [])
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == before
    assert session.scalar(select(func.count()).select_from(Avvikelse)) == len(loaded)


def test_numbers_have_no_gaps_and_filing_goes_on(session: Session, loaded: list[Avvikelse]) -> None:
    pack = session.get_one(Pack, loaded[0].pack_id)
    year = loaded[0].submitted_at.year
    mine = sorted(c.number for c in loaded if c.pack_id == pack.id and c.number.split("-")[1] == str(year))
    assert mine == [f"{pack.number_prefix}-{year}-{n:04d}" for n in range(1, len(mine) + 1)]
    assert reporting.next_number(session, pack.id, year).endswith(f"{len(mine) + 1:04d}")


def test_a_manager_finds_the_cases_in_her_list(session: Session, loaded: list[Avvikelse]) -> None:
    case = next(c for c in loaded if c.status is Status.IN_PROGRESS)
    owner = next(p for p in case.parties if p.side is PartySide.OWNER)
    chef = Hand(session).chef(owner.position_id)
    assert case.number in {row.number for row in work_list(session, chef, Tab.MINE, today=NOW.date()).rows}


# --- the same by hand -------------------------------------------------------------------------------------------------


class Hand:
    """Takes the steps of a line through the services, in the organisation that loading has made."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def person(self, *grants: Grant) -> Actor:
        user = User(email=f"p{self.session.scalar(select(func.count()).select_from(User))}@example.org", name="Person",
                    active=True, created_at=NOW)  # fmt: skip
        self.session.add(user)
        self.session.flush()
        return Actor(user.id, user.name, grants)

    def chef(self, position_id: int | None) -> Actor:
        unit = self.session.get_one(Enhet, self.session.get_one(Position, position_id).enhet_id)
        return self.person(Grant(Role.CHEF, omrade_id=unit.omrade_id, enhet_id=unit.id, position_id=position_id))

    def owner(self, case: Avvikelse, index: int = 0) -> Actor:
        return self.chef([p.position_id for p in case.parties if p.side is PartySide.OWNER][index])

    def take(self, line: LoadedCase, loaded: Avvikelse) -> Avvikelse | None:
        sender = self.session.get_one(Enhet, loaded.sender_enhet_id)
        reporter = self.person(Grant(Role.RAPPORTOR, omrade_id=sender.omrade_id, enhet_id=sender.id))
        report = line.report
        case = reporting.file(
            self.session, reporter,
            reporting.Report(
                sender.id, report.occurred_on, report.description, report.severity, kommunkod=line.kommunkod,
                counterpart_enhet_id=loaded.counterpart_enhet_id, category=report.category, age_band=report.age_band,
                extent=report.extent,
            ),
            now=line.history[0].at,
        )  # fmt: skip
        if case.transfers[0].to_position_id != loaded.transfers[0].to_position_id:
            return None  # the rules of routing would not have sent it where the file says that it went
        for step in line.history[1:]:
            self.step(case, reporter, step.step, step.place.slug if step.place else "", step.at)
            if any(party.position_id is None for party in case.parties if party.side is PartySide.OWNER):
                return None  # back inside one område: now somebody above decides, then it went where the file says
        return case

    def step(self, case: Avvikelse, reporter: Actor, step: Step, unit: str, at: datetime) -> None:
        session = self.session
        match step:
            case Step.RECEIVED:
                handling.accept(session, self.owner(case), case.ref, now=at)
            case Step.MOVED:
                position = session.scalars(
                    select(Position.id)
                    .join(Enhet, Enhet.id == Position.enhet_id)
                    .where(Enhet.slug == unit, Enhet.pack_id == case.pack_id)
                ).one()
                with (
                    pytest.raises(Conflict) if case.joint else nullcontext()
                ):  # refused here: then the loader leaves it out
                    to = receiver_of_position(session, position)
                    handling.hand_over(session, self.owner(case), case.ref, to, ELSEWHERE, now=at)
            case Step.INVESTIGATED if case.status is Status.ASSIGNED:
                handling.accept(session, self.owner(case), case.ref, now=at)
            case Step.INVESTIGATED if case.status is Status.DISPUTED:
                rooms.meet(session, case.ref, self.owner(case), self.owner(case, 1), now=at)
            case Step.ANSWERED:
                kind = session.scalars(
                    select(Answer.kind).join(Avvikelse).where(Avvikelse.external_id == self.key)
                ).first()
                assert kind is not None
                told = OrosanmalanAnswer.GIVEN if case.category == "E3" else None  # the file does not tell
                text: dict[str, Any] = dict.fromkeys(
                    ("what_happened", "what_now", "orsak", "atgard", "konsekvens", "uppfoljning"), ELSEWHERE
                )
                decided = session.scalar(select(Atgard.id).where(Atgard.avvikelse_id == case.id).limit(1))
                why_none = ELSEWHERE if decided is None else None
                answers.answer(
                    session,
                    self.owner(case),
                    case.ref,
                    answers.AnswerText(kind, orosanmalan=told)
                    if told is not None
                    else answers.AnswerText(kind, **text, no_atgard_reason=why_none),
                    now=at,
                )
                if case.status is Status.IN_PROGRESS:
                    answers.confirm_answer(session, self.owner(case, 1), case.ref, now=at)
            case Step.DECIDED:
                atgarder.add(
                    session, self.owner(case), case.ref, "M06", ELSEWHERE, at.date() + timedelta(days=90), now=at
                )
            case Step.CLOSED:
                answers.close_silent(session, case, now=at)

    key: str | None = None


SAME = (
    "status", "outcome", "vaxlingar", "returned", "nej_count", "joint", "submitted_at", "first_received_at", "accepted_at",
    "first_answer_at", "answered_at", "closed_at", "status_since", "due_clock", "due_on", "receiver_enhet_id", "receiver_kind",
    "sender_kind", "inside_huvudman", "kommunkod", "severity", "extent", "category",
)  # fmt: skip
PARTY = ("side", "omrade_id", "enhet_id", "position_id", "funktion_id", "since", "until", "open", "status", "due_on")
TRANSFER = (
    "kind", "at", "from_omrade_id", "from_enhet_id", "from_position_id", "to_omrade_id", "to_enhet_id", "to_position_id",
    "crosses", "accepted_at",
)  # fmt: skip


def test_the_services_give_the_same(session: Session, loaded: list[Avvikelse]) -> None:
    compared = disputed = 0
    for (_, line), row in zip(LINES, loaded, strict=True):
        read = parse(line)
        steps = [step.step for step in read.history]
        by_coordinator = read.unknown or Step.SENT_BACK in steps
        if by_coordinator:
            continue
        hand = Hand(session)
        hand.key = row.external_id
        case = hand.take(read, row)
        if case is None:
            continue
        assert _values(case, SAME) == _values(row, SAME), row.external_id
        assert [_values(p, PARTY) for p in case.parties] == [_values(p, PARTY) for p in row.parties], row.external_id
        assert [_values(t, TRANSFER) for t in case.transfers] == [_values(t, TRANSFER) for t in row.transfers], (
            row.external_id
        )
        assert _groups(session, case) == _groups(session, row)
        compared += 1
        disputed += row.joint
    assert compared >= 20
    assert disputed >= 2


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _groups(session: Session, case: Avvikelse) -> set[tuple[int, bool]]:
    query = select(GroupMembership.group_id, GroupMembership.is_home).where(GroupMembership.avvikelse_id == case.id)
    return {(group_id, home) for group_id, home in session.execute(query)}


# --- what is wrong ----------------------------------------------------------------------------------------------------


def changed(**fields: Any) -> bytes:
    return json.dumps(json.loads(LINES[0][1]) | fields).encode()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "inte JSON"),
        (b"[]", "inget JSON-objekt"),
        (b"\xff\xfe", "inte JSON"),
        (changed(id=""), "id ska ha"),
        (changed(kommunkod="9999"), "kommunkod"),
        (changed(text="Ring 070-174 06 05"), "telefon"),
        (changed(text=""), "Skriv vad som hände"),
        (changed(kategori="Q9"), "kategori"),
        (changed(allvarlighet=5), "vad det ledde till"),
        (changed(allvarlighet=True), "heltal"),
        (changed(handelsedatum="2030-01-01"), "framtiden"),
        (changed(historik=[]), "historik"),
        (
            changed(historik=[["rapporterad", "2024-01-01T10:00", None], ["mottagen", "2023-01-01T10:00", None]]),
            "tidsordning",
        ),
        (changed(historik=[["påbörjad", "2024-01-01T10:00", None]]), "okänt steg"),
        (changed(rapportor_typ="rymdbas"), "okänt slag"),
        (changed(mottagare_huvudman="kyrkan"), "huvudman"),
        (changed(niva=7), "niva"),
        (changed(tillstand="trött"), "tillstand"),
    ],
)
def test_a_bad_line_is_told_by_number_and_left_out(session: Session, line: bytes, words: str) -> None:
    result = load_all(session, [(7, line), (8, b"\n"), (9, LINES[1][1])], now=NOW)
    assert [problem.line for problem in result.problems] == [7]
    assert words in str(result.problems[0])
    assert "070" not in str(result.problems[0])
    assert result.loaded == 1


def test_the_command_tells_what_it_did(run_cli: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(b"\n".join(line for _, line in LINES[:5]) + b"\n{}\n")
    result = run_cli("cases", "load", file, "--progress")
    assert result.exit_code == 1
    assert "Lästes in: 5. Fanns redan: 0. Hoppades över: 1." in result.stdout
    assert "Rad 6: fältet id saknas." in result.stderr
    file.write_bytes(b"\n".join(line for _, line in LINES[:5]))
    assert run_cli("cases", "load", file).exit_code == 0
    missing = run_cli("cases", "load", tmp_path / "missing.jsonl")
    assert missing.exit_code == 2
    assert missing.stderr.strip().endswith("går inte att läsa. Filen finns inte.")


def test_a_measure_of_a_closed_case_waits_for_nobody(session: Session, loaded: list[Avvikelse]) -> None:
    closed = [case.id for case in loaded if case.status is Status.CLOSED]
    assert not session.scalar(
        select(func.count()).select_from(Atgard).where(Atgard.avvikelse_id.in_(closed), Atgard.done_on.is_(None))
    )


def test_a_loaded_case_keeps_the_ansvarstabell_of_its_day(session: Session) -> None:
    load_all(session, LINES[:1], now=NOW)
    pack_id = session.scalars(select(Avvikelse.pack_id)).one()
    for version, from_on in (("2", date(2024, 6, 1)), ("1", None)):
        session.add(MatrixVersion(pack_id=pack_id, version=version, from_on=from_on))
    session.flush()
    told = {"tillstand": next(iter(TILLSTAND)).code, "niva": 2}
    days = ("2024-05-31", "2024-06-01")
    history = [["rapporterad", "2024-06-02T10:00", None]]
    lines = [changed(id=f"ny-{day}", handelsedatum=day, historik=history, **told) for day in days]
    without = changed(id="utan", handelsedatum="2024-06-01", historik=history, tillstand=None, niva=None)
    assert load_all(session, enumerate([*lines, without], start=1), now=NOW).problems == []
    rows = session.execute(
        select(Avvikelse.external_id, Avvikelse.matrix_version).where(Avvikelse.occurred_on >= date(2024, 5, 31))
    )
    found = {row.external_id: row.matrix_version for row in rows}
    assert (found["ny-2024-05-31"], found["ny-2024-06-01"], found["utan"]) == ("1", "2", None)
