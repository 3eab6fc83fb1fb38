"""`flask routing explain`: say for each situation on standard input who would get it and why. Needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

import click
from flask.cli import AppGroup

from avvikelse.adapters import clock
from avvikelse.adapters.pack_file import own_packs, read_pack
from avvikelse.domain.group_membership import groups_of_case
from avvikelse.domain.organisation import OrganisationMap
from avvikelse.domain.routing import Reason, Route, Situation, route
from avvikelse.domain.vocabulary import RoutingMode
from avvikelse.domain.workdays import local_date

NO_PACK = Reason("R22", "inget organisationspaket är inläst för länet")
OK, FINDINGS, BAD_INPUT = 0, 1, 2

routing = AppGroup("routing", help="Vem en rapport går till, och varför.")


@routing.command("explain")
def explain() -> None:
    """Read JSON Lines {"id","pack","indata"} and print one line of JSON for each."""
    packs = {slug: read_pack(path) for slug, path in own_packs().items()}
    today, bad = local_date(clock.now()), 0
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            answer = explained(case["id"], packs[case["pack"]] if case["pack"] else None, case["indata"], today)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            bad += 1
            click.echo(f"rad {number}: går inte att tolka ({type(error).__name__}: {error})", err=True)
            continue
        click.echo(json.dumps(answer, ensure_ascii=False))
    sys.exit(BAD_INPUT if bad else OK)


def explained(case_id: object, org: OrganisationMap | None, indata: Mapping[str, Any], today: date) -> dict[str, Any]:
    """One answer, with the pack's ids; a function as fn:ID."""
    if org is None:
        return _answer(case_id, Route(None, None, None, None, RoutingMode.MANUAL, (NO_PACK,)), ())
    situation = situation_of(indata)
    found = route(situation, org, today)
    named = org.units.get(situation.counterpart_unit or "")
    receiver = found.unit or named
    types = [kind for kind in (indata["rapportor"].get("verksamhetstyp"), receiver.kind if receiver else None) if kind]
    inside = bool(receiver) and receiver is not None and receiver.huvudman == situation.sender_huvudman
    groups = groups_of_case(org, kommunkod=situation.kommunkod, types=types, inside_huvudman=inside).groups
    return _answer(case_id, found, groups)


def situation_of(indata: Mapping[str, Any]) -> Situation:
    """The layout of `indata` in tests/cases/routing_examples.json.

    Raises KeyError or ValueError when something is missing.
    """
    named = indata["angiven_motpart"] or {}
    return Situation(
        sender_unit=indata["rapportor"].get("enhet"),
        sender_huvudman=indata["rapportor"].get("huvudman"),
        occurred_on=date.fromisoformat(indata["handelsedatum"]),
        counterpart_unit=named.get("enhet"),
        counterpart_kind=named.get("verksamhetstyp"),
        counterpart_huvudman=named.get("huvudman"),
        kommunkod=indata.get("kommunkod"),
        category=indata.get("kategori"),
        age_band=indata.get("aldersgrupp"),
        tillstand=indata.get("tillstand"),
        niva=indata.get("niva"),
    )


def _answer(case_id: object, found: Route, groups: tuple[str, ...]) -> dict[str, Any]:
    position = found.post.id if found.post else f"fn:{found.office.id}" if found.office else None
    return {
        "id": case_id,
        "position": position,
        "unit": found.unit.id if found.unit else None,
        "huvudman": found.huvudman,
        "mode": found.mode.value,
        "copies": list(found.copies),
        "groups": list(groups),
        "rules": [{"id": reason.rule, "reason": reason.text} for reason in found.reasons],
    }
