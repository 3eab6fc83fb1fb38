"""The `flask …` commands: thin, over services and queries.

Open to add a group: write its file, add its import path here.

A command that only computes is declared without `with_appcontext` work on the database. Exit codes: 0 ok, 1 findings
or refusals, 2 bad input.
"""

from __future__ import annotations

# "module:attribute" of click groups and commands. dev stands here as text only: nothing imports it.
COMMANDS: tuple[str, ...] = (
    "avvikelse.cli.audit:group",
    "avvikelse.cli.cases:group",
    "avvikelse.cli.database:group",
    "avvikelse.cli.docs:group",
    "avvikelse.cli.indicators:group",
    "avvikelse.cli.jobs:group",
    "avvikelse.cli.learning:group",
    "avvikelse.cli.month:group",
    "avvikelse.cli.organisation:group",
    "avvikelse.cli.routing:routing",
    "avvikelse.cli.spc:group",
    "avvikelse.cli.suppression:group",
    "avvikelse.cli.text:group",
    "avvikelse.cli.themes:group",
    "avvikelse.cli.users:group",
    "avvikelse.dev.cli:group",
)
