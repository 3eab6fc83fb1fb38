"""The forms of a län's settings. Shape only; services/lan_settings.py says what makes sense."""

from __future__ import annotations

from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from avvikelse.domain.deadlines import ClockId, Unit
from avvikelse.queries.emergency import BUP_AKUT, DEFAULTS, LABELS, SOCIALJOUR
from avvikelse.queries.limits import FIXED
from avvikelse.services.lan_settings import LONGEST, LONGEST_TEXT
from avvikelse.web.forms.base import BaseForm, DateField, LineField, labelled_choices


class LimitForm(BaseForm):
    clock = SelectField("Klocka", choices=labelled_choices(tuple(c for c in ClockId if c not in FIXED)))
    value = IntegerField(
        "Antal",
        validators=[
            InputRequired("Skriv ett antal dagar."),
            NumberRange(1, LONGEST, message=f"Skriv ett antal dagar mellan 1 och {LONGEST}."),
        ],
    )
    unit = RadioField("Dagar eller arbetsdagar", choices=labelled_choices(Unit), default=Unit.WORKDAYS.value)
    from_on = DateField("Gäller det som börjar från och med", validators=[InputRequired("Ange en dag.")])


class EmergencyForm(BaseForm):
    akut_socialjour = LineField(
        LABELS[SOCIALJOUR],
        description=f"Tomt: ”{DEFAULTS[SOCIALJOUR]}”",
        validators=[Optional(), Length(max=LONGEST_TEXT)],
    )
    akut_bup = LineField(
        LABELS[BUP_AKUT], description=f"Tomt: ”{DEFAULTS[BUP_AKUT]}”", validators=[Optional(), Length(max=LONGEST_TEXT)]
    )
