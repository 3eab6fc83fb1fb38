"""Pressing what opens another page. A click alone comes back while the old page still stands there."""

from __future__ import annotations

from typing import Any


def press(control: Any) -> None:
    """Press a link or a button; afterwards its page is there, whole."""
    with control.page.expect_navigation():
        control.click()
