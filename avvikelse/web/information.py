"""Fixed pages for everybody: what an avvikelse is, and the accessibility statement."""

from __future__ import annotations

from flask import Blueprint, render_template

from avvikelse.domain import codes

blueprint = Blueprint("information", __name__)
SHOWN_GROUPS = ("A", "B", "C", "D", "E", "H")


@blueprint.get("/om-avvikelser")
def about() -> str:
    groups: dict[str, list[codes.Category]] = {}
    for category in codes.CATEGORIES:
        if category.group_code in SHOWN_GROUPS:
            groups.setdefault(category.group, []).append(category)
    return render_template("information/about.html", groups=groups)


@blueprint.get("/tillganglighet")
def accessibility() -> str:
    return render_template("information/accessibility.html")
