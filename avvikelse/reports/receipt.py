"""The receipt of a phone report on paper: the number, the code, where to follow. For an envelope to the caller."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlsplit

from avvikelse.domain.swedish_dates import long_date
from avvikelse.reports import pdf
from avvikelse.reports.poster import qr_code


def receipt_on_paper(number: str, code: str, url: str, called_on: date, *, made_at: datetime) -> bytes:
    """The PDF. `code` is written in groups of four; the QR code leads to the page only, never with the code."""
    parts = urlsplit(url)
    data = {
        "title": "Kvitto på din rapport",
        "called": f"Du ringde {long_date(called_on)}.",
        "facts": [["Nummer", number], ["Kod", code], ["Adress", parts.netloc + parts.path]],
        "code": code,
        "qr": qr_code(url),
        "address": parts.netloc + parts.path,
    }
    return pdf.render("receipt", data, made_at=made_at)
