"""A process that runs jobs until its standard input closes: `python -m tests.integration.job_process URL INSTANCE`.

Two jobs: one queues a hundred reminders, as every process would; the other is the real send_outbox.
"""

from __future__ import annotations

import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from avvikelse.adapters import clock
from avvikelse.domain.notices import Notice
from avvikelse.jobs import runner, tasks_mail
from avvikelse.jobs.house import House, in_transaction
from avvikelse.jobs.registry import Every, Job
from avvikelse.models import schema
from avvikelse.services import outbox
from tests.conftest import make_settings

REMINDERS = 100
BOX = "mottagare@example.org"


@in_transaction
def remind(session: Session, now: datetime) -> str:
    queued = sum(
        outbox.queue(
            session, Notice.REMIND_SVAR, to_mailbox=BOX, dedup_key=f"remind_svar:{case}", now=now,
            params={"number": f"JH-2026-{case:04}", "ref": "r"},
        )
        for case in range(REMINDERS)
    )  # fmt: skip
    return f"{queued} påminnelser"


JOBS = (
    Job("remind", "Påminner", Every(1), remind, timedelta(seconds=2)),
    Job("send_outbox", "Skickar", Every(1), tasks_mail.send_outbox, timedelta(seconds=2)),
)


def main(url: str, instance: str) -> None:
    schema.load_models()
    outbox.CLAIM = timedelta(seconds=2)  # a dead process's mails are soon free
    tasks_mail.BATCH = 5
    house = House(make_settings(url, Path(instance)), schema.make_engine(url))
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    sys.stdout.write("redo\n")
    sys.stdout.flush()
    while not stop.is_set():
        for job in JOBS:
            runner.run_due(house, job, clock.now())
        time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
