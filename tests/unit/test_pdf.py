"""PDFs: tagged and accessible, with texts that stay texts. Checked by another program than the one that makes them."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import page
import pikepdf
import pytest
import typst

from avvikelse.reports import pdf
from avvikelse.reports.poster import poster, qr_code

NOW = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
ADDRESS = "https://avvikelse.example.se/utan-konto/jamtland-harjedalen/fritidsgard"

ALL_PARTS = b"""
#import "house.typ": *
#show: document.with(title: data.title)
= #data.title
#lead(data.text)
== Tabell
#grid-table(data.columns, data.rows)
== Egna ord
#own-text(data.text)
#facts(data.facts)
#panel[#hint(data.text)]
#drawing(data.svg, "En kod")
"""
DATA = {
    "title": "Månad #strong[1]",
    "text": "Första *raden*\n#panic(1)\n\n= Ny $rubrik$ <script>",
    "columns": ["Grupp", "Antal"],
    "rows": [[f"Grupp {i}", i] for i in range(90)],
    "facts": [["Län", "Jämtland"], ["Status", "Inskickad"]],
    "svg": qr_code(ADDRESS),
}


def accessible(document: bytes) -> None:
    report = page.validate_pdf_bytes(document, profile="ua1")
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in opened.Root
        assert str(opened.Root.Lang) == "sv"


def test_every_shared_part_is_accessible_over_several_pages():
    document = pdf.compiled(ALL_PARTS, DATA, made_at=NOW)
    accessible(document)
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert len(opened.pages) > 1
        assert str(opened.docinfo.Title) == "Månad #strong[1]"  # markup in a text is the text


def test_the_fonts_are_ours_and_travel_with_the_document():
    with pikepdf.open(io.BytesIO(pdf.compiled(ALL_PARTS, DATA, made_at=NOW))) as opened:
        names = {str(font.BaseFont) for one in opened.pages for font in one.Resources.Font.values()}
    assert names
    assert all("SourceSans3" in name for name in names), names


def test_the_same_data_gives_the_same_bytes():
    assert pdf.compiled(ALL_PARTS, DATA, made_at=NOW) == pdf.compiled(ALL_PARTS, DATA, made_at=NOW)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (b'#import "house.typ": *\n#image(bytes(data.svg), format: "svg")', "a picture without text instead"),
        (b'#import "house.typ": *\n#show: document.with(title: data.nothing)', "data that is not there"),
        (b'#read("/etc/hostname")', "a file outside the templates"),
        (b'#import "@preview/tablex:0.0.9": tablex', "a package from the network"),
    ],
)
def test_a_template_that_would_not_do_stops_the_making(source: bytes, why: str):
    with pytest.raises(typst.TypstError):
        pdf.compiled(source, DATA, made_at=NOW)


@pytest.mark.parametrize("place", ["Jämtlands län", "Kronans fritidsgård, Östersunds kommun " * 2])
def test_the_poster_is_one_accessible_page(place: str):
    document = poster(place, ADDRESS, made_at=NOW)
    accessible(document)
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert len(opened.pages) == 1
