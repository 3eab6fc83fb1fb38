"""Put the domain's refusal where it belongs in a form. Open when a sentence stands at the wrong field."""

from __future__ import annotations

from collections.abc import Callable

from avvikelse.domain.errors import Invalid, TooMany
from avvikelse.services.guarding import Unanswered
from avvikelse.web.forms.base import BaseForm
from avvikelse.web.forms.guarded import Guarded, look_again
from avvikelse.web.transaction import commit_in_spite_of_status


def refused(form: BaseForm, error: Invalid) -> None:
    """The sentence at its field, or above the whole form when it belongs to no field there."""
    if error.field is not None and error.field in form:
        field = form[error.field]
        if isinstance(error, Unanswered) and isinstance(field, Guarded):
            field.said = ""
            look_again({field.name: field})
            if field.errors:
                return
        field.errors = [*field.errors, error.reason]
    else:
        form.form_errors.append(error.reason)


def refused_report(
    form: BaseForm, error: Invalid | TooMany, page: Callable[[], str]
) -> tuple[str, int] | tuple[str, int, dict[str, str]]:
    """The page of a report that is not taken. A braked attempt, or a guess at a kopplingskod, stays counted."""
    if isinstance(error, TooMany):
        form.form_errors.append(error.reason)
        commit_in_spite_of_status()
        return page(), 429, {"Retry-After": str(error.retry_after)}
    if error.field == "link_code":
        commit_in_spite_of_status()
    refused(form, error)
    return page(), 422
