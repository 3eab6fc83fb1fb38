"""`flask month …`: make a samverkansgrupp's month by hand, also again after late changes."""

from __future__ import annotations

import sys

import click

from avvikelse.adapters import clock
from avvikelse.cli.database_group import DatabaseGroup
from avvikelse.domain.errors import DomainError
from avvikelse.domain.months import first_day
from avvikelse.models.base import db
from avvikelse.models.engine import WRITING
from avvikelse.services import month as months

group = DatabaseGroup("month", help="Samverkansgruppernas månader.")
BAD_INPUT, REFUSED = 2, 1


@group.command("make")
@click.option("--group", "slug", required=True, help="Gruppens id i organisationspaketet.")
@click.option("--month", required=True, help="Månaden, till exempel 2026-10.")
@click.option("--pack", help="Länets id, om flera län har en grupp med samma id.")
def make(slug: str, month: str, pack: str | None) -> None:
    """Räkna fram och spara en grupps månad.

    En fastställd månad ändras aldrig: har något ändrats sedan dess sparas en ny, numrerad version.
    """
    try:
        first_day(month)
    except ValueError:
        click.echo(f"{month} är ingen månad. Skriv så här: 2026-10.", err=True)
        sys.exit(BAD_INPUT)
    session = db.session()
    try:
        group_id, now = months.group_id_of(session, slug, pack), clock.now()
        ahead = months.month_ahead(session, group_id, month, now)
        session.rollback()
        session.connection(execution_options=WRITING)
        made = months.make_month(session, group_id, month, now, ahead=ahead)
    except DomainError as error:
        click.echo(error.reason, err=True)
        sys.exit(REFUSED)
    session.commit()
    state = f"version {made.version}, fastställd" if made.frozen else "preliminär, fastställs när månaden är slut"
    click.echo(f"{slug} {month}: {state}.")
