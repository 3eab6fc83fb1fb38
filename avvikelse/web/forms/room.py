"""The forms of the joint room, in the order in which they open. Open to change what the two managers write."""

from __future__ import annotations

from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Length, Optional

from avvikelse.domain.joint_money import (
    MAX_FAMILY,
    MAX_REASON,
    CostBand,
    CostDecider,
    CostDecision,
    MeetingForm,
    MeetingTopic,
)
from avvikelse.domain.joint_room import MAX_ANSWER, PROMPTS
from avvikelse.web.forms.base import (
    BaseForm,
    DateField,
    GuardedStringField,
    GuardedTextAreaField,
    LineField,
    NumberField,
    labelled_choices,
)


def _prompt(number: int) -> GuardedTextAreaField:
    prompt = PROMPTS[number]
    return GuardedTextAreaField(
        prompt.text, description=prompt.hint, validators=[InputRequired(prompt.missing), Length(max=MAX_ANSWER)]
    )


class PromptsForm(BaseForm):
    """One field for each of PROMPTS, under its name."""

    offer = _prompt(0)
    need = _prompt(1)
    hinder = _prompt(2)


class CommitForm(BaseForm):
    what = GuardedTextAreaField(
        "Vad tar ni på er?", validators=[InputRequired("Skriv vad ni tar på er."), Length(max=MAX_ANSWER)]
    )
    who = GuardedStringField(
        "Vilken roll gör det?",
        description="En roll, inte ett namn.",
        validators=[InputRequired("Skriv vilken roll som gör det."), Length(max=120)],
    )
    when_on = DateField("Till vilken dag?", validators=[InputRequired("Ange dagen.")])


class AgreeForm(BaseForm):
    """`seen` is what both had written when the page was opened: the yes is to these words."""

    seen = HiddenField()


class DisagreeForm(BaseForm):
    reason = GuardedTextAreaField(
        "Vad är ni inte överens om?",
        description="Samverkansgruppen läser det, och båda parters svar.",
        validators=[InputRequired("Skriv vad ni inte är överens om."), Length(max=MAX_ANSWER)],
    )


class DoneForm(BaseForm):
    """The own commitment is carried out."""

    done_on = DateField("Sedan när är det gjort?", validators=[InputRequired("Ange dagen.")])


class NotKeptForm(BaseForm):
    """Somebody else's promise, taken over, is not carried out."""


# --- a cost that two share --------------------------------------------------------------------------------------------


class CostForm(BaseForm):
    band = RadioField(
        "Ungefär vad kostar det tillsammans?",
        choices=labelled_choices(CostBand),
        validators=[InputRequired("Välj ett av alternativen.")],
    )
    own_share = NumberField(
        "Hur stor del betalar ni?",
        description="I procent, tomt om ni inte vet än. Den andra parten betalar resten.",
    )


class CostPathForm(BaseForm):
    decider = RadioField(
        "Vem hos er beslutar om pengarna?",
        choices=labelled_choices(CostDecider),
        validators=[InputRequired("Välj vem som beslutar.")],
    )
    decide_by = DateField("Beslut senast", validators=[InputRequired("Ange dagen.")])


class CostDecisionForm(BaseForm):
    decision = RadioField(
        "Vad har ni beslutat?",
        choices=labelled_choices(CostDecision),
        validators=[InputRequired("Välj ett av svaren.")],
    )
    decided_on = DateField("När beslutade ni?", validators=[InputRequired("Ange dagen.")])
    why_not = GuardedTextAreaField(
        "Varför inte?",
        description="Fyll i om svaret är nej. Den andra parten läser det, och gruppen om frågan lyfts dit.",
        validators=[Optional(), Length(max=MAX_REASON)],
    )


class DropCostForm(BaseForm):
    """Only a button."""


# --- a talk without the family ----------------------------------------------------------------------------------------


class ProposeTalkForm(BaseForm):
    topic = RadioField(
        "Vad behöver ni tala om?",
        choices=labelled_choices(MeetingTopic),
        validators=[InputRequired("Välj vad ni behöver tala om.")],
    )
    how = RadioField(
        "Hur?", choices=labelled_choices(MeetingForm), validators=[InputRequired("Välj hur ni talas vid.")]
    )
    day = DateField("Dag för avstämningen", validators=[InputRequired("Ange dagen.")])
    at = LineField("Klockan", description="Till exempel 13:30.", validators=[Optional(), Length(max=5)])


class AcceptTalkForm(BaseForm):
    """Only a button."""


class CancelTalkForm(BaseForm):
    """Only a button."""


class TalkHeldForm(BaseForm):
    outcome = GuardedTextAreaField(
        "Vad kom ni fram till?",
        description="Båda parter läser det. Skriv inget om barnet.",
        validators=[InputRequired("Skriv vad ni kom fram till."), Length(max=MAX_REASON)],
    )
    family_told = GuardedTextAreaField(
        "Vad får familjen veta, och av vilken roll?",
        description="Familjen var inte med. Skriv vad den får veta, till exempel vem som är dess kontakt.",
        validators=[InputRequired("Skriv vad familjen får veta."), Length(max=MAX_FAMILY)],
    )
