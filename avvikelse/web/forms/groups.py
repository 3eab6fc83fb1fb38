"""What a samverkansgrupp's convenor writes: a decision, words to a month, a new level of a chart."""

from __future__ import annotations

from wtforms import HiddenField, SelectField
from wtforms.validators import Length

from avvikelse.analysis.month_charts import TOTALS, WAITS
from avvikelse.analysis.month_content import MonthContent
from avvikelse.domain.swedish_dates import month_name
from avvikelse.web.forms.base import BaseForm, DateField, GuardedStringField, GuardedTextAreaField, choices, required


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


class CommentForm(BaseForm):
    text = GuardedTextAreaField(
        "Vad vill du säga till gruppen om månaden?",
        description="Står överst på sidan och i dokumentet. Lämna tomt för att ta bort. Siffrorna ändras inte.",
        validators=[Length(max=1000, message="Skriv högst 1 000 tecken.")],
    )
    seen_version = HiddenField()


class LevelForm(BaseForm):
    chart = SelectField("Vilket diagram?", validators=[required("Välj ett diagram.")])
    month = SelectField("Från och med vilken månad?", validators=[required("Välj en månad.")])
    cause = GuardedStringField(
        "Orsak med några få ord",
        description="Står vid linjen i diagrammet. Till exempel: Ny rutin.",
        validators=[required("Skriv orsaken."), Length(max=30, message="Skriv högst 30 tecken.")],
    )
    reason = GuardedTextAreaField(
        "Vad ändrades, och var är det dokumenterat?",
        validators=[required("Skriv vad som ändrades och var det är dokumenterat."), Length(max=500)],
    )

    def offer(self, content: MonthContent | None) -> None:
        """The charts that may have a new level, and their months."""
        charts = [chart for chart in content.charts if chart.key in {TOTALS, WAITS}] if content else []
        months = sorted({point.month for chart in charts for point in chart.points}, reverse=True)
        self.chart.choices = choices(((chart.key, chart.title) for chart in charts), empty="Välj …")
        self.month.choices = choices(((month, month_name(month)) for month in months), empty="Välj …")
