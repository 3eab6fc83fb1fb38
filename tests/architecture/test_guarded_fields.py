"""Every free text field of every form passes the personal-data guard. The few others stand here with their reasons."""

from __future__ import annotations

import importlib
import pkgutil

import wtforms
from wtforms.fields.core import UnboundField

import avvikelse.web.forms
from avvikelse.web.forms.base import BaseForm, GuardedStringField, GuardedTextAreaField

GUARDED = (GuardedStringField, GuardedTextAreaField)
NOT_TEXT = (
    wtforms.HiddenField,
    wtforms.PasswordField,
)  # nobody writes in the first; the second is stored as a hash only

# (form, field): why it may hold what the guard refuses. A whole form class may stand for its subclasses.
ALLOWED: dict[tuple[str, str], str] = {
    ("LoginForm", "email"): "the address of the account itself",
    ("AppCodeForm", "code"): "six digits of an app; stored nowhere",
    ("RecoveryForm", "code"): "a recovery code; only its hash is looked up",
    ("ForgottenForm", "email"): "the address of the account itself",
    ("AcceptForm", "name"): "the person's own name, in the account",
    ("InviteForm", "email"): "where the invitation goes",
    ("InviteForm", "name"): "the invited person's name, in the account",
    ("OpenReviewForm", "email"): "where the invitation goes, and whose granskning it is",
    ("OpenReviewForm", "name"): "the invited revisor's name, in the account",
    ("HolderForm", "email"): "the account that is looked up",
    ("UnitContactForm", "mailbox"): "a unit's function mailbox, public by decision",
    ("UnitContactForm", "phone"): "a unit's phone, public by decision",
    ("CodeForm", "code"): "a receipt code; it is looked up and stored nowhere",
    ("ClaimForm", "code"): "a receipt code; it is looked up and stored nowhere",
    ("ReportForm", "link_code"): "a kopplingskod; it is looked up and stored nowhere",
    ("OpenReportForm", "link_code"): "a kopplingskod; it is looked up and stored nowhere",
    ("LinkForm", "code"): "a kopplingskod; it is looked up and stored nowhere",
    ("PhoneForm", "called_time"): "a time of day, and nothing else passes",
    ("ProposeTalkForm", "at"): "a time of day, and nothing else passes",
    ("LanTextForm", "text"): "the län's public words; an authority's phone number belongs there",
    ("FunktionContactForm", "mailbox"): "a function mailbox, public by decision",
    ("GuardWordForm", "word"): "a name is what the list is about; services/guard_words.py refuses what blocks",
    ("FunktionContactForm", "phone"): "a function's phone, public by decision",
    ("EmergencyForm", "akut_socialjour"): "a public number to call when it is urgent",
    ("EmergencyForm", "akut_bup"): "a public number to call when it is urgent",
}


def form_classes() -> list[type[BaseForm]]:
    """Every form class of avvikelse/web/forms."""
    for module in pkgutil.walk_packages(avvikelse.web.forms.__path__, "avvikelse.web.forms."):
        importlib.import_module(module.name)
    found: list[type[BaseForm]] = []
    waiting = list(BaseForm.__subclasses__())
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("avvikelse."):
            found.append(form)
    return found


def unguarded(form: type[wtforms.Form]) -> list[str]:
    """Fields of a form in which anybody can write anything."""
    fields = {name: value for name in dir(form) if isinstance(value := getattr(form, name), UnboundField)}
    return [
        name
        for name, field in fields.items()
        if issubclass(field.field_class, wtforms.StringField) and not issubclass(field.field_class, GUARDED + NOT_TEXT)
    ]


def test_every_free_text_field_is_guarded() -> None:
    bare = [
        f"{form.__name__}.{name}"
        for form in form_classes()
        for name in unguarded(form)
        if not any((base.__name__, name) in ALLOWED for base in form.__mro__)
    ]
    assert bare == []


def test_every_exception_is_still_needed() -> None:
    """An exception for a field that is gone would wait for the next one with its name."""
    existing = {(form.__name__, name) for form in form_classes() for name in unguarded(form)}
    assert set(ALLOWED) <= existing
    assert all(ALLOWED.values())


def test_no_form_goes_round_the_base() -> None:
    """A form made directly from WTForms would have neither CSRF nor guard."""
    for module in pkgutil.walk_packages(avvikelse.web.forms.__path__, "avvikelse.web.forms."):
        members = vars(importlib.import_module(module.name)).values()
        forms = [m for m in members if isinstance(m, type) and issubclass(m, wtforms.Form) and m is not wtforms.Form]
        assert [form for form in forms if not issubclass(form, BaseForm)] == []


def test_the_walker_finds_a_planted_field() -> None:
    class Planted(wtforms.Form):
        text = wtforms.TextAreaField()
        kept = GuardedTextAreaField()
        secret = wtforms.PasswordField()

    assert unguarded(Planted) == ["text"]
