"""Typst: from a template's source and facts as JSON to a PDF. The only file that knows it; pdf.py is what others call.

Typst runs in the process that calls it, without network, and sees the templates and our two fonts only.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "typst"
STANDARD = "ua-1"
_FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"])


def typeset(source: bytes, facts: str, made_at: datetime) -> bytes:
    """The PDF; it may import "house.typ". Raises typst.TypstError."""
    result = typst.compile(  # type: ignore[call-overload]  # the stubs want `root` to be of the source's type
        source,
        root=TEMPLATES,
        font_paths=_FONTS,
        sys_inputs={"data": facts},
        format="pdf",
        pdf_standards=[STANDARD],
        timestamp=made_at,
    )
    if not isinstance(result, bytes):
        raise TypeError(f"a PDF was expected, not {type(result).__name__}")
    return result
