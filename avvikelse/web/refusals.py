"""Put the domain's refusal where it belongs in a form. Open when a sentence stands at the wrong field."""

from __future__ import annotations

from avvikelse.domain.errors import Invalid
from avvikelse.web.forms.base import BaseForm


def refused(form: BaseForm, error: Invalid) -> None:
    """The sentence at its field, or above the whole form when it belongs to no field there."""
    if error.field is not None and error.field in form:
        field = form[error.field]
        field.errors = [*field.errors, error.reason]
    else:
        form.form_errors.append(error.reason)
