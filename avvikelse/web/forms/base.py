"""What every form shares: CSRF, Swedish sentences, and the guard on every free text. Open before writing a form.

    form = ReportForm()                      # holds what was posted; ReportForm(formdata=None, name=…) is one to show
    if form.validate(): …                    # shape; the domain validates meaning

A field in which somebody writes freely is a GuardedStringField or GuardedTextAreaField (web/forms/guarded.py): nothing
with a personnummer, a phone number or an e-mail address in it gets past `validate()`, nor a name that nobody has been
asked about. tests/architecture/test_guarded_fields.py knows the few
others, each with its reason.
"""

# ruff: noqa: ARG002 -- WTForms decides the arguments
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import wtforms
from flask import request
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.i18n import get_translations
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import Labelled
from avvikelse.queries.receivers import PlacedUnit
from avvikelse.web import csrf
from avvikelse.web.forms.guarded import (
    REPLACE,
    Guarded,
    GuardedStringField,
    GuardedTextAreaField,
    look_again,
    refuse_unstorable,
)
from avvikelse.web.transaction import SAFE_METHODS

SPEAKS_SWEDISH = "sv"
POSTED: Any = object()

__all__ = [
    "BaseForm",
    "GuardedStringField",
    "GuardedTextAreaField",
]

# WTForms' own sentences that people here may meet, in plain words. The rest comes from its Swedish translation.
SENTENCES: Mapping[str, str] = {
    "This field is required.": "Fyll i fältet.",
    "Not a valid choice.": "Välj ett av alternativen.",
    "'%(value)s' is not a valid choice for this field.": "Välj bland alternativen.",
    "Invalid Choice: could not coerce.": "Välj ett av alternativen.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Välj bland alternativen.",
    "Not a valid date value.": "Skriv datumet så här: 2026-03-11.",
    "Not a valid integer value.": "Skriv ett heltal.",
    "Invalid email address.": "Skriv en e-postadress, till exempel namn@kommun.se.",
    "Field cannot be longer than %(max)d character.": "Skriv högst %(max)d tecken.",
    "Field cannot be longer than %(max)d characters.": "Skriv högst %(max)d tecken.",
    "Field must be at least %(min)d character long.": "Skriv minst %(min)d tecken.",
    "Field must be at least %(min)d characters long.": "Skriv minst %(min)d tecken.",
    "Field must be between %(min)d and %(max)d characters long.": "Skriv mellan %(min)d och %(max)d tecken.",
    "Number must be between %(min)s and %(max)s.": "Skriv ett tal mellan %(min)s och %(max)s.",
}


class PlainSwedish:
    """WTForms asks this for its sentences."""

    def __init__(self) -> None:
        self._rest = get_translations([SPEAKS_SWEDISH])

    def gettext(self, string: str) -> str:
        return SENTENCES.get(string) or str(self._rest.gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return SENTENCES.get(singular if n == 1 else plural) or str(self._rest.ngettext(singular, plural, n))


_plain_swedish = PlainSwedish()


class LoginBoundCSRF(CSRF):
    """WTForms' field with our token. web/csrf.py has refused a wrong one before the view was asked."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        return csrf.token()

    def validate_csrf_token(self, form: wtforms.form.BaseForm, field: CSRFTokenField) -> None:
        if not csrf.is_valid(field.data):
            raise wtforms.ValidationError("Ladda om sidan och försök igen.")


class BaseForm(wtforms.Form):
    """A form of ours. Made in a POST it holds what was posted, unless `formdata=None` says otherwise."""

    class Meta(wtforms.meta.DefaultMeta):
        csrf_field_name = csrf.FIELD  # before the next line hides the module
        csrf = True
        csrf_class = LoginBoundCSRF

        def get_translations(self, form: wtforms.form.BaseForm) -> PlainSwedish:
            return _plain_swedish

    def __init__(self, formdata: Any = POSTED, obj: Any = None, prefix: str = "", **values: Any) -> None:
        if formdata is POSTED:
            formdata = None if request.method in SAFE_METHODS else request.form
        super().__init__(formdata, obj, prefix, **values)
        self.is_replacing = bool(formdata and formdata.get(REPLACE))

    def validate(self, extra_validators: Any = None) -> bool:
        """False also when a neutral word has just been put in: the writer reads it once more before it is sent."""
        if self.is_replacing:
            look_again(self._fields)
            return False
        return bool(super().validate(extra_validators))

    @property
    def answered_warnings(self) -> list[Guarded]:
        """Fields whose warning has been answered; their answers go along in the form."""
        return [field for field in self if isinstance(field, Guarded) and field.data and field.is_answered]


# --- what is not free text --------------------------------------------------------------------------------------------


class LineField(wtforms.StringField):
    """One line that is no free text (an address, a name, a code): trimmed, storable, not searched for personal data."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = " ".join(self.data.split()) if self.data else self.data

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        refuse_unstorable(self)


class AddressField(LineField):
    """An e-mail address of an account."""

    widget = wtforms.widgets.EmailInput()


class PasswordField(wtforms.PasswordField):
    """Never trimmed, never shown again."""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        refuse_unstorable(self)


class DateField(wtforms.DateField):
    """A day: 2026-03-11 from the browser's calendar, also 20260311 or 11/3 2026 when typed."""

    FORMATS = ("%Y-%m-%d", "%Y%m%d", "%d/%m %Y", "%d/%m-%Y", "%d.%m.%Y")

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = " ".join(valuelist).strip()
        if not text:
            return
        for pattern in self.FORMATS:
            day = _parsed(text, pattern)
            if day is not None:
                self.data = day
                return
        self.data = None
        raise ValueError(self.gettext("Not a valid date value."))


class NumberField(wtforms.IntegerField):
    """A whole number, or nothing: an empty field is None. "1 200" is a number too."""

    LONGEST = 9  # digits: more is no number of ours, and too much for a column
    widget = wtforms.widgets.TextInput()  # a wheel over type=number changes what was typed

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"validators": [Optional()], **options})

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = "".join(" ".join(valuelist).split())
        if not text:
            self.data = None
            return
        if not (text.isascii() and text.isdigit() and len(text) <= self.LONGEST):
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))
        self.data = int(text)


class CheckboxListField(wtforms.SelectMultipleField):
    """Several of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


Choices = list[SelectChoice]


def labelled_choices(labels: type[Labelled] | Iterable[Labelled]) -> Choices:
    """The choices of a select or radio field from a closed list: codes as values, Swedish labels as texts."""
    return choices((member.value, member.label) for member in labels)


def choices(pairs: Iterable[tuple[Any, str]], *, empty: str | None = None) -> Choices:
    """Choices from (value, text); `empty` is the text of a first one without value ("Välj …")."""
    first = [SelectChoice("", empty)] if empty is not None else []
    return first + [SelectChoice(value, text) for value, text in pairs]


def unit_choices(units: Iterable[PlacedUnit], *, kinds: bool = True) -> Choices:
    """Units under their places: the select has its groups also without scripts, and combobox.js searches in them.

    `kinds` adds what sort of unit each is, in Swedish: not for who reads another language.
    """
    return [
        SelectChoice(str(unit.id), f"{unit.name} ({unit.kind})" if kinds else unit.name, optgroup=unit.place)
        for unit in units
    ]


def required(sentence: str) -> InputRequired:
    """The field must be filled in; the sentence says with what."""
    return InputRequired(sentence)


def day_of(field: DateField) -> date:
    """The day of a required field, in a form that has been found to hold. Raises Invalid at the field without one."""
    day: date | None = field.data
    if day is None:
        raise Invalid("Ange en dag.", field=field.short_name)
    return day


def _parsed(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        return None
