"""The forms of the register of avtal. Shape only; services/avtal.py says what makes sense."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.validators import InputRequired, Length, Optional

from avvikelse.services.avtal import LONGEST_NAME, LONGEST_NUMBER, LONGEST_TEXT
from avvikelse.web.forms.base import BaseForm, DateField, GuardedStringField, GuardedTextAreaField


class NewAvtalForm(BaseForm):
    name = GuardedStringField(
        "Avtalets namn", validators=[InputRequired("Skriv avtalets namn."), Length(max=LONGEST_NAME)]
    )


class OwnerForm(BaseForm):
    owner = SelectField(
        "Ansvarar för att avtalet ses över",
        description="En befattning, inte en person. Den som har den får en påminnelse när dagen har passerat.",
        coerce=int,
        validators=[Optional()],
    )
    review_on = DateField("Nästa översyn", validators=[Optional()])


class ReviewedForm(BaseForm):
    next_on = DateField("Nästa översyn", validators=[InputRequired("Ange en dag för nästa översyn.")])


class RewordForm(BaseForm):
    text = GuardedTextAreaField(
        "Vad punkten säger",
        description="En eller två meningar, så som det står i avtalet.",
        validators=[InputRequired("Skriv vad punkten säger."), Length(max=LONGEST_TEXT)],
    )
    from_on = DateField("Gäller från och med", validators=[InputRequired("Ange en dag.")])


class PointForm(RewordForm):
    number = GuardedStringField(
        "Nummer",
        description="Så som det står i avtalet, till exempel 4.2.",
        validators=[InputRequired("Skriv punktens nummer."), Length(max=LONGEST_NUMBER)],
    )


class EndPointForm(BaseForm):
    last_day = DateField("Sista dagen", validators=[InputRequired("Ange sista dagen.")])
