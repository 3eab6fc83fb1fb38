"""`flask cases load`: bring earlier cases in from a JSON Lines file. Open to change what the operator is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from avvikelse.adapters.clock import now
from avvikelse.cli.database_group import DatabaseGroup
from avvikelse.cli.unreadable import why
from avvikelse.domain.actor import SYSTEM
from avvikelse.models.base import db
from avvikelse.models.engine import WRITING
from avvikelse.services import case_loading

PROBLEMS, BAD_INPUT = 1, 2
SHOWN = 100  # bad lines listed one by one; all are counted
LONGEST_LINE = 1_000_000  # bytes; a longer one is no case

group = DatabaseGroup("cases", help="Ärenden från ett tidigare system.")


@group.command("load")
@click.argument("file", type=click.Path(path_type=Path), metavar="FIL.jsonl")
@click.option("--progress", is_flag=True, help="Visa hur långt inläsningen har kommit.")
def load(file: Path, progress: bool) -> None:
    """Läs in ärenden, ett per rad. Det som redan är inläst (samma id) hoppas över.

    Enheter och län som saknas skapas. Rader som inte går att läsa in redovisas med radnummer och hoppas över.
    Slutar med 0 om allt lästes in, 1 om någon rad hoppades över med fel, 2 om filen inte går att läsa.
    """
    try:
        size = file.stat().st_size
        source = file.open("rb")
    except OSError as error:
        click.echo(f"{file} går inte att läsa. {why(error)}.", err=True)
        sys.exit(BAD_INPUT)
    moment, session = now(), db.session()
    loader, loaded, known, failed, warned = case_loading.Loader(session, now=moment), 0, 0, 0, 0
    with source, click.progressbar(length=size, label="Läser in", hidden=not progress, file=sys.stderr) as bar:
        for batch in case_loading.batches(_lines(source)):
            session.connection(execution_options=WRITING)
            part = loader.load(batch)
            session.commit()
            loaded, known, warned = loaded + part.loaded, known + part.known, warned + part.warned
            for problem in part.problems[: max(SHOWN - failed, 0)]:
                click.echo(str(problem), err=True)
            failed += len(part.problems)
            bar.update(sum(len(line) for _, line in batch))
    session.connection(execution_options=WRITING)
    case_loading.finish(session, SYSTEM, loaded, now=moment)
    session.commit()
    if failed > SHOWN:
        click.echo(f"… och {failed - SHOWN} till.", err=True)
    click.echo(f"Lästes in: {loaded}. Fanns redan: {known}. Hoppades över: {failed}.")
    if warned:
        click.echo(
            f"{warned} texter kan innehålla namn, adresser eller annat som pekar ut någon. Låt samordnaren läsa dem."
        )
    sys.exit(PROBLEMS if failed else 0)


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    yield from enumerate(iter(lambda: source.readline(LONGEST_LINE), b""), start=1)
