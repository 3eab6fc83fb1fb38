"""Beside a group's month: its files, the convenor's words, new levels, versions – and who gets none of it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from avvikelse.analysis.month_charts import WAITS
from avvikelse.models.audit import AuditEvent
from avvikelse.models.group_work import ChartLevel, MonthComment
from avvikelse.services import month as months
from tests.support.browsing import Visitor, words
from tests.support.forms import find
from tests.support.group_cases import SECRET, answer, case, question
from tests.support.world import World
from tests.unit.test_pdf import accessible

pytestmark = pytest.mark.usefixtures("clock")
GROUP, ABOVE = "birger", "jamtbus-regionalt"
MONTH = "2026-02"
FILES = ("manad.pdf", "manad.xlsx", "manad.csv", "tabell/kategorier.csv")


@pytest.fixture
def visit(world: World, client: FlaskClient) -> Any:
    return lambda actor: Visitor.of(client, world.session, actor, world.now)


def address(world: World, rest: str = "", month: str = MONTH) -> str:
    return f"/grupper/{world.group(GROUP).id}/{month}{rest}"


def years_of_answers(world: World) -> None:
    """Eighteen months with six cases each; the last eight are answered sooner."""
    for back in range(18):
        month = date(2026, 2, 2) - timedelta(days=30 * back + 5)
        for _ in range(6):
            row = case(world, GROUP, month)
            row.first_answer_at = world.now.replace(year=month.year, month=month.month, day=month.day) + timedelta(
                days=(30 if back < 8 else 50) + back % 2 * 3
            )
    world.session.flush()


# --- files ------------------------------------------------------------------------------------------------------------


def test_the_month_as_files(world: World, visit: Any) -> None:
    row = case(world, GROUP, date(2026, 2, 3), gruppmening="=Kallelsen kom sent.", gruppmening_approved_at=world.now)
    question(world, row, GROUP, date(2026, 2, 4), text="Vem kallar?")
    member = visit(world.member(GROUP))
    pdf = member.get(address(world, "/manad.pdf"))
    accessible(pdf.get_data())
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="manad-2026-02.pdf"'
    book = openpyxl.load_workbook(io.BytesIO(member.get(address(world, "/manad.xlsx")).get_data()))
    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line]
    assert all(cell.data_type != "f" for cell in cells)
    assert "Vem kallar?" in {cell.value for cell in cells}
    everything = member.get(address(world, "/manad.csv")).get_data(as_text=True)
    assert "'=Kallelsen kom sent." in everything
    assert "Kallad part uteblev;1" in member.get(address(world, "/tabell/kategorier.csv")).get_data(as_text=True)
    for text in (everything, pdf.get_data().decode("latin-1")):
        assert SECRET not in text
        assert row.ref not in text


@pytest.mark.parametrize("file", FILES)
def test_the_files_are_for_those_who_read_the_page(world: World, visit: Any, client: FlaskClient, file: str) -> None:
    case(world, GROUP, date(2026, 2, 3))
    assert client.get(address(world, f"/{file}")).status_code == 302
    outsider = visit(world.convenor("jamtbus-regionalt"))
    foreign, missing = outsider.get(address(world, f"/{file}")), outsider.get(f"/grupper/987654321/{MONTH}/{file}")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert words(foreign) == words(missing)
    assert visit(world.chef("chef-skola-2380")).get(address(world, f"/{file}")).status_code == 403


@pytest.mark.parametrize(
    "rest", ["/tabell/finns-inte.csv", "/manad.pdf?version=9", "/manad.csv?version=-1", "/version/9"]
)
def test_what_is_not_there_is_404(world: World, visit: Any, rest: str) -> None:
    assert visit(world.member(GROUP)).get(address(world, rest)).status_code == 404


def test_a_drawing_stands_with_its_table(world: World, visit: Any) -> None:
    years_of_answers(world)
    page = visit(world.member(GROUP)).get(address(world)).get_data(as_text=True)
    assert page.count("<svg xmlns") >= 4  # two drawings for two widths
    assert "Dagar till svar" in page
    csv = visit(world.member(GROUP)).get(address(world, f"/tabell/{WAITS}.csv")).get_data(as_text=True)
    assert "januari 2026;30;" in csv


# --- words ------------------------------------------------------------------------------------------------------------


def form_on(visitor: Visitor, path: str, action: str) -> dict[str, Any]:
    """What the form on the page would send if nothing were changed."""
    return dict(find(visitor.get(path).get_data(as_text=True), action=action).fields)


def say(visitor: Visitor, world: World, text: str, form: dict[str, Any] | None = None) -> Any:
    path = address(world, "/kommentar")
    return visitor.client.post(path, data=(form or form_on(visitor, path, "/kommentar")) | {"text": text})


def remade(visitor: Visitor, world: World) -> None:
    path = address(world, "/ny-version")
    assert visitor.client.post(path, data=form_on(visitor, address(world), "/ny-version")).status_code == 302


def test_the_convenor_comments_and_the_numbers_stay(world: World, visit: Any) -> None:
    case(world, GROUP, date(2026, 2, 3))
    made = months.make_month(world.session, world.group(GROUP).id, MONTH, world.now)
    before = dict(made.content)
    convenor = visit(world.convenor(GROUP))
    say(convenor, world, "Tack.\n\nVi tar <b>kallelserna</b> först.")
    page = convenor.get(address(world)).get_data(as_text=True)
    assert "Vi tar &lt;b&gt;kallelserna&lt;/b&gt; först." in page
    say(convenor, world, "Ändrad.")
    assert "version 2" in convenor.text(address(world))
    assert "Ändrad." in visit(world.member(GROUP)).text(address(world))
    convenor = visit(world.convenor(GROUP))
    say(convenor, world, "")
    assert "Från sammankallande" not in convenor.text(address(world))
    rows = world.session.scalars(select(MonthComment.text).order_by(MonthComment.version)).all()
    assert rows == ["Tack.\n\nVi tar <b>kallelserna</b> först.", "Ändrad.", ""]
    assert made.content == before


def test_two_who_comment_at_once_lose_no_text(world: World, visit: Any) -> None:
    convenor = visit(world.convenor(GROUP))
    old = form_on(convenor, address(world, "/kommentar"), "/kommentar")
    say(convenor, world, "Den första.", old)
    late = say(convenor, world, "Den andra.", old)
    assert late.status_code == 422
    assert "Den andra." in late.get_data(as_text=True)
    assert "Någon annan har skrivit" in words(late)


def test_personal_data_in_a_comment_goes_nowhere(world: World, visit: Any) -> None:
    convenor = visit(world.convenor(GROUP))
    response = say(convenor, world, "Ring 070-123 45 67 om pojken.")
    assert response.status_code == 422
    assert world.session.scalar(select(func.count()).select_from(MonthComment)) == 0


def test_a_member_reads_but_does_not_write(world: World, visit: Any) -> None:
    years_of_answers(world)
    member = visit(world.member(GROUP))
    group = world.group(GROUP).id
    for path in (address(world, "/kommentar"), f"/grupper/{group}/nivaer"):
        assert member.get(path).status_code == 403
        assert member.post(path, on="/mitt-konto", text="x").status_code == 403
    assert member.post(address(world, "/ny-version"), on="/mitt-konto").status_code == 403
    foreign = visit(world.convenor(ABOVE))
    assert foreign.get(address(world, "/kommentar")).status_code == 404
    assert foreign.post(address(world, "/ny-version"), on="/mitt-konto").status_code == 404
    assert foreign.get(f"/grupper/{group}/nivaer").status_code == 404
    assert world.session.scalar(select(func.count()).select_from(MonthComment)) == 0


# --- levels -----------------------------------------------------------------------------------------------------------


def level(world: World, visitor: Visitor, **changes: str) -> Any:
    path = f"/grupper/{world.group(GROUP).id}/nivaer"
    form = form_on(visitor, path, "/nivaer")
    said = {"chart": WAITS, "month": "2025-07", "cause": "Ny rutin", "reason": "Rutinen beslutades i juni, dnr 12."}
    return visitor.client.post(path, data=form | said | changes)


def test_a_documented_cause_gives_a_new_level_and_can_be_taken_back(world: World, visit: Any) -> None:
    years_of_answers(world)
    convenor = visit(world.convenor(GROUP))
    assert level(world, convenor).status_code == 302
    assert "Ny rutin" in convenor.get(address(world)).get_data(as_text=True)
    row = world.session.scalars(select(ChartLevel)).one()
    path = f"/grupper/{world.group(GROUP).id}/nivaer"
    convenor.post(f"{path}/{row.id}/ta-bort", on=path)
    assert "Ny rutin" not in convenor.get(address(world)).get_data(as_text=True)
    assert convenor.post(f"{path}/{row.id}/ta-bort", on=path).status_code == 404
    events = world.session.scalars(select(AuditEvent.event).where(AuditEvent.group_id == world.group(GROUP).id)).all()
    assert {"level_set", "level_removed"} <= set(events)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"month": "2026-01"}, "minst sju månader"),
        ({"cause": ""}, "Skriv orsaken."),
        ({"reason": ""}, "var det är dokumenterat"),
        ({"reason": "Ring 070-123 45 67."}, "Ta bort"),
    ],
)
def test_what_is_wrong_is_said_and_kept(world: World, visit: Any, changes: dict[str, str], sentence: str) -> None:
    years_of_answers(world)
    response = level(world, visit(world.convenor(GROUP)), **changes)
    assert response.status_code == 422
    assert sentence in words(response)
    assert world.session.scalar(select(func.count()).select_from(ChartLevel)) == 0


# --- versions ---------------------------------------------------------------------------------------------------------


def test_a_late_change_makes_a_new_version_on_demand_and_the_old_one_stays(world: World, visit: Any) -> None:
    row = case(world, GROUP, date(2026, 2, 3))
    months.make_month(world.session, world.group(GROUP).id, MONTH, world.now)
    convenor = visit(world.convenor(GROUP))
    remade(convenor, world)
    assert "version 2" not in convenor.text(address(world))
    answer(world, row, date(2026, 2, 20), None)
    world.session.flush()
    remade(convenor, world)
    page = convenor.text(address(world))
    assert "version 2" in page
    assert "1 av 1" in page
    assert "0 av 1" in convenor.text(address(world, "/version/1"))
    assert "0;1" in convenor.get(address(world, "/manad.csv?version=1")).get_data(as_text=True)
