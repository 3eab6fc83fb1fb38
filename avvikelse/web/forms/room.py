"""The forms of the joint room, in the order in which they open. Open to change what the two managers write."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from avvikelse.domain.joint_room import MAX_ANSWER, PROMPTS
from avvikelse.web.forms.base import BaseForm, DateField, GuardedStringField, GuardedTextAreaField


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
