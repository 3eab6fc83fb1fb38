"""A process that runs jobs until it is told to stop; test_jobs.py starts and kills several of them.

The instance folder is how the test speaks to it: `day` holds how many days have passed, `stop` ends it.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy.orm import Session

from avvikelse.adapters import clock
from avvikelse.adapters.mail import MaildirMailer
from avvikelse.domain.notices import Notice
from avvikelse.jobs import runner, tasks_mail
from avvikelse.jobs.house import House, in_transaction
from avvikelse.jobs.registry import Every, Job
from avvikelse.models import schema
from avvikelse.services import outbox
from tests.support.settings import make_settings

schema.load_models()
BOX = "mottagare@example.org"


@dataclass(frozen=True)
class Plan:
    """So many reminders, evenly over so many days. A dead process keeps its work for `patience` seconds."""

    reminders: int
    days: int
    patience: float

    def due(self, day: int) -> range:
        """The cases to be reminded of on or before `day` (0 = the first)."""
        return range(self.reminders * (day + 1) // self.days)


class SlowMailer(MaildirMailer):
    """A mail takes a while, so that a process can die with one in its hand."""

    def send(self, message: EmailMessage) -> None:
        time.sleep(0.005)
        super().send(message)
        time.sleep(0.005)


def main(url: str, instance: Path, plan: Plan) -> None:
    """Run until `stop`."""
    lease = timedelta(seconds=plan.patience)
    outbox.CLAIM = lease
    tasks_mail.BATCH = 10
    vars(tasks_mail)["mailer"] = lambda _setting: SlowMailer(instance / "mail")
    engine = schema.make_engine(url)
    house = House(make_settings(url, instance), engine)

    @in_transaction
    def remind(session: Session, now: datetime) -> str:
        queued = sum(
            outbox.queue(
                session,
                Notice.REMIND_SVAR,
                to_mailbox=BOX,
                dedup_key=f"remind_svar:{case}",
                params={"number": f"JH-2026-{case:04}", "ref": "r"},
                now=now,
            )
            for case in plan.due(day_of(instance))
        )
        return f"{queued} påminnelser"

    jobs = (
        Job("remind", "Påminner", Every(1), remind, lease),
        Job("send_outbox", "Skickar", Every(1), tasks_mail.send_outbox, lease),
    )
    while not (instance / "stop").exists():
        now = clock.now() + timedelta(days=day_of(instance))
        for job in jobs:
            runner.run_due(house, job, now, owner=owner(os.getpid()))
        time.sleep(0.02)
    engine.dispose()


def owner(pid: int | None) -> str:
    return f"process:{pid}"


def day_of(instance: Path) -> int:
    return int((instance / "day").read_text("ascii"))
