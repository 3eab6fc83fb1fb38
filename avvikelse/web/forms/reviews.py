"""The form with which a granskning is opened."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.validators import Length

from avvikelse.web.forms.base import AddressField, BaseForm, DateField, GuardedStringField, LineField, required


class OpenReviewForm(BaseForm):
    about = GuardedStringField(
        "Vad gäller granskningen?",
        description="Till exempel: Samverkan kring barn och unga 2025.",
        validators=[required("Skriv vad granskningen gäller."), Length(max=160)],
    )
    pack = SelectField("Län", coerce=int)
    period_from = DateField("Period, från och med", validators=[required("Ange periodens första dag.")])
    period_to = DateField("Period, till och med", validators=[required("Ange periodens sista dag.")])
    name = LineField("Revisorns namn", validators=[required("Skriv revisorns namn."), Length(max=120)])
    email = AddressField("Revisorns e-postadress", validators=[required("Skriv en e-postadress."), Length(max=254)])
    last_on = DateField(
        "Sista dagen att läsa",
        description="Högst 30 dagar från i dag.",
        validators=[required("Ange den sista dagen.")],
    )
