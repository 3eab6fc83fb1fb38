"""`flask jobs …`: run what runs by itself, list it, or run one job now."""

from __future__ import annotations

import sys

import click
from flask import current_app
from sqlalchemy import select

from avvikelse.adapters import clock
from avvikelse.cli.database_group import DatabaseGroup, refuse_without_database
from avvikelse.jobs import registry, runner
from avvikelse.jobs.house import House
from avvikelse.models.jobs import JobRun
from avvikelse.services import outbox

group = DatabaseGroup("jobs", help="Det som sker av sig självt: påminnelser, mejl, städning.")


def _house() -> House:
    return House.of(current_app._get_current_object())  # type: ignore[attr-defined] # noqa: SLF001 -- Flask's own way


@group.command("run", help="Kör jobben tills processen stoppas. En process räcker; fler stör inte varandra.")
def run() -> None:
    from avvikelse.jobs import scheduler

    # At the start only: a database that goes away later is waited for.
    refuse_without_database(current_app.extensions["settings"].database_url)
    click.echo("Jobben går. Avsluta med Ctrl+C.")
    try:
        scheduler.run_forever(_house())
    except (KeyboardInterrupt, SystemExit):
        click.echo("Jobben är stoppade.")


@group.command("list", help="Visa jobben och hur den senaste körningen gick.")
def list_jobs() -> None:
    with _house().transaction(writing=False) as session:
        for job in registry.JOBS:
            query = select(JobRun).where(JobRun.job == job.name).order_by(JobRun.started_at.desc()).limit(1)
            last = session.scalars(query).one_or_none()
            how = "har inte körts" if last is None else f"{_when(last)}: {last.summary or 'pågår'}"
            mark = "fel" if last is not None and last.ok is False else "ok" if last is not None and last.ok else "–"
            click.echo(f"{job.name:<15} {job.schedule!s:<22} {mark:<4} {how}")


@group.command("run-once", help="Kör ett jobb nu, även om det nyss har körts.")
@click.argument("name")
def run_once(name: str) -> None:
    try:
        job = registry.find(name)
    except KeyError:
        names = ", ".join(job.name for job in registry.JOBS)
        click.echo(f"Det finns inget jobb {name}. Välj bland: {names}.", err=True)
        sys.exit(2)
    click.echo(f"{job.label}: {runner.run_once(_house(), job, clock.now())}")


@group.command("retry-mail", help="Försök igen med alla mejl som har misslyckats.")
def retry_mail() -> None:
    with _house().transaction() as session:
        count = outbox.retry_failed(session, now=clock.now())
    click.echo(f"{count} mejl försöks igen.")


def _when(run: JobRun) -> str:
    return f"{run.started_at.astimezone(registry.STOCKHOLM):%Y-%m-%d %H:%M}"
