"""Minutes as a tagged PDF, the public version or the group's own. The look stands in typst/minutes.typ."""

from __future__ import annotations

from datetime import datetime

from avvikelse.queries.minutes import Minutes
from avvikelse.reports import pdf


def minutes_pdf(minutes: Minutes, *, internal: bool, made_at: datetime) -> bytes:
    return pdf.render("minutes", {**minutes.to_json(), "own": internal}, made_at=made_at)
