"""What our pages are compared with: bare Flask with the same base.html and the least database work such a page needs.

list    one indexed SELECT of 50 rows, a plain table
case    the row by its reference and its events, one INSERT and COMMIT (reading is logged)
search  20 rows by an index
month   one row by its key
report  a form of five fields, one INSERT and COMMIT, a redirect
"""

from __future__ import annotations

import os
from typing import Any

from flask import Flask, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import Form, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from avvikelse.models import schema
from avvikelse.models.engine import WRITING
from avvikelse.web import rendering, static_files
from config import ROOT

NAVIGATION = [{"text": word, "href": f"/{word}", "current": False, "count": 3} for word in ("Start", "Ärenden", "Sök", "Grupper")]
PAGE = """{% extends "base.html" %}{% block content %}<h1 class="govuk-heading-l">{{ title }}</h1>
<table class="govuk-table"><tbody>{% for row in rows %}<tr class="govuk-table__row">
{% for value in row %}<td class="govuk-table__cell">{{ value }}</td>{% endfor %}</tr>{% endfor %}</tbody></table>
{% endblock %}"""
LOG = "INSERT INTO bench_log (what) VALUES (:what)"


class ReportForm(Form):  # type: ignore[misc]
    sender = IntegerField(validators=[InputRequired()])
    counterpart = StringField(validators=[InputRequired()])
    occurred_on = StringField(validators=[InputRequired()])
    description = TextAreaField(validators=[InputRequired(), Length(max=2000)])
    severity = IntegerField(validators=[InputRequired()])


def make() -> Flask:
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    static_files.register(app)
    rendering.register(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {"csrf_field": lambda: Markup('<input type="hidden" name="csrf_token" value="x">'), "is_demo": True}
    engine = schema.make_engine(os.environ["AVVIKELSE_DATABASE_URL"])
    template = app.jinja_env.from_string(PAGE)

    def page(title: str, rows: Any) -> str:
        return render_template(template, title=title, rows=rows, navigation=NAVIGATION, actor_label="Chef för en enhet")

    @app.get("/list/<int:position>")
    def listed(position: int) -> str:
        query = (
            "SELECT a.number, a.category, a.sender_kind, a.status, p.due_on, a.severity FROM party p"
            " JOIN avvikelse a ON a.id = p.avvikelse_id WHERE p.position_id = :position AND p.side = 'owner' AND p.open"
            " ORDER BY p.due_on, p.avvikelse_id LIMIT 50"
        )
        with Session(engine) as session:
            return page("Ärenden", session.execute(text(query), {"position": position}).all())

    @app.get("/case/<ref>")
    def case(ref: str) -> str:
        with Session(engine) as session:
            session.connection(execution_options=WRITING)
            row = session.execute(text("SELECT id, number, description FROM avvikelse WHERE ref = :ref"), {"ref": ref}).one()
            events = "SELECT at, event, role FROM audit_event WHERE avvikelse_id = :id AND on_timeline ORDER BY seq"
            rows = [row, *session.execute(text(events), {"id": row.id}).all()]
            session.execute(text(LOG), {"what": ref})
            session.commit()
            return page("Ett ärende", rows)

    @app.get("/search")
    def search() -> str:
        query = "SELECT number, category, sender_kind, status, severity FROM avvikelse ORDER BY id DESC LIMIT 20"
        with Session(engine) as session:
            return page("Sök", session.execute(text(query)).all())

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
