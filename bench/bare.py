"""What our pages are compared with: bare Flask with the same base.html and the least database work such a page needs.

list    one indexed SELECT of 50 rows, in the same table as ours
case    the row by its reference and its events, one INSERT and COMMIT (reading is logged)
search  the 50 latest rows by an index, in the same table as ours
month   one row by its key
report  a form of five fields, one INSERT and COMMIT, a redirect
"""

from __future__ import annotations

import os
from datetime import date
from typing import Any

from flask import Flask, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session, aliased
from werkzeug.wrappers import Response
from wtforms import Form, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from avvikelse.domain.vocabulary import PartySide
from avvikelse.models import schema
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.engine import WRITING
from avvikelse.models.organisation import Enhet
from avvikelse.web import rendering, static_files
from config import ROOT

NAVIGATION = [
    {"text": word, "href": f"/{word}", "current": False, "count": 3} for word in ("Start", "Ärenden", "Sök", "Grupper")
]
HEAD = '{% extends "base.html" %}{% from "case/_rows.html" import case_rows %}{% block content %}<h1 class="govuk-heading-l">{{ title }}</h1>'
# The very table that our own lists have, row by row.
CASES = HEAD + "{{ case_rows({'rows': rows}, title, today) }}{% endblock %}"
PLAIN = (
    HEAD
    + """<table class="govuk-table"><tbody>{% for row in rows %}<tr class="govuk-table__row">
{% for value in row %}<td class="govuk-table__cell">{{ value }}</td>{% endfor %}</tr>{% endfor %}</tbody></table>{% endblock %}"""
)
LOG = "INSERT INTO bench_log (what) VALUES (:what)"


class ReportForm(Form):  # type: ignore[misc]
    sender = IntegerField(validators=[InputRequired()])
    counterpart = StringField(validators=[InputRequired()])
    occurred_on = StringField(validators=[InputRequired()])
    description = TextAreaField(validators=[InputRequired(), Length(max=2000)])
    severity = IntegerField(validators=[InputRequired()])


def _rows() -> Select[*tuple[Any, ...]]:
    """Cases with what our table wants to know of each."""
    sender, receiver = aliased(Enhet), aliased(Enhet)
    return (
        select(
            Avvikelse.ref, Avvikelse.number, Avvikelse.submitted_at, Avvikelse.category.label("category_label"),
            (Avvikelse.severity >= 3).label("severe"), Avvikelse.family_coordinates.label("family"), Avvikelse.returned,
            sender.name.label("from_unit"), receiver.name.label("to_unit"), Avvikelse.status,
            Avvikelse.paused_since.is_not(None).label("paused"), Avvikelse.due_on,
        )
        .select_from(Party)
        .join(Avvikelse, Avvikelse.id == Party.avvikelse_id)
        .outerjoin(sender, sender.id == Avvikelse.sender_enhet_id)
        .outerjoin(receiver, receiver.id == Avvikelse.receiver_enhet_id)
    )  # fmt: skip


def make() -> Flask:
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    static_files.register(app)
    rendering.register(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {
        "csrf_field": lambda: Markup('<input type="hidden" name="csrf_token" value="x">'),
        "is_demo": True,
    }
    engine = schema.make_engine(os.environ["AVVIKELSE_DATABASE_URL"])
    templates = {source: app.jinja_env.from_string(source) for source in (CASES, PLAIN)}
    app.add_url_rule("/avvikelser/<ref>", endpoint="cases.show", view_func=lambda ref: ref)

    def page(title: str, rows: Any, source: str = PLAIN) -> str:
        return render_template(
            templates[source],
            title=title,
            rows=rows,
            navigation=NAVIGATION,
            actor_label="Chef för en enhet",
            today=date.today(),
        )

    @app.get("/list/<int:position>")
    def listed(position: int) -> str:
        mine = (Party.position_id == position, Party.side == PartySide.OWNER, Party.open)
        query = _rows().where(*mine).order_by(Party.due_on, Party.avvikelse_id).limit(50)
        with Session(engine) as session:
            return page("Ärenden", session.execute(query).all(), CASES)

    @app.get("/case/<ref>")
    def case(ref: str) -> str:
        with Session(engine) as session:
            session.connection(execution_options=WRITING)
            row = session.execute(
                text("SELECT id, number, description FROM avvikelse WHERE ref = :ref"), {"ref": ref}
            ).one()
            events = select(AuditEvent.at, AuditEvent.event, AuditEvent.role).where(
                AuditEvent.avvikelse_id == row.id, AuditEvent.on_timeline
            )
            rows = [row, *session.execute(events.order_by(AuditEvent.seq)).all()]
            session.execute(text(LOG), {"what": ref})
            session.commit()
            return page("Ett ärende", rows)

    @app.get("/search")
    def search() -> str:
        query = _rows().where(Party.side == PartySide.SENDER).order_by(Party.id.desc()).limit(50)
        with Session(engine) as session:
            return page("Sök", session.execute(query).all(), CASES)

    @app.get("/month/<int:key>")
    def month(key: int) -> str:
        with Session(engine) as session:
            row = session.execute(text("SELECT month, content FROM month_summary WHERE id = :id"), {"id": key}).one()
            return page("Månad", [(row.month,)] * 20)

    @app.post("/report")
    def report() -> Response | tuple[str, int]:
        form = ReportForm(request.form)
        if not form.validate():
            return "", 422
        with Session(engine) as session:
            session.connection(execution_options=WRITING)
            session.execute(text(LOG), {"what": form.description.data})
            session.commit()
        return redirect("/list/1")

    return app
