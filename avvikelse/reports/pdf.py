"""From a template in reports/typst/ and plain data to a PDF. Open to make a document, or when one looks wrong.

    pdf.render("poster", {"title": "Rapportera utan konto", …}, made_at=now)

The data reaches the template as JSON (`data` of house.typ): a text in it is never markup, whatever it holds. Every
document is tagged PDF/UA-1: it has a title, a language and headings in order, and a picture without a text instead of
it stops the making. Where it is made: making.py; by what: typesetting.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from avvikelse.reports import making
from avvikelse.reports.making import Kind

TEMPLATES = Path(__file__).resolve().parent / "typst"


def render(template: str, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The PDF of `template` with `data` (strings, numbers, lists, dicts; SVG drawings as strings).

    `made_at` is the day that stands in the file; the same input gives the same bytes. Raises typst.TypstError for a
    template that asks for what `data` lacks, or that would not be accessible; a process of its own has its own errors.
    """
    return compiled((TEMPLATES / f"{template}.typ").read_bytes(), data, made_at=made_at)


def compiled(source: bytes, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """As render(), from the template's source. It may import "house.typ"."""
    return making.make(Kind.PDF, source, json.dumps(data, ensure_ascii=False), made_at.replace(microsecond=0))
