"""The look: every component drawn once with sample values, linted, and looked at by a browser with axe-core."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server
from wtforms import FieldList, Form, FormField, StringField
from wtforms.validators import InputRequired

from avvikelse.domain.vocabulary import Status
from avvikelse.web import rendering
from tests.support import styleguide
from tests.support.html import faults
from tests.support.looking import sticks_out, violations

ROOT = Path(__file__).parents[2]
ERROR_PAGES = (400, 403, 404, 409, 413, 429, 500, 503)


@pytest.fixture
def guide() -> Any:
    return styleguide.build().test_client()


@pytest.fixture
def posts() -> list[tuple[str, str]]:
    """(path, title) of every form that reached the server."""
    return []


@pytest.fixture
def address(posts: list[tuple[str, str]]) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, styleguide.build(posts), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/", "/?fel=1", *(f"/fel/{status}" for status in ERROR_PAGES)])
def test_every_component_is_valid_labelled_html(guide: Any, path: str) -> None:
    answer = guide.get(path)
    assert answer.status_code == 200
    assert faults(answer.text) == []


def test_fields_say_what_is_wrong_where_it_is(guide: Any) -> None:
    page = guide.get("/?fel=1").text
    assert '<a href="#title">Skriv en rubrik.</a>' in page
    assert (
        '<a href="#extent-0">Välj ett svar.</a>' in page
    )  # the first of several radios can take focus, the group cannot
    control = re.search(r'<input[^>]*id="title"[^>]*>', page)
    assert control is not None
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="title-hint title-error"' in control[0]


def test_a_long_text_is_never_cut_off_by_the_browser(guide: Any) -> None:
    page = guide.get("/").text
    assert "Du kan skriva högst 2\N{NO-BREAK SPACE}000 tecken." in page
    assert "maxlength" not in page


def test_own_words_are_escaped(guide: Any) -> None:
    assert "&lt;b&gt;igen&lt;/b&gt;" in guide.get("/").text


def test_error_pages_give_back_what_was_written(guide: Any) -> None:
    assert "Kallelsen kom tre dagar före mötet.</textarea>" in guide.get("/fel/409").text
    assert "<textarea" not in guide.get("/fel/404").text


def test_the_page_about_a_full_system_says_that_nothing_was_received(guide: Any) -> None:
    assert "Inget har tagits emot och inget har sparats." in guide.get("/fel/503").text


def test_style_sheet_and_scripts_stay_at_home() -> None:
    for file in [*(ROOT / "static/css").glob("*.css"), *(ROOT / "static/js").glob("*.js")]:
        text = file.read_text()
        assert not re.search(r"url\([\"']?(data:|https?:|//)", text), file.name
        assert "innerHTML" not in text
        for link in re.findall(r'url\("?([^)"]+)"?\)', text):
            assert (file.parent / link).resolve().is_file(), link


# --- values as text ---------------------------------------------------------------------------------------------------


def test_dates_are_swedish_days() -> None:
    late_evening = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # already Wednesday in Sweden
    assert rendering.long_date(late_evening) == "25\N{NO-BREAK SPACE}november 2026"
    assert rendering.date_time(late_evening) == "25\N{NO-BREAK SPACE}november 2026 kl.\N{NO-BREAK SPACE}00.30"
    assert rendering.clock(datetime(2026, 7, 1, 8, 5, tzinfo=UTC)) == "10.05"  # summer time
    assert rendering.short_date(date(2026, 3, 1)).replace("\N{NO-BREAK SPACE}", " ") == "1 mars 2026"
    assert rendering.weekday_date(date(2026, 11, 25)).startswith("onsdag 25")
    assert rendering.month(date(2026, 5, 9)) == "maj 2026"
    assert rendering.iso_date(late_evening) == "2026-11-25"


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive datetime"):
        rendering.date_time(datetime(2026, 11, 25, 9, 30))


def test_no_value_is_no_text() -> None:
    assert (
        rendering.long_date(None) == rendering.date_time(None) == rendering.month(None) == rendering.clock(None) == ""
    )
    assert rendering.number(None) == rendering.percent(None) == "–"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567, None, "1 234 567"),
        (0.5, None, "0,5"),
        (3.0, None, "3"),
        (-2, None, "−2"),
        (2.345, 2, "2,35"),
        (0, 1, "0,0"),
    ],
)
def test_numbers_have_a_decimal_comma(value: float, decimals: int | None, text: str) -> None:
    assert rendering.number(value, decimals).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("days", "text"),
    [(3, "3 dagar kvar"), (1, "1 dag kvar"), (0, "sista dagen i dag"), (-1, "1 dag sen"), (-2, "2 dagar sen")],
)
def test_deadlines_in_words(days: int, text: str) -> None:
    assert rendering.days_text(days).replace("\N{NO-BREAK SPACE}", " ") == text


def test_paragraphs_keep_breaks_and_nothing_else() -> None:
    assert (
        rendering.paragraphs("a\r\nb\n\n\n<c>") == '<p class="govuk-body">a<br>b</p><p class="govuk-body">&lt;c&gt;</p>'
    )
    assert rendering.paragraphs(None) == ""


def test_every_status_has_a_look_of_its_own_shape() -> None:
    assert set(rendering.STATUS_LOOK) == {status.value for status in Status}
    shapes = [icon for _, icon in rendering.STATUS_LOOK.values()]
    assert len(set(shapes)) == len(shapes)
    sprite = (ROOT / "templates/components/sprite.html").read_text()
    assert all(f'id="i-{shape}"' in sprite for shape in shapes)


@pytest.mark.parametrize(
    ("number", "total", "shown", "first", "last"),
    [
        (1, 0, [1], 0, 0),
        (1, 120, [1, 2, 3], 1, 50),
        (7, 617, [1, None, 6, 7, 8, None, 13], 301, 350),
        (99, 60, [1, 2], 51, 60),
    ],
)
def test_page_links(number: int, total: int, shown: list[int | None], first: int, last: int) -> None:
    page = rendering.page_links(number, 50, total, lambda n: f"?sida={n}")
    assert [link.number for link in page.numbers] == shown
    assert (page.first, page.last, page.total) == (first, last, total)
    assert (page.next_href is None) == (last == total)


def test_errors_of_nested_forms_are_found() -> None:
    class Row(Form):
        name = StringField(validators=[InputRequired("Skriv ett namn.")])

    class Whole(Form):
        rows = FieldList(FormField(Row), min_entries=2)

    form = Whole()
    form.validate()
    assert [(e.text, e.target) for e in rendering.error_links(form)] == [
        ("Skriv ett namn.", "rows-0-name"),
        ("Skriv ett namn.", "rows-1-name"),
    ]


# --- in a browser -----------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_axe_finds_nothing_and_nothing_sticks_out(page: Any, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/", "/?fel=1", "/fel/409"):
        page.goto(address + path)
        assert violations(page) + sticks_out(page) == [], path


@pytest.mark.browser
def test_a_long_list_is_searched_by_typing(page: Any, address: str) -> None:
    page.goto(address)
    box = page.get_by_role("combobox", name="Vilken verksamhet gäller det?")
    box.fill("psyk")
    box.press("ArrowDown")
    box.press("Enter")
    assert box.input_value() == "Barn- och ungdomspsykiatrin, Strandvägen"
    assert page.evaluate("document.querySelector('select[name=unit]').value") == "4"
    box.fill("finns inte")
    box.press("Tab")
    assert box.input_value() == "Barn- och ungdomspsykiatrin, Strandvägen"


@pytest.mark.browser
def test_error_summary_takes_focus_and_leads_to_the_field(page: Any, address: str) -> None:
    page.goto(f"{address}/?fel=1")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    assert page.title().startswith("Fel: ")
    page.get_by_role("link", name="Välj ett svar.").click()
    assert page.evaluate("document.activeElement.id") == "extent-0"


@pytest.mark.browser
def test_what_belongs_to_a_choice_shows_with_it(page: Any, address: str) -> None:
    page.goto(address)
    assert not page.get_by_text("Under", exact=True).is_visible()
    page.get_by_label("Ja, flera gånger").check()
    assert page.get_by_text("Under", exact=True).is_visible()


@pytest.mark.browser
def test_a_draft_is_saved_while_one_writes(page: Any, address: str, posts: list[tuple[str, str]]) -> None:
    page.clock.install()
    page.goto(address)
    page.get_by_label("Rubrik").fill("Kallelsen kom sent")
    page.clock.run_for(5_000)
    page.get_by_text("Sparat utkast kl. 10.32").wait_for()
    assert posts == [("/utkast", "Kallelsen kom sent")]
    page.get_by_label("Rubrik").blur()
    page.clock.run_for(5_000)
    assert len(posts) == 1  # nothing new, nothing sent


@pytest.mark.browser
def test_a_double_click_sends_one_form(page: Any, address: str, posts: list[tuple[str, str]]) -> None:
    page.goto(address)
    page.get_by_label("Rubrik").fill("En gång")
    button = page.get_by_role("button", name="Skicka", exact=True)
    button.evaluate("button => { button.click(); setTimeout(() => button.click(), 200) }")
    page.get_by_text("saved_at").wait_for()
    assert posts == [("/", "En gång")]
