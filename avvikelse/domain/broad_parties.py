"""Kinds of units in the few broad parts that a wide publication knows. Open when a kind stands in the wrong column.

Four columns and no more: a finer table would have to hide most of what it holds.
"""

from __future__ import annotations

SCHOOL, SOCIAL, CARE, OTHERS = "Förskola och skola", "Socialtjänst", "Hälso- och sjukvård", "Andra parter"
BROAD = (SCHOOL, SOCIAL, CARE, OTHERS)

_KINDS: dict[str, tuple[str, ...]] = {
    SCHOOL: ("forskola", "grundskola", "gymnasieskola", "elevhalsa", "emi", "friskola", "kaa", "narvaroteam"),
    SOCIAL: ("socialtjanst_bou", "familjebehandling", "lss", "hvb", "ungdomsteam", "ikb_team"),
    CARE: (
        "bup", "habilitering", "barnmedicin", "vardcentral", "forsta_linjen", "ungdomsmottagning", "barnhalsovard",
        "modrahalsovard", "akutsjukvard", "vuxenpsykiatri", "atstorningsenhet", "beroendeenhet", "logopedmottagning",
        "privat_vardgivare", "utredningsenhet", "heldygnsvard",
    ),
}  # fmt: skip
_BROAD_OF = {kind: broad for broad, kinds in _KINDS.items() for kind in kinds}


def broad_party(kind: str) -> str:
    """The column of a kind; what is not known is among the others."""
    return _BROAD_OF.get(kind, OTHERS)
