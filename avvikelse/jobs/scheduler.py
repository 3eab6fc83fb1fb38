"""The alarm clock: rings for each job as often as its schedule asks. The only file that knows APScheduler.

It knows no times of day: the slots decide whether anything is to be done, so a missed or doubled ring is harmless.
"""

from __future__ import annotations

from datetime import UTC, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from avvikelse.adapters import clock
from avvikelse.jobs import runner
from avvikelse.jobs.house import House
from avvikelse.jobs.registry import JOBS, Job


def run_forever(house: House) -> None:
    """Ring in this thread until the process is told to stop."""
    _armed(BlockingScheduler(timezone=UTC), house).start()


def run_in_background(house: House) -> BackgroundScheduler:
    """Ring in threads of their own beside a server; `shutdown()` on the answer stops them."""
    scheduler = BackgroundScheduler(timezone=UTC, daemon=True)
    _armed(scheduler, house).start()
    return scheduler


def _armed(scheduler: BaseScheduler, house: House) -> BaseScheduler:
    for place, job in enumerate(JOBS):
        first = clock.now() + timedelta(seconds=1 + place)  # one after the other, not all in the first second
        scheduler.add_job(
            _ring,
            "interval",
            (house, job),
            id=job.name,
            seconds=job.schedule.tick,
            next_run_time=first,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    return scheduler


def _ring(house: House, job: Job) -> None:
    runner.run_due(house, job, clock.now())
