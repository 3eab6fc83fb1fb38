"""What every form does with what is typed: the guard, trimming, dates, Swedish sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired, Length, Optional

from avvikelse.web.forms.base import BaseForm, DateField, GuardedStringField, GuardedTextAreaField, LineField


class Note(BaseForm):
    class Meta(BaseForm.Meta):
        csrf = False

    text = GuardedTextAreaField("Text", validators=[Optional(), Length(max=100)])
    title = GuardedStringField("Rubrik")
    day = DateField("Dag", validators=[Optional()])
    line = LineField("Rad")


@pytest.fixture
def context() -> Iterator[None]:
    with Flask(__name__).test_request_context("/", method="POST"):
        yield


def filled(**fields: str) -> Note:
    return Note(MultiDict(fields))


def said(form: Note, field: str) -> str:
    return str(form[field].errors[0])


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("field", ["text", "title"])
@pytest.mark.parametrize(
    "typed", ["Ring 070-123 45 67 i morgon", "Skriv till kalle.karlsson@kommun.se", "Pojken är 20120312-2384"]
)
def test_personal_data_stops_the_form_and_the_text_is_kept(field: str, typed: str) -> None:
    form = filled(**{field: typed})
    assert not form.validate()
    assert "Ta bort" in said(form, field)
    assert not any(word in said(form, field) for word in ("070", "kalle", "2012"))
    assert form[field].data == typed


@pytest.mark.usefixtures("context")
def test_good_text_is_trimmed_and_its_lines_are_ours() -> None:
    form = filled(text="  Kallelsen kom sent.\r\n\r\nIngen ringde.\r ", line=" Eva \t Berg ")
    assert form.validate()
    assert form.text.data == "Kallelsen kom sent.\n\nIngen ringde."
    assert form.line.data == "Eva Berg"


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("field", ["text", "title", "line"])
@pytest.mark.parametrize("odd", ["a\x00b", "a\x1bb", "a\ud800b"])
def test_what_the_databases_cannot_keep_is_refused(field: str, odd: str) -> None:
    form = filled(**{field: odd})
    assert not form.validate()
    assert "tecken" in said(form, field)


@pytest.mark.usefixtures("context")
def test_too_long_is_said_in_swedish() -> None:
    form = filled(text="ord " * 30, title="o" * 201)
    assert not form.validate()
    assert form.errors == {"text": ["Skriv högst 100 tecken."], "title": ["Skriv högst 200 tecken."]}


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("typed", ["2026-03-11", " 20260311 ", "11/3 2026", "11.3.2026"])
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    form = filled(day=typed)
    assert form.validate()
    assert form.day.data == date(2026, 3, 11)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("typed", ["i morgon", "2026-02-30", "3/11"])
def test_what_is_no_day_says_how_to_write_one(typed: str) -> None:
    form = filled(day=typed)
    assert not form.validate()
    assert form.errors == {"day": ["Skriv datumet så här: 2026-03-11."]}
    assert form.day.raw_data == [typed]


@pytest.mark.usefixtures("context")
def test_an_empty_field_that_is_needed_says_so() -> None:
    class Needed(Note):
        text = GuardedTextAreaField("Text", validators=[InputRequired("Skriv vad som hände.")])

    form = Needed(MultiDict({"text": ""}))
    assert not form.validate()
    assert form.errors == {"text": ["Skriv vad som hände."]}
