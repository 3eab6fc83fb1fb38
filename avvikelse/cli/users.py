"""`flask users …`: accounts and their first administrator, from the server.

Open to change what an operator can do with people.

Passwords are never typed here: a new account gets a mail with a link.
"""

from __future__ import annotations

import sys

import click

from avvikelse.adapters.clock import now
from avvikelse.cli.database_group import DatabaseGroup
from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.errors import DomainError
from avvikelse.domain.role_scope import Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.models.engine import WRITING
from avvikelse.models.identity import User
from avvikelse.queries import identity
from avvikelse.services import accounts, invitations, second_step

REFUSED, BAD_INPUT = 1, 2

group = DatabaseGroup("users", help="Konton: bjud in en administratör, stäng och lista.")


@group.command("create", help="Bjud in en administratör. Personen får ett mejl och väljer själv lösenord.")
@click.argument("email", metavar="E-POSTADRESS")
@click.argument("name", metavar="NAMN")
@click.option("--huvudman", type=int, help="Huvudmannens id. Utan det: administratör för hela systemet.")
def create(email: str, name: str, huvudman: int | None) -> None:
    db.session.connection(execution_options=WRITING)
    try:
        invitations.invite(
            db.session(),
            SYSTEM,
            email=email,
            name=name,
            role=Role.ADMINISTRATOR,
            scope=Scope(huvudman_id=huvudman),
            now=now(),
        )
    except DomainError as error:
        _refuse(error, BAD_INPUT)
    db.session.commit()
    click.echo("Inbjudan är på väg. Länken gäller i sju dagar.")


@group.command("disable", help="Stäng ett konto. Personen loggas ut direkt; det hon har skrivit finns kvar.")
@click.argument("email", metavar="E-POSTADRESS")
def disable(email: str) -> None:
    _switch(email, to_active=False)
    click.echo("Kontot är stängt.")


@group.command("enable", help="Öppna ett stängt konto.")
@click.argument("email", metavar="E-POSTADRESS")
def enable(email: str) -> None:
    _switch(email, to_active=True)
    click.echo("Kontot är öppet.")


@group.command("reset-second-step", help="Ta bort andra steget vid inloggning. Personen loggas ut och får ett mejl.")
@click.argument("email", metavar="E-POSTADRESS")
def reset_second_step(email: str) -> None:
    db.session.connection(execution_options=WRITING)
    user = _account(email)
    if not second_step.reset(db.session(), SYSTEM, user.id, now=now()):
        click.echo("Kontot har inget andra steg.", err=True)
        sys.exit(REFUSED)
    db.session.commit()
    click.echo("Andra steget är borttaget. Vid nästa inloggning sätts det upp på nytt.")


@group.command("list", help="Lista konton och deras roller i dag.")
def list_() -> None:
    today = local_date(now())
    for user in identity.all_users(db.session()):
        actor = identity.actor_of(db.session(), user.id, today)
        roles = "; ".join(grant.label for grant in actor.grants) or "inga roller"
        click.echo(f"{user.email}\t{user.name}\t{roles if user.active else 'stängt'}")


def _switch(email: str, *, to_active: bool) -> None:
    db.session.connection(execution_options=WRITING)
    user = _account(email)
    change = accounts.enable if to_active else accounts.disable
    change(db.session(), SYSTEM, user.id, now=now())
    db.session.commit()


def _account(email: str) -> User:
    user = identity.user_by_email(db.session(), email)
    if user is None:
        click.echo("Det finns inget konto med den adressen.", err=True)
        sys.exit(BAD_INPUT)
    return user


def _refuse(error: DomainError, code: int) -> None:
    click.echo(error.reason, err=True)
    sys.exit(code)
