"""The poster that tells where to report without account: A4, with a QR code. Open to change what stands on it."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from urllib.parse import urlsplit

import segno

from avvikelse.reports import pdf

TITLE = "Brister samarbetet kring ett barn?"
ABOUT = "Berätta vad som inte fungerade mellan verksamheterna. Du behöver inget konto och inte säga vem du är."
STEPS = (
    "Skanna koden med mobilen, eller skriv adressen.",
    "Berätta vad som hände. Skriv inget om vem barnet är.",
    "Spara koden du får. Med den läser du svaret.",
)
FAMILY = (
    "Är du förälder, vårdnadshavare eller ung?",
    "Välj ”Jag är förälder, vårdnadshavare eller ung”. In English: “How it was for us”.",
)
URGENT = "Är det akut? Ring 112. En orosanmälan gör du till socialtjänsten i kommunen."
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="3 6 34 27" width="34" height="27" fill="none" stroke-width="4.5" '
    'stroke-linecap="round"><path d="M6 30V12.5a4.5 4.5 0 0 1 9 0V22" stroke="#0e5360"/>'
    '<path d="M15 12.5C15 24 25 16 25 27.5" stroke="#b4520a"/>'
    '<path d="M25 18v9.5a4.5 4.5 0 0 0 9 0V10" stroke="#0e5360"/></svg>'
)


def poster(place: str, url: str, *, made_at: datetime) -> bytes:
    """The PDF. `place` is the län or unit that it is for; `url` the whole address, printed without its scheme."""
    parts = urlsplit(url)
    data = {
        "title": TITLE,
        "place": place,
        "about": ABOUT,
        "address": parts.netloc + parts.path,
        "qr": qr_code(url),
        "steps": STEPS,
        "family": FAMILY,
        "urgent": URGENT,
        "mark": MARK,
    }
    return pdf.render("poster", data, made_at=made_at)


def qr_code(text: str, *, for_screen: bool = False) -> str:
    """An SVG. Level Q: it can be read when a quarter of it is dirty or torn off, as posters get.

    On a screen nothing tears, and fewer, larger squares are quicker to read; it is as large as the page makes it.
    """
    out = BytesIO()
    made = segno.make(text, error="m" if for_screen else "q", micro=False)
    made.save(out, kind="svg", border=0, dark="#14232b", xmldecl=False, omitsize=for_screen)
    return out.getvalue().decode("ascii")
