"""A group of commands that need the database. Open to change what an operator reads when it cannot be used.

Without this a missing, old or unreachable database is a traceback in English.
"""

from __future__ import annotations

import sys
from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

from avvikelse.models import schema
from avvikelse.services.audit import KeyMissingError

REFUSED = 1
NO_KEY = "AVVIKELSE_AUDIT_KEY saknas. Kör `flask --app wsgi database keys`, eller sätt variabeln."


class DatabaseGroup(AppGroup):
    """Runs its commands; when the database says no, asks why and leaves with 1 and a Swedish sentence.

    Asked only afterwards, so a command that goes well pays nothing, and one whose input is bad says that first. An
    error in a database that is as it should be is a fault of the program and is raised as it is.
    """

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError, InterfaceError):
            refuse_without_database(ctx.ensure_object(ScriptInfo).load_app().extensions["settings"].database_url)
            raise
        except KeyMissingError:  # nothing is saved: whatever is not recorded is not done
            click.echo(
                "AVVIKELSE_AUDIT_KEY saknas. Kör `flask --app wsgi database keys`, eller sätt variabeln.", err=True
            )
            sys.exit(REFUSED)


def refuse_without_database(url: str) -> None:
    """Leave with 1 and the reasons on standard error if the database at `url` cannot be used."""
    sentences = schema.problems(url)
    if sentences:
        click.echo("\n".join(sentences), err=True)
        sys.exit(REFUSED)
