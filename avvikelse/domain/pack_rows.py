"""From a row of an organisation pack (TOML) to the columns it fills.

One function per table; references stay ids of the pack. Open when the pack format gets a field. Values are plain JSON
values, so that they can be stored and compared at the next import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from avvikelse.domain.vocabulary import FunktionKind, HuvudmanKind

Row = Mapping[str, Any]
Columns = dict[str, Any]

INVITED_KINDS = frozenset({HuvudmanKind.FRISTAENDE.value, HuvudmanKind.STAT.value})
OMRADE_LABELS = {
    "social": "socialtjänst",
    "utbildning": "utbildning",
    "kultur-fritid": "kultur och fritid",
    "ovrigt": "övrig verksamhet",
    "emi": "elevhälsans medicinska insats",
}
FUNKTION_KINDS = (
    ("avvikelsekoordinator", FunktionKind.SAMORDNARE),
    ("avvikelsesamordnare", FunktionKind.SAMORDNARE),
    ("samordnare", FunktionKind.SAMORDNARE),
    ("sip-samordnare", FunktionKind.SIP_SAMORDNARE),
    ("sip-stodjare", FunktionKind.SIP_STODJARE),
)
# Two or three letters that begin a case number, by länskod, for packs without `nummerprefix`.
# fmt: off
NUMBER_PREFIXES = {
    "01": "ST", "03": "UP", "04": "SO", "05": "OG", "06": "JK", "07": "KR", "08": "KA", "09": "GO",
    "10": "BL", "12": "SK", "13": "HA", "14": "VG", "17": "VR", "18": "OR", "19": "VM", "20": "DA",
    "21": "GA", "22": "VN", "23": "JH", "24": "VB", "25": "NB",
}
# fmt: on


def paket(row: Row) -> Columns:
    return {
        "name": row["namn"],
        "version": row["version"],
        "lan": row["lan"],
        "lanskod": row["lanskod"],
        "valid_from": _text(row.get("galler_fran")),
        "number_prefix": row.get("nummerprefix") or NUMBER_PREFIXES.get(row["lanskod"], row["id"][:2].upper()),
        "kommuner": list(row["kommunkoder"]),
    }


def huvudman(row: Row) -> Columns:
    return {"name": row["namn"], "kind": row["typ"], "kommunkod": row.get("kommunkod")}


def omraden(tables: Mapping[str, Any]) -> list[Row]:
    """The sekretessområden that the units name, as rows with an id. A pack has no table of its own for them."""
    parents = {parent["id"]: parent for parent in tables["huvudman"]}
    named = dict.fromkeys(
        row["sekretessomrade"]
        for table in ("verksamhet", "funktion")
        for row in tables.get(table, ())
        if "sekretessomrade" in row
    )
    rows: list[Row] = []
    for slug in named:
        parent_slug, _, part = slug.partition("/")
        parent = parents[parent_slug]
        label = OMRADE_LABELS.get(part, part.replace("-", " "))
        name = f"{parent['namn']} – {label}" if part else parent["namn"]
        rows.append({"id": slug, "namn": name, "huvudman": parent_slug, "inbjuden": parent["typ"] in INVITED_KINDS})
    return rows


def omrade(row: Row) -> Columns:
    return {"name": row["namn"], "huvudman": row["huvudman"], "invited_party": row["inbjuden"]}


def organisation(row: Row) -> Columns:
    return {
        "name": row["namn"],
        "kind": row["typ"],
        "huvudman": row["huvudman"],
        "parent": row.get("overordnad"),
        "active_to": None,
    }


def verksamhet(row: Row) -> Columns:
    contents = row.get("innehall")
    return {
        "name": row["namn"],
        "kind": row["typ"],
        "huvudman": row["huvudman"],
        "omrade": row["sekretessomrade"],
        "organisation": row.get("organisation"),
        "age_min": row["alder"][0],
        "age_max": row["alder"][1],
        "active_from": _text(row.get("aktiv_fran")),
        "active_to": _text(row.get("aktiv_till")),
        "successor": row.get("ersatt_av"),
        "forsta_linje": row.get("forsta_linje", False),
        "tar_emot_remiss": row.get("tar_emot_remiss", True),
        "assignment": row.get("uppgift") or (_sentence(contents) if contents else None),
        "kommuner": sorted(row["kommuner"]),
        "shared_with": sorted(row.get("gemensam_med", ())),
    }


def chefsposition(row: Row) -> Columns:
    return {
        "title": row["titel"],
        "enhet": row.get("verksamhet"),
        "organisation": row.get("organisation"),
        "substitute": row.get("ersattare"),
        "vacant": row.get("vakant", False),
        "active_to": None,
    }


def funktion(row: Row) -> Columns:
    return {
        "name": row["namn"],
        "kind": row.get("typ") or _funktion_kind(row["id"]).value,
        "huvudman": row["huvudman"],
        "omrade": row.get("sekretessomrade"),
        "assignment": row.get("uppgift"),
        "active_to": None,
    }


def samverkansgrupp(row: Row) -> Columns:
    planned = row.get("moten_per_ar")
    return {
        "name": row["namn"],
        "level": row["niva"],
        "parent": row.get("overordnad"),
        "sees_cases": row["ser_avvikelser"],
        "active": row["aktiv"],
        "kommuner": list(row.get("kommuner", ())),
        "verksamhetstyper": list(row["verksamhetstyper"]) if "verksamhetstyper" in row else None,
        "meetings_min": planned[0] if planned else None,
        "meetings_max": planned[1] if planned else None,
        "meeting_months": sorted(row.get("motesmanader", ())),
        "members": list(row.get("medlemmar", ())),
        "member_positions": list(row.get("medlemspositioner", ())),
        "convenor": row.get("sammankallande"),
        "purpose": row.get("uppgift"),
        "target_group": row.get("malgrupp"),
    }


def rapportplikt(row: Row) -> Columns:
    return {
        "from_slug": row["fran"],
        "to_slug": row["till"],
        "what": row["vad"],
        "interval": row["intervall"],
        "month": row.get("manad"),
    }


def tidsfrist(row: Row) -> Columns:
    return {"about": row["avser"], "value": row["varde"], "unit": row["enhet"]}


def avtal(row: Row) -> Columns:
    return {
        "name": row["namn"],
        "parties": list(row.get("parter", ())),
        "decided": _text(row.get("beslutad")),
        "valid": _text(row.get("galler") or _span(row.get("galler_fran"), row.get("galler_till"))),
        "revised": _text(row.get("reviderad")),
        "follow_up": row.get("uppfoljning"),
        "active_to": None,
    }


def avtalspunkt(row: Row) -> Columns:
    return {"avtal": row["avtal"], "number": str(row["nummer"]), "text": row["text"], "active_to": None}


def routingregel(row: Row) -> Columns:
    known = {"id", "regel", "text", "kalla", "antagande"}
    return {
        "rule": row["regel"],
        "text": row["text"],
        "params": {key: _plain(value) for key, value in row.items() if key not in known},
    }


def matrix_cell(row: Row) -> Columns:
    return {"receivers": list(row["mottagare"]), "uncertain": row.get("oklar", False)}


READERS: Mapping[str, Callable[[Row], Columns]] = {
    "huvudman": huvudman,
    "sekretessomrade": omrade,
    "organisation": organisation,
    "verksamhet": verksamhet,
    "chefsposition": chefsposition,
    "funktion": funktion,
    "samverkansgrupp": samverkansgrupp,
    "rapportplikt": rapportplikt,
    "tidsfrist": tidsfrist,
    "avtal": avtal,
    "avtalspunkt": avtalspunkt,
    "routingregel": routingregel,
}


def _funktion_kind(slug: str) -> FunktionKind:
    return next((kind for start, kind in FUNKTION_KINDS if slug.startswith(start)), FunktionKind.ANNAN)


def _text(value: Any) -> str | None:
    """TOML dates come as dates; they are kept as ISO text."""
    return None if value is None else str(value)


def _span(start: Any, end: Any) -> str | None:
    return f"{start or ''}–{end or ''}" if start or end else None


def _sentence(parts: Iterable[str]) -> str:
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | dict) else str(value)
