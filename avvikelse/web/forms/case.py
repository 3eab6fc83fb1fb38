"""The forms of a case, one per step. They check shape; services and the domain check meaning."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from avvikelse.domain import codes
from avvikelse.domain.vocabulary import (
    AlsoHandledAs,
    AnswerKind,
    ContactOutcome,
    NotTakenUpReason,
    OrosanmalanAnswer,
    Rating,
)
from avvikelse.web.forms.base import (
    BaseForm,
    CheckboxListField,
    DateField,
    GuardedStringField,
    GuardedTextAreaField,
    choices,
    labelled_choices,
)

TEXT = 2000


class CaseForm(BaseForm):
    """`version` is the case as the reader saw it: a stale one is answered with 409 and the text kept."""

    version = HiddenField()


class ConfirmForm(CaseForm):
    """Only a button."""


def row_id(value: object) -> int | str:
    """A row's id from a select whose first choice is empty."""
    return int(str(value)) if str(value).isdigit() else ""


class ReceiverForm(CaseForm):
    receiver = SelectField(
        "Vem ska få ärendet?", coerce=row_id, validators=[InputRequired("Välj vem som ska få ärendet.")]
    )
    reason = GuardedTextAreaField("Något chefen behöver veta?", validators=[Optional(), Length(max=TEXT)])


class HandOverForm(ReceiverForm):
    reason = GuardedTextAreaField(
        "Varför lämnar du över?",
        validators=[InputRequired("Skriv varför, så att den som tar över förstår."), Length(max=TEXT)],
    )


class DeclineForm(CaseForm):
    reason = GuardedTextAreaField(
        "Varför är det inte ert ansvar?",
        validators=[InputRequired("Skriv varför, så att frågan kan hamna rätt."), Length(max=TEXT)],
    )
    proposed_enhet_id = SelectField("Vem föreslår du i stället?", coerce=int, validators=[Optional()])
    avtalspunkt_id = SelectField("Punkt i avtal eller rutin", coerce=int, validators=[Optional()])


class NotTakenUpForm(CaseForm):
    why = RadioField(
        "Varför tas det inte upp?",
        choices=labelled_choices(NotTakenUpReason),
        validators=[InputRequired("Välj ett skäl.")],
    )
    to_reporter = GuardedTextAreaField(
        "Text till rapportören",
        description="Tacka för rapporten och förklara vad som händer i stället.",
        validators=[InputRequired("Skriv några rader till rapportören om varför."), Length(max=TEXT)],
    )


class MergeForm(CaseForm):
    main = GuardedStringField(
        "Huvudärendets nummer",
        description="Till exempel JH-2026-0012.",
        validators=[InputRequired("Skriv ärendets nummer."), Length(max=20)],
    )


class GruppmeningForm(CaseForm):
    gruppmening = GuardedTextAreaField(
        "Gruppmening",
        description="En mening som samverkansgruppen läser. Skriv inget som kan avslöja barnet eller en medarbetare.",
        validators=[InputRequired("Skriv en mening."), Length(max=200)],
    )


class MaskForm(CaseForm):
    masked_description = GuardedTextAreaField(
        "Text som den andra parten läser",
        description="Originalet finns kvar hos er.",
        validators=[InputRequired("Skriv den text som den andra parten ska läsa."), Length(max=TEXT)],
    )


class TextForm(CaseForm):
    text = GuardedTextAreaField("Text", validators=[InputRequired("Skriv något först."), Length(max=TEXT)])


class LiftForm(CaseForm):
    text = GuardedTextAreaField(
        "Fråga till samverkansgruppen",
        description="Skriv frågan så att den går att förstå utan ärendet, och utan uppgifter om barnet.",
        validators=[InputRequired("Skriv frågan."), Length(max=500)],
    )


class TalkForm(CaseForm):
    talk_on = DateField("När pratade ni?", validators=[InputRequired("Ange dagen.")])
    agreed = GuardedTextAreaField(
        "Vad kom ni fram till?", validators=[InputRequired("Skriv några rader."), Length(max=TEXT)]
    )
    to_reporter = GuardedTextAreaField(
        "Text till rapportören", validators=[InputRequired("Rapportören måste få ett svar."), Length(max=TEXT)]
    )


class ConfirmTalkForm(CaseForm):
    agrees = RadioField(
        "Stämmer det?",
        choices=choices([("ja", "Ja, det är löst"), ("nej", "Nej, ärendet behöver fortsätta")]),
        validators=[InputRequired("Välj ja eller nej.")],
    )


class CommitForm(CaseForm):
    agreed = RadioField(
        "Är ni överens?",
        choices=choices([("ja", "Ja, vi tar det här på oss"), ("nej", "Nej, vi är inte överens")]),
        validators=[InputRequired("Välj ja eller nej.")],
    )
    what = GuardedTextAreaField(
        "Vad kan ni bidra med?",
        description="Skriv vad ni tar på er. Är ni inte överens: skriv varför.",
        validators=[InputRequired("Skriv vad ni tar på er."), Length(max=TEXT)],
    )
    who = GuardedStringField(
        "Vilken roll gör det?",
        description="En roll, inte ett namn.",
        validators=[InputRequired("Skriv vilken roll."), Length(max=120)],
    )
    when_on = DateField("Till vilken dag?", validators=[InputRequired("Ange dagen.")])


class AnswerForm(CaseForm):
    """Both kinds in one; the page shows the parts of the kind that the case needs."""

    kind = RadioField(
        "Hur svarar du?", choices=labelled_choices((AnswerKind.QUICK, AnswerKind.FULL)), validators=[Optional()]
    )
    orosanmalan = RadioField(
        "Återkoppling på orosanmälan", choices=labelled_choices(OrosanmalanAnswer), validators=[Optional()]
    )
    what_happened = GuardedTextAreaField("Vad hände hos oss?", validators=[Optional(), Length(max=TEXT)])
    what_now = GuardedTextAreaField("Vad gör vi nu?", validators=[Optional(), Length(max=TEXT)])
    orsak = GuardedTextAreaField("Orsak: vad berodde det på?", validators=[Optional(), Length(max=TEXT)])
    atgard = GuardedTextAreaField("Åtgärd: vad gör ni?", validators=[Optional(), Length(max=TEXT)])
    konsekvens = GuardedTextAreaField(
        "Konsekvens: vad innebär det för dem som berörs?", validators=[Optional(), Length(max=TEXT)]
    )
    uppfoljning = GuardedTextAreaField(
        "Uppföljning: hur och när ser ni om det hjälpte?", validators=[Optional(), Length(max=TEXT)]
    )
    no_atgard_reason = GuardedTextAreaField("Varför behövs ingen åtgärd?", validators=[Optional(), Length(max=TEXT)])


class FeedbackForm(CaseForm):
    rating = RadioField(
        "Fick du svar på din fråga?",
        choices=labelled_choices(Rating),
        validators=[InputRequired("Välj ja, delvis eller nej.")],
    )
    reason = GuardedTextAreaField(
        "Vad saknas?",
        description="Skriv om du svarar nej, och gärna om du svarar delvis.",
        validators=[Optional(), Length(max=TEXT)],
    )


class RecodeForm(CaseForm):
    category = SelectField("Kategori", validators=[Optional()])
    severity = RadioField(
        "Vad ledde det till för barnet?", coerce=int, validators=[InputRequired("Välj ett av alternativen.")]
    )
    possible_severity = RadioField("Vad hade det kunnat leda till?", coerce=int, validators=[Optional()])


class FactorsForm(CaseForm):
    factors = CheckboxListField("Vad bidrog?", choices=choices((f.code, f.name) for f in codes.FACTORS))


class HandlerForm(CaseForm):
    handler = SelectField("Handläggare på enheten", coerce=int, validators=[Optional()])


class ContactForm(CaseForm):
    on = DateField("När?", validators=[InputRequired("Ange dagen.")])
    outcome = RadioField(
        "Hur gick det?",
        choices=labelled_choices(ContactOutcome),
        validators=[InputRequired("Välj ett av alternativen.")],
    )


class OwnProcessForm(CaseForm):
    processes = CheckboxListField("Hanteras även som", choices=labelled_choices(AlsoHandledAs))


class AtgardForm(CaseForm):
    kind = SelectField(
        "Slag av åtgärd",
        choices=choices((k.code, k.name) for k in codes.ATGARD_KINDS),
        validators=[InputRequired("Välj ett slag.")],
    )
    text = GuardedTextAreaField(
        "Vad ska ni göra?", validators=[InputRequired("Skriv vad ni ska göra."), Length(max=TEXT)]
    )
    due_on = DateField("Klar senast", validators=[Optional()])


class AtgardDoneForm(CaseForm):
    atgard = HiddenField()
    done_on = DateField("Sedan när är åtgärden på plats?", validators=[InputRequired("Ange dagen.")])


class ApproveQuestionForm(CaseForm):
    question = HiddenField()
    text = GuardedTextAreaField(
        "Frågan som gruppen läser", validators=[InputRequired("Skriv frågan."), Length(max=500)]
    )


class DiarienummerForm(CaseForm):
    diarienummer = GuardedStringField("Diarienummer hos er", validators=[Optional(), Length(max=40)])
