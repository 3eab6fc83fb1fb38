"""The forms of the organisation pages and of Kontaktvägar. Shape only; the services say what makes sense."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import TelInput

from avvikelse.domain.lan_texts import LONGEST
from avvikelse.domain.vocabulary import WordUse
from avvikelse.web.forms.base import (
    AddressField,
    BaseForm,
    CheckboxListField,
    DateField,
    GuardedStringField,
    GuardedTextAreaField,
    LineField,
    labelled_choices,
)

NONE_CHOSEN = 0  # a <select> has no empty number


class RenameForm(BaseForm):
    name = GuardedStringField("Enhetens nya namn", validators=[InputRequired("Skriv enhetens namn."), Length(max=160)])
    from_on = DateField("Gäller från och med", validators=[InputRequired("Ange från vilken dag namnet gäller.")])


class PlacingForm(BaseForm):
    """Where a unit belongs and whom it serves."""

    organisation = SelectField("Förvaltning", coerce=int)
    kommuner = CheckboxListField("Kommuner", validators=[InputRequired("Välj minst en kommun.")])
    age_min = IntegerField("Yngsta ålder", validators=[InputRequired("Ange yngsta ålder i hela år.")])
    age_max = IntegerField("Äldsta ålder", validators=[InputRequired("Ange äldsta ålder i hela år.")])


class OpenUnitForm(PlacingForm):
    name = GuardedStringField("Enhetens namn", validators=[InputRequired("Skriv enhetens namn."), Length(max=160)])
    kind = SelectField("Slag av enhet", validators=[InputRequired("Välj vilket slag av enhet det är.")])
    omrade = SelectField("Sekretessområde", validators=[InputRequired("Välj sekretessområde.")])
    title = GuardedStringField(
        "Chefens titel",
        description="Till exempel enhetschef eller rektor. Befattningen är vakant tills du lägger till en innehavare.",
        validators=[InputRequired("Skriv chefens titel."), Length(max=160)],
    )
    active_from = DateField("Öppnar", validators=[InputRequired("Ange från vilken dag enheten finns.")])


class CloseUnitForm(BaseForm):
    last_day = DateField("Sista dag", validators=[InputRequired("Ange enhetens sista dag.")])
    successor = SelectField("Efterträdare", coerce=int)


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


class PageCommentForm(BaseForm):
    """Anybody's words about a page that is hard to use."""

    text = GuardedTextAreaField(
        "Vad är svårt att använda?",
        description="Berätta vilken sida det gäller och vad du ville göra. Skriv inget om dig själv eller någon annan.",
        validators=[
            InputRequired("Skriv vad som är svårt att använda."),
            Length(max=1_000, message="Skriv högst 1 000 tecken."),
        ],
    )


class LanTextForm(BaseForm):
    """One of the län's own texts, for everybody to read."""

    text = TextAreaField(validators=[Optional(), Length(max=LONGEST)])


class GuardWordForm(BaseForm):
    word = LineField("Ord", validators=[InputRequired("Skriv ordet."), Length(max=80)])
    use = RadioField(
        "Vad ska vakten göra?",
        choices=labelled_choices(WordUse),
        validators=[InputRequired("Välj vad vakten ska göra med ordet.")],
    )
    huvudman = SelectField("Gäller för", coerce=int)


class ConfirmForm(BaseForm):
    """Only a button."""
