"""The administrator's word list: what it changes, for whom, and who may not touch it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from avvikelse.domain.errors import Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import WordUse
from avvikelse.models.audit import AuditEvent
from avvikelse.models.guard_word import GuardWord
from avvikelse.queries.guard_context import organisation_context, words_context
from avvikelse.services import guard_words
from tests.support.browsing import Visitor, words
from tests.support.client import CheckingClient
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

PAGE = "/organisation/vaktens-ord"


def add(world: World, word: str, use: WordUse = WordUse.ALLOWED, huvudman: str = "kommun-2380") -> GuardWord:
    admin, row = world.administrator(huvudman), world.huvudman(huvudman)
    return guard_words.add(world.session, admin, word, use, row.id, now=world.now)


def test_an_administrator_adds_and_removes_and_the_log_holds_no_word(client: CheckingClient, world: World) -> None:
    Visitor.of(client, world.session, world.administrator("kommun-2380"), world.now)
    page = client.get(PAGE)
    assert "ingen garanti" in words(page)
    huvudman = world.huvudman("kommun-2380").id
    added = client.submit(page, {"word": "Svalboet", "use": "tillatet", "huvudman": huvudman}, button="Lägg till")
    assert added.status_code == 302
    assert "Svalboet" in words(client.get(PAGE))
    removed = client.submit(PAGE, button="Ta bort")
    assert removed.status_code == 302
    assert world.session.scalars(select(GuardWord)).all() == []
    events = world.session.scalars(
        select(AuditEvent).where(AuditEvent.event.in_((Event.GUARD_WORD_ADDED, Event.GUARD_WORD_REMOVED)))
    ).all()
    assert len(events) == 2
    assert not any("Svalboet" in str(event.detail) for event in events)


@pytest.mark.parametrize("word", ["", "x", "070-174 06 11", "12", "o" * 81])
def test_what_is_no_word_is_refused_at_its_field(client: CheckingClient, world: World, word: str) -> None:
    Visitor.of(client, world.session, world.administrator("kommun-2380"), world.now)
    answer = client.submit(PAGE, {"word": word, "use": "namn"}, button="Lägg till")
    assert answer.status_code == 422
    assert world.session.scalars(select(GuardWord)).all() == []


def test_the_same_word_twice_is_said(world: World) -> None:
    add(world, "Svalboet")
    with pytest.raises(Invalid, match="finns redan"):
        add(world, "svalboet", WordUse.NAME)


def test_another_huvudmans_words_are_not_mine(world: World) -> None:
    mine, other = add(world, "Svalboet"), world.administrator("region-jh")
    with pytest.raises(NotFound):
        guard_words.remove(world.session, other, mine.id, now=world.now)
    with pytest.raises(NotFound):
        guard_words.add(world.session, other, "Ord", WordUse.ALLOWED, world.huvudman("kommun-2380").id, now=world.now)
    with pytest.raises(NotFound):  # for everybody: only the system's administrator
        guard_words.add(world.session, other, "Ord", WordUse.ALLOWED, None, now=world.now)
    with pytest.raises(Forbidden):
        guard_words.remove(world.session, world.reporter("skola-2380"), mine.id, now=world.now)


def test_others_do_not_find_the_page(client: CheckingClient, world: World) -> None:
    Visitor.of(client, world.session, world.reporter("skola-2380"), world.now)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, data={"word": "Svalboet", "use": "namn"}).status_code == 403


def test_a_word_counts_at_once_for_those_who_work_there(client: CheckingClient, world: World) -> None:
    add(world, "Svalboet", WordUse.ALLOWED)
    add(world, "trollet", WordUse.NAME)
    report = {
        "counterpart": world.unit("bup-behandling").id,
        "severity": 1,
        "description": "Vi mejlade Svalboet utan svar.",
    }
    Visitor.of(client, world.session, world.reporter("skola-2380"), world.now)
    assert client.submit("/rapportera", report, button="Granska och skicka").status_code == 200
    named = {**report, "description": "Vi har pratat med trollet i veckan."}
    assert client.submit("/rapportera", named, button="Granska och skicka").status_code == 422
    Visitor.of(client, world.session, world.reporter("bup-behandling"), world.now)
    elsewhere = {**report, "counterpart": world.unit("skola-2380").id}
    assert client.submit("/rapportera", elsewhere, button="Granska och skicka").status_code == 422
    calm = {**named, "counterpart": world.unit("skola-2380").id}
    assert client.submit("/rapportera", calm, button="Granska och skicka").status_code == 200


def test_the_organisation_is_read_anew_when_it_has_changed(world: World) -> None:
    from avvikelse.services.organisation import rename_unit

    reporter, unit = world.reporter("skola-2380"), world.unit("skola-2380")
    base = words_context(world.session, reporter)
    assert "vråkboet" not in organisation_context(world.session, base).allowed
    admin = world.administrator("kommun-2380")
    rename_unit(world.session, admin, unit.id, name="Vråkboet", from_on=world.now.date(), now=world.now)
    assert "vråkboet" in organisation_context(world.session, base).allowed


def test_what_blocks_is_not_searched_for_nor_shown_again(client: CheckingClient, world: World) -> None:
    Visitor.of(client, world.session, world.samordnare("region-jh"), world.now)
    answer = client.get("/sok", query_string={"q": "19121212-1212"})
    assert answer.status_code == 200
    assert "Ta bort personnumret" in words(answer)
    assert "19121212" not in answer.get_data(as_text=True)
