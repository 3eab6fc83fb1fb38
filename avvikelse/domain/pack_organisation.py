"""A pack's tables (TOML) as the OrganisationMap that routing asks.

Uses the same reading of rows as the import (pack_rows.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from avvikelse.domain import pack_rows
from avvikelse.domain.organisation import Cell, Group, HuvudmanFacts, Office, OrganisationMap, Post, Unit
from avvikelse.domain.vocabulary import FunktionKind, GroupLevel, HuvudmanKind, SeesCases


def organisation_of(tables: Mapping[str, Any]) -> OrganisationMap:
    """The tables must have been checked (adapters/pack_file.py)."""

    def rows(name: str) -> list[tuple[str, dict[str, Any]]]:
        read = pack_rows.READERS[name]
        return [(row["id"], read(row)) for row in tables.get(name, ())]

    return OrganisationMap(
        pack=tables["paket"]["id"],
        name=tables["paket"]["namn"],
        kommuner=tuple(tables["paket"]["kommunkoder"]),
        huvudman={i: HuvudmanFacts(i, c["name"], HuvudmanKind(c["kind"]), c["kommunkod"]) for i, c in rows("huvudman")},
        units={i: _unit(i, c) for i, c in rows("verksamhet")},
        posts={
            i: Post(i, c["title"], c["enhet"], c["organisation"], c["substitute"], c["vacant"])
            for i, c in rows("chefsposition")
        },
        offices={
            i: Office(i, c["name"], c["huvudman"], FunktionKind(c["kind"]), c["omrade"]) for i, c in rows("funktion")
        },
        groups={i: _group(i, c) for i, c in rows("samverkansgrupp")},
        matrix={
            (row["tillstand"], row["niva"]): Cell(tuple(row["mottagare"]), row.get("oklar", False))
            for row in tables.get("ansvarsmatris", ())
        },
        overrides=frozenset(row["regel"] for row in tables.get("routingregel", ())),
        parents={i: c["parent"] for i, c in rows("organisation")},
    )


def _unit(slug: str, c: Mapping[str, Any]) -> Unit:
    return Unit(
        slug, c["name"], c["kind"], c["huvudman"], c["omrade"], c["organisation"], tuple(c["kommuner"]),
        (c["age_min"], c["age_max"]), _day(c["active_from"]), _day(c["active_to"]), c["successor"],
        c["forsta_linje"], c["tar_emot_remiss"], tuple(c["shared_with"]),
    )  # fmt: skip


def _group(slug: str, c: Mapping[str, Any]) -> Group:
    kinds = tuple(c["verksamhetstyper"]) if c["verksamhetstyper"] is not None else None
    return Group(
        slug,
        c["name"],
        GroupLevel(c["level"]),
        SeesCases(c["sees_cases"]),
        c["active"],
        c["parent"],
        tuple(c["kommuner"]),
        kinds,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
