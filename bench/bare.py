"""What our pages are compared with: bare Flask with the same base.html and the least database work such a page needs.

Of the same weight = as much HTML, made with the same components (the sizes stand in the results).

list    one indexed SELECT of 50 rows, in the same table as ours
case    the row by its reference and its ten events, in as many parts as ours; one INSERT and COMMIT (reading is logged)
search  the 50 latest rows by an index, in the same table as ours
month   one row by its key, and a page of the same weight: the 50 rows of `list`
report  a form of five fields, one INSERT and COMMIT, a redirect
"""

from __future__ import annotations

import os
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import Flask, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session, aliased
from werkzeug.wrappers import Response
from wtforms import Form, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from avvikelse.domain.vocabulary import AtgardStatus, PartySide
from avvikelse.models import schema
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.engine import WRITING
from avvikelse.models.group_work import MonthSummary
from avvikelse.models.organisation import Enhet
from avvikelse.web import rendering, static_files
from config import ROOT

MENU = ("Start", "Rapportera", "Mina rapporter", "Min enhet", "Ärenden", "Åtgärder", "Läget", "Kontaktvägar", "Konto")
NAVIGATION = [{"text": word, "href": f"/{word}", "current": False} for word in MENU]
HEAD = '{% extends "base.html" %}{% from "case/_rows.html" import case_rows %}{% block content %}<h1 class="govuk-heading-l">{{ title }}</h1>'
# The very table that our own lists have, row by row.
CASES = HEAD + "{{ case_rows({'rows': rows}, title, today) }}{% endblock %}"
# As many parts as the measured case has: an answer of five texts, six åtgärder, four buttons and eleven links.
CASE = (
    '{% from "components/page.html" import panel, own_text, summary_list, timeline, action_list, expected_of_me %}'
    '{% from "measure/_parts.html" import atgard_card %}'
    + HEAD
    + "{% call expected_of_me(title, row.due_on|weekday_date) %}{{ action_list(actions) }}{% endcall %}"
    + "{% call panel('Vad som hände') %}{{ own_text(row.description) }}{% endcall %}"
    + "{% call panel('Svar', 'answer') %}{% for word in words[:5] %}"
    + '<h3 class="govuk-heading-s">{{ word }}</h3>{{ own_text(row.description) }}{% endfor %}{% endcall %}'
    + "{% call panel('Åtgärder') %}<ul>{% for one in measures %}<li>{{ atgard_card(one) }}</li>{% endfor %}</ul>{% endcall %}"
    + "{{ summary_list(row._mapping.items()|list) }}<ul>{% for word in words %}"
    + '<li><a class="govuk-link" href="{{ url_for(\'cases.show\', ref=row.number) }}">{{ word }}</a></li>{% endfor %}</ul>'
    + "{{ timeline(events) }}{% endblock %}"
)
WORDS = tuple(f"Något mer att göra, nummer {number}" for number in range(11))
MEASURES, ACTIONS = 6, 4
LOG = "INSERT INTO bench_log (what) VALUES (:what)"


class ReportForm(Form):
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
            (Avvikelse.severity >= 3).label("severe"), Avvikelse.family_coordinates.label("family"), Avvikelse.returned, Avvikelse.channel,
            sender.name.label("from_unit"), receiver.name.label("to_unit"), Avvikelse.status,
            Avvikelse.paused_since.is_not(None).label("paused"), Avvikelse.due_on,
        )
        .select_from(Party)
        .join(Avvikelse, Avvikelse.id == Party.avvikelse_id)
        .outerjoin(sender, sender.id == Avvikelse.sender_enhet_id)
        .outerjoin(receiver, receiver.id == Avvikelse.receiver_enhet_id)
    )  # fmt: skip


def fifty(position: int) -> Select[*tuple[Any, ...]]:
    """A page of a position's open cases."""
    mine = (Party.position_id == position, Party.side == PartySide.OWNER, Party.open)
    return _rows().where(*mine).order_by(Party.due_on, Party.avvikelse_id).limit(50)


def _case() -> Select[*tuple[Any, ...]]:
    return select(
        Avvikelse.id, Avvikelse.number, Avvikelse.description, Avvikelse.category, Avvikelse.severity, Avvikelse.status,
        Avvikelse.submitted_at, Avvikelse.occurred_on, Avvikelse.due_on, Avvikelse.routing_reason,
    )  # fmt: skip


def _events() -> Select[*tuple[Any, ...]]:
    shown = select(AuditEvent.at, AuditEvent.event, AuditEvent.role).where(AuditEvent.on_timeline)
    return shown.order_by(AuditEvent.seq)


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
    templates = {source: app.jinja_env.from_string(source) for source in (CASES, CASE)}
    app.add_url_rule("/avvikelser/<ref>", endpoint="cases.show", view_func=lambda ref: ref)

    def page(title: str, source: str, **content: Any) -> str:
        return render_template(
            templates[source],
            title=title,
            **content,
            navigation=NAVIGATION,
            actor_label="Chef för en enhet",
            today=date.today(),
        )

    @app.get("/list/<int:position>")
    def listed(position: int) -> str:
        with Session(engine) as session:
            return page("Ärenden", CASES, rows=session.execute(fifty(position)).all())

    @app.get("/case/<ref>")
    def case(ref: str) -> str:
        with Session(engine) as session:
            session.connection(execution_options=WRITING)
            row = session.execute(_case().where(Avvikelse.ref == ref)).one()
            found = session.execute(_events().where(AuditEvent.avvikelse_id == row.id))
            events = [{"at": event.at, "title": event.event, "who": event.role} for event in found]
            session.execute(text(LOG), {"what": ref})
            session.commit()
            measure = SimpleNamespace(
                kind_label=row.category,
                status=AtgardStatus.DECIDED,
                text=row.description,
                owner=row.number,
                due_on=row.due_on,
            )
            actions = [{"text": word, "href": f"/{ref}"} for word in WORDS[:ACTIONS]]
            return page(
                "Ett ärende", CASE, row=row, events=events, words=WORDS, measures=[measure] * MEASURES, actions=actions
            )

    @app.get("/search")
    def search() -> str:
        query = _rows().where(Party.side == PartySide.SENDER).order_by(Party.id.desc()).limit(50)
        with Session(engine) as session:
            return page("Sök", CASES, rows=session.execute(query).all())

    @app.get("/month/<int:key>/<int:position>")
    def month(key: int, position: int) -> str:
        with Session(engine) as session:
            stored = select(MonthSummary.month, MonthSummary.content).where(MonthSummary.id == key)
            title = session.execute(stored).one().month
            return page(title, CASES, rows=session.execute(fifty(position)).all())

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
