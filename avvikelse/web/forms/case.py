"""The forms of a case, one per step. They check shape; services and the domain check meaning."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from avvikelse.domain import codes
from avvikelse.domain.replacing import ReplaceReason
from avvikelse.domain.vocabulary import (
    Again,
    AlsoHandledAs,
    AnswerKind,
    ContactOutcome,
    NotTakenUpReason,
    OrosanmalanAnswer,
    Rating,
)
from avvikelse.web.forms.atgard import DoneFields, PlanFields, row_id
from avvikelse.web.forms.base import (
    BaseForm,
    CheckboxListField,
    DateField,
    GuardedStringField,
    GuardedTextAreaField,
    choices,
    labelled_choices,
)
from avvikelse.web.forms.proposal import proposal_field, proposed_owner_field

TEXT = 2000


class CaseForm(BaseForm):
    """`version` is the case as the reader saw it: a stale one is answered with 409 and the text kept."""

    version = HiddenField()


class SeenForm(CaseForm):
    """For what is saved beside the case: `seen` is what stood there when the form was opened."""

    seen = HiddenField()


class ConfirmForm(CaseForm):
    """Only a button."""


class ReceiverForm(CaseForm):
    receiver = SelectField(
        "Vem ska få ärendet?", coerce=row_id, validators=[DataRequired("Välj vem som ska få ärendet.")]
    )
    reason = GuardedTextAreaField("Något chefen behöver veta?", validators=[Optional(), Length(max=TEXT)])


class PlaceForm(CaseForm):
    receiver = SelectField(
        "Vem ska få ärendet?", coerce=row_id, validators=[DataRequired("Välj vem som ska få ärendet.")]
    )


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
    point_read = HiddenField()  # whose text the writer has been shown


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
        description=(
            "En mening som samverkansgruppen läser, och den som är på väg att rapportera samma sak."
            " Skriv inget som kan avslöja barnet eller en medarbetare."
        ),
        validators=[InputRequired("Skriv en mening."), Length(max=200)],
    )


class StoryForm(CaseForm):
    title = GuardedStringField("Rubrik", validators=[InputRequired("Skriv en rubrik."), Length(max=120)])
    event = GuardedTextAreaField(
        "Vad hände?",
        description="Utan enheter och utan något som kan peka ut ett barn eller en medarbetare.",
        validators=[InputRequired("Skriv vad som hände."), Length(max=800)],
    )
    measure = GuardedTextAreaField(
        "Vad gjordes?", validators=[InputRequired("Skriv vad som gjordes."), Length(max=800)]
    )
    effect = GuardedTextAreaField(
        "Hur gick det?",
        description="Vad blev bättre, och hur vet ni det? Skriv också om det är för tidigt att säga.",
        validators=[InputRequired("Skriv hur det gick."), Length(max=800)],
    )
    tags = GuardedStringField(
        "Etiketter", description="Högst sex, med komma mellan. Till exempel: sip, kallelse.", validators=[Optional()]
    )


class MaskForm(CaseForm):
    masked_description = GuardedTextAreaField(
        "Text som den andra parten läser",
        description="Originalet finns kvar hos er.",
        validators=[InputRequired("Skriv den text som den andra parten ska läsa."), Length(max=TEXT)],
    )


class SplitForm(CaseForm):
    description = GuardedTextAreaField(
        "Vad hände i den andra händelsen?",
        description="Skriv så att den som ska svara förstår, med rapportörens egna ord så långt det går.",
        validators=[InputRequired("Skriv vad som hände."), Length(max=TEXT)],
    )
    occurred_on = DateField("När hände det?", validators=[InputRequired("Ange dagen.")])
    category = SelectField("Kategori", validators=[Optional()])
    severity = RadioField(
        "Vad ledde det till för barnet?", coerce=int, validators=[InputRequired("Välj ett av alternativen.")]
    )
    remaining = GuardedTextAreaField(
        "Det här läser den andra parten i det första ärendet", validators=[Optional(), Length(max=TEXT)]
    )


class ReplaceTextForm(SeenForm):
    text = GuardedTextAreaField(
        "Texten som ska stå i stället",
        description="Ta bort det som inte får stå här. Lämnar du rutan tom står det att texten är borttagen.",
        validators=[Optional(), Length(max=TEXT)],
    )
    reason = RadioField(
        "Vad var det som inte fick stå här?",
        choices=labelled_choices(ReplaceReason),
        validators=[InputRequired("Välj ett skäl.")],
    )


def _text_form(label: str, missing: str) -> type[CaseForm]:
    """A form of one text with its own question."""

    class TextForm(CaseForm):
        text = GuardedTextAreaField(label, validators=[InputRequired(missing), Length(max=TEXT)])

    return TextForm


AskForm = _text_form("Din fråga", "Skriv frågan.")
ReplyForm = _text_form("Ditt svar", "Skriv svaret.")
NoteForm = _text_form("Anteckning", "Skriv anteckningen.")
AddFactForm = _text_form("Vad vill du lägga till?", "Skriv vad du vill lägga till.")


class LiftForm(CaseForm):
    text = GuardedTextAreaField(
        "Fråga till samverkansgruppen",
        description="Skriv frågan så att den går att förstå utan ärendet, och utan uppgifter om barnet.",
        validators=[InputRequired("Skriv frågan."), Length(max=500)],
    )
    proposal = proposal_field()
    proposed_owner = proposed_owner_field()


class AskGroupForm(CaseForm):
    text = GuardedTextAreaField(
        "Din fråga till samverkansgruppen",
        description="Skriv utan uppgifter om barnet. Samordnaren läser orden först, sedan svarar gruppen.",
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


class CheckAnswerForm(CaseForm):
    verdict = RadioField(
        "Går det att förstå, och svarar det på rapporten?",
        choices=choices([("ja", "Ja, skicka svaret"), ("nej", "Inte än, lämna tillbaka det")]),
        validators=[InputRequired("Välj ett av alternativen.")],
    )
    comment = GuardedTextAreaField(
        "Vad behöver bli bättre?",
        description="Behövs om du lämnar tillbaka svaret. Läses bara på er sida.",
        validators=[Optional(), Length(max=TEXT)],
    )


class UnlockForm(CaseForm):
    keeps = RadioField(
        "Vem går vidare med ärendet?", coerce=int, validators=[InputRequired("Välj vem som går vidare.")]
    )
    reason = GuardedTextAreaField(
        "Varför?",
        description="Båda parter läser skälet.",
        validators=[InputRequired("Skriv varför, så att båda förstår."), Length(max=TEXT)],
    )


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


class ThanksForm(CaseForm):
    """For a good example."""

    to_reporter = GuardedTextAreaField(
        "Ditt tack", validators=[InputRequired("Skriv några ord till den som berättade."), Length(max=TEXT)]
    )


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


class AvtalspunktForm(CaseForm):
    avtalspunkt_id = SelectField("Punkt i avtal eller rutin", coerce=int, validators=[Optional()])


class FactorsForm(SeenForm):
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


class OwnProcessForm(SeenForm):
    processes = CheckboxListField("Hanteras även som", choices=labelled_choices(AlsoHandledAs))


class AtgardForm(CaseForm, PlanFields):
    kind = SelectField(
        "Slag av åtgärd",
        description="Det som ändrar förutsättningarna, som en kontaktväg eller en överenskommelse, håller oftast längre"
        " än information.",
        choices=choices(
            (k.code, f"{k.name} ({k.strength})" if k.strength in codes.STRENGTHS else k.name)
            for k in codes.ATGARD_KINDS
        ),
        validators=[InputRequired("Välj ett slag.")],
    )


class AtgardDoneForm(CaseForm, DoneFields):
    atgard = HiddenField()


class EffectForm(CaseForm):
    again = RadioField(
        "Har det hänt igen?", choices=labelled_choices(Again), validators=[InputRequired("Välj ett av svaren.")]
    )
    comment = GuardedTextAreaField(
        "Vill du berätta mer?",
        description="Läses av den som ansvarar för åtgärden och av båda parter, utan ditt namn.",
        validators=[Optional(), Length(max=500)],
    )


class FamilyForm(CaseForm):
    carries = RadioField(
        "Får familjen samordna själv?",
        choices=choices([("ja", "Ja, familjen bär samordningen"), ("nej", "Nej, inte längre")]),
        validators=[InputRequired("Välj ja eller nej.")],
    )
    reason = GuardedTextAreaField(
        "Varför inte längre?",
        description="Behövs om du svarar nej. Alla parter läser det.",
        validators=[Optional(), Length(max=500)],
    )


class ApproveQuestionForm(SeenForm):
    question = HiddenField()
    text = GuardedTextAreaField(
        "Frågan som gruppen läser",
        description="Gruppen läser frågan, inte ärendet. Ändra den om något pekar ut barnet eller en medarbetare.",
        validators=[InputRequired("Skriv frågan."), Length(max=500)],
    )
    proposal = proposal_field()
    proposed_owner = proposed_owner_field()


class DiarienummerForm(SeenForm):
    diarienummer = GuardedStringField("Diarienummer hos er", validators=[Optional(), Length(max=40)])
