"""`flask database …`: the schema's version, checking and starting over.

Open to change what happens to an operator's database.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app

from avvikelse.cli.database_group import DatabaseGroup
from avvikelse.models import schema
from config import Settings, create_keys, keys_file

BAD_INPUT = 2

group = DatabaseGroup("database", help="Databasens version, kontroll och nystart.")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def prepare(settings: Settings) -> bool:
    """Bring the database to the program's version, making it (and its keys, if there are none) when new.

    True if anything was done.
    """
    if not (settings.secret_key or settings.audit_key or keys_file(settings.instance).exists()):
        path = create_keys(settings.instance)
        click.echo(
            f"Nya nycklar skapade i {path}. Spara en kopia på annan plats: utan dem kan loggen inte kontrolleras.",
            err=True,
        )
    created = schema.create_sqlite_file(settings.database_url)
    engine = schema.make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            before = schema.current(connection)
        if before != schema.head():
            schema.upgrade(engine)
            return True
    finally:
        engine.dispose()
    return created


@group.command("upgrade", help="Skapa databasen eller uppgradera den till programmets version.")
def upgrade() -> None:
    done = prepare(_settings())
    click.echo(f"Databasen har version {schema.head()}." + ("" if done else " Inget behövde göras."))


@group.command("downgrade", help="Gå tillbaka till en äldre version (t.ex. 0001). Säkerhetskopiera först.")
@click.argument("revision")
def downgrade(revision: str) -> None:
    engine = schema.make_engine(_settings().database_url)
    try:
        schema.downgrade(engine, revision)
    except schema.UnknownRevisionError:
        click.echo(f"Det finns ingen version {revision}. Numret stod i `database check` före uppdateringen.", err=True)
        sys.exit(BAD_INPUT)
    finally:
        engine.dispose()
    click.echo(f"Databasen har version {revision}.")


@group.command("check", help="Säg om databasen går att använda och stämmer med programmet.")
def check() -> None:
    url = _settings().database_url
    sentences = schema.problems(url)
    if not sentences:
        engine = schema.make_engine(url)
        with engine.connect() as connection:
            sentences = tuple(
                f"Skiljer sig från programmet: {difference}" for difference in schema.differences(connection)
            )
        engine.dispose()
    for sentence in sentences:
        click.echo(sentence, err=True)
    if sentences:
        sys.exit(1)
    click.echo(f"Databasen är hel och har version {schema.head()}.")


@group.command("keys", help="Skapa nycklar i instance/keys.env, om inga finns.")
def keys() -> None:
    try:
        click.echo(f"Nya nycklar skapade i {create_keys(_settings().instance)}.")
    except FileExistsError:
        click.echo("Det finns redan nycklar. De byts inte: loggens kedja hör ihop med dem.", err=True)
        sys.exit(1)


@group.command("revision", help="Utvecklare: skriv nästa numrerade migrering som utkast, att läsa och rätta.")
@click.argument("message")
def revision(message: str) -> None:
    from alembic import command

    engine = schema.make_engine(_settings().database_url)
    number = int(schema.head() or 0) + 1
    with engine.connect() as connection:
        command.revision(schema.alembic_config(connection), message, autogenerate=True, rev_id=f"{number:04d}")
    engine.dispose()


@group.command("reset", help="Radera hela databasen och skapa en tom. Frågar först; vägrar i produktion.")
@click.option("--yes", is_flag=True, help="Fråga inte.")
def reset(yes: bool) -> None:
    settings = _settings()
    if settings.is_production:
        click.echo("I produktion raderas ingen databas härifrån.", err=True)
        sys.exit(1)
    engine = schema.make_engine(settings.database_url)
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    what = (file or "").removeprefix("file:") or engine.url.render_as_string(hide_password=True)
    click.echo(f"Det här raderas: {what}, med alla ärenden och konton.")
    if not yes:
        click.confirm("Är du säker?", abort=True)
    if file is not None:
        engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            Path(file.removeprefix("file:") + suffix).unlink(missing_ok=True)
    else:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
    prepare(settings)
    click.echo("Klart: databasen är ny och tom.")
