"""Which kinds of units a place in a group speaks for, from the words it is called by. Open when a party seems to lack one.

Packs name places in words ("chefer från socialtjänst, elevhälsa och skola"); the convenor may say the kind outright.
"""
# ruff: noqa: E501 -- tables are read across

from __future__ import annotations

# beginning of a word: kinds (codes.json verksamhetstyper)
# fmt: off
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("skol",          ("grundskola", "gymnasieskola", "forskola", "friskola")),
    ("rektor",        ("grundskola",)),
    ("förskol",       ("forskola",)),
    ("gymnasie",      ("gymnasieskola",)),
    ("friskol",       ("friskola",)),
    ("elevhälso",     ("elevhalsa", "emi")),
    ("elevhälsa",     ("elevhalsa", "emi")),
    ("socialtjänst",  ("socialtjanst_bou", "familjebehandling")),
    ("socialförvaltning", ("socialtjanst_bou", "familjebehandling")),
    ("ifo",           ("socialtjanst_bou", "familjebehandling")),
    ("familjebehandl", ("familjebehandling",)),
    ("bup",           ("bup",)),
    ("barnpsykiatri", ("bup",)),
    ("habilitering",  ("habilitering",)),
    ("vårdcentral",   ("vardcentral",)),
    ("primärvård",    ("vardcentral",)),
    ("barnhälsovård", ("barnhalsovard",)),
    ("barnmedicin",   ("barnmedicin",)),
    ("ungdomsmottagning", ("ungdomsmottagning",)),
    ("vuxenpsykiatri", ("vuxenpsykiatri",)),
    ("polis",         ("polis",)),
    ("fritid",        ("fritidsgard",)),
    ("kaa",           ("kaa",)),
    ("aktivitetsansvar", ("kaa",)),
    ("lss",           ("lss",)),
    ("första",        ("forsta_linjen",)),
)
# fmt: on


def kinds_of(name: str, unit_kind: str | None = None) -> frozenset[str]:
    """The kinds that the place speaks for; what stands outright counts besides the words."""
    words = name.casefold().replace("-", " ").replace(",", " ").split()
    found = {kind for word in words for start, kinds in _KINDS if word.startswith(start) for kind in kinds}
    return frozenset(found | ({unit_kind} if unit_kind else set()))
