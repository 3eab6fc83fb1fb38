"""`flask docs write`: the pages of docs/generated, drawn from the tables that the program follows. Needs no database.

Open to add a page: one more line in `PAGES`. A test fails while a page differs from its table.
"""

from __future__ import annotations

from collections.abc import Callable

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from avvikelse.domain.actor import NOBODY, Actor, Grant
from avvikelse.domain.vocabulary import Role
from avvikelse.jobs.registry import jobs_markdown
from avvikelse.reports.clock_docs import clocks_markdown, notices_markdown
from avvikelse.reports.process_docs import MADE, secrecy_markdown, workflow_markdown
from avvikelse.web.access import PUBLIC_ENDPOINTS, rule_of
from config import ROOT

GENERATED = ROOT / "docs" / "generated"

# Who tries the doors in ingangar.md: nobody, somebody without a role, and one person per role.
PERSONAS: dict[str, Actor] = {
    "Ej inloggad": NOBODY,
    "Utan roll": Actor(1, "Utan roll"),
    **{role.label: Actor(1, role.label, (Grant(role),)) for role in Role},
}

group = AppGroup("docs", help="Dokument som görs ur programmets tabeller.")


@group.command("write", help="Skriv om docs/generated.")
def write() -> None:
    for name, text in pages(current_app).items():
        path = GENERATED / name
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        click.echo(f"Skrev {path.relative_to(ROOT)}.")


def pages(app: Flask) -> dict[str, str]:
    """File name → what docs/generated should hold."""
    return {name: draw(app) for name, draw in PAGES.items()}


def doors_markdown(app: Flask) -> str:
    """Every address × its declared rule × who is let in."""
    lines = [
        MADE,
        "# Ingångar",
        "",
        "Källa: varje vys `@requires(…)` och `PUBLIC_ENDPOINTS` i `avvikelse/web/access.py`.",
        "Det här är den yttre dörren och frågar bara efter roller. Vad den som är inne får läsa och göra i ett ärende",
        "står i `vem-far-lasa.md`. ”Utan roll” är ett konto som inte har fått någon roll än.",
        "",
        "| Adress | Metod | Ingång | Regel | " + " | ".join(PERSONAS) + " |",
        "|---" * (4 + len(PERSONAS)) + "|",
    ]
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        declared = rule_of(app, rule.endpoint)
        says = f"öppen: {PUBLIC_ENDPOINTS[rule.endpoint]}" if declared is None else declared.name
        let_in = ("ja" if declared is None or declared.allows(actor) else "–" for actor in PERSONAS.values())
        methods = ", ".join(sorted((rule.methods or set()) & {"GET", "POST"}))
        lines.append(f"| `{rule.rule}` | {methods} | `{rule.endpoint}` | {says} | " + " | ".join(let_in) + " |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[Flask], str]] = {
    "arbetsflode.md": lambda _app: workflow_markdown(),
    "vem-far-lasa.md": lambda _app: secrecy_markdown(),
    "klockor.md": lambda _app: clocks_markdown(),
    "mejl.md": lambda _app: notices_markdown(),
    "jobb.md": lambda _app: jobs_markdown(),
    "ingangar.md": doors_markdown,
}
