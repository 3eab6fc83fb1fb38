"""The forms of the organisation pages and of Kontaktvägar. Shape only; the services say what makes sense."""

from __future__ import annotations

from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import TelInput

from avvikelse.web.forms.base import (
    AddressField,
    BaseForm,
    DateField,
    GuardedStringField,
    GuardedTextAreaField,
    LineField,
)

NONE_CHOSEN = 0  # a <select> has no empty number


class RenameForm(BaseForm):
    name = GuardedStringField("Enhetens nya namn", validators=[InputRequired("Skriv enhetens namn."), Length(max=160)])
    from_on = DateField("Gäller från och med", validators=[InputRequired("Ange från vilken dag namnet gäller.")])


class UnitContactForm(BaseForm):
    mailbox = AddressField(
        "Funktionsbrevlåda",
        description="En brevlåda som flera läser, inte en persons adress.",
        validators=[Optional(), Length(max=254)],
    )
    phone = LineField("Telefon", widget=TelInput(), validators=[Optional(), Length(max=40)])
    assignment = GuardedTextAreaField(
        "Vad enheten gör",
        description="En eller två meningar som den som ska ringa har nytta av.",
        validators=[Optional(), Length(max=500, message="Skriv högst 500 tecken.")],
    )


class PositionForm(BaseForm):
    title = GuardedStringField("Titel", validators=[InputRequired("Skriv chefens titel."), Length(max=160)])
    substitute = SelectField(
        "Ersättare",
        description="Svarar när befattningen är vakant eller innehavaren är borta.",
        coerce=int,
        validators=[Optional()],
    )
    vacant = BooleanField("Befattningen är vakant")
    show_name = BooleanField("Visa innehavarens namn i Kontaktvägar", description="Annars visas bara titeln.")


class HolderForm(BaseForm):
    email = AddressField(
        "E-postadress", validators=[InputRequired("Skriv adressen till personens konto."), Length(max=254)]
    )
    valid_from = DateField("Från och med", validators=[InputRequired("Ange första dagen.")])
    valid_to = DateField("Till och med", validators=[Optional()])


class FunktionHolderForm(HolderForm):
    # A funktion with one område asks no question, so nothing is posted; the service says which are possible.
    omrade = SelectField("Sekretessområde", coerce=int, validate_choice=False, validators=[Optional()])


class AbsenceForm(BaseForm):
    from_on = DateField("Första dagen", validators=[InputRequired("Ange första dagen.")])
    to_on = DateField("Sista dagen", validators=[InputRequired("Ange sista dagen.")])


class FunktionContactForm(BaseForm):
    mailbox = AddressField(
        "Funktionsbrevlåda",
        description="En brevlåda som flera läser, inte en persons adress.",
        validators=[Optional(), Length(max=254)],
    )
    phone = LineField("Telefon", widget=TelInput(), validators=[Optional(), Length(max=40)])


class WrongContactForm(BaseForm):
    text = GuardedTextAreaField(
        "Vad är det som inte stämmer?",
        description="Till exempel: ”Telefonnumret går till en annan mottagning.” Skriv inga namn.",
        validators=[InputRequired("Skriv vad som inte stämmer."), Length(max=500, message="Skriv högst 500 tecken.")],
    )


class ConfirmForm(BaseForm):
    """Only a button."""
