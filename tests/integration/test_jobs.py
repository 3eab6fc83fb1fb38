"""Jobs: slots, leases, failures, the commands; and three real processes, with and without kill -9."""

from __future__ import annotations

import mailbox
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.adapters import anchors
from avvikelse.adapters.mail import KEY_HEADER
from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.events import Event
from avvikelse.jobs import registry, runner, scheduler, tasks_daily
from avvikelse.jobs.house import House, in_transaction
from avvikelse.jobs.registry import JOBS, STOCKHOLM, Daily, Every, Job
from avvikelse.models import schema
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import ReportDraft
from avvikelse.models.identity import User
from avvikelse.models.jobs import JobLease, JobRun
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import audit
from tests.conftest import Clock
from tests.integration import job_process
from tests.integration.job_process import Plan

HOUR = timedelta(hours=1)


@pytest.fixture
def house(app: Flask, database) -> House:
    return House(app.extensions["settings"], database)


def counting(calls: list[datetime], schedule: Every | Daily, *, fails: int = 0) -> Job:
    def work(_house: House, now: datetime) -> str:
        calls.append(now)
        if len(calls) <= fails:
            raise ValueError("hemligt ord")
        return "klart"

    return Job("planted", "Planterat", schedule, work)


# --- slots


def test_the_table_is_sound() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    for job in JOBS:
        assert job.label
        if isinstance(job.schedule, Every):
            assert 86_400 % job.schedule.seconds == 0
        else:
            assert job.schedule.at >= clock_time(3), "02-03 is missing or doubled on some days"
        assert f"`{job.name}`" in registry.jobs_markdown()


@pytest.mark.parametrize("changes_on", [date(2026, 3, 29), date(2026, 10, 25)])
def test_every_local_day_has_one_slot_also_when_the_clocks_change(changes_on: date) -> None:
    daily = Daily(clock_time(3, 20))
    start = datetime(changes_on.year, changes_on.month, changes_on.day, tzinfo=STOCKHOLM).astimezone(UTC) - 36 * HOUR
    slots = [daily.slot(start + n * timedelta(minutes=5)) for n in range(12 * 84)]
    assert list(dict.fromkeys(slots)) == sorted(set(slots))
    first_seen = [start + slots.index(slot) * timedelta(minutes=5) for slot in list(dict.fromkeys(slots))[1:]]
    assert {moment.astimezone(STOCKHOLM).time() for moment in first_seen} == {clock_time(3, 20)}
    assert changes_on.isoformat() in slots


def test_a_step_of_an_interval_is_one_slot(now: datetime) -> None:
    every = Every(15)
    assert {every.slot(now + timedelta(seconds=n)) for n in range(15)} == {"2026-03-11T09:30:00Z"}
    assert every.slot(now + timedelta(seconds=15)) == "2026-03-11T09:30:15Z"


# --- the runner


def test_a_slot_runs_once(house: House, session: Session, now: datetime) -> None:
    calls: list[datetime] = []
    job = counting(calls, Every(60))
    assert runner.run_due(house, job, now, owner="a") is True
    assert runner.run_due(house, job, now + timedelta(seconds=59), owner="b") is None
    assert runner.run_due(house, job, now + timedelta(seconds=60), owner="b") is True
    assert calls == [now, now + timedelta(seconds=60)]
    runs = session.scalars(select(JobRun)).all()
    assert [(run.ok, run.summary, run.finished_at is not None) for run in runs] == [(True, "klart", True)] * 2
    assert session.scalar(select(func.count()).select_from(JobLease)) == 0


def test_a_day_that_was_missed_is_caught_up_with_once(house: House, now: datetime) -> None:
    calls: list[datetime] = []
    job = counting(calls, Daily(clock_time(12, 0)))  # now is 10.30 in Stockholm
    moments = [now, now + HOUR, now + 2 * HOUR, now + 3 * HOUR, now + 26 * HOUR]
    assert [runner.run_due(house, job, moment) for moment in moments] == [True, None, True, None, True]


def test_who_holds_the_lease_keeps_others_away_until_it_runs_out(house: House, session: Session, now: datetime) -> None:
    calls: list[datetime] = []
    job = counting(calls, Every(60))
    session.add(JobLease(name=job.name, owner="dead", until=now + timedelta(minutes=5)))
    session.add(JobRun(job=job.name, slot=job.schedule.slot(now), started_at=now))
    session.commit()
    assert runner.run_due(house, job, now) is None
    assert runner.run_due(house, job, now + timedelta(minutes=4)) is None
    assert runner.run_due(house, job, now + timedelta(minutes=5)) is True
    assert len(calls) == 1


def test_a_slot_that_a_dead_process_began_is_taken_over(house: House, session: Session, now: datetime) -> None:
    calls: list[datetime] = []
    job = counting(calls, Daily(clock_time(3, 20)))
    session.add(JobLease(name=job.name, owner="dead", until=now))
    session.add(JobRun(job=job.name, slot=job.schedule.slot(now), started_at=now - HOUR))
    session.commit()
    assert runner.run_due(house, job, now) is True
    (run,) = session.scalars(select(JobRun))
    session.refresh(run)
    assert (run.ok, run.started_at) == (True, now)


def test_a_failing_job_is_noted_without_its_words_and_tried_again(
    house: House, session: Session, now: datetime
) -> None:
    calls: list[datetime] = []
    job = counting(calls, Daily(clock_time(3, 20)), fails=1)
    assert runner.run_due(house, job, now) is False
    (run,) = session.scalars(select(JobRun))
    assert (run.ok, run.summary) == (False, "ValueError")
    assert runner.run_due(house, job, now + timedelta(minutes=14)) is None
    assert runner.run_due(house, job, now + timedelta(minutes=15)) is True
    assert runner.run_due(house, job, now + HOUR) is None


def test_what_a_failing_job_wrote_is_undone(house: House, session: Session, now: datetime) -> None:
    @in_transaction
    def half(inner: Session, moment: datetime) -> str:
        audit.record(inner, SYSTEM, Event.DRAFTS_PURGED, now=moment)
        raise ValueError

    assert runner.run_due(house, Job("half", "Halvt", Every(60), half), now) is False
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


# --- the jobs themselves


def test_drafts_that_nobody_has_touched_for_30_days_go(house: House, session: Session, now: datetime) -> None:
    person = User(email="a@example.org", name="A", active=True, created_at=now)
    session.add(person)
    session.flush()
    for days in (29, 31):
        at = now - timedelta(days=days)
        session.add(ReportDraft(ref=f"r{days}", user_id=person.id, form="rapport", payload="{}", updated_at=at))
    session.commit()
    assert tasks_daily.purge_drafts(house, now) == "1 utkast"
    assert session.scalars(select(ReportDraft.ref)).all() == ["r29"]
    assert session.scalars(select(AuditEvent.event)).all() == ["drafts_purged"]
    assert tasks_daily.purge_drafts(house, now) == "0 utkast"


def test_traces_go_but_not_what_waits_or_failed(house: House, session: Session, now: datetime) -> None:
    then = now - timedelta(days=91)
    old = {"notice": "receipt", "recipient_mailbox": "a@example.org", "params": {}, "created_at": then}
    session.add_all(
        [
            OutboxMail(dedup_key="sent", sent_at=then, **old),
            OutboxMail(dedup_key="dropped", dropped_at=then, **old),
            OutboxMail(dedup_key="failed", failed_at=then, **old),
            OutboxMail(dedup_key="waits", next_try_at=now, **old),
            OutboxMail(dedup_key="new", sent_at=now, **(old | {"created_at": now})),
            JobRun(job="heartbeat", slot="old", started_at=now - timedelta(days=8)),
            JobRun(job="heartbeat", slot="new", started_at=now),
        ]
    )
    session.commit()
    assert tasks_daily.purge_traces(house, now) == "3 rader"
    assert set(session.scalars(select(OutboxMail.dedup_key))) == {"failed", "waits", "new"}
    assert session.scalars(select(JobRun.slot)).all() == ["new"]


def test_anchoring_writes_the_end_of_the_chain_outside_the_database(
    house: House, session: Session, now: datetime, tmp_path: Path
) -> None:
    house = replace(house, settings=replace(house.settings, instance=tmp_path))
    audit.record(session, SYSTEM, Event.CASE_READ, now=now)
    session.commit()
    assert tasks_daily.anchor_audit(house, now) == "Post 1"
    assert list(anchors.read(tasks_daily.anchor_file(house.settings))) == [tuple(audit.head(session))]


# --- commands and alarm clock


def test_flask_jobs(session: Session, run_cli: Callable[..., Result], clock: Clock) -> None:
    listed = run_cli("jobs", "list")
    assert listed.exit_code == 0
    assert all(job.name in listed.output for job in JOBS)
    assert run_cli("jobs", "run-once", "heartbeat").output.endswith("0 mejl väntar, 0 har misslyckats\n")
    unknown = run_cli("jobs", "run-once", "sov")
    assert (unknown.exit_code, "send_outbox" in unknown.output) == (2, True)
    assert run_cli("jobs", "retry-mail").output == "0 mejl försöks igen.\n"


def test_the_alarm_clock_rings_and_stops(committed_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[datetime] = []
    monkeypatch.setattr(scheduler, "JOBS", (counting(calls, Every(1)),))
    ringing = scheduler.run_in_background(House.of(committed_app))
    assert isinstance(ringing, BackgroundScheduler)
    until = time.monotonic() + 15
    while len(calls) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    ringing.shutdown()
    heard = len(calls)
    assert heard >= 2
    time.sleep(1.2)
    assert len(calls) == heard


# --- three processes


@pytest.mark.promise
@pytest.mark.parametrize("killing", [False, True], ids=["left-alone", "killed"])
def test_three_processes_send_each_reminder(
    committed_database: str, tmp_path: Path, full_size: bool, promise_result: Callable[[str], None], killing: bool
) -> None:
    """R3: left alone exactly once; killed at least once, and what comes twice has the same key."""
    reminders, days, kills = (1000, 30, 50) if full_size else (90, 3, 6)
    plan = Plan(reminders, days, patience=1 if killing else 300)
    crew = Crew(committed_database, tmp_path, plan)
    try:
        for day in range(days):
            crew.begin_day(day)
            for _ in range(kills * (day + 1) // days - kills * day // days if killing else 0):
                crew.kill_whoever_works()
            crew.wait_until_sent(len(plan.due(day)))
        time.sleep(2.5)  # two more slots, in which nothing more may be sent
    finally:
        crew.dismiss()
    keys = Counter(message[KEY_HEADER] for message in mailbox.Maildir(tmp_path / "mail"))
    assert len(keys) == reminders
    assert crew.killed == (kills if killing else 0)
    if not killing:
        assert set(keys.values()) == {1}
    twice = sum(keys.values()) - reminders
    promise_result(f"R3: {reminders} påminnelser, {days} dagar, {crew.killed} kill -9: 0 borta, {twice} kom två gånger")


class Crew:
    """Three processes that run jobs on one database."""

    def __init__(self, url: str, instance: Path, plan: Plan) -> None:
        self.url, self.instance, self.plan = url, instance, plan
        self.engine = schema.make_engine(url)
        self.killed = 0
        # Forked from a server that has loaded everything, a process starts in no time.
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.integration.job_process"])
        self.begin_day(0)
        self.processes = [self._start() for _ in range(3)]

    def begin_day(self, day: int) -> None:
        (self.instance / "day.new").write_text(str(day), "ascii")
        (self.instance / "day.new").replace(self.instance / "day")

    def kill_whoever_works(self) -> None:
        """kill -9 a process that holds a lease at this moment, and put a new one in its place."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with Session(self.engine) as session:
                owners = set(session.scalars(select(JobLease.owner)))
            for place, process in enumerate(self.processes):
                if job_process.owner(process.pid) in owners:
                    process.kill()
                    process.join()
                    self.killed += 1
                    self.processes[place] = self._start()
                    return
            time.sleep(0.002)
        raise AssertionError("no process ever held a lease")

    def wait_until_sent(self, count: int) -> None:
        query = select(func.count()).select_from(OutboxMail).where(OutboxMail.sent_at.is_not(None))
        until, sent = time.monotonic() + 90, 0
        while sent < count and time.monotonic() < until:
            time.sleep(0.05)
            with Session(self.engine) as session:
                sent = session.scalar(query) or 0
        assert sent == count

    def dismiss(self) -> None:
        (self.instance / "stop").touch()
        for process in self.processes:
            process.join(20)
            process.kill()
            process.join()
        self.engine.dispose()

    def _start(self) -> BaseProcess:
        process = self.context.Process(target=job_process.main, args=(self.url, self.instance, self.plan), daemon=True)
        process.start()
        return process
