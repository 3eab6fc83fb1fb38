"""The form that puts sentences into themes: one question per sentence, its likeliest themes first."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField
from wtforms.validators import Optional

from avvikelse.queries.theme_facts import ThemeRow
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
    return said + likeness(one.likely, one.themes)


def likeness(likely: Sequence[ThemeRow], themes: Sequence[ThemeRow]) -> str:
    """The suggestion in words. Where it would name every theme that there is, it names the first."""
    named = likely if len(themes) > len(likely) else likely[:1]
    return f"Liknar mest: {', '.join(row.name for row in named)}." if named else ""
