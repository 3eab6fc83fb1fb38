"""`flask organisation import`: bring organisation packs into the database. Open to change what the operator is told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from avvikelse.adapters.clock import now
from avvikelse.adapters.pack_file import PackInvalid, PackProblem, read_tables
from avvikelse.cli.database_group import DatabaseGroup
from avvikelse.domain.actor import SYSTEM
from avvikelse.models.base import db
from avvikelse.models.engine import WRITING
from avvikelse.services.organisation_import import Change, ChangeKind, ImportResult, import_pack

OK, BAD_INPUT = 0, 2
SHOWN = 30  # changed rows listed one by one; all are counted

group = DatabaseGroup("organisation", help="Län, huvudmän, enheter och samverkansgrupper.")


@group.command("import", help="Läs in ett eller flera organisationspaket (TOML). Allt läses in, eller inget.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FIL.toml …")
@click.option("--dry-run", is_flag=True, help="Visa vad som skulle ändras, utan att spara.")
def import_(files: tuple[Path, ...], dry_run: bool) -> None:
    packs: list[dict[str, Any]] = []
    problems: list[PackProblem] = []
    for file in files:
        try:
            packs.append(read_tables(file))
        except PackInvalid as error:
            problems += error.problems
    if problems:
        for problem in problems:
            click.echo(str(problem), err=True)
        click.echo("Inget har lästs in. Rätta filen och försök igen.", err=True)
        sys.exit(BAD_INPUT)
    db.session.connection(execution_options=WRITING)
    for tables in packs:
        _say(import_pack(db.session(), SYSTEM, tables, now=now()))
    if dry_run:
        db.session.rollback()
        click.echo("Inget sparades (--dry-run).")
    else:
        db.session.commit()
    sys.exit(OK)


def _say(result: ImportResult) -> None:
    """One line per table with its counts, then what changed in rows that were there before."""
    if not result.changes:
        click.echo(f"{result.pack_slug}: inga ändringar.")
        return
    click.echo(f"{result.pack_slug}:")
    for table, kinds in result.counts().items():
        click.echo(
            f"  {table}: "
            + ", ".join(f"{count} {kind.label if count == 1 else kind.plural}" for kind, count in kinds.items())
        )
    touched = [change for change in result.changes if change.kind is not ChangeKind.NEW]
    for change in touched[:SHOWN]:
        click.echo(f"    {_line(change)}")
    if len(touched) > SHOWN:
        click.echo(f"    … och {len(touched) - SHOWN} till")


def _line(change: Change) -> str:
    fields = f" ({', '.join(change.fields)})" if change.fields else ""
    return f"[{change.table}] {change.slug}: {change.kind.label}{fields}"
