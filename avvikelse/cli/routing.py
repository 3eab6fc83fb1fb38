"""`flask routing explain`: say for each situation on standard input who would get it and why. Needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import click
from flask.cli import AppGroup

from avvikelse.adapters import clock
from avvikelse.adapters.pack_file import own_packs, read_pack
from avvikelse.domain.errors import Invalid
from avvikelse.domain.group_membership import groups_of_case
from avvikelse.domain.organisation import OrganisationMap
from avvikelse.domain.routing import Reason, Route, Situation, route
from avvikelse.domain.vocabulary import RoutingMode
from avvikelse.domain.workdays import local_date

NO_PACK = Reason("R22", "inget organisationspaket är inläst för länet")
OK, FINDINGS, BAD_INPUT = 0, 1, 2
UNIT_FIELDS = ("enhet", "huvudman", "verksamhetstyp")

routing = AppGroup("routing", help="Vem en rapport går till, och varför.")


@routing.command("explain")
def explain() -> None:
    """Läs situationer på standard in, en per rad, och skriv ut vem som får rapporten och varför.

    Varje rad är JSON med id, pack (null = länet har inget) och indata. En rad som inte går att läsa sägs med
    radnummer, och de andra besvaras ändå; då slutar det med 2.
    """
    packs = {slug: read_pack(path) for slug, path in own_packs().items()}
    today, bad = local_date(clock.now()), 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            case = checked(line, packs.keys())
        except Invalid as error:
            bad += 1
            click.echo(f"Rad {number}: {error.reason}", err=True)
            continue
        answer = explained(case["id"], packs[case["pack"]] if case["pack"] else None, case["indata"], today)
        click.echo(json.dumps(answer, ensure_ascii=False))
    sys.exit(BAD_INPUT if bad else OK)


def checked(line: bytes, packs: Collection[str]) -> dict[str, Any]:
    """What a line says. Raises Invalid with what is missing or wrong."""
    try:
        case = json.loads(line)
    except (ValueError, RecursionError):
        raise Invalid("Raden är inte JSON i UTF-8.") from None
    if not isinstance(case, dict):
        raise Invalid("Raden ska vara ett JSON-objekt med id, pack och indata.")
    _require(case, "", ("id", "pack", "indata"))
    if case["pack"] is not None and case["pack"] not in tuple(packs):
        raise Invalid(f"Paketet i pack finns inte. Skriv {', '.join(sorted(packs))} eller null.")
    indata = _object(case, "indata")
    _require(indata, "indata.", ("rapportor", "handelsedatum", "angiven_motpart"))
    _texts(_object(indata, "rapportor"), "indata.rapportor.", UNIT_FIELDS)
    if indata["angiven_motpart"] is not None:
        _texts(_object(indata, "angiven_motpart"), "indata.angiven_motpart.", UNIT_FIELDS)
    _texts(indata, "indata.", ("kommunkod", "kategori", "aldersgrupp", "tillstand"))
    if indata.get("niva") not in (None, 1, 2, 3, 4) or isinstance(indata.get("niva"), bool):
        raise Invalid("Fältet indata.niva ska vara ett tal mellan 1 och 4, eller null.")
    try:
        date.fromisoformat(indata["handelsedatum"])
    except (ValueError, TypeError):
        raise Invalid("Fältet indata.handelsedatum ska vara en dag, skriven ÅÅÅÅ-MM-DD.") from None
    return case


def _require(found: Mapping[str, Any], where: str, names: Iterable[str]) -> None:
    missing = [f"{where}{name}" for name in names if name not in found]
    if missing:
        raise Invalid(f"{'Fältet' if len(missing) == 1 else 'Fälten'} {' och '.join(missing)} saknas.")


def _object(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if not isinstance(found[name], dict):
        raise Invalid(f"Fältet {name} ska vara ett JSON-objekt.")
    value: Mapping[str, Any] = found[name]
    return value


def _texts(found: Mapping[str, Any], where: str, names: Iterable[str]) -> None:
    for name in names:
        if not isinstance(found.get(name), str | None):
            raise Invalid(f"Fältet {where}{name} ska vara en text, eller null.")


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
    """The layout of `indata` in tests/cases/routing_examples.json, as `checked` lets it through."""
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
