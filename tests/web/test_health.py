"""The health page: JSON for a monitor, a page for a person, 503 as soon as something is silent."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.jobs.house import House
from avvikelse.jobs.registry import find
from avvikelse.jobs.runner import run_due
from tests.support.client import CheckingClient


def said(answer: TestResponse) -> dict[str, Any]:
    found: dict[str, Any] = answer.get_json()
    return found


def test_it_is_red_until_the_jobs_have_run_and_green_afterwards(
    client: CheckingClient, app: Flask, database: Connection, session: Session, clock: Any
) -> None:
    silent = client.get("/halsa", headers={"Accept": "application/json"})
    assert silent.status_code == 503
    red = {check["namn"] for check in said(silent)["kontroller"] if check["ok"] is False}
    assert {"scheduler", "anchor"} <= red
    house = House(app.extensions["settings"], database)
    for name in ("heartbeat", "anchor_audit"):
        assert run_due(house, find(name), clock.now)
    well = client.get("/halsa")  # a monitor that does not say what it wants
    assert (well.status_code, well.is_json, said(well)["ok"]) == (200, True, True)
    clock.move(minutes=3)
    assert client.get("/halsa").status_code == 503


def test_a_person_gets_a_page_without_logging_in(client: CheckingClient, clock: Any) -> None:
    page = client.get("/halsa", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.status_code == 503
    assert page.mimetype == "text/html"
    text = page.get_data(as_text=True)
    assert "Något behöver ses över" in text
    assert "Säkerhetskopian" in text


def test_it_gives_nothing_away(client: CheckingClient, clock: Any) -> None:
    assert set(said(client.get("/halsa"))) == {"ok", "kontroller"}
    assert client.post("/halsa", data={"csrf_token": "x"}).status_code in {400, 405}
