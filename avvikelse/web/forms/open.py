"""The forms of people without account: report, a family's story, the code, and what one may do with it.

Shape only; services/open_reports.py checks the meaning. Labels come from data/languages/, because some of these pages
speak more languages than Swedish.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from avvikelse.domain.languages import Language
from avvikelse.domain.vocabulary import Again, Channel, Extent, Rating
from avvikelse.queries.open_choices import OpenLan
from avvikelse.services.open_reports import WHICH_KOMMUN
from avvikelse.services.reporting import Report
from avvikelse.web.forms.base import (
    BaseForm,
    DateField,
    GuardedTextAreaField,
    LineField,
    choices,
    labelled_choices,
    required,
    unit_choices,
)
from avvikelse.web.forms.report import SEVERITY, TEXT, UNKNOWN, ReferenceField, has_happened

MISSING = "Fyll i fältet."  # web/open_words.py says it in the page's own words


class OpenReportForm(BaseForm):
    """Four answers are needed: whom it concerns, when, what happened, what it led to."""

    key = ReferenceField()
    code_token = HiddenField()
    counterpart = SelectField("Vem gäller det?", validators=[InputRequired("Välj vem det gäller, eller ”Vet inte”.")])
    kommunkod = SelectField("Barnets kommun", validators=[Optional()])
    occurred_on = DateField("När hände det?", validators=[InputRequired("Ange vilken dag det hände."), has_happened])
    description = GuardedTextAreaField(
        "Vad hände?", validators=[InputRequired("Skriv vad som hände."), Length(max=TEXT)]
    )
    severity = RadioField(
        "Vad ledde det till för barnet?",
        coerce=int,
        choices=SEVERITY,
        validators=[InputRequired("Välj vad det ledde till för barnet.")],
    )
    proposal = GuardedTextAreaField("Vad föreslår du?", validators=[Optional(), Length(max=TEXT)])
    # --- more, if one wants
    extent = RadioField("Har det hänt förut?", choices=labelled_choices(Extent), validators=[Optional()])
    sender = SelectField("Var arbetar du?", validators=[Optional()])
    link_code = LineField("Kopplingskod", validators=[Optional(), Length(max=80)])

    MORE = ("extent", "sender", "link_code")

    def validate(self, extra_validators: Any = None) -> bool:
        """Also the kommun when nothing else says where it belongs: all that is wrong is said at once."""
        valid = super().validate(extra_validators)
        placed = self.kommunkod.data or self.sender.data or self.counterpart.data != UNKNOWN
        if placed or self.is_replacing:
            return valid
        self.kommunkod.errors = [WHICH_KOMMUN]
        return False

    def has_more(self) -> bool:
        """Is anything under "Mer om du vill" filled in or wrong?"""
        return any(self[name].errors or self[name].data for name in self.MORE)

    def offer(self, lan: OpenLan) -> None:
        units = unit_choices(lan.units)
        self.counterpart.choices = [*choices([(UNKNOWN, "Vet inte")], empty="Välj"), *units]
        self.kommunkod.choices = choices(lan.kommuner, empty="Vill inte ange")
        self.sender.choices = [*choices([], empty="Vill inte ange"), *units]

    def report(self, *, earlier_ref: str | None = None) -> Report:
        return Report(
            sender_enhet_id=int(self.sender.data) if self.sender.data else None,
            occurred_on=self.occurred_on.data or date.min,
            description=self.description.data or "",
            severity=self.severity.data,
            kommunkod=self.kommunkod.data or None,
            proposal=self.proposal.data or None,
            extent=Extent(self.extent.data) if self.extent.data else None,
            channel=Channel.NO_ACCOUNT,
            idempotency_key=self.key.data or None,
            earlier_ref=earlier_ref,
            **_counterpart(self.counterpart.data),
        )


class FamilyForm(BaseForm):
    """*Så här blev det för oss*: kommun, when, what happened, how it was for the child."""

    key = ReferenceField()
    code_token = HiddenField()
    kommunkod = SelectField(validators=[required(MISSING)])
    counterpart = SelectField(validators=[Optional()])
    occurred_on = DateField(validators=[required(MISSING), has_happened])
    description = GuardedTextAreaField(validators=[required(MISSING), Length(max=TEXT)])
    severity = RadioField(coerce=int, validators=[required(MISSING)])
    coordinates = RadioField(validators=[Optional()])
    proposal = GuardedTextAreaField(validators=[Optional(), Length(max=TEXT)])

    def speak(self, say: Language, lan: OpenLan) -> None:
        """Give the fields their words and choices."""
        _label(self, say, "story")
        units = unit_choices(lan.units, kinds=False)
        self.kommunkod.choices = choices(lan.kommuner, empty=say("frame.choose"))
        self.counterpart.choices = [*choices([(UNKNOWN, say("story.counterpart_unknown"))]), *units]
        self.severity.choices = choices((code, say(f"story.severity_{code}")) for code in range(5))
        self.coordinates.choices = choices(
            (code, say(f"story.{english}")) for code, english in (("ja", "yes"), ("nej", "no"))
        )

    def report(self, *, earlier_ref: str | None = None) -> Report:
        return Report(
            sender_enhet_id=None,
            occurred_on=self.occurred_on.data or date.min,
            description=self.description.data or "",
            severity=self.severity.data,
            kommunkod=self.kommunkod.data or None,
            proposal=self.proposal.data or None,
            family_coordinates=self.coordinates.data == "ja",
            channel=Channel.FAMILY,
            idempotency_key=self.key.data or None,
            earlier_ref=earlier_ref,
            **_counterpart(self.counterpart.data or UNKNOWN),
        )


def _counterpart(chosen: str) -> dict[str, Any]:
    known = chosen not in ("", UNKNOWN)
    return {"counterpart_enhet_id": int(chosen) if known else None, "counterpart_unknown": not known}


# --- with the code ----------------------------------------------------------------------------------------------------


class CodeForm(BaseForm):
    """The code. `kept_text` and `kept_for` carry what was written on a page that had been open too long."""

    code = LineField(validators=[required(MISSING)])
    kept_text = HiddenField()
    kept_for = HiddenField()

    def speak(self, say: Language) -> None:
        _label(self, say, "follow")


class StepForm(BaseForm):
    code_token = HiddenField()
    version = HiddenField()


class TextForm(StepForm):
    text = GuardedTextAreaField(validators=[required(MISSING), Length(max=TEXT)])


class GroupTextForm(TextForm):
    """A question to the samverkansgrupp: as long as services/group_questions.py lets it be."""

    text = GuardedTextAreaField(validators=[required(MISSING), Length(max=500)])


class AgainForm(StepForm):
    """*Har det hänt igen?*"""

    again = RadioField(validators=[required(MISSING)])
    comment = GuardedTextAreaField(validators=[Optional(), Length(max=500)])

    def speak(self, say: Language) -> None:
        self.again.label.text, self.comment.label.text = say("follow.still"), say("follow.still_more")
        self.again.choices = choices((one.value, say(f"follow.still_{one.value}")) for one in Again)


class RatingForm(StepForm):
    rating = RadioField(validators=[required(MISSING)])
    reason = GuardedTextAreaField(validators=[Optional(), Length(max=TEXT)])

    def speak(self, say: Language) -> None:
        self.rating.label.text, self.reason.label.text = say("follow.rate"), say("follow.reason")
        self.rating.choices = choices((one.value, say(f"follow.rate_{one.value}")) for one in Rating)


def _label(form: BaseForm, say: Language, section: str) -> None:
    for field in form:
        if f"{section}.{field.name}" in say.texts:
            field.label.text = say(f"{section}.{field.name}")
