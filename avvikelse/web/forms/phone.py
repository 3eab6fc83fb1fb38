"""*Telefonrapport*: what a samordnare writes down during a call, and the caller's yes when it has been read back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import wtforms
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Optional

from avvikelse.domain import codes
from avvikelse.domain.vocabulary import Channel
from avvikelse.domain.workdays import STOCKHOLM
from avvikelse.queries.open_choices import OpenLan
from avvikelse.queries.similar_open import OwnOpen
from avvikelse.services.reporting import Report
from avvikelse.web.forms.base import BaseForm, DateField, LineField, choices
from avvikelse.web.forms.open import OpenReportForm
from avvikelse.web.forms.report import ReferenceField, gap_field

NO_MAIN = "nej"


class TimeField(LineField):
    """A time of day: 9.30, 09:30 or 0930."""

    def post_validate(self, form: wtforms.form.BaseForm, validation_stopped: bool) -> None:  # noqa: ARG002
        if self.data and clock(self.data) is None:
            raise wtforms.ValidationError("Skriv klockslaget så här: 9.30.")


def clock(typed: str) -> time | None:
    """The time that somebody has typed; None when it is none."""
    digits = typed.replace(".", "").replace(":", "").strip()
    if not (digits.isascii() and digits.isdigit() and 3 <= len(digits) <= 4):
        return None
    hour, minute = int(digits[:-2]), int(digits[-2:])
    return time(hour, minute) if hour < 24 and minute < 60 else None


class PhoneForm(OpenReportForm):
    draft = ReferenceField()
    called_on = DateField("Vilken dag ringde det?", validators=[InputRequired("Ange vilken dag det ringde.")])
    called_time = TimeField("Klockan", validators=[InputRequired("Ange när det ringde.")])
    category = SelectField("Vad handlar det om?", validators=[Optional()])
    gap_weeks = gap_field()
    main = RadioField("Är det samma sak som i ett öppet ärende?", validate_choice=False, validators=[Optional()])
    read_back = BooleanField("Uppläst och godkänd av den som ringde")

    def offer(self, lan: OpenLan) -> None:
        super().offer(lan)
        self.main.choices = []
        self.sender.label.text = "Var arbetar den som ringer?"
        self.proposal.label.text = "Vad föreslår den som ringer?"
        self.category.choices = choices([(c.code, c.name) for c in codes.OFFERED], empty="Vet inte")

    @property
    def main_ref(self) -> str | None:
        """The open case that the caller says it is about too."""
        return self.main.data if self.main.data not in (None, "", NO_MAIN) else None

    @property
    def called_at(self) -> datetime:
        day, moment = self.called_on.data or date.min, clock(self.called_time.data or "") or time()
        return datetime.combine(day, moment, tzinfo=STOCKHOLM)

    def report(self, *, earlier_ref: str | None = None) -> Report:
        plain = super().report(earlier_ref=earlier_ref)
        return Report(
            **{
                **_fields(plain),
                "category": self.category.data or None,
                "gap_weeks": self.gap_weeks.data,
                "channel": Channel.PHONE,
            }
        )

    def typed(self) -> dict[str, Any]:
        """What a draft keeps, as text."""
        # Codes are stored nowhere.
        technical = {"csrf_token", "key", "draft", "code_token", "read_back", "main", "link_code"}
        return {
            f.name: f.data.isoformat() if isinstance(f.data, date) else f.data for f in self if f.name not in technical
        }


def main_choices(found: Iterable[OwnOpen]) -> list[SelectChoice]:
    """The open cases that the call may belong to; none is the first answer."""
    said = [(one.ref, f"{one.number}, {one.problem.lower()}, hände i {one.month}") for one in found]
    return choices([(NO_MAIN, "Nej, eller vet inte"), *said]) if said else []


def _fields(report: Report) -> dict[str, Any]:
    return {name: getattr(report, name) for name in Report.__dataclass_fields__}


class PaperForm(BaseForm):
    """Asks for the receipt as a PDF; the form's own key leads to the code."""

    key = ReferenceField()


class ClaimForm(BaseForm):
    """The code that a caller was given, to follow the report with an account."""

    code = LineField("Kod", validators=[InputRequired("Skriv koden.")])
