"""The form of a log review."""

from __future__ import annotations

from wtforms import RadioField

from avvikelse.domain.log_review import Finding
from avvikelse.web.forms.base import BaseForm, labelled_choices, required


class ReviewForm(BaseForm):
    finding = RadioField(
        "Vad kom du fram till?",
        choices=labelled_choices(Finding),
        validators=[required("Välj vad du kom fram till.")],
    )
