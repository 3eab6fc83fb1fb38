"""Keep what is being written as a draft: by the page's script, and by the button. For the forms that have a draft.

A form has `draft` (whose draft it is) and `typed()` (what is kept of it).
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.models.base import db
from avvikelse.services import drafts
from avvikelse.services.drafts import Saved
from avvikelse.web.access import current_actor
from avvikelse.web.refusals import refused
from avvikelse.web.rendering import clock


def keep(form: Any, kind: str) -> Saved:
    """Save; the form carries on with that draft."""
    saved = drafts.save(db.session(), current_actor(), kind, form.typed(), ref=form.draft.data or None, now=now())
    form.draft.data = saved.ref
    return saved


def answer_to_script(saved: Saved) -> dict[str, Any]:
    """What static/js/draft-autosave.js wants to know."""
    return {
        "draft": saved.ref, "stopped": dict(saved.stopped), "warned": saved.warned, "saved_at": clock(now()),
    }  # fmt: skip


def keep_or_say(form: Any, kind: str) -> bool:
    """Save; False when the guard stopped something, which is then said at its field and stored nowhere."""
    saved = keep(form, kind)
    for name, reason in saved.stopped.items():
        refused(form, Invalid(reason, field=name))
    return not saved.stopped


def saved_for_later() -> Response:
    """After the button "Spara utkast"."""
    flash("Utkastet är sparat i 30 dagar. Du hittar det under Mina rapporter.", "success")
    return redirect(url_for("report.mine"))
