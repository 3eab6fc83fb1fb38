"""A page with every component on it, as a small application of its own. Open to see, test or photograph the look.

`python -m tests.support.styleguide` serves it on port 5099 (`/?fel=1` with errors, `/fel/404` an error page).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, flash, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from avvikelse.domain.vocabulary import Status
from avvikelse.web import rendering, security_headers, static_files

ROOT = Path(__file__).parents[2]
UNITS = [
    SelectChoice("", "Välj verksamhet"),
    SelectChoice("1", "Fjällskolan 7–9, rektor", optgroup="Härnö kommun"),
    SelectChoice("2", "Socialtjänsten, barn och familj", optgroup="Härnö kommun"),
    SelectChoice("4", "Barn- och ungdomspsykiatrin, Strandvägen", optgroup="Region Norra"),
    SelectChoice("5", "Vårdcentralen Backen", optgroup="Region Norra"),
]
EXTENT = [
    SelectChoice("enstaka", "Nej, en gång"),
    SelectChoice("upprepad", "Ja, flera gånger"),
    SelectChoice("vet_ej", "Vet inte"),
]
TOPICS = [SelectChoice("sip", "SIP"), SelectChoice("kallelse", "Kallelse"), SelectChoice("svar", "Uteblivet svar")]


class CheckboxListField(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SampleForm(Form):
    """One of each kind."""

    case = HiddenField(default="17")
    title = StringField(
        "Rubrik",
        description="Några ord som sammanfattar.",
        validators=[InputRequired("Skriv en rubrik."), Length(max=80)],
    )
    happened = TextAreaField(
        "Vad hände?",
        validators=[
            InputRequired("Berätta vad som hände."),
            Length(max=2000, message="För lång."),
        ],
    )
    when = DateField("När hände det?", validators=[InputRequired("Ange dagen.")])
    unit = SelectField("Vilken verksamhet gäller det?", choices=UNITS, validators=[InputRequired("Välj verksamhet.")])
    extent = RadioField(
        "Har det hänt förut?",
        choices=EXTENT,
        validators=[InputRequired("Välj ett svar.")],
    )
    more = StringField("Ungefär hur många gånger?", validators=[Optional()])
    topics = CheckboxListField("Vad handlar det om?", choices=TOPICS)
    sure = BooleanField(
        "Jag har inte skrivit något som pekar ut ett barn", validators=[InputRequired("Bekräfta för att gå vidare.")]
    )
    password = PasswordField("Lösenord", validators=[Optional()])
    send = SubmitField("Granska rapporten")


def build(posts: list[tuple[str, str]] | None = None) -> Flask:
    """The application; strict about names, like the real one. `posts` collects (path, title) of what arrives."""
    posts = [] if posts is None else posts
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.secret_key = "only for the style guide"
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / "templates"), FileSystemLoader(Path(__file__).parent)])
    app.jinja_env.globals["csrf_field"] = lambda: Markup('<input type="hidden" name="csrf_token" value="x">')
    rendering.register(app)
    static_files.register(app)
    security_headers.register(app, https=False)

    @app.get("/")
    def guide() -> str:
        wrong = "fel" in request.args
        form = SampleForm(MultiDict({"title": "", "happened": "Kallelsen kom sent." * 200}) if wrong else None)
        if wrong:
            form.validate()
            form.form_errors = ["Formuläret har legat öppet länge. Kontrollera uppgifterna och skicka igen."]
        else:
            flash("Rapporten är skickad. Den har nummer JH-2026-0012.", "success")
            flash("Texten innehöll ett telefonnummer. Skriv i stället vilken verksamhet det gäller.", "error")
            flash("Du är ersättare för rektor på Fjällskolan till och med 3 december.", "info")
        return render_template("styleguide.html", form=form, **sample_values())

    @app.post("/")
    @app.post("/utkast")
    def received() -> dict[str, str]:
        posts.append((request.path, request.form["title"]))
        if request.path == "/":
            time.sleep(0.6)  # slow enough for a second click
        return {"saved_at": "10.32"}

    @app.get("/fel/<int:status>")
    def error_page(status: int) -> str:
        typed = [("text", "Kallelsen kom tre dagar före mötet.")] if status in {400, 409, 503} else []
        return render_template(
            f"errors/{status}.html", status=status, title="Rubrik", reason="Vad som hände.", typed=typed
        )

    return app


def sample_values() -> dict[str, Any]:
    """The context of a page in the middle of a working day."""
    at = datetime(2026, 11, 25, 9, 32, tzinfo=UTC)
    case = {"text": "JH-2026-0012", "href": "/arenden/12", "note": "Kallelsen till SIP kom tre dagar före mötet"}
    return {
        "is_demo": True,
        "actor_label": "Rektor, Fjällskolan 7–9",
        "navigation": [
            {"text": "Att göra", "href": "/", "current": True, "count": 4},
            {"text": "Mina rapporter", "href": "/rapporter", "current": False, "count": 0},
            {"text": "Rapportera", "href": "/rapportera"},
            {"text": "Samverkansgrupper", "href": "/grupper", "current": False, "count": 12},
            {"text": "Kontaktvägar", "href": "/kontaktvagar", "current": False},
        ],
        "statuses": list(Status),
        "events": [
            {
                "at": at,
                "title": "Svar skickat till rapportören",
                "who": "Rektor, Fjällskolan",
                "text": "Vi ändrar rutinen.\n\nNu gäller tio dagar.",
                "kind": "mine",
            },
            {"at": at.date(), "title": "Påminnelse: svaret är försenat", "kind": "late"},
            {"at": at, "title": "Ärendet är läst", "kind": "quiet", "who": "Samordnare, socialtjänsten"},
        ],
        "case": case,
        "page": rendering.page_links(4, 50, 617, lambda number: f"/?sida={number}"),
    }


if __name__ == "__main__":
    build().run(port=5099)
