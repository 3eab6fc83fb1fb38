"""HTTP for people. Open to add an area: write its blueprint file, add its import path here.

A blueprint file holds `blueprint = Blueprint(...)`; each view declares its access (access.py), a GET view that
records its reading says `@writes` (transaction.py). Views parse, call one query or service, and answer.
"""

from __future__ import annotations

# "module:attribute", in the order in which they are registered.
BLUEPRINTS: tuple[str, ...] = (
    "avvikelse.web.start:blueprint",
    "avvikelse.web.auth:blueprint",
    "avvikelse.web.report:blueprint",
    "avvikelse.web.cases:blueprint",
    "avvikelse.web.account:blueprint",
    "avvikelse.web.invite:blueprint",
    "avvikelse.web.contacts:blueprint",
    "avvikelse.web.groups:blueprint",
    "avvikelse.web.organisation:blueprint",
    "avvikelse.web.information:blueprint",
)
