"""The report form and the SIP quick report. Shape only; services/reporting.py checks the meaning."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from avvikelse.domain import codes
from avvikelse.domain.vocabulary import Channel, Extent
from avvikelse.queries.report_choices import ReportChoices
from avvikelse.services.reporting import Report
from avvikelse.web.forms.base import (
    BaseForm,
    DateField,
    GuardedStringField,
    GuardedTextAreaField,
    choices,
    labelled_choices,
)

UNKNOWN = "vet-inte"
REFERENCE = re.compile(r"[A-Za-z0-9_-]{6,64}")
TEXT = 2_000
JA_NEJ = choices([("ja", "Ja"), ("nej", "Nej")])
YES_NO = choices([("ja", "Ja"), ("nej", "Nej")], empty="Vet inte")
SEVERITY = choices((s.code, s.name) for s in codes.SEVERITIES)
SEVERITY_HINTS = {
    0: "Bara merarbete för oss.",
    1: "Hjälpen kom, men det tog längre tid eller fler kontakter.",
    2: "Hjälpen dröjde, eller familjen fick ordna själv.",
    3: "Stödet uteblev eller avbröts, eller barnet mådde sämre.",
    4: "Skada, eller risk för liv, hälsa eller trygghet.",
}


class ReferenceField(HiddenField):
    """A reference that the page carries. What cannot be one counts as none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data and not REFERENCE.fullmatch(self.data):
            self.data = None


class ReportForm(BaseForm):
    """Five answers are needed: unit, whom, when, what, what it led to."""

    key = ReferenceField()
    draft = ReferenceField()
    earlier = ReferenceField()
    sender_enhet_id = SelectField("Er enhet", coerce=int, validators=[InputRequired("Välj din enhet.")])
    counterpart = SelectField("Vem gäller det?", validators=[InputRequired("Välj vem det gäller, eller ”Vet inte”.")])
    occurred_on = DateField("När hände det?", validators=[InputRequired("Ange vilken dag det hände.")])
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
    category = SelectField("Vad handlar det om?", validators=[Optional()])
    counterpart_huvudman_id = SelectField("Vet du vilken huvudman det gäller?", coerce=int, validators=[Optional()])
    kommunkod = SelectField("Barnets kommun", validators=[Optional()])
    age_band = SelectField("Barnets ålder", validators=[Optional()])
    tillstand = SelectField("Vad behövde barnet hjälp med?", validators=[Optional()])
    niva = SelectField("Vårdnivå", coerce=int, validators=[Optional()])
    extent = RadioField("Har det hänt förut?", choices=labelled_choices(Extent), validators=[Optional()])
    avtalspunkt_id = SelectField("Avtal eller rutin som inte följdes", coerce=int, validators=[Optional()])
    child_waits = BooleanField("Barnet väntar fortfarande på hjälp")
    family_coordinates = BooleanField("Familjen får samordna själv")
    managers_talked = SelectField("Har cheferna pratat med varandra?", choices=YES_NO, validators=[Optional()])
    immediate_action = GuardedTextAreaField("Gjorde ni något direkt?", validators=[Optional(), Length(max=TEXT)])
    own_reference = GuardedStringField("Egen referens", validators=[Optional(), Length(max=60)])
    named_to_chef = BooleanField("Min chef får se att det är jag som rapporterar")
    routing_contested = BooleanField("Det stämmer inte – låt samordnaren avgöra vem som ska få rapporten")

    MORE = (
        "category", "counterpart_huvudman_id", "kommunkod", "age_band", "tillstand", "niva", "extent", "avtalspunkt_id",
        "child_waits", "family_coordinates", "managers_talked", "immediate_action", "own_reference", "named_to_chef",
    )  # fmt: skip

    def offer(self, offered: ReportChoices) -> None:
        """Give the selects their choices; what is not among them is refused."""
        self.sender_enhet_id.choices = choices(offered.own_units)
        self.counterpart.choices = choices(
            [(UNKNOWN, "Vet inte"), *((str(i), text) for i, text in offered.counterparts)], empty="Välj eller skriv"
        )
        self.counterpart_huvudman_id.choices = choices([(0, "Vet inte"), *offered.huvudman])
        self.kommunkod.choices = choices(offered.kommuner, empty="Samma som er enhet")
        self.age_band.choices = choices([(a.code, a.name) for a in codes.AGE_BANDS], empty="Vill inte ange")
        self.tillstand.choices = choices([(t.code, t.name) for t in codes.TILLSTAND], empty="Gäller inte vård")
        self.niva.choices = choices([(0, "Vet inte"), *codes.NIVAER])
        self.category.choices = choices([(c.code, c.name) for c in codes.CATEGORIES], empty="Vet inte")
        self.avtalspunkt_id.choices = choices([(0, "Vet inte"), *offered.avtalspunkter])
        if not offered.own_reference_allowed:
            del self.own_reference

    def has_more(self) -> bool:
        """Is anything under "Mer om du vill" filled in or wrong?"""
        fields = [self[name] for name in self.MORE if name in self]
        return any(field.errors or field.data not in (None, "", 0, False) for field in fields)

    def report(self) -> Report:
        """The form as the service wants it."""
        named = self.counterpart.data
        return Report(
            sender_enhet_id=self.sender_enhet_id.data,
            occurred_on=self.occurred_on.data or date.min,
            description=self.description.data or "",
            severity=self.severity.data,
            counterpart_enhet_id=int(named) if named and named != UNKNOWN else None,
            counterpart_unknown=named == UNKNOWN,
            counterpart_huvudman_id=(self.counterpart_huvudman_id.data or None) if named == UNKNOWN else None,
            kommunkod=self.kommunkod.data or None,
            proposal=self.proposal.data or None,
            category=self.category.data or None,
            age_band=self.age_band.data or None,
            tillstand=self.tillstand.data or None,
            niva=self.niva.data or None,
            extent=Extent(self.extent.data) if self.extent.data else None,
            child_waits=self.child_waits.data,
            family_coordinates=self.family_coordinates.data,
            managers_talked={"ja": True, "nej": False}.get(self.managers_talked.data or ""),
            avtalspunkt_id=self.avtalspunkt_id.data or None,
            immediate_action=self.immediate_action.data or None,
            own_reference=(self.own_reference.data or None) if "own_reference" in self else None,
            named_to_chef=self.named_to_chef.data,
            routing_contested=self.routing_contested.data,
            idempotency_key=self.key.data or None,
            earlier_ref=self.earlier.data or None,
        )

    def typed(self) -> dict[str, Any]:
        """What a draft keeps: every field but the technical ones, as text."""
        technical = {"csrf_token", "key", "draft", "routing_contested"}
        return {
            f.name: f.data.isoformat() if isinstance(f.data, date) else f.data for f in self if f.name not in technical
        }


MEETINGS = choices(
    [("SIP-möte", "SIP-möte"), ("nätverksmöte", "Nätverksmöte"), ("samverkansmöte", "Annat möte i samverkan")]
)


class SipForm(BaseForm):
    """*SIP-snabbrapport*: five taps."""

    key = ReferenceField()
    sender_enhet_id = SelectField("Er enhet", coerce=int, validators=[InputRequired("Välj din enhet.")])
    meeting = RadioField("Vilket slags möte?", choices=MEETINGS, validators=[InputRequired("Välj slag av möte.")])
    counterpart = SelectField("Vem kom inte?", validators=[InputRequired("Välj vem som inte kom.")])
    notice = RadioField("Fick ni besked i förväg?", choices=JA_NEJ, validators=[InputRequired("Välj ja eller nej.")])
    held = RadioField("Blev mötet av?", choices=JA_NEJ, validators=[InputRequired("Välj ja eller nej.")])
    severity = RadioField(
        "Vad ledde det till för barnet?",
        coerce=int,
        choices=SEVERITY,
        validators=[InputRequired("Välj vad det ledde till för barnet.")],
    )
    occurred_on = DateField("När var mötet?", validators=[InputRequired("Ange dagen.")])

    def offer(self, offered: ReportChoices) -> None:
        self.sender_enhet_id.choices = choices(offered.own_units)
        self.counterpart.choices = choices(
            [(str(i), text) for i, text in offered.counterparts], empty="Välj eller skriv"
        )

    def report(self) -> Report:
        """An ordinary report (A1) with a text made from the answers."""
        told, held = self.notice.data == "ja", self.held.data == "ja"
        text = (
            f"En kallad verksamhet kom inte till ett {self.meeting.data}. "
            f"{'Vi fick besked i förväg.' if told else 'Vi fick inget besked i förväg.'} "
            f"{'Mötet hölls ändå.' if held else 'Mötet blev inte av.'}"
        )
        return Report(
            sender_enhet_id=self.sender_enhet_id.data,
            occurred_on=self.occurred_on.data or date.min,
            description=text,
            severity=self.severity.data,
            counterpart_enhet_id=int(self.counterpart.data),
            category="A1",
            channel=Channel.SIP_QUICK,
            no_notice_given=not told,
            meeting_held=held,
            idempotency_key=self.key.data or None,
        )
