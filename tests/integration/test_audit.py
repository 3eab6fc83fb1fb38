"""The audit chain (SECRECY A31): what a record holds, what tampering shows, and that nobody can change a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from avvikelse.adapters import anchors
from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.events import Event
from avvikelse.models import schema
from avvikelse.models.audit import AUDIT_DROP, AUDIT_TRIGGERS, AuditEvent, AuditHead
from avvikelse.services import audit
from avvikelse.services.audit import Entry, Fault, Link, VerifyResult
from tests.support.queries import counted

CHEF = Actor(user_id=7, name="Chef")
KEY = b"a" * 40


def write(session: Session, now: datetime, count: int) -> None:
    for number in range(count):
        audit.record(session, CHEF, Event.CASE_READ, now=now + timedelta(seconds=number), avvikelse_id=number)


def test_a_record_says_who_what_when_and_for_whom(session: Session, now: datetime) -> None:
    seq = audit.record(
        session, CHEF, Event.HANDED_OVER, now=now, avvikelse_id=3, role="owner_chef", omrade_id=4,
        from_status="assigned", to_status="assigned", detail={"category": [None, "A2"], "on": now.date().isoformat()},
    )  # fmt: skip
    row = session.get_one(AuditEvent, seq)
    assert (row.at, row.event, row.user_id, row.role) == (now, "handed_over", 7, "owner_chef")
    assert (row.avvikelse_id, row.omrade_id, row.from_status, row.to_status) == (3, 4, "assigned", "assigned")
    assert row.on_timeline
    assert row.detail == {"category": [None, "A2"], "on": "2026-03-11"}
    assert session.get_one(AuditEvent, audit.record(session, SYSTEM, "case_read", now=now)).role == "system"
    assert audit.verify(session) == VerifyResult(2)


@pytest.mark.parametrize(
    "detail",
    [
        {"text": "Pojken kom inte"},
        {"till": "anna@example.org"},
        {"id": "20120517-2391"},
        {"id": "120517-2391"},
        {"deep": [{"more": "två ord"}]},
        {"två ord": 1},
        {"number": 1.5},
    ],
)
def test_words_and_personal_numbers_are_refused(session: Session, now: datetime, detail: dict) -> None:
    with pytest.raises(ValueError, match="code") as refused:
        audit.record(session, CHEF, Event.RECODED, now=now, detail=detail)
    assert not any(str(value) in str(refused.value) for value in detail.values() if isinstance(value, str))
    assert audit.verify(session) == VerifyResult(0)


def test_an_unknown_event_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="made_up"):
        audit.record(session, CHEF, "made_up", now=now)


def test_without_key_nothing_is_recorded(session: Session, now: datetime) -> None:
    session.info["audit_key"] = b""
    with pytest.raises(RuntimeError, match="AVVIKELSE_AUDIT_KEY"):
        audit.record(session, CHEF, Event.CASE_READ, now=now)


def test_rolled_back_means_not_recorded(session: Session, now: datetime) -> None:
    write(session, now, 2)
    point = session.begin_nested()
    write(session, now, 3)
    point.rollback()
    write(session, now, 1)
    assert audit.verify(session) == VerifyResult(3)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET user_id = 8", "DELETE FROM audit_event", "TRUNCATE audit_event"]
)
def test_the_database_refuses_every_change(session: Session, now: datetime, dialect: str, statement: str) -> None:
    if dialect == "sqlite" and statement.startswith("TRUNCATE"):
        pytest.skip("SQLite has no TRUNCATE")
    write(session, now, 2)
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement))
    assert audit.verify(session) == VerifyResult(2)


# --- somebody who owns the database -------------------------------------------------------------------------------


def disarm(session: Session) -> None:
    """What the database's owner would do first."""
    if session.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER audit_event_no_{change}"))
    else:
        session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER ALL"))


def set_head(session: Session, seq: int) -> None:
    chain_hash = session.scalar(select(AuditEvent.hash).where(AuditEvent.seq == seq)) or ""
    session.execute(update(AuditHead).values(seq=seq, hash=chain_hash))


TAMPERING: dict[str, tuple[str, int, Fault]] = {
    "who": ("UPDATE audit_event SET user_id = 8 WHERE seq = 5", 5, Fault.CHANGED),
    "when": ("UPDATE audit_event SET at = '2026-03-11 09:30:59.000000' WHERE seq = 5", 5, Fault.CHANGED),
    "detail": ("UPDATE audit_event SET detail = '[]' WHERE seq = 5", 5, Fault.CHANGED),
    "shown": ("UPDATE audit_event SET on_timeline = NOT on_timeline WHERE seq = 5", 5, Fault.CHANGED),
    "deleted": ("DELETE FROM audit_event WHERE seq = 5", 5, Fault.MISSING),
    "first deleted": ("DELETE FROM audit_event WHERE seq = 1", 1, Fault.MISSING),
    "tail cut": ("DELETE FROM audit_event WHERE seq > 7", 8, Fault.CUT),
    "head moved": ("UPDATE audit_head SET seq = 6", 7, Fault.CHANGED),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_names_the_first_bad_record(session: Session, now: datetime, name: str) -> None:
    statement, bad, fault = TAMPERING[name]
    write(session, now, 9)
    disarm(session)
    session.execute(text(statement))
    result = audit.verify(session)
    assert (result.ok, result.bad_seq, result.fault) == (False, bad, fault)


def test_every_column_is_covered(session: Session, now: datetime) -> None:
    write(session, now, 1)
    disarm(session)
    numbers = {"seq": 2, "avvikelse_id": 9, "user_id": 9, "omrade_id": 9, "enhet_id": 9, "group_id": 9}
    words = dict.fromkeys(("event", "role", "from_status", "to_status", "hash"), "x")
    changes = {**numbers, **words, "detail": {"a": 1}, "on_timeline": True, "at": now + timedelta(microseconds=1)}
    assert changes.keys() == set(AuditEvent.__table__.c.keys())
    for column, value in changes.items():
        point = session.begin_nested()
        session.execute(update(AuditEvent).values({column: value}))
        assert not audit.verify(session).ok, column
        point.rollback()
    assert audit.verify(session).ok


def test_a_cut_tail_with_the_head_set_back_misses_the_anchor(session: Session, now: datetime) -> None:
    write(session, now, 9)
    anchor = audit.head(session)
    disarm(session)
    session.execute(text("DELETE FROM audit_event WHERE seq > 7"))
    set_head(session, 7)
    assert audit.verify(session).ok  # without an anchor nothing can show
    assert audit.verify(session, [anchor]) == VerifyResult(7, 8, Fault.CUT)


def test_a_chain_rewritten_with_the_key_misses_the_anchor(session: Session, now: datetime) -> None:
    write(session, now, 9)
    early, late = Link(4, session.get_one(AuditEvent, 4).hash), audit.head(session)
    disarm(session)
    rows = [
        Entry(Event(row.event), row.at, row.avvikelse_id, user_id=99 if row.seq == 6 else row.user_id)
        for row in session.scalars(select(AuditEvent).order_by(AuditEvent.seq))
    ]
    session.execute(text("DELETE FROM audit_event"))
    set_head(session, 0)
    session.expunge_all()
    audit.record_many(session, rows)
    assert audit.verify(session).ok
    assert audit.verify(session, [early]).ok  # up to there nothing was changed
    assert audit.verify(session, [early, late]) == VerifyResult(8, 9, Fault.ANCHOR)


def test_the_wrong_key_shows_at_the_first_record(session: Session, now: datetime) -> None:
    write(session, now, 2)
    session.info["audit_key"] = b"b" * 40
    assert audit.verify(session) == VerifyResult(0, 1, Fault.CHANGED)


# --- in bulk and from the command line ----------------------------------------------------------------------------


def test_loading_many_gives_the_same_chain_as_one_by_one(session: Session, now: datetime) -> None:
    times = [now + timedelta(minutes=minutes) for minutes in range(7)]
    entries = [Entry(Event.SUBMITTED, at, n, role="reporter", detail={"n": n}) for n, at in enumerate(times)]
    point = session.begin_nested()
    for one in entries:
        audit.record(
            session, SYSTEM, one.event, now=one.at, avvikelse_id=one.avvikelse_id, role=one.role, detail=one.detail
        )
    one_by_one = audit.head(session)
    point.rollback()
    assert audit.record_many(session, iter(entries)) == one_by_one == audit.head(session)
    assert session.scalar(select(func.count()).where(AuditEvent.on_timeline)) == 7


def test_loading_and_verifying_ask_for_many_at_a_time(session: Session, now: datetime) -> None:
    """600,000 records take seconds: as long as neither sends a statement for each."""
    entry = Entry(Event.ACCEPTED, now, 1, 7, "owner_chef", 4, 5, None, "assigned", "in_progress", {"kind": "M1"})
    count = 4_000
    with counted(session) as statements:
        audit.record_many(session, (replace(entry, avvikelse_id=n) for n in range(count)))
        assert audit.verify(session) == VerifyResult(count)
    assert len(statements) <= count / 100


def test_flask_audit_tells_whole_from_broken(
    app: Flask, session: Session, run_cli: Callable[..., Result], now: datetime
) -> None:
    path: Path = app.extensions["settings"].instance / anchors.FILE_NAME
    path.unlink(missing_ok=True)
    write(session, now, 5)
    assert run_cli("audit", "anchor").exit_code == 0
    whole = run_cli("audit", "verify")
    assert (whole.exit_code, whole.output) == (0, "Loggen är hel: 5 poster, 1 ankare.\n")
    disarm(session)
    session.execute(text("DELETE FROM audit_event WHERE seq = 5"))
    set_head(session, 4)
    broken = run_cli("audit", "verify")
    assert broken.exit_code == 1
    assert "Post 5 och allt därefter saknas" in broken.output
    path.write_text("inte ett ankare\n", "ascii")
    assert run_cli("audit", "verify").exit_code == 2
    path.unlink()


def test_the_tables_ddl_can_be_made_and_dropped_twice(bare_database: str) -> None:
    """create_all and a migration use the same statements."""
    engine: Engine = schema.make_engine(bare_database)
    tables = [AuditEvent.__table__, AuditHead.__table__]
    for _ in range(2):
        AuditEvent.metadata.create_all(engine, tables=tables)  # type: ignore[arg-type]
        with Session(engine, info={"audit_key": KEY}) as session:
            assert audit.head(session) == Link(0, "")
        AuditEvent.metadata.drop_all(engine, tables=tables)  # type: ignore[arg-type]
    assert AUDIT_TRIGGERS.keys() == AUDIT_DROP.keys() == {"sqlite", "postgresql"}
    engine.dispose()
