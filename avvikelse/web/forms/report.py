"""The report form and the SIP quick report. Shape only; services/reporting.py checks the meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from avvikelse.adapters.clock import now
from avvikelse.domain import codes
from avvikelse.domain.errors import Invalid
from avvikelse.domain.passages import GAP_RANGE, wrong_gap
from avvikelse.domain.plain_categories import plain_choices
from avvikelse.domain.vocabulary import Channel, Extent, Labelled
from avvikelse.domain.workdays import local_date
from avvikelse.queries.avtal import NO_AVTAL
from avvikelse.queries.report_choices import ReportChoices
from avvikelse.services.reporting import OCCASIONS, Report, check_day
from avvikelse.web.forms.base import (
    BaseForm,
    DateField,
    GuardedStringField,
    GuardedTextAreaField,
    LineField,
    choices,
    labelled_choices,
    unit_choices,
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


GAP_HINT = "Om det gäller en övergång från en verksamhet till en annan. Ungefär räcker, 0 om inget glapp blev."
ZERO_SAYS_SOMETHING = ("severity", "gap_weeks")
NOT_KNOWN, NONE_EXISTS = 0, -1  # what may be said of the avtal that was not kept, beside a point of it


def point_choices(points: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return [(NOT_KNOWN, "Vet inte"), (NONE_EXISTS, NO_AVTAL), *points]


def point_said(chosen: int | None) -> dict[str, Any]:
    """The two columns of a case that a choice among `point_choices` stands for."""
    point = chosen if chosen not in (None, NOT_KNOWN, NONE_EXISTS) else None
    return {"avtalspunkt_id": point, "no_avtal": True if chosen == NONE_EXISTS else None}


def has_happened(_form: Any, field: Any) -> None:
    """The day can be one that a report is about; said with what else is wrong, not after it."""
    if field.data is None:  # what cannot be read has its own sentence
        return
    try:
        check_day(field.data, local_date(now()))
    except Invalid as error:
        raise ValidationError(error.reason) from None


class ReferenceField(HiddenField):
    """A reference that the page carries. What cannot be one counts as none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data and not REFERENCE.fullmatch(self.data):
            self.data = None


def _gap(form: Any, field: Any) -> None:
    """Told at the field together with what else is wrong; services/reporting.py asks the same."""
    if wrong := wrong_gap(field.data, form["category"].data or None):
        raise ValidationError(wrong)


class _Weeks(IntegerField):
    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(GAP_RANGE) from None


def gap_field() -> IntegerField:
    """Beside a form's `category`."""
    return _Weeks("Hur många veckor var det utan hjälp?", description=GAP_HINT, validators=[Optional(), _gap])


class ReportKind(Labelled):
    """What the report form is filled in for. The address says it (`?slag=`), and the form carries it."""

    ONE = "", "Rapportera en avvikelse"
    SEVERAL = "flera", "Samlerapport"
    GOOD = "gott", "Berätta om ett gott exempel"


# What a good example is asked instead. It has no severity and its category is given.
GOOD_LABELS = {
    "counterpart": "Vem gjorde det bra tillsammans med er?",
    "description": "Vad fungerade bra?",
    "proposal": "Vad gjorde att det fungerade?",
}
NOT_IN_GOOD = (
    "severity", "category", "extent", "avtalspunkt_id", "outside_reason", "child_waits", "family_coordinates",
    "managers_talked", "managers_talked_on", "managers_outcome", "immediate_action", "link_code", "tillstand",
    "niva", "age_band", "gap_weeks",
)  # fmt: skip


class ReportForm(BaseForm):
    """Five answers are needed: unit, whom, when, what, what it led to."""

    key = ReferenceField()
    kind = HiddenField()
    draft = ReferenceField()
    earlier = ReferenceField()
    sender_enhet_id = SelectField("Er enhet", coerce=int, validators=[InputRequired("Välj din enhet.")])
    counterpart = SelectField("Vem gäller det?", validators=[InputRequired("Välj vem det gäller, eller ”Vet inte”.")])
    occurred_on = DateField("När hände det?", validators=[InputRequired("Ange vilken dag det hände."), has_happened])
    # only in a samlerapport
    occasions = IntegerField(
        "Hur många gånger har det hänt?",
        validators=[InputRequired("Skriv hur många gånger."), NumberRange(*OCCASIONS)],
    )
    occurred_from = DateField(
        "När hände det första gången?", validators=[InputRequired("Ange ungefär vilken dag det började.")]
    )
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
    gap_weeks = gap_field()
    counterpart_huvudman_id = SelectField("Vet du vilken huvudman det gäller?", coerce=int, validators=[Optional()])
    kommunkod = SelectField("Barnets kommun", validators=[Optional()])
    age_band = SelectField("Barnets ålder", validators=[Optional()])
    tillstand = SelectField("Vad behövde barnet hjälp med?", validators=[Optional()])
    niva = SelectField("Vårdnivå", coerce=int, validators=[Optional()])
    extent = RadioField("Har det hänt förut?", choices=labelled_choices(Extent), validators=[Optional()])
    avtalspunkt_id = SelectField("Avtal eller rutin som inte följdes", coerce=int, validators=[Optional()])
    outside_reason = GuardedTextAreaField(
        "Varför till någon utanför ansvarstabellen?", validators=[Optional(), Length(max=500)]
    )
    child_waits = BooleanField("Barnet väntar fortfarande på hjälp")
    family_coordinates = BooleanField("Familjen får samordna själv")
    managers_talked = SelectField("Har cheferna pratat med varandra?", choices=YES_NO, validators=[Optional()])
    managers_talked_on = DateField("När pratade de?", validators=[Optional()])
    managers_outcome = GuardedTextAreaField("Vad kom de fram till?", validators=[Optional(), Length(max=TEXT)])
    immediate_action = GuardedTextAreaField("Gjorde ni något direkt?", validators=[Optional(), Length(max=TEXT)])
    link_code = LineField("Kopplingskod", validators=[Optional(), Length(max=80)])
    own_reference = GuardedStringField("Egen referens", validators=[Optional(), Length(max=60)])
    named_to_chef = BooleanField("Min chef får se att det är jag som rapporterar")
    routing_contested = BooleanField("Det stämmer inte – låt samordnaren avgöra vem som ska få rapporten")

    MORE = (
        "category", "gap_weeks", "counterpart_huvudman_id", "kommunkod", "age_band", "tillstand", "niva", "extent",
        "avtalspunkt_id", "outside_reason", "child_waits", "family_coordinates", "managers_talked",
        "managers_talked_on", "managers_outcome", "immediate_action", "link_code", "own_reference", "named_to_chef",
    )  # fmt: skip

    def offer(self, offered: ReportChoices) -> None:
        """Give the selects their choices; what is not among them is refused."""
        self.sender_enhet_id.choices = choices(offered.own_units)
        self.counterpart.choices = [
            *choices([(UNKNOWN, "Vet inte")], empty="Välj"),
            *unit_choices(offered.counterparts),
        ]
        self.counterpart_huvudman_id.choices = choices([(0, "Vet inte"), *offered.huvudman])
        self.kommunkod.choices = choices(offered.kommuner, empty="Samma som er enhet")
        self.age_band.choices = choices([(a.code, a.name) for a in codes.AGE_BANDS], empty="Vill inte ange")
        self.tillstand.choices = choices([(t.code, t.name) for t in codes.TILLSTAND], empty="Gäller inte vård")
        self.niva.choices = choices([(0, "Vet inte"), *codes.NIVAER])
        problems = [(code, text) for code, text in plain_choices() if code != codes.GOOD_EXAMPLE]
        self.category.choices = choices(problems, empty="Vet inte")
        self.avtalspunkt_id.choices = choices(point_choices(offered.avtalspunkter))
        if not offered.own_reference_allowed:
            del self.own_reference
        self._become(self.what)

    @property
    def what(self) -> ReportKind:
        return ReportKind(self.kind.data) if self.kind.data in set(ReportKind) else ReportKind.ONE

    def _become(self, kind: ReportKind) -> None:
        """Leave out what this kind of report does not ask, and ask in its words."""
        if kind is ReportKind.SEVERAL:
            self.occurred_on.label.text = "När hände det senast?"
            del self.extent
        else:
            del self.occasions
            del self.occurred_from
        if kind is ReportKind.GOOD:
            for name in NOT_IN_GOOD:
                del self[name]
            for name, label in GOOD_LABELS.items():
                self[name].label.text = label

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
            severity=0 if self.what is ReportKind.GOOD else self._given("severity"),
            occasions=self._given("occasions"),
            occurred_from=self._given("occurred_from"),
            counterpart_enhet_id=int(named) if named and named != UNKNOWN else None,
            counterpart_unknown=named == UNKNOWN,
            counterpart_huvudman_id=(self.counterpart_huvudman_id.data or None) if named == UNKNOWN else None,
            kommunkod=self.kommunkod.data or None,
            proposal=self.proposal.data or None,
            category=codes.GOOD_EXAMPLE if self.what is ReportKind.GOOD else self._given("category"),
            age_band=self._given("age_band"),
            tillstand=self._given("tillstand"),
            niva=self._given("niva"),
            extent=self._extent(),
            gap_weeks=self._given("gap_weeks"),
            child_waits=bool(self._given("child_waits")),
            family_coordinates=bool(self._given("family_coordinates")),
            managers_talked={"ja": True, "nej": False}.get(self._given("managers_talked") or ""),
            managers_talked_on=self._given("managers_talked_on"),
            managers_outcome=self._given("managers_outcome"),
            outside_reason=self._given("outside_reason"),
            **point_said(self._given("avtalspunkt_id")),
            immediate_action=self._given("immediate_action"),
            own_reference=self._given("own_reference"),
            named_to_chef=self.named_to_chef.data,
            routing_contested=self.routing_contested.data,
            idempotency_key=self.key.data or None,
            earlier_ref=self.earlier.data or None,
        )

    def _given(self, name: str) -> Any:
        """What has been answered; None for nothing, and for what is not asked here."""
        given = self[name].data if name in self else None
        return given if name in ZERO_SAYS_SOMETHING else given or None

    def _extent(self) -> Extent | None:
        """Who reports several at once has said that it has happened several times."""
        if self.what is ReportKind.SEVERAL:
            return Extent.UPPREPAD
        return Extent(given) if (given := self._given("extent")) else None

    def typed(self) -> dict[str, Any]:
        """What a draft keeps: every field but the technical ones, as text."""
        technical = {"csrf_token", "key", "draft", "routing_contested", "link_code"}  # codes are stored nowhere
        return {
            f.name: f.data.isoformat() if isinstance(f.data, date) else f.data for f in self if f.name not in technical
        }


class LinkForm(BaseForm):
    code = LineField("Kopplingskod", validators=[InputRequired("Skriv koden: tre ord och en siffra."), Length(max=80)])


MEETINGS = choices(
    [("SIP-möte", "SIP-möte"), ("nätverksmöte", "Nätverksmöte"), ("samverkansmöte", "Annat möte i samverkan")]
)


class SipForm(BaseForm):
    """*SIP-snabbrapport*: five taps. `offered` = what may be joined instead has been shown."""

    key = ReferenceField()
    offered = HiddenField()
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
        self.counterpart.choices = [*choices([], empty="Välj"), *unit_choices(offered.counterparts)]

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
