"""Words of the pages without account: errors and days in the reader's language, a form's summary before sending."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from avvikelse.domain.languages import LANGUAGES, SWEDISH, Language
from avvikelse.web.forms.base import BaseForm, GuardedTextAreaField
from avvikelse.web.rendering import local_day, long_date

_SPEAKS = re.compile(r"/utan-konto/(?:folj|[^/]+/familj)/([a-z]{2,3})(?:/|$)")


def language_of(path: str) -> Language | None:
    """The language other than Swedish that an address speaks; None for every other address."""
    found = _SPEAKS.match(path)
    return LANGUAGES.get(found[1]) if found and found[1] != SWEDISH else None


def day_in(say: Language, value: date | datetime | None) -> str:
    """A day in words of the language."""
    if value is None or say.code == SWEDISH:
        return long_date(value)
    return str(format_date(local_day(value), "d MMMM y", locale=say.code))


def translate(form: BaseForm, say: Language, section: str) -> None:
    """Say what is wrong in the page's language. The domain's own sentences are Swedish and stay on Swedish pages."""
    for field in form:
        if not field.errors:
            continue
        empty = not any(str(value).strip() for value in field.raw_data or ())
        missing = f"{section}.{field.name}_missing"
        if empty and missing in say.texts:
            field.errors = [say(missing)]
        elif say.code != SWEDISH:
            own = f"{section}.{field.name}_wrong"
            field.errors = [say(own if own in say.texts else _wrong(field))]
    if form.form_errors and say.code != SWEDISH:
        form.form_errors[:] = [say("frame.stale")]


def _wrong(field: Any) -> str:
    if not isinstance(field, GuardedTextAreaField):
        return "frame.stale"
    return "frame.guard_asks" if field.asks else "frame.guard"


def summary(form: BaseForm, hidden: Collection[str], say: Language) -> list[tuple[str, str]]:
    """(question, answer) of everything that has been answered."""
    shown = (field for field in form if field.name not in hidden)
    answered = (one for one in shown if one.data is not None and one.data != "")
    return [(str(one.label.text), said(one, say)) for one in answered]


def said(field: Any, say: Language) -> str:
    if isinstance(field.data, date):
        return day_in(say, field.data)
    if getattr(field, "choices", None):
        return next((str(one.label) for one in field.choices if str(one.value) == str(field.data)), "")
    return str(field.data)
