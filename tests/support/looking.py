"""What is wrong with a page in a browser: what axe says, and what sticks out sideways.

A page is the same on every database, so it is judged on one. With AVVIKELSE_PICTURES=folder its pictures lie there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

from tests.conftest import LiveServer
from tests.support.databases import judges_pages


def violations(page: Any) -> list[str]:
    """Each rule of axe that is broken, with the first element that breaks it; [] = nothing."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)  # half a megabyte, so once for a page and all its widths
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(result => result.violations)")
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:160]}" for fault in found]


def sticks_out(page: Any) -> list[str]:
    """Says so when the page must be scrolled sideways."""
    wide, width = page.evaluate("document.documentElement.scrollWidth"), page.viewport_size["width"]
    return [f"{wide} px wide on a screen of {width}"] if wide > width else []


def look(server: LiveServer, page: Any, name: str, *, scripts: bool = True) -> None:
    """The page must have no faults. Without scripts only a picture is made: axe is one."""
    if not judges_pages(server.app):
        return
    if folder := os.environ.get("AVVIKELSE_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)
    if scripts:
        faults = violations(page) + sticks_out(page)
        assert not faults, f"{name}, {page.viewport_size['width']} px:\n  " + "\n  ".join(faults)
