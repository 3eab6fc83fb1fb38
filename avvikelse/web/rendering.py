"""How values become text on a page: Jinja filters and globals. Open when a date, number, plural or status looks wrong.

Dates are written in words because a manager reads them aloud on the phone; clock times are always Swedish local time,
whatever the server runs in. Everything here is a plain function of its arguments and may be used in mail templates too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape
from wtforms import Field, FieldList, FormField, SelectFieldBase
from wtforms.fields import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    PasswordField,
    RadioField,
    SubmitField,
    TextAreaField,
)
from wtforms.form import BaseForm
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from avvikelse.domain.deadlines import workdays_left
from avvikelse.domain.swedish_dates import month_name, short_month
from avvikelse.domain.vaxling_words import times_given_on
from avvikelse.domain.whole_days import is_whole_day
from avvikelse.reports.signs import sign_svg, words

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NBSP = "\N{NO-BREAK SPACE}"
# fmt: off
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)
# fmt: on
SHORT_MONTHS = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")

# status code: (look of the tag, its icon). The shape tells it too: colour is never alone.
STATUS_LOOK = {
    "draft": ("quiet", "pen"),
    "submitted": ("new", "inbox"),
    "assigned": ("waiting", "person"),
    "in_progress": ("active", "half"),
    "disputed": ("together", "pair"),
    "with_group": ("together", "group"),
    "answered": ("answered", "reply"),
    "closed": ("done", "tick"),
}

# --- dates and times --------------------------------------------------------------------------------------------------


def local_day(value: date | datetime) -> date:
    """The day in Sweden. A datetime must know its zone.

    Raises:
        ValueError: for a datetime without zone, since guessing one moves events to another day.
    """
    if not isinstance(value, datetime):
        return value
    return _local(value).date()


def long_date(value: date | datetime | None) -> str:
    """`25 november 2026`; nothing for None."""
    if value is None:
        return ""
    day = local_day(value)
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]} {day.year}"


def short_date(value: date | datetime | None) -> str:
    """`25 nov 2026`, for tables; nothing for None."""
    if value is None:
        return ""
    day = local_day(value)
    return f"{day.day}{NBSP}{SHORT_MONTHS[day.month - 1]}{NBSP}{day.year}"


def weekday_date(value: date | datetime | None) -> str:
    """`onsdag 25 november 2026`, where somebody must plan for the day; nothing for None."""
    return "" if value is None else f"{WEEKDAYS[local_day(value).weekday()]} {long_date(value)}"


def month(value: date | datetime | None) -> str:
    """`november 2026`; nothing for None."""
    if value is None:
        return ""
    day = local_day(value)
    return f"{MONTHS[day.month - 1]} {day.year}"


def clock(value: datetime | None) -> str:
    """`10.32`, Swedish local time; nothing for None."""
    return "" if value is None else _local(value).strftime("%H.%M")


def date_time(value: datetime | None) -> str:
    """`25 november 2026 kl. 10.32`, Swedish local time; only the day for what is known by the day; nothing for None."""
    if value is None or is_whole_day(value):
        return long_date(value)
    return f"{long_date(value)} kl.{NBSP}{clock(value)}"


def iso_date(value: date | datetime | None) -> str:
    """`2026-11-25`, for the `datetime` attribute; nothing for None."""
    return "" if value is None else local_day(value).isoformat()


def _local(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("A datetime on a page must know its time zone.")
    return value.astimezone(STOCKHOLM)


# --- numbers and words ------------------------------------------------------------------------------------------------


def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """`12 345,5`: decimal comma, a space that does not break between thousands, a real minus sign; `–` for None.

    Without `decimals`, whole numbers are written whole and others with one decimal.
    """
    if value is None:
        return "–"
    if decimals is None:
        decimals = 0 if value == int(value) else 1
    text = f"{value:,.{decimals}f}".replace(",", NBSP).replace(".", ",")
    return text.replace("-", "\N{MINUS SIGN}")


def percent(share: float | Decimal | None, decimals: int = 0) -> str:
    """A share between 0 and 1 as `45 %`; `–` for None."""
    return "–" if share is None else f"{number(share * 100, decimals)}{NBSP}%"


def plural(count: int, one: str, many: str) -> str:
    """`1 ärende`, `3 ärenden`."""
    return f"{number(count)}{NBSP}{one if count == 1 else many}"


def days_text(days_left: int, workdays: int | None = None) -> str:
    """How near a deadline is: `3 dagar kvar`, `sista dagen i dag`, `2 dagar sen`; `5 dagar kvar, 3 arbetsdagar`."""
    if days_left == 0:
        return "sista dagen i dag"
    if days_left > 0 and workdays is not None:
        return f"{plural(days_left, 'dag', 'dagar')} kvar, {plural(workdays, 'arbetsdag', 'arbetsdagar')}"
    return f"{plural(abs(days_left), 'dag', 'dagar')} {'kvar' if days_left > 0 else 'sen'}"


def paragraphs(text: str | None) -> Markup:
    """Somebody's own text as HTML: blank lines make paragraphs, single breaks stay, everything else is escaped."""
    blocks = [block.strip() for block in (text or "").replace("\r\n", "\n").split("\n\n")]
    lines = (str(escape(block)).replace("\n", "<br>") for block in blocks if block)
    return Markup("".join(f'<p class="govuk-body">{line}</p>' for line in lines))  # noqa: S704 -- escaped above


def status_look(code: str) -> tuple[str, str]:
    """(kind, icon) of a status tag.

    Raises:
        KeyError: for a status nobody has drawn, so that a new one is not forgotten.
    """
    return STATUS_LOOK[code]


# --- forms ------------------------------------------------------------------------------------------------------------


def field_kind(field: Field) -> str:
    """Which part of components/forms.html draws this field: `radios`, `checkboxes`, `select` … else `input`."""
    if isinstance(field, RadioField):
        return "radios"
    if isinstance(field, SelectFieldBase):
        return "checkboxes" if isinstance(field.widget, ListWidget) else "select"
    if isinstance(field, HiddenField) or isinstance(field.widget, HiddenInput):
        return "hidden"
    for types, kind in _KINDS:
        if isinstance(field, types):
            return kind
    return "checkbox" if isinstance(field.widget, CheckboxInput) else "input"


_KINDS: tuple[tuple[type[Field], str], ...] = (
    (SubmitField, "submit"),  # before BooleanField, of which it is a kind
    (BooleanField, "checkbox"),
    (TextAreaField, "textarea"),
    (PasswordField, "password"),
    (DateField, "date"),
    (FileField, "file"),
)


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """One line of the error summary; `target` is the id of the control to fix, or None when the whole form is meant."""

    text: str
    target: str | None


def error_links(form: BaseForm) -> list[ErrorLink]:
    """Everything wrong with a form, in the order of its fields, errors of the whole form first."""
    whole = [ErrorLink(str(text), None) for text in getattr(form, "form_errors", ())]
    return whole + list(_field_errors(form))


def _field_errors(fields: BaseForm | FieldList[Field]) -> Iterator[ErrorLink]:
    for field in fields:
        if isinstance(field, FormField):
            yield from _field_errors(field.form)
        elif isinstance(field, FieldList):
            yield from _field_errors(field)
        else:
            several = field_kind(field) in {"radios", "checkboxes"}
            yield from (ErrorLink(str(text), f"{field.id}-0" if several else field.id) for text in field.errors)


# --- lists over several pages -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageLink:
    """One number in the pagination; `number` is None for a gap."""

    number: int | None
    href: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What `pagination()` draws: which rows are shown (1-based, inclusive), of how many, and the ways on."""

    first: int
    last: int
    total: int
    numbers: Sequence[PageLink]
    previous_href: str | None
    next_href: str | None


def page_links(number: int, size: int, total: int, link: Callable[[int], str]) -> PageLinks:
    """Links around page `number` (from 1) of `total` rows in pages of `size`; `link` makes the address of a page."""
    count = max(1, -(-total // size))
    here = min(max(number, 1), count)
    shown = sorted({1, here - 1, here, here + 1, count} & set(range(1, count + 1)))
    numbers = [PageLink(1, link(1), here == 1)]
    for before, after in pairwise(shown):
        if after - before > 1:
            numbers.append(PageLink(None))
        numbers.append(PageLink(after, link(after), after == here))
    return PageLinks(
        first=min((here - 1) * size + 1, total),
        last=min(here * size, total),
        total=total,
        numbers=numbers,
        previous_href=link(here - 1) if here > 1 else None,
        next_href=link(here + 1) if here < count else None,
    )


def dialled(number: str) -> str:
    """A phone number as a phone wants it: digits, and a plus where it begins with one."""
    return re.sub(r"(?!^\+)\D", "", number.replace("(0)", ""))


FILTERS: dict[str, Callable[..., str]] = {
    "long_date": long_date,
    "short_date": short_date,
    "weekday_date": weekday_date,
    "month": month,
    "month_text": month_name,
    "month_short": short_month,
    "clock": clock,
    "date_time": date_time,
    "iso_date": iso_date,
    "number": number,
    "percent": percent,
    "days_text": days_text,
    "paragraphs": paragraphs,
    "dialled": dialled,
    "times_given_on": times_given_on,
}
GLOBALS: dict[str, Callable[..., object]] = {
    "plural": plural,
    "workdays_left": workdays_left,
    "sign_svg": lambda sign: Markup(sign_svg(sign)),  # noqa: S704 -- our own drawing
    "sign_text": words,
    "status_look": status_look,
    "field_kind": field_kind,
    "error_links": error_links,
    "page_links": page_links,
}


def register(app: Flask) -> None:
    """Give the templates of `app` their filters and globals."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(GLOBALS)
