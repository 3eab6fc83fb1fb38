"""The form of a snabbvarning. Shape only; services/safety_warnings.py says what makes sense."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.validators import InputRequired, Length

from avvikelse.services.safety_warnings import LONGEST
from avvikelse.web.forms.base import BaseForm, CheckboxListField, DateField, GuardedTextAreaField

TOO_LONG = f"Skriv högst {LONGEST} tecken."


class SafetyWarningForm(BaseForm):
    sender = RadioField("Till enheter i", validators=[InputRequired("Välj var enheterna finns.")])
    kinds = CheckboxListField("Vilka slags enheter?", validators=[InputRequired("Välj minst ett slag.")])
    watch_for = GuardedTextAreaField(
        "Vad ska de se upp med?",
        description="En eller två meningar om arbetet. Inget om ett enskilt ärende, ett barn eller en person.",
        validators=[InputRequired("Skriv vad de ska se upp med."), Length(max=LONGEST, message=TOO_LONG)],
    )
    do_now = GuardedTextAreaField(
        "Vad gör de på måndag?",
        description="Det som går att göra direkt.",
        validators=[InputRequired("Skriv vad de gör på måndag."), Length(max=LONGEST, message=TOO_LONG)],
    )
    last_on = DateField(
        "Visas till och med", description="Högst tre månader fram.", validators=[InputRequired("Ange sista dagen.")]
    )
