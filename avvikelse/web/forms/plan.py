"""The forms of a group's *handlingsplan*. Their fields are written as those of the desk (web/forms/desk.py)."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField
from wtforms.validators import Length, Optional

from avvikelse.domain.action_plan import plan_name
from avvikelse.services.action_plan import MAX_ACTIVITY, MAX_AIM, MAX_FOLLOW_UP, MAX_OWNER, ActivityWords
from avvikelse.web.forms.base import (
    BaseForm,
    DateField,
    GuardedStringField,
    GuardedTextAreaField,
    choices,
    required,
)
from avvikelse.web.forms.desk import A_ROLE


class PlanForm(BaseForm):
    first_year = SelectField("Vilka två år gäller planen?", coerce=int)
    aim = GuardedTextAreaField(
        "Vad vill gruppen uppnå?",
        validators=[required("Skriv vad gruppen vill uppnå."), Length(max=MAX_AIM)],
    )
    decided_on = DateField("När beslutades planen?", validators=[required("Ange vilken dag planen beslutades.")])

    def offer(self, year: int) -> None:
        self.first_year.choices = choices((first, plan_name(first)) for first in (year, year + 1, year - 1))


class ActivityForm(BaseForm):
    text = GuardedTextAreaField(
        "Vad ska göras?",
        description="Skriv så att det går att följa upp.",
        validators=[required("Skriv vad som ska göras."), Length(max=MAX_ACTIVITY)],
    )
    owner = GuardedStringField(
        "Vem ansvarar?",
        description=A_ROLE,
        validators=[required("Skriv vilken roll eller verksamhet som ansvarar."), Length(max=MAX_OWNER)],
    )
    due_on = DateField("När ska det vara klart?", validators=[required("Ange vilken dag det ska vara klart.")])
    theme = SelectField("Hör till temat", validators=[Optional()])
    decision = SelectField("Hör till beslutet", validators=[Optional()])

    def words(self) -> ActivityWords:
        """What was typed. Only of a form that has been validated."""
        day: Any = self.due_on.data
        return ActivityWords(
            self.text.data or "", self.owner.data or "", day, self.theme.data or "", self.decision.data or ""
        )


class ActivityTextForm(BaseForm):
    text = GuardedTextAreaField(
        "Vad är gjort?",
        description="Gruppen läser det, och det står i årsrapporten.",
        validators=[required("Skriv vad som har hänt."), Length(max=MAX_FOLLOW_UP)],
    )


class ActivityReasonForm(BaseForm):
    text = GuardedTextAreaField(
        "Varför avbryter gruppen aktiviteten?",
        description="Skälet står kvar i planen och i årsrapporten.",
        validators=[required("Skriv varför gruppen avbryter aktiviteten."), Length(max=MAX_FOLLOW_UP)],
    )


class MoveActivityForm(BaseForm):
    owner = GuardedStringField(
        "Vem ansvarar?",
        description=A_ROLE,
        validators=[required("Skriv vilken roll eller verksamhet som ansvarar."), Length(max=MAX_OWNER)],
    )
    due_on = DateField("När ska det vara klart?", validators=[required("Ange vilken dag det ska vara klart.")])
    text = GuardedTextAreaField("Varför ändras det?", validators=[required("Skriv varför."), Length(max=MAX_FOLLOW_UP)])
