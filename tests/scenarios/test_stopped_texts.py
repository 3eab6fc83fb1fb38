"""A text that the guard stops is nowhere (A13): sent to every address with every guarded field, by everybody, also by
who holds a code, and looked for in the database, the log, the mails, the instance folder and the temporary files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from avvikelse.domain.actor import NOBODY, Actor
from avvikelse.domain.languages import SWEDISH
from avvikelse.domain.vocabulary import Channel
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import Base
from avvikelse.services import open_reports
from avvikelse.services.receipts import Knock
from avvikelse.services.reporting import Report
from avvikelse.web import follow, open_pass
from avvikelse.web.case_steps import STEPS
from tests.architecture.test_guarded_fields import GUARDED, form_classes
from tests.support.browsing import Visitor
from tests.support.client import CheckingClient
from tests.support.mailbox import Mailbox
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

NUMBER = "19121212-1212"
BIRD = "stormsvala"  # the words around the number may not stay either
STOPPED = f"En {BIRD} sågs när {NUMBER} fick vänta."
WARNED = f"En {BIRD} sågs när Ceylan Trulsson fick vänta."
TRACES = (NUMBER, BIRD, "Trulsson", NUMBER.replace("-", ""))


LAN = "/utan-konto/jamtland-harjedalen"
WITHOUT_ACCOUNT = {f"{LAN}/rapport", f"{LAN}/rapport/skicka", f"{LAN}/familj/sv/beratta", f"/utan-konto/folj/{SWEDISH}"}
# Where one address stands for several forms.
SLUGS = {"cases.perform": [step.slug for step in STEPS], "follow.step": [*follow.STEPS, follow.AGAIN]}


def guarded_names() -> list[str]:
    """The name of every field in which somebody writes freely, in any form."""
    return sorted(
        {
            name
            for form in form_classes()
            for name in dir(form)
            if issubclass(getattr(getattr(form, name), "field_class", type(None)), GUARDED)
        }
    )


@pytest.fixture
def mailbox(app: Flask, database: Connection, session: Session, clock: Any) -> Mailbox:
    return Mailbox(app, database, session, clock)


@pytest.fixture
def case(world: World) -> Avvikelse:
    world.chef("chef-bup-behandling")
    return world.report(world.reporter("skola-2380"), "bup-behandling", severity=2)


@pytest.fixture
def without_account(world: World) -> Avvikelse:
    report = Report(
        sender_enhet_id=None, counterpart_enhet_id=world.unit("bup-behandling").id, occurred_on=local_date(world.now),
        description="Ingen kallade till mötet.", severity=1, kommunkod="2380", idempotency_key="nyckel-ett",
    )  # fmt: skip
    knock = Knock("192.0.2.7/32", b"k" * 32)
    return open_reports.file(world.session, report, world.pack.id, Channel.NO_ACCOUNT, knock, now=world.now).row


def personas(world: World) -> dict[str, Actor]:
    return {
        "reporter": world.reporter("skola-2380"),
        "chef": world.chef("chef-bup-behandling"),
        "samordnare": world.samordnare("kommun-2380/utbildning", "region-jh"),
        "convenor": world.convenor("birger"),
        "administrator": world.administrator("region-jh"),
    }


def arrive(client: CheckingClient, world: World, actor: Actor) -> None:
    """Logged in, or as somebody without account: then the pages without account take the form's token."""
    if actor is NOBODY:
        with client.session_transaction() as cookie:
            cookie.clear()
    else:
        Visitor.of(client, world.session, actor, world.now)


def with_text_by_code() -> set[str]:
    """The steps of the page behind a code in which somebody writes."""
    return {
        f"/utan-konto/folj/{SWEDISH}/{slug}"
        for slug, (form, _, _) in follow.STEPS.items()
        if any(hasattr(form, name) for name in guarded_names())
    }


def addresses(app: Flask, case: Avvikelse) -> Iterator[str]:
    """Every address that takes a POST, filled in with something that exists where there is something."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "POST" in (rule.methods or ()) and "DELETE" not in (rule.methods or ()):
                for slug in SLUGS.get(rule.endpoint, ("bup-behandling",)):
                    yield adapter.build(rule.endpoint, _values(rule, case, slug), method="POST")


def _values(rule: Rule, case: Avvikelse, slug: str) -> dict[str, Any]:
    known = {
        "ref": case.ref, "slug": slug, "pack": "jamtland-harjedalen", "month": "2026-03", "token": "x" * 43,
        "language": SWEDISH,
    }  # fmt: skip
    values: dict[str, Any] = {}
    for name, converter in rule._converters.items():
        fallback: Any = 1 if "id" in name else "ordet"
        values[name] = known.get(name, fallback)
        try:
            converter.to_url(values[name])
        except Exception:
            values[name] = 1
    return values


def in_database(session: Session) -> list[str]:
    """ "table: trace" for everything that stayed."""
    session.flush()
    return [
        f"{table.name}: {trace}"
        for table in Base.metadata.sorted_tables
        for row in session.execute(select(table))
        for trace in TRACES
        if trace in str(tuple(row))
    ]


def in_files(folders: Iterable[Path]) -> list[str]:
    """ "file: trace" for everything that lies in the folders. Databases are asked row by row instead."""
    found = []
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file() and not (text := file.read_bytes()).startswith(b"SQLite format"):
                found += [f"{file.name}: {trace}" for trace in TRACES if trace.encode() in text]
    return found


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything that asks for a temporary file during the test gets it here."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_the_walk_knows_the_fields() -> None:
    assert {"description", "proposal", "reason", "text", "to_reporter", "what_happened", "decision"} <= {
        *guarded_names()
    }


@pytest.mark.parametrize("text", [STOPPED, WARNED], ids=["blocks", "warns"])
def test_a_stopped_text_is_nowhere(
    app: Flask,
    client: CheckingClient,
    world: World,
    case: Avvikelse,
    without_account: Avvikelse,
    mailbox: Mailbox,
    temporary: Path,
    text: str,
    capfd: Any,
) -> None:
    client.lint = False
    fields = dict.fromkeys(guarded_names(), text)
    with app.app_context():
        fields[open_pass.FIELD] = open_pass.issue(without_account.ref)
    fields["kept_text"] = text
    known = list(addresses(app, case))
    answers: dict[int, int] = {}
    refused: set[str] = set()
    with structlog.testing.capture_logs() as logged:
        for actor in (*personas(world).values(), NOBODY):
            arrive(client, world, actor)
            for address in known:
                if "utkast" in address and text == WARNED:
                    continue  # the writer's own draft keeps what only warns (ADR 0081)
                if "logga" in address or "losenord" in address:
                    continue  # no guarded field, and the visitor would be gone
                answer = client.post(address, data=fields)
                answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
                if answer.status_code == 422:
                    refused.add(address)
                assert answer.status_code != 500, address
            for address in ("/sok", "/kontaktvagar", "/organisation"):
                client.get(address, query_string={"q": text})
    assert answers.get(422, 0) >= 40, answers  # the forms were reached
    assert with_text_by_code() | WITHOUT_ACCOUNT <= refused
    assert in_database(world.session) == []
    assert not [trace for trace in TRACES if trace in str(logged)]
    mails = mailbox.send()
    assert not [trace for trace in TRACES if trace in str([str(mail) for mail in mails])]
    assert in_files((temporary, Path(app.instance_path))) == []
    output = capfd.readouterr()
    assert not [trace for trace in TRACES if trace in output.out + output.err]


def test_the_search_for_traces_finds_one(world: World, case: Avvikelse, temporary: Path) -> None:
    case.description = STOPPED
    assert in_database(world.session) == [f"avvikelse: {NUMBER}", f"avvikelse: {BIRD}"]
    (temporary / "left.txt").write_text(STOPPED, encoding="utf-8")
    assert in_files((temporary,)) == [f"left.txt: {NUMBER}", f"left.txt: {BIRD}"]
