"""*Internkontroll*: a samordnare's own område, a year, and nothing small; nobody else's."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest

from avvikelse.domain.vocabulary import PartySide, Status
from avvikelse.models.avvikelse import Party
from tests.support.acting import Acting
from tests.support.client import CheckingClient
from tests.support.group_cases import case, noon
from tests.support.queries import counted
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
WORDS = "Originaltexten med Hemligord."


@pytest.fixture
def acting(world: World, client: CheckingClient) -> Acting:
    return Acting(client, world)


def owned(world: World, number: int, answered: int) -> None:
    """Cases of BUP's område, some of them answered in time."""
    unit = world.unit("bup-mottagning")
    for n in range(number):
        day = date(2025, 3, 3 + n % 20)
        row = case(
            world, "birger", day, description=WORDS, accepted_at=noon(day + timedelta(days=1)),
            first_answer_at=noon(day + timedelta(days=9)) if n < answered else None,
        )  # fmt: skip
        world.session.add(
            Party(
                avvikelse_id=row.id, side=PartySide.OWNER, omrade_id=unit.omrade_id, enhet_id=unit.id,
                since=row.submitted_at, open=True, status=Status.ASSIGNED, due_on=day,
            )
        )  # fmt: skip
    world.session.flush()


def page(world: World, year: int = 2025) -> str:
    return f"/internkontroll/{world.unit('bup-mottagning').omrade_id}/{year}"


def test_the_numbers_of_the_own_omrade(world: World, acting: Acting) -> None:
    owned(world, 20, 12)
    samordnare = world.samordnare("region-jh")
    assert "2025" in acting.reads(samordnare, "/internkontroll")
    shown = acting.reads(samordnare, page(world))
    assert "Rapporter som området ansvarar för 20" in shown
    assert "12 av 20 60 %" in shown
    assert "Nämndens mål" not in shown  # nobody can fill it in there
    assert "står där talet är så litet att någon kan kännas igen" in shown
    assert "Hemligord" not in shown
    book = openpyxl.load_workbook(io.BytesIO(acting.get(samordnare, f"{page(world)}/internkontroll.xlsx").data))
    cells = [cell.value for sheet in book for row in sheet for cell in row]
    assert "Nämndens mål" in cells
    assert "12 av 20" in cells
    assert "Hemligord" not in str(cells)
    csv = acting.get(samordnare, f"{page(world)}/internkontroll.csv").get_data(as_text=True)
    assert "Den som rapporterar får svar i tid;Besvarade inom 30 dagar;12 av 20;60 %" in csv


@pytest.mark.parametrize(("number", "answered"), [(3, 1), (20, 18), (20, 3)])
def test_nothing_small_is_told(world: World, acting: Acting, number: int, answered: int) -> None:
    owned(world, number, answered)
    csv = acting.get(world.samordnare("region-jh"), f"{page(world)}/internkontroll.csv").get_data(as_text=True)
    assert f"{answered} av {number}" not in csv
    assert "färre än 5 eller dolt" in csv


def test_others_get_none_of_it(world: World, acting: Acting) -> None:
    other, chef = world.samordnare("kommun-2380/utbildning"), world.chef("chef-bup-mottagning")
    for ending in ("", "/internkontroll.xlsx", "/internkontroll.csv"):
        assert acting.get(other, page(world) + ending).status_code == 404
        assert acting.get(chef, page(world) + ending).status_code == 403
    assert acting.get(world.samordnare("region-jh"), page(world, 2019)).status_code == 404
    assert acting.get(world.samordnare("region-jh"), page(world, 2027)).status_code == 404


def test_the_page_asks_the_same_whatever_there_is(world: World, acting: Acting) -> None:
    samordnare = world.samordnare("region-jh")
    sizes = []
    for number in (5, 30):
        owned(world, number, number)
        acting.get(samordnare, page(world))
        with counted(world.session) as statements:
            acting.get(samordnare, page(world))
        sizes.append(len(statements))
    assert sizes[0] == sizes[1]
    assert sizes[0] <= 16, sizes
