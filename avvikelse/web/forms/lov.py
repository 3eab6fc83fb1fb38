"""The form of a lov. Shape only; services/lov.py says what makes sense."""

from __future__ import annotations

from wtforms.validators import InputRequired, Length

from avvikelse.services.lov import LONGEST_NAME
from avvikelse.web.forms.base import BaseForm, CheckboxListField, DateField, GuardedStringField


class LovForm(BaseForm):
    name = GuardedStringField(
        "Vad heter lovet?",
        description="Till exempel sommarlov. Den som väntar på svar läser det.",
        validators=[InputRequired("Skriv vad lovet heter."), Length(max=LONGEST_NAME)],
    )
    kinds = CheckboxListField("Vilka enheter är stängda?", validators=[InputRequired("Välj minst ett slag.")])
    first_on = DateField("Första dagen", validators=[InputRequired("Ange första dagen.")])
    last_on = DateField("Sista dagen", validators=[InputRequired("Ange sista dagen.")])
