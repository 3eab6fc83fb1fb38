"""`flask demo …`: fill an empty database with made-up data, and tell how to log in. Refuses in production."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from avvikelse.adapters import clock
from avvikelse.dev import open_stories, seeding
from avvikelse.dev.people import PASSWORD, everybody
from avvikelse.dev.town import is_built
from avvikelse.models.base import db
from avvikelse.models.engine import WRITING
from config import Settings

REFUSED = 1

group = AppGroup("demo", help="Påhittade data att prova med. Finns inte i drift.")


@group.command("seed", help="Gör tre län, människor och 16 månaders avvikelser. Görs bara en gång.")
def seed() -> None:
    settings: Settings = current_app.extensions["settings"]
    if settings.is_production:
        click.echo("Demodata görs bara med AVVIKELSE_ENV=demo.", err=True)
        sys.exit(REFUSED)
    session = db.session()
    session.connection(execution_options=WRITING)
    if is_built(session):
        session.rollback()
        click.echo("Demodata finns redan. Inget ändrades.")
        return
    click.echo("Gör demodata. Det tar en knapp minut första gången …")
    told = seeding.seed(session, now=clock.now())
    session.commit()
    if told is not None:
        click.echo(f"{told.cases} avvikelser och {told.people} personer, alla påhittade.")


@group.command("logins", help="Visa vem man kan logga in som.")
@click.option("--all", "show_all", is_flag=True, help="Alla, även de som bara har en biroll.")
def logins(show_all: bool) -> None:
    shown = [person for person in everybody() if show_all or person.shown_as]
    wide = max(len(person.shown_as or ", ".join(person.roles)) for person in shown)
    click.echo(f"Logga in som (lösenordet är {PASSWORD} för alla):\n")
    for person in shown:
        click.echo(f"  {person.shown_as or ', '.join(person.roles):<{wide}}  {person.email}")
    codes = open_stories.codes(db.session())
    if codes:
        click.echo("\nEller följ en rapport utan konto, på /utan-konto/folj:\n")
    for channel, code in codes:
        click.echo(f"  {channel:<{wide}}  {code}")
