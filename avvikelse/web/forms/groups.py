"""The form with which a samverkansgrupp's decision is written."""

from __future__ import annotations

from wtforms.validators import Length

from avvikelse.web.forms.base import BaseForm, DateField, GuardedStringField, GuardedTextAreaField, required


class DecideForm(BaseForm):
    decision = GuardedTextAreaField(
        "Vad beslutar gruppen?",
        description="Alla som har rapporterat om detta får läsa beslutet. Skriv så att det går att följa upp.",
        validators=[required("Skriv vad gruppen beslutar."), Length(max=1000, message="Skriv högst 1 000 tecken.")],
    )
    owner = GuardedStringField(
        "Vem ansvarar för att det blir gjort?",
        description="En roll eller verksamhet, inte en persons namn. Till exempel: Verksamhetschef BUP.",
        validators=[
            required("Skriv vilken roll eller verksamhet som ansvarar."),
            Length(max=120, message="Skriv högst 120 tecken."),
        ],
    )
    due_on = DateField("När ska det vara klart?", validators=[required("Ange vilken dag det ska vara klart.")])
