"""The forms with which a samverkansgrupp answers questions and writes its decisions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import Length, Optional

from avvikelse.domain.group_words import GapOutcome, MeetingKind, SeatKind
from avvikelse.services.group_decisions import MAX_DECISION, MAX_REASON, DecisionText
from avvikelse.services.group_meetings import Plan
from avvikelse.services.group_register import MAX_MANDATE, SeatWords
from avvikelse.services.question_words import MAX_OWNER, MAX_PROPOSAL, MAX_QUESTION
from avvikelse.services.questions_at_desk import MAX_ANSWER
from avvikelse.services.themes import ThemeWords
from avvikelse.web.forms.base import (
    BaseForm,
    CheckboxListField,
    DateField,
    GuardedStringField,
    GuardedTextAreaField,
    labelled_choices,
    required,
)
from avvikelse.web.forms.proposal import proposal_field, proposed_owner_field

NO_POSITION = 0
A_ROLE = "En roll eller verksamhet, inte en persons namn. Till exempel: Verksamhetschef BUP."


def _at_most(longest: int) -> Length:
    return Length(max=longest, message=f"Skriv högst {longest:,} tecken.".replace(",", " "))


class DecideForm(BaseForm):
    decision = GuardedTextAreaField(
        "Vad beslutar gruppen?",
        description="Alla som har rapporterat om detta får läsa beslutet. Skriv så att det går att följa upp.",
        validators=[required("Skriv vad gruppen beslutar."), _at_most(MAX_DECISION)],
    )
    what_changes = GuardedTextAreaField(
        "Vad ändras i vardagen?",
        description="En eller två meningar till dem som rapporterade.",
        validators=[Optional(), _at_most(500)],
    )
    owner = GuardedStringField(
        "Vem ansvarar för att det blir gjort?",
        description=A_ROLE,
        validators=[required("Skriv vilken roll eller verksamhet som ansvarar."), _at_most(120)],
    )
    due_on = DateField("När ska det vara klart?", validators=[required("Ange vilken dag det ska vara klart.")])
    ask = GuardedStringField(
        "Vem kan man fråga?",
        description="Lämna tomt om det är den som ansvarar.",
        validators=[Optional(), _at_most(160)],
    )
    internal_text = GuardedTextAreaField(
        "Bara för gruppen",
        description="Det du skriver här publiceras inte. På sidorna står att en del av beslutet inte visas.",
        validators=[Optional(), _at_most(MAX_DECISION)],
    )
    publish = BooleanField("Publicera beslutet nu")

    def words(self) -> DecisionText:
        """What was typed. Only of a form that has been validated."""
        day: Any = self.due_on.data
        return DecisionText(
            text=self.decision.data or "", owner=self.owner.data or "", due_on=day,
            what_changes=self.what_changes.data or "", ask=self.ask.data or "",
            internal_text=self.internal_text.data or "",
        )  # fmt: skip


class DecideGapForm(DecideForm):
    """What was found out, and who is responsible: a position of the parties, in words only where none has the task."""

    outcome = RadioField(
        "Vad kom gruppen fram till?",
        choices=labelled_choices(GapOutcome),
        validators=[required("Välj om någon ansvarar eller om inget uppdrag finns.")],
    )
    decision = GuardedTextAreaField(
        "Vad beslutar gruppen?",
        description="Finns inget uppdrag: skriv vad ni gör åt det. Alla som har rapporterat om detta får läsa det.",
        validators=[
            required("Skriv vad gruppen beslutar. Finns inget uppdrag: skriv vad ni gör åt det."),
            _at_most(MAX_DECISION),
        ],
    )
    owner_position = SelectField(
        "Vilken befattning ansvarar?",
        description="En chef hos någon av gruppens parter. Står den inte där, välj ”Någon som inte finns i listan”.",
        validators=[required("Välj vem som ansvarar.")],
    )
    owner = GuardedStringField(
        "Vem, om ingen av befattningarna ansvarar?",
        description="Bara när den som ansvarar inte finns i systemet. En roll eller verksamhet, inte en persons namn.",
        validators=[Optional(), _at_most(120)],
    )

    def words(self) -> DecisionText:
        chosen = int(self.owner_position.data or NO_POSITION)
        return replace(super().words(), owner_position_id=chosen or None, gap_outcome=GapOutcome(self.outcome.data))


class PutQuestionForm(BaseForm):
    text = GuardedTextAreaField(
        "Din fråga till gruppen",
        description="Skriv så att alla i gruppen förstår, och utan uppgifter om något barn.",
        validators=[required("Skriv frågan."), _at_most(MAX_QUESTION)],
    )
    proposal = proposal_field()
    proposed_owner = proposed_owner_field()


class ProposalForm(BaseForm):
    """Written on its own, a proposal is both: what to decide, and who would see to it."""

    proposal = GuardedTextAreaField(
        "Vad föreslås gruppen besluta?",
        description="Något som gruppen kan säga ja eller nej till.",
        validators=[required("Skriv vad gruppen föreslås besluta."), _at_most(MAX_PROPOSAL)],
    )
    proposed_owner = GuardedStringField(
        "Vem föreslås ansvara för att det blir gjort?",
        description=A_ROLE,
        validators=[required("Skriv vilken roll eller verksamhet som föreslås ansvara."), _at_most(MAX_OWNER)],
    )


class AnswerQuestionForm(BaseForm):
    text = GuardedTextAreaField("Gruppens svar", validators=[required("Skriv gruppens svar."), _at_most(MAX_ANSWER)])


class DeclineForm(BaseForm):
    text = GuardedTextAreaField(
        "Varför tar gruppen inte upp frågan?",
        description="De som frågade läser skälen. Skriv gärna vem som i stället kan svara.",
        validators=[
            required("Skriv varför gruppen inte tar upp frågan, så att de som frågade förstår."),
            _at_most(MAX_ANSWER),
        ],
    )


class LiftOnForm(BaseForm):
    text = GuardedTextAreaField(
        "Frågan till gruppen ovanför",
        description="Skriv så att den går att förstå för den som inte var med.",
        validators=[required("Skriv frågan."), _at_most(MAX_QUESTION)],
    )
    proposal = proposal_field()
    proposed_owner = proposed_owner_field()


class PublishDecisionForm(BaseForm):
    """Nothing to fill in: a button."""


class DoneForm(BaseForm):
    text = GuardedTextAreaField(
        "Vad är gjort?",
        description="Alla som läser beslutet läser det här också.",
        validators=[required("Skriv vad som är gjort."), _at_most(MAX_REASON)],
    )


class OwnedDecisionDoneForm(DoneForm):
    """The same from whoever has been made responsible."""

    text = GuardedTextAreaField(
        "Vad är gjort?",
        description="Gruppen och alla som läser beslutet läser det här. Skriv inget om något barn.",
        validators=[required("Skriv vad som är gjort."), _at_most(MAX_REASON)],
    )


class CloseDecisionForm(BaseForm):
    text = GuardedTextAreaField(
        "Varför avslutar gruppen beslutet?",
        description="Alla som läser beslutet läser det här också.",
        validators=[required("Skriv varför gruppen avslutar beslutet."), _at_most(MAX_REASON)],
    )


class NewOwnerForm(BaseForm):
    owner = GuardedStringField(
        "Vem ansvarar nu?",
        description=A_ROLE,
        validators=[required("Skriv vilken roll eller verksamhet som ansvarar."), _at_most(120)],
    )
    due_on = DateField("När ska det vara klart?", validators=[required("Ange vilken dag det ska vara klart.")])


# --- meetings ---------------------------------------------------------------------------------------------------------


class MeetingForm(BaseForm):
    meets_on = DateField("Vilken dag?", validators=[required("Ange vilken dag gruppen träffas.")])
    clock = GuardedStringField("Klockan", description="Till exempel 13.00.", validators=[Optional(), _at_most(5)])
    place = GuardedStringField("Var?", description="Rum eller digitalt möte.", validators=[Optional(), _at_most(160)])
    kind = RadioField("Vad för möte?", choices=labelled_choices(MeetingKind), default=MeetingKind.ORDINARY.value)
    invited = GuardedStringField(
        "Vilken brukarorganisation bjuds in?",
        description="Till den årliga uppföljningen ska brukarorganisationer bjudas in. Skriv organisationens namn.",
        validators=[Optional(), _at_most(160)],
    )

    def plan(self) -> Plan:
        """What was typed. Only of a form that has been validated."""
        day: Any = self.meets_on.data
        return Plan(
            day, MeetingKind(self.kind.data), self.clock.data or "", self.place.data or "", self.invited.data or ""
        )


class CancelMeetingForm(BaseForm):
    reason = GuardedStringField(
        "Varför ställs mötet in?", validators=[required("Skriv varför mötet ställs in."), _at_most(300)]
    )


class AgendaItemForm(BaseForm):
    title = GuardedStringField(
        "Punktens rubrik",
        description="Rubriken står i protokollet som alla anställda kan läsa.",
        validators=[required("Skriv punktens rubrik."), _at_most(200)],
    )


class NoteForm(BaseForm):
    note = GuardedTextAreaField(
        "Anteckning till protokollet",
        description="Alla anställda kan läsa det här när protokollet är publicerat.",
        validators=[Optional(), _at_most(2000)],
    )
    internal_note = GuardedTextAreaField(
        "Bara för gruppen",
        description="Det här lämnas bort när protokollet publiceras.",
        validators=[Optional(), _at_most(2000)],
    )


class StandingItemsForm(BaseForm):
    items = GuardedTextAreaField(
        "Stående punkter",
        description="En punkt på varje rad. De står sist på varje dagordning.",
        validators=[Optional(), _at_most(2000)],
    )


# --- the register -----------------------------------------------------------------------------------------------------


class SeatForm(BaseForm):
    name = GuardedStringField(
        "Roll eller verksamhet",
        description="Aldrig en persons namn. Till exempel: Enhetschef BUP.",
        validators=[required("Skriv vilken roll eller verksamhet som har platsen."), _at_most(160)],
    )
    unit_kind = SelectField("Talar för", validators=[Optional()])
    kind = RadioField("Hur sitter den i gruppen?", choices=labelled_choices(SeatKind), default=SeatKind.MEMBER.value)
    convenes = BooleanField("Kallar gruppen (sammankallande)")
    vacant = BooleanField("Platsen är vakant")
    term_from = DateField("Mandatet börjar", validators=[Optional()])
    term_to = DateField("Mandatet slutar", validators=[Optional()])

    def words(self) -> SeatWords:
        """What was typed. Only of a form that has been validated."""
        return SeatWords(
            name=self.name.data or "", kind=SeatKind(self.kind.data), unit_kind=self.unit_kind.data or "",
            convenes=bool(self.convenes.data), vacant=bool(self.vacant.data), term_from=self.term_from.data,
            term_to=self.term_to.data,
        )  # fmt: skip


class EndSeatForm(BaseForm):
    """Nothing to fill in: a button."""


class MandateForm(BaseForm):
    text = GuardedTextAreaField(
        "Gruppens uppdrag",
        description="Vad gruppen ska göra, och vad den får besluta.",
        validators=[required("Skriv gruppens uppdrag."), _at_most(MAX_MANDATE)],
    )
    decided_by = GuardedStringField(
        "Vem har beslutat uppdraget?",
        description="En nämnd, en grupp eller en roll.",
        validators=[required("Skriv vem som har beslutat uppdraget."), _at_most(120)],
    )
    decided_on = DateField("När beslutades det?", validators=[required("Ange dagen.")])
    valid_to = DateField("Gäller till", validators=[Optional()])


# --- themes -----------------------------------------------------------------------------------------------------------


class ThemeForm(BaseForm):
    name = GuardedStringField(
        "Temats namn", description="Några få ord. Alla anställda läser namnet på Läget.",
        validators=[required("Skriv vad temat heter."), _at_most(80)],
    )  # fmt: skip
    sentence = GuardedStringField(
        "Problemet i en mening",
        description="Utan enheter och utan något som kan peka ut ett barn.",
        validators=[required("Skriv problemet i en mening."), _at_most(300)],
    )
    owner = GuardedStringField(
        "Vem håller i temat?",
        description=A_ROLE,
        validators=[required("Skriv vilken roll eller verksamhet som håller i temat."), _at_most(120)],
    )
    contribute = GuardedTextAreaField(
        "Så kan du bidra", description="En mening till alla anställda.", validators=[Optional(), _at_most(500)]
    )
    monday = GuardedTextAreaField(
        "Vad ändras på måndag?",
        description="Det lilla som var och en kan börja med.",
        validators=[Optional(), _at_most(500)],
    )
    watched = BooleanField("Bevaka: gruppen väntar och ser om det minskar")
    about = HiddenField()  # the passage that it was made from

    def words(self) -> ThemeWords:
        """What was typed. Only of a form that has been validated."""
        return ThemeWords(
            self.name.data or "", self.sentence.data or "", self.owner.data or "", bool(self.watched.data),
            self.contribute.data or "", self.monday.data or "",
        )  # fmt: skip


class CandidateForm(BaseForm):
    """Which sentences belong together, and to which theme. Empty `theme` = a new one, with the words below."""

    places = CheckboxListField("Vilka hör ihop?")
    theme = SelectField("Till vilket tema?", validators=[Optional()])
    name = GuardedStringField("Det nya temats namn", validators=[Optional(), _at_most(80)])
    sentence = GuardedStringField("Problemet i en mening", validators=[Optional(), _at_most(300)])
    owner = GuardedStringField("Vem håller i temat?", description=A_ROLE, validators=[Optional(), _at_most(120)])

    def words(self) -> ThemeWords:
        return ThemeWords(self.name.data or "", self.sentence.data or "", self.owner.data or "")


class DismissForm(BaseForm):
    reason = GuardedStringField(
        "Varför hör de inte ihop?", validators=[required("Skriv varför mönstret inte stämmer."), _at_most(300)]
    )


class CloseThemeForm(BaseForm):
    text = GuardedTextAreaField(
        "Vad blev av temat?",
        description="Alla anställda läser det på Läget.",
        validators=[required("Skriv vad som blev av temat."), _at_most(1000)],
    )


class ThemeQuestionForm(BaseForm):
    text = GuardedTextAreaField(
        "Frågan",
        description="Skriv så att den går att förstå för den som inte var med.",
        validators=[required("Skriv frågan."), _at_most(MAX_QUESTION)],
    )
    proposal = proposal_field()
    proposed_owner = proposed_owner_field()
