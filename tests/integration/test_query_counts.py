"""Each page asks the database a bounded number of questions, the same with 5 cases as with 60."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from tests.support import group_cases
from tests.support.client import CheckingClient
from tests.support.forms import find
from tests.support.login import log_in
from tests.support.queries import counted
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
FEW, MANY = 5, 60

# page: who reads it, address, at most so many statements in the request (with log-in, roles and the read record)
PAGES = {
    "case": ("chef-bup-behandling", "/avvikelser/{ref}", 12),
    "work_list": ("chef-bup-behandling", "/arenden?flik=enheten", 7),
    "search": ("chef-bup-behandling", "/sok?q=kallelsen", 6),
    "start": ("chef-bup-behandling", "/", 16),
    "month": ("sammankallande-birger", "/grupper/{group}/2026-03", 33),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_statements_does_not_grow(
    client: CheckingClient, session: Session, now: datetime, name: str
) -> None:
    who, address, at_most = PAGES[name]
    world = World.of(session, now)
    reporter = world.reporter("skola-2380")
    world.chef("chef-bup-behandling")
    world.convenor("birger")
    log_in(client, world.user(who))
    case = world.report(reporter, "bup-behandling")
    page = address.format(ref=case.ref, group=world.group("birger").id)

    def ask() -> tuple[int, str]:
        client.get(page)  # what is read once per process is read now
        with counted(session) as statements:
            answer = client.get(page)
        assert answer.status_code == 200
        return len(statements), answer.get_data(as_text=True)

    def add(number: int) -> None:
        for _ in range(number):
            if name == "month":
                group_cases.case(world, "birger", date(2026, 3, 2))
            else:
                world.report(reporter, "bup-behandling")

    add(FEW - 1)
    few, short = ask()
    add(MANY - FEW)
    many, long = ask()
    # The page really shows more; the month says how many.
    assert f"{MANY} avvikelser i mars" in long if name == "month" else len(long) > len(short)
    assert many == few
    assert many <= at_most, many


def test_filing_a_report_asks_few_things(client: CheckingClient, session: Session, now: datetime) -> None:
    world = World.of(session, now)
    world.reporter("skola-2380")
    world.chef("chef-bup-behandling")
    log_in(client, world.user("rapportor-skola-2380"))
    fields = {
        "sender_enhet_id": world.unit("skola-2380").id, "counterpart": world.unit("bup-behandling").id, "severity": "1",
        "category": "A2", "occurred_on": "2026-03-02", "description": "Kallelsen till mötet kom tre dagar före.",
    }  # fmt: skip
    hidden = dict(find(client.get("/rapportera").text, button="Granska").filled({}, None))

    def file(key: str) -> int:
        with counted(session) as statements:
            answer = client.post("/rapportera/skicka", data=hidden | fields | {"key": key})
        assert answer.status_code in (302, 303), answer.text
        return len(statements)

    file("den-forsta-rapporten")  # what is read once per process is read now
    number = file("den-andra-rapporten")
    assert number <= 36, number
