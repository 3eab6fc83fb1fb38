"""`flask audit …`: check that nobody has changed the log, and anchor it outside the database."""

from __future__ import annotations

import sys

import click
from flask import current_app

from avvikelse.adapters import anchors, clock
from avvikelse.cli.database_group import DatabaseGroup
from avvikelse.jobs.house import House
from avvikelse.jobs.tasks_daily import anchor_audit, anchor_file
from avvikelse.services import audit
from avvikelse.services.audit import Fault, Link

group = DatabaseGroup("audit", help="Loggens kedja: kontrollera och ankra.")

FAULTS = {
    Fault.CHANGED: "är ändrad",
    Fault.MISSING: "saknas",
    Fault.CUT: "och allt därefter saknas",
    Fault.ANCHOR: "stämmer inte med ankaret: kedjan är omskriven",
}


def _house() -> House:
    return House.of(current_app._get_current_object())  # type: ignore[attr-defined] # noqa: SLF001 -- Flask's own way


@group.command("verify", help="Räkna om kedjan. Slutar med 0 om den är hel, 1 vid första felet.")
def verify() -> None:
    house = _house()
    try:
        kept = [Link(seq, chain_hash) for seq, chain_hash in anchors.read(anchor_file(house.settings))]
    except (OSError, ValueError) as error:
        click.echo(f"Ankarfilen går inte att läsa: {error}", err=True)
        sys.exit(2)
    with house.transaction(writing=False) as session:
        result = audit.verify(session, kept)
    if result.fault is not None:
        click.echo(f"Loggen är bruten. Post {result.bad_seq} {FAULTS[result.fault]}.", err=True)
        sys.exit(1)
    click.echo(f"Loggen är hel: {result.count} poster, {len(kept)} ankare.")


@group.command("anchor", help="Skriv kedjans slut till ankarfilen. Kopiera filen till en annan plats.")
def anchor() -> None:
    house = _house()
    click.echo(f"{anchor_audit(house, clock.now())} är ankrad i {anchor_file(house.settings)}.")
