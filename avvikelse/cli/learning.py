"""`flask learning signals`: what stands out in a group's month. Open when its output changes."""

from __future__ import annotations

import json
import sys

import click

from avvikelse.adapters import clock
from avvikelse.cli.database_group import DatabaseGroup
from avvikelse.domain.errors import DomainError
from avvikelse.domain.months import first_day
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db

group = DatabaseGroup("learning", help="Det grupperna kan lära av ärendena.")
REFUSED, BAD_INPUT = 1, 2


@group.command("signals")
@click.option("--group", "group_id", required=True, help="Gruppens id i organisationspaketet, eller dess nummer.")
@click.option("--month", required=True, help="Månaden, till exempel 2026-10.")
@click.option("--pack", help="Länets id, om flera län har en grupp med samma id.")
def signals(group_id: str, month: str, pack: str | None) -> None:
    """Skriver JSON: prövade celler med antal, p, q och tecken, diagram per kategori, och fram och tillbaka per par.

    Slutar med 0, med 1 om gruppen inte finns, med 2 om månaden är felskriven.
    """
    from avvikelse.queries.signals import group_signals
    from avvikelse.services.month import group_id_of

    try:
        first_day(month)
    except ValueError:
        click.echo(f"{month} är ingen månad. Skriv så här: 2026-10.", err=True)
        sys.exit(BAD_INPUT)
    session = db.session()
    try:
        key = group_id_of(session, group_id, pack)
    except DomainError as error:
        click.echo(error.reason, err=True)
        sys.exit(REFUSED)
    found = group_signals(session, key, month, today=local_date(clock.now()))
    answer = {
        "cells": [
            {
                "cell": one.cell.name,
                "a": one.a,
                "b": one.b,
                "p": one.p,
                "q": one.q,
                "signal": one.signal,
                "kind": one.cell.kind.value,
            }
            for one in found.cells
        ],
        "tested": found.tested,
        "charts": [
            {
                "theme": one.theme,
                "months": one.months,
                "values": one.values,
                "shown": one.shown.value,
                "variation": one.chart.variation.value if one.chart else None,
                "signs": [point.rule.value if point.rule else None for point in one.chart.points]
                if one.chart
                else None,
            }
            for one in found.charts
        ],
        "routes": [
            {
                "sender": one.sender,
                "receiver": one.receiver,
                "returned": one.returned.count,
                "sent": one.returned.total,
                "ci95": [one.returned.low, one.returned.high],
                "stands_out": one.stands_out,
            }
            for one in found.routes
        ],
    }
    click.echo(json.dumps(answer, ensure_ascii=False))
