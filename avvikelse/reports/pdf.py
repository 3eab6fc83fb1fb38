"""From a template in reports/typst/ and plain data to a PDF. Open to make a document, or when one looks wrong.

    pdf.render("poster", {"title": "Rapportera utan konto", …}, made_at=now)

The data reaches the template as JSON (`data` of house.typ): a text in it is never markup, whatever it holds. Every
document is tagged PDF/UA-1: it has a title, a language and headings in order, and a picture without a text instead of
it stops the making. Typst runs in this process, without network, and sees the templates and our two fonts only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "typst"
STANDARD = "ua-1"
_FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"])


def render(template: str, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The PDF of `template` with `data` (strings, numbers, lists, dicts; SVG drawings as strings).

    `made_at` is the day that stands in the file; the same input gives the same bytes. Raises typst.TypstError for a
    template that asks for what `data` lacks, or that would not be accessible.
    """
    return compiled((TEMPLATES / f"{template}.typ").read_bytes(), data, made_at=made_at)


def compiled(source: bytes, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """As render(), from the template's source. It may import "house.typ"."""
    result = typst.compile(  # type: ignore[call-overload]  # the stubs want `root` to be of the source's type
        source,
        root=TEMPLATES,
        font_paths=_FONTS,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_standards=[STANDARD],
        timestamp=made_at.replace(microsecond=0),
    )
    if not isinstance(result, bytes):
        raise TypeError(f"a PDF was expected, not {type(result).__name__}")
    return result
