"""The forms of an åtgärd: on its own page, and the fields that the forms of a case share with them."""

from __future__ import annotations

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from avvikelse.domain.measures import CHANGED_MAX
from avvikelse.domain.vocabulary import Effect
from avvikelse.web.forms.base import BaseForm, DateField, GuardedTextAreaField, labelled_choices

TEXT = 2000


def row_id(value: object) -> int | str:
    """A row's id from a select whose first choice is empty."""
    return int(str(value)) if str(value).isdecimal() else ""


class PlanFields(BaseForm):
    """What, by whom, by when; `family_told` only where the family carries the coordination."""

    text = GuardedTextAreaField(
        "Vad ska ni göra?", validators=[InputRequired("Skriv vad ni ska göra."), Length(max=TEXT)]
    )
    position_id = SelectField("Vem ansvarar?", coerce=row_id, validators=[Optional()])
    due_on = DateField("Klar senast", validators=[Optional()])
    family_told = GuardedTextAreaField(
        "Vad får familjen veta?",
        description="Familjen bär samordningen här. Skriv vad den får veta om åtgärden, och av vilken roll.",
        validators=[Optional(), Length(max=500)],
    )


class DoneFields(BaseForm):
    """Since when, and the sentence that goes to those who reported it."""

    done_on = DateField("Sedan när är åtgärden på plats?", validators=[InputRequired("Ange dagen.")])
    changed = GuardedTextAreaField(
        "Vad är ändrat?",
        description="En mening till den som rapporterade och till alla på deras enhet. Inga namn, ingen skuld.",
        validators=[InputRequired("Skriv en mening om vad som är ändrat."), Length(max=CHANGED_MAX)],
    )


class DecideForm(BaseForm):
    """Only a button."""


class ChangeForm(PlanFields):
    """Other words, another day or owner."""


class DoForm(DoneFields):
    """It is in place."""


class FollowUpForm(BaseForm):
    effect = RadioField(
        "Fungerar åtgärden?", choices=labelled_choices(Effect), validators=[InputRequired("Välj ett av svaren.")]
    )
    evidence = GuardedTextAreaField(
        "Vad bygger du det på?",
        description="Vad ni har sett, räknat eller frågat om. Behövs inte om det är för tidigt att säga. "
        "Läses av rapportören och av båda parter.",
        validators=[Optional(), Length(max=TEXT)],
    )


class DropForm(BaseForm):
    reason = GuardedTextAreaField(
        "Varför genomförs den inte?",
        description="Läses av rapportören och av båda parter.",
        validators=[InputRequired("Skriv varför åtgärden inte genomförs."), Length(max=TEXT)],
    )
