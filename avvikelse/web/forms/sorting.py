"""The form that puts sentences into themes: one question per sentence, its likeliest themes first."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField
from wtforms.validators import Optional

from avvikelse.queries.unsorted import Sentence
from avvikelse.web.forms.base import BaseForm, choices


def sort_fields(sentences: Sequence[Sentence]) -> list[tuple[str, Sentence]]:
    """The name of each sentence's field."""
    return [(f"mening_{one.key}", one) for one in sentences]


def sort_form(sentences: Sequence[Sentence]) -> type[BaseForm]:
    """Nothing is chosen beforehand: a suggestion is a hint, and a person decides."""
    fields = {
        name: SelectField(
            one.text,
            description=_hint(one),
            choices=choices(((row.ref, row.name) for row in one.themes), empty="Inget tema än"),
            validators=[Optional()],
        )
        for name, one in sort_fields(sentences)
    }
    return type("SortForm", (BaseForm,), fields)


def _hint(one: Sentence) -> str:
    said = f"{one.count} fall med samma mening. " if one.count > 1 else ""
    if one.likely:
        return f"{said}Liknar mest: {', '.join(row.name for row in one.likely)}."
    return f"{said}Liknar inget av gruppens teman."
