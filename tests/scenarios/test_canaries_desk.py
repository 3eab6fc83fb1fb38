"""Canaries at a group's desk: a word of its own in every field that a group writes, then its pages read by everybody.

The group reads all of it. All staff read what has been published. The group above, which has its own numbers, reads
what all staff read. What is marked for the group leaves it in no byte, nor does it in a mail, the log or the outbox.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.models.audit import AuditEvent
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.meetings import AgendaItem, GroupMeeting, GroupSeat
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.themes import ProblemType, ThemeCandidate
from avvikelse.services import board, themes
from avvikelse.web import downloads
from tests.support.client import CheckingClient
from tests.support.group_cases import case
from tests.support.login import log_in
from tests.support.world import World

HOME, ABOVE, ELSEWHERE = "birger", "jamtbus-regionalt", "lokal-2303"
GROUP = {"member", "convenor"}
STAFF = GROUP | {"above", "elsewhere", "teacher"}

# field: who reads it. Whoever is not named does not get the word in any byte of any page.
READERS: dict[str, set[str]] = {
    "beslut": STAFF, "andras": STAFF, "ansvarar": STAFF, "fragaom": STAFF, "internt": GROUP,
    "opublicerat": GROUP,  # a decision that has not been published
    "gjort": STAFF,
    "egenpunkt": STAFF, "anteckning": STAFF, "internanteckning": GROUP,
    "plats": STAFF, "rum": STAFF, "inbjuden": GROUP,
    "uppdrag": GROUP, "installt": GROUP, "fragan": GROUP, "gruppensvar": GROUP, "vantande": GROUP,
    "forslag": GROUP, "foreslagen": GROUP,
    "tema": STAFF, "temamening": STAFF, "bidra": STAFF, "mandag": STAFF, "haller": GROUP,
    "litet": STAFF, "litenmening": GROUP,  # a theme with fewer than five cases is known by name alone
    "monster": GROUP,  # the sentence of a pattern that waits
    "kommentar": GROUP, "staende": STAFF,
}  # fmt: skip
WORDS = {field: f"kanarie{field}" for field in READERS}
LINK = re.compile(r'href="(/(?:grupper|laget)[^"#]*)"')


class Stage:
    """A group in whose every field stands its word."""

    def __init__(self, world: World, client: CheckingClient, clock: Any) -> None:
        self.world, self.client, self.clock = world, client, clock
        self.people: dict[str, Actor] = {
            "convenor": world.convenor(HOME), "member": world.member(HOME), "above": world.convenor(ABOVE),
            "elsewhere": world.convenor(ELSEWHERE), "teacher": world.reporter("skola-2380"),
        }  # fmt: skip
        self.desk = f"/grupper/{world.group(HOME).id}"

    @property
    def session(self) -> Session:
        return self.world.session

    def send(self, persona: str, address: str, **fields: Any) -> None:
        log_in(self.client, self.people[persona].user_id or 0, now=self.clock.now)
        answer = self.client.post(address, data=fields)
        assert answer.status_code == 302, (address, answer.status_code, answer.get_data(as_text=True)[-3000:])

    def newest(self, model: Any) -> Any:
        return self.session.scalars(select(model).order_by(model.id.desc())).first()

    def act(self, area: str, ref: str, slug: str, **fields: Any) -> None:
        self.send("convenor", f"{self.desk}/{area}/{ref}/{slug}", **fields)

    def begin(self, slug: str, **fields: Any) -> None:
        self.send("convenor", f"{self.desk}/ny/{slug}", **fields)

    def bytes_of(self, persona: str, addresses: Iterable[str]) -> Iterator[tuple[str, int, bytes]]:
        log_in(self.client, self.people[persona].user_id or 0, now=self.clock.now)
        for address in addresses:
            answer = self.client.get(address)
            yield address, answer.status_code, answer.data

    def addresses(self) -> list[str]:
        """Every page that hangs together with the group, found by the links of its convenor; nothing is left out."""
        found, waiting = [], [self.desk, "/grupper", "/laget/jamtland-harjedalen"]
        log_in(self.client, self.people["convenor"].user_id or 0, now=self.clock.now)
        while waiting:
            address = waiting.pop()
            found.append(address)
            answer = self.client.get(address)
            if answer.mimetype != "text/html":
                continue
            links = (link.replace("&amp;", "&") for link in LINK.findall(answer.get_data(as_text=True)))
            waiting += [
                link for link in dict.fromkeys(links) if link not in found and link not in waiting and keep(link)
            ]
        return found


def keep(link: str) -> bool:
    """Other years and months are the same page with nothing on it."""
    return "?ar=" not in link and not re.search(r"/20\d\d-\d\d", link.replace("/2026-03", ""))


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    stage = Stage(World.of(session, clock.now), client, clock)
    world, word = stage.world, WORDS.__getitem__
    day, later = clock.now.date(), (clock.now + timedelta(days=30)).date().isoformat()
    for seat in session.scalars(select(GroupSeat).where(GroupSeat.group_id == world.group(HOME).id)).all():
        stage.act("platser", str(seat.id), "ta-bort")
    stage.begin("plats", name=word("plats"), kind="ledamot")
    stage.begin("uppdrag", text=word("uppdrag"), decided_by="Länet", decided_on=day.isoformat())
    stage.begin("punkter", items=word("staende"))
    stage.begin("mote", meets_on=later, kind="ordinarie")
    stage.act("moten", stage.newest(GroupMeeting).ref, "stall-in", reason=word("installt"))
    stage.send("member", f"{stage.desk}/ny/fraga", text=word("fragan"))
    stage.act("fragor", stage.newest(GroupQuestion).ref, "svara", text=word("gruppensvar"))
    stage.send(
        "member", f"{stage.desk}/ny/fraga", text=word("vantande"), proposal=word("forslag"),
        proposed_owner=word("foreslagen"),
    )  # fmt: skip

    said = {"gruppmening_approved_at": world.now, "sender_kind": "grundskola"}
    units = ("skola-2380", "skola-2303")
    for n in range(6):
        case(
            world, HOME, day - timedelta(days=n), gruppmening="Kallelsen till mötet kom för sent.",
            sender=units[n % 2], **said,
        )  # fmt: skip
    themes.look_for_patterns(session, world.group(HOME).id, now=world.now)
    stage.send(
        "convenor", f"{stage.desk}/kandidater/{stage.newest(ThemeCandidate).ref}", places=["0,1,2,3,4,5"],
        theme="", name=word("tema"), sentence=word("temamening"), owner=word("haller"),
    )  # fmt: skip
    stage.act(
        "teman", stage.newest(ProblemType).ref, "andra", name=word("tema"), sentence=word("temamening"),
        owner=word("haller"), contribute=word("bidra"), monday=word("mandag"),
    )  # fmt: skip
    stage.begin("tema", name=word("litet"), sentence=word("litenmening"), owner="BUP")
    for n in range(3):
        case(
            world, HOME, date(2026, 3, 1), gruppmening=f"{word('monster')} saknade skjuts.", category="I1",
            receiver_kind="habilitering", sender=units[n % 2], **said,
        )  # fmt: skip
    themes.look_for_patterns(session, world.group(HOME).id, now=world.now)

    stage.begin("mote", meets_on=day.isoformat(), kind="uppfoljning", place=word("rum"), invited=word("inbjuden"))
    meeting = stage.newest(GroupMeeting)
    stage.act("moten", meeting.ref, "punkt", title=word("egenpunkt"))
    stage.act("moten", meeting.ref, "oppna")
    key = session.scalars(select(AgendaItem.key).where(AgendaItem.title == word("egenpunkt"))).one()
    stage.send(
        "convenor", f"{stage.desk}/moten/{meeting.ref}/punkt-anteckning?nyckel={key}", note=word("anteckning"),
        internal_note=word("internanteckning"),
    )  # fmt: skip
    stage.begin(
        "beslut", decision=word("beslut"), what_changes=word("andras"), owner=word("ansvarar"), ask=word("fragaom"),
        due_on=later, internal_text=word("internt"),
    )  # fmt: skip
    done = stage.newest(GroupDecision)
    seats = session.scalars(select(GroupSeat.id).where(GroupSeat.ended_on.is_(None), GroupSeat.name == word("plats")))
    stage.send("convenor", f"{stage.desk}/moten/{meeting.ref}/narvaro", **{f"seat_{n}": "narvarande" for n in seats})
    stage.act("moten", meeting.ref, "avsluta")
    stage.send("convenor", f"{stage.desk}/moten/{meeting.ref}/protokoll")
    stage.act("beslut", done.ref, "klart", text=word("gjort"))
    stage.begin("beslut", decision=word("opublicerat"), owner="BUP", due_on=later)
    stage.send("convenor", f"{stage.desk}/2026-03/kommentar", text=word("kommentar"), seen_version="0")
    board.make_figures(session, clock.now)
    session.flush()
    return stage


def test_everybody_reads_what_the_table_says_and_nothing_else(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "PER_PERSON", 1_000)  # here each file is read by each person, within one moment
    addresses = stage.addresses()
    for persona in stage.people:
        seen: set[str] = set()
        for address, status, body in stage.bytes_of(persona, addresses):
            assert status in {200, 302, 403, 404}, (persona, address, status)
            seen |= {field for field, word in WORDS.items() if word.encode() in body}
        expected = {field for field, readers in READERS.items() if persona in readers}
        assert not seen - expected, f"{persona} reads {sorted(seen - expected)}"
        assert not expected - seen, f"{persona} does not read {sorted(expected - seen)}"


def test_no_word_reaches_the_audit_detail_or_the_outbox(stage: Stage) -> None:
    session = stage.session
    places = {
        "audit": json.dumps([row.detail for row in session.scalars(select(AuditEvent))], default=str),
        "outbox": json.dumps([mail.params for mail in session.scalars(select(OutboxMail))], default=str),
    }
    for place, text in places.items():
        assert not [word for word in WORDS.values() if word in text], place
