"""Words in a search box: a personnummer there would stay in the browser's history. Open where a page searches."""

from __future__ import annotations

from avvikelse.domain.persondata import blocking, explain


def may_not_be_asked(words: str) -> str:
    """Why these words are not searched for and not shown again; "" when they are fine. Names are asked for freely."""
    found = blocking(words)
    return f"{explain(found)} Sök på ord om samverkan." if found else ""
