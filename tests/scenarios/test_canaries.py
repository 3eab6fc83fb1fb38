"""Canaries: a word of its own in every field of a case, then everything read by everybody.

Present where the table says so, absent from the bytes everywhere else (SECRECY 2, domain/sekretess.py). The words go in
through the forms of the steps; only filing itself is a service call.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from avvikelse.domain import codes
from avvikelse.domain.actor import NOBODY, Actor
from avvikelse.domain.languages import LANGUAGES
from avvikelse.domain.vocabulary import Channel, Role, Status
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.identity import RoleAssignment
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries.work_lists import Tab
from avvikelse.services import handling, receipts
from avvikelse.web import request_log
from avvikelse.web.case_steps import STEPS
from tests.support import rooms
from tests.support.client import CheckingClient
from tests.support.login import log_in
from tests.support.mailbox import Mailbox
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

# --- the table --------------------------------------------------------------------------------------------------------

SENDER = {"sender_chef", "sender_sam"}
RECEIVER = {"receiver_chef", "handler", "receiver_sam"}
PARTIES = SENDER | RECEIVER
FORMER = {"former_chef", "former_sam"}
GROUP = {"member", "convenor"}
REPORTER = {"reporter"}

# field: who reads it. Whoever is not named does not get the word in any byte of any answer.
READERS: dict[str, set[str]] = {
    "beskrivning": REPORTER | SENDER,  # the original of a masked text
    "maskerad": REPORTER | PARTIES,
    "forslag": REPORTER | PARTIES,
    "chefssamtal": REPORTER | PARTIES,
    "tillagt": REPORTER | PARTIES,
    "omedelbar": REPORTER | SENDER,
    "referens": REPORTER | SENDER,
    "rapportorsnamn": REPORTER | {"sender_sam"},
    "avsandaranteckning": SENDER,
    "mottagaranteckning": RECEIVER,
    "tidigareanteckning": FORMER,
    "fraga": REPORTER | PARTIES,
    "fragesvar": REPORTER | PARTIES,
    "svarsdel": REPORTER | PARTIES,
    "atgard": REPORTER | PARTIES,
    "samtal": PARTIES,
    "samtalstext": PARTIES,
    "skal": PARTIES | FORMER,
    "gruppmening": REPORTER | PARTIES | GROUP,
    "lyft": REPORTER | PARTIES | GROUP,
    "beslut": REPORTER | PARTIES | GROUP,
}
WORDS = {field: f"kanarie{field}" for field in READERS}
FACTOR = codes.FACTORS[0]
OUTSIDERS = ("other_unit", "administrator", "revisor", "nobody", *sorted(GROUP))
PERSONAS = ("reporter", *sorted(PARTIES), *sorted(FORMER), *OUTSIDERS)


@dataclass
class Stage:
    """A case in which every field holds its word, and the people around it."""

    world: World
    client: CheckingClient
    case: Avvikelse
    people: dict[str, Actor]

    def become(self, persona: str) -> None:
        user_id = self.people[persona].user_id
        if user_id is None:
            with self.client.session_transaction() as cookie:
                cookie.clear()
        else:
            log_in(self.client, user_id)

    def step(self, persona: str, slug: str, **fields: Any) -> None:
        """Send the step's form as the persona; it must be taken."""
        self.become(persona)
        answer = self.client.post(f"/avvikelser/{self.case.ref}/{slug}", data=fields)
        assert answer.status_code == 302, f"{slug}: {answer.status_code}"


@pytest.fixture
def stage(client: CheckingClient, session: Session, now: Any) -> Stage:
    world = World.of(session, now)
    reporter = world.reporter("skola-2380")
    world.user("rapportor-skola-2380").name = WORDS["rapportorsnamn"]
    session.add(
        RoleAssignment(
            user_id=world.user("revisor").id, role=Role.REVISOR, pack_id=world.pack.id, valid_from=now.date(),
            valid_to=now.date(), granted_at=now,
        )
    )  # fmt: skip
    session.flush()
    soc = world.unit("soc-2380")
    people = {
        "reporter": reporter,
        "sender_chef": world.chef("chef-skola-2380"),
        "sender_sam": world.samordnare("kommun-2380/utbildning"),
        "receiver_chef": world.chef("chef-bup-behandling"),
        "receiver_sam": world.samordnare("region-jh"),
        "handler": world.handler("bup-behandling"),
        "former_chef": world.chef("chef-soc-2380"),
        "former_sam": world.grant("sam-soc", Role.SAMORDNARE, omrade_id=soc.omrade_id),
        "other_unit": world.chef("chef-barnhab"),
        "member": world.member("birger"),
        "convenor": world.convenor("birger"),
        "administrator": world.administrator("region-jh"),
        "revisor": world.actor("revisor"),
        "nobody": NOBODY,
    }
    case = world.report(
        reporter, "soc-2380", description=f"{WORDS['beskrivning']} kom sent.",
        proposal=f"{WORDS['forslag']} nästa gång.",
        managers_talked=True, managers_outcome=f"{WORDS['chefssamtal']} blev svaret.",
        immediate_action=f"{WORDS['omedelbar']} genast.", own_reference=WORDS["referens"], severity=2,
    )  # fmt: skip
    stage = Stage(world, client, case, people)
    if case.status is Status.SUBMITTED:
        stage.step("sender_sam", "fordela", receiver=world.position("chef-soc-2380").id, reason="")
    word = WORDS.__getitem__
    stage.step("former_chef", "anteckning", text=word("tidigareanteckning"))
    stage.step("former_chef", "lamna-over", receiver=world.position("chef-bup-behandling").id, reason=word("skal"))
    stage.step("receiver_chef", "ta-emot")
    stage.step("receiver_chef", "handlaggare", handler=people["handler"].user_id)
    stage.step("sender_sam", "anteckning", text=word("avsandaranteckning"))
    stage.step("handler", "anteckning", text=word("mottagaranteckning"))
    stage.step("sender_sam", "maska", masked_description=f"{word('maskerad')} kom sent.")
    stage.step("reporter", "komplettera", text=word("tillagt"))
    stage.step("handler", "fraga", text=word("fraga"))
    stage.step("reporter", "svara-pa-fraga", text=word("fragesvar"))
    stage.step("handler", "orsaker", factors=[FACTOR.code])
    stage.step("handler", "atgard", kind="M01", text=word("atgard"), due_on="2026-05-01")
    stage.step("receiver_chef", "lyft", text=f"{word('lyft')}, vem kallar?")
    question = session.scalars(select(GroupQuestion).where(GroupQuestion.avvikelse_id == case.id)).one()
    stage.step("sender_sam", "godkann-fraga", question=question.id, text=f"{word('lyft')}, vem kallar?")
    stage.step("sender_sam", "gruppmening", gruppmening=f"{word('gruppmening')} kom sent till mötet.")
    stage.become("convenor")
    decided = client.post(
        f"/grupper/{question.group_id}/fragor/{question.ref}",
        data={"decision": word("beslut"), "owner": "BUP", "due_on": "2026-05-01", "publish": "y"},
    )
    assert decided.status_code == 302, decided.status_code
    stage.step(
        "sender_chef", "lost-i-samtal", talk_on="2026-03-10", agreed=word("samtal"), to_reporter=word("samtalstext")
    )
    return stage


def answered(stage: Stage) -> None:
    parts = dict.fromkeys(("orsak", "atgard", "konsekvens", "uppfoljning"), f"Vi gjorde {WORDS['svarsdel']} i går.")
    stage.step("handler", "svara", kind="fyra_delar", **parts)


def outputs(stage: Stage) -> Iterator[tuple[str, int, bytes]]:
    """Every address that could carry something of the case: (address, status, body)."""
    ref = stage.case.ref
    # For whom the case is not there, no step is either (test_abuse.py asks all of them); a few stand for the rest here.
    steps = STEPS if stage.client.get(f"/avvikelser/{ref}").status_code == 200 else STEPS[:3]
    group = stage.world.group("birger").id
    addresses = [f"/avvikelser/{ref}", *(f"/avvikelser/{ref}/{step.slug}" for step in steps)]
    addresses += [f"/arenden?flik={tab.value}" for tab in Tab]
    addresses += [f"/sok?q={stage.case.number}", "/", "/mina-rapporter", "/grupper", f"/grupper/{group}/2026-03"]
    for address in addresses:
        answer = stage.client.get(address, headers={"Accept": "text/html"})
        yield address, answer.status_code, answer.data


# --- the tests --------------------------------------------------------------------------------------------------------


def test_everybody_reads_what_the_table_says_and_nothing_else(stage: Stage) -> None:
    seen: dict[str, set[str]] = {}
    statuses: dict[str, int] = {}
    factor_seen: set[str] = set()
    # A decision stands on the group's page until the reporter has got an answer.
    waiting = {persona: _words_seen(stage, persona)[0] for persona in sorted(GROUP)}
    answered(stage)
    for persona in PERSONAS:
        seen[persona], statuses[persona], factor = _words_seen(stage, persona)
        factor_seen |= {persona} if factor else set()
    for persona in PERSONAS:
        expected = {field for field, readers in READERS.items() if persona in readers}
        seen[persona] |= waiting.get(persona, set())
        leaked, missing = seen[persona] - expected, expected - seen[persona]
        assert not leaked, f"{persona} reads {sorted(leaked)}"
        assert not missing, f"{persona} does not read {sorted(missing)}"
    related = REPORTER | PARTIES | FORMER
    assert statuses == {p: 200 if p in related else 302 if p == "nobody" else 404 for p in PERSONAS}
    assert factor_seen == RECEIVER


def _words_seen(stage: Stage, persona: str) -> tuple[set[str], int, bool]:
    """Fields whose word stands in any answer, the status of the case page, whether the factor stands on it."""
    stage.become(persona)
    found: set[str] = set()
    status, factor = 0, False
    for address, code, body in outputs(stage):
        found |= {field for field, word in WORDS.items() if word.encode() in body}
        if address == f"/avvikelser/{stage.case.ref}":
            status, factor = code, FACTOR.name.encode() in body
        if persona not in REPORTER | PARTIES | FORMER:
            assert f'href="/avvikelser/{stage.case.ref}'.encode() not in body, f"{persona} gets a link in {address}"
    return found, status, factor


# What the holder of a receipt code reads of a case that is otherwise the same: what is said to her, and her own words.
BY_CODE = {
    "beskrivning", "maskerad", "forslag", "tillagt", "fraga", "fragesvar", "svarsdel", "atgard", "gruppmening", "lyft",
    "beslut",
}  # fmt: skip


def test_the_holder_of_a_code_reads_what_is_said_to_her_and_nothing_else(stage: Stage, session: Session) -> None:
    """On every page that the code opens; and neither who has the case, nor from whom, nor who reported."""
    answered(stage)
    stage.case.reporter_user_id, stage.case.channel = None, Channel.NO_ACCOUNT
    code = receipts.issue(session, stage.case, "kanariens egen nyckel")
    session.commit()
    stage.become("nobody")
    bodies = b""
    for language in LANGUAGES:
        shown = stage.client.submit(f"/utan-konto/folj/{language}", {"code": code}, action=f"/{language}")
        assert shown.status_code == 200
        refused = stage.client.submit(shown, {"rating": "nej", "reason": ""}, action="/betyg")
        assert refused.status_code == 422
        bodies += shown.data + refused.data
    seen = {field for field, word in WORDS.items() if word.encode() in bodies}
    assert seen == BY_CODE
    assert FACTOR.name.encode() not in bodies
    for slug in ("chef-bup-behandling", "chef-soc-2380"):
        assert stage.world.position(slug).title.encode() not in bodies
    assert stage.world.user("handlaggare-bup-behandling").name.encode() not in bodies


def test_no_word_reaches_a_mail_the_log_the_audit_detail_or_the_outbox(
    stage: Stage, app: Flask, database: Connection, session: Session, clock: Any
) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(20))
    try:
        with structlog.testing.capture_logs() as logged:
            answered(stage)
            stage.become("reporter")
            for _ in outputs(stage):
                pass
            refused = stage.client.post(
                f"/avvikelser/{stage.case.ref}/aterta", data={"reason": f"{WORDS['skal']} igen"}
            )
            assert refused.status_code == 409
    finally:
        request_log.configure(quiet=True)
    assert any(entry["event"] == "request" for entry in logged)
    mails = Mailbox(app, database, session, clock).send()
    assert len(mails) > 5
    places = {
        "log": json.dumps(logged, default=str),
        "mail": " ".join(f"{mail.items()} {mail.as_string()}" for mail in mails),
        "audit": json.dumps([row.detail for row in session.scalars(select(AuditEvent))], default=str),
        "outbox": json.dumps([mail.params for mail in session.scalars(select(OutboxMail))], default=str),
    }
    for place, text in places.items():
        leaked = [word for word in WORDS.values() if word in text]
        assert not leaked, f"{place}: {leaked}"


def test_who_has_let_the_case_go_reads_nothing_written_afterwards(stage: Stage, session: Session) -> None:
    """Also when the case stays inside her own område: a note written there after she let it go is not hers."""
    world, now = stage.world, stage.world.now
    handling.hand_over(
        session, stage.people["receiver_chef"], stage.case.ref, world.receiver("chef-barnhab"), "Gäller hab.", now=now
    )
    later = now + timedelta(hours=1)
    handling.add_note(session, stage.people["other_unit"], stage.case.ref, "kanarienysparv", now=later)
    seen, status, _ = _words_seen(stage, "receiver_chef")
    assert status == 200
    assert seen == {"mottagaranteckning", "skal"}
    for _, _, body in outputs(stage):
        assert b"kanarienysparv" not in body
    stage.become("other_unit")
    assert b"kanarienysparv" in stage.client.get(f"/avvikelser/{stage.case.ref}").data


def test_nobody_reads_the_others_answers_in_the_joint_room_before_both_have_sent(
    client: CheckingClient, session: Session, now: Any
) -> None:
    world = World.of(session, now)
    bup, soc, reporter = world.chef("chef-bup-behandling"), world.chef("chef-soc-2380"), world.reporter("skola-2380")
    case = world.report(reporter, "bup-behandling", severity=2)
    handling.hand_over(session, bup, case.ref, world.receiver("chef-soc-2380"), "Stöd i hemmet.", now=now)
    handling.hand_over(session, soc, case.ref, world.receiver("chef-bup-behandling"), "Vård.", now=now)
    assert case.status is Status.DISPUTED
    people = {
        "bup": bup,
        "soc": soc,
        "both_sams": world.samordnare("region-jh", "kommun-2380/social"),  # looks after both sides
        "reporter": reporter,
        "school": world.chef("chef-skola-2380"),
        "school_sam": world.grant("sam-skola", Role.SAMORDNARE, omrade_id=world.unit("skola-2380").omrade_id),
        "other_unit": world.chef("chef-barnhab"),
        "member": world.member("birger"),
        "convenor": world.convenor("birger"),
        "nobody": NOBODY,
    }
    stage = Stage(world, client, case, people)
    group = world.group("birger").id

    def readers(*words: str, also: tuple[str, ...] = ()) -> list[set[str]]:
        """Who reads each word, on any page; also on those."""
        addresses = [f"/avvikelser/{case.ref}", f"/avvikelser/{case.ref}/rum", "/arenden", "/"]
        addresses += [f"/grupper/{group}/fragor", f"/grupper/{group}", f"/grupper/{group}/2026-03", *also]
        read: dict[str, bytes] = {}
        for persona in people:
            stage.become(persona)
            read[persona] = b"".join(client.get(address).data for address in addresses)
        return [{persona for persona, bodies in read.items() if word.encode() in bodies} for word in words]

    def send(persona: str, step: str, /, **fields: Any) -> None:
        stage.become(persona)
        assert client.post(f"/avvikelser/{case.ref}/rum/{step}", data=fields).status_code == 302

    parties = {"bup", "soc", "both_sams"}
    send("bup", "svar", offer="kanarieett", need="kanarieett behov", hinder="Inget.")
    assert readers("kanarieett") == [{"bup"}]
    send("bup", "svar", offer="kanarieett", need="kanarieett igen", hinder="Inget.")  # until the other has sent
    send("soc", "svar", offer="kanarietva", need="Stöd.", hinder="kanarietva kö")
    assert readers("kanarieett", "kanarietva") == [parties, parties]
    stage.become("bup")
    late = client.post(f"/avvikelser/{case.ref}/rum/svar", data={"offer": "Nytt.", "need": "Nytt.", "hinder": "Nytt."})
    assert late.status_code == 409  # nobody changes an answer after having read the other's
    send("soc", "atagande", what="kanarietre", who="Enhetschef", when_on="2026-04-01")
    assert readers("kanarietre") == [parties]
    send("bup", "kostnad", band="below_50", own_share="40")
    send("soc", "kostnad-beslutare", decider="board", decide_by="2026-04-01")
    send("soc", "kostnad-beslut", decision="no", decided_on=now.date().isoformat(), why_not="kanariefem")
    send("bup", "avstamning", topic="both", how="phone", day=now.date().isoformat())
    send("soc", "avstamning-hallen", outcome="kanariesex", family_told="kanariesju")
    assert readers("kanariefem", "kanariesex", "kanariesju") == [parties] * 3
    send("bup", "inte-overens", reason="kanariefyra")
    question = session.scalars(select(GroupQuestion).where(GroupQuestion.avvikelse_id == case.id)).one()
    asked = f"/grupper/{group}/fragor/{question.ref}"
    lifted = ("kanarieett", "kanarietva", "kanarietre", "kanariefyra", "kanariefem")
    the_talk = ("kanariesex", "kanariesju")  # stays theirs
    assert readers(*lifted, *the_talk, also=(asked,)) == [parties | {"member", "convenor"}] * 5 + [parties] * 2
    stage.become("member")
    body = client.get(f"/grupper/{group}/fragor").data.decode()
    for slug in ("bup-behandling", "soc-2380"):
        assert world.unit(slug).name not in body  # kinds of units, no names
    for persona in parties | {"convenor"}:  # nobody finds the case by what stands in the room
        stage.become(persona)
        assert case.number not in client.get("/sok?q=kanarietva").text


def test_a_joint_answer_is_read_by_its_owners_until_both_have_said_yes(
    client: CheckingClient, session: Session, now: Any
) -> None:
    world = World.of(session, now)
    bup, soc, reporter = world.chef("chef-bup-behandling"), world.chef("chef-soc-2380"), world.reporter("skola-2380")
    case = world.report(reporter, "bup-behandling", severity=2)
    handling.hand_over(session, bup, case.ref, world.receiver("chef-soc-2380"), "Stöd i hemmet.", now=now)
    handling.hand_over(session, soc, case.ref, world.receiver("chef-bup-behandling"), "Vård.", now=now)
    rooms.meet(session, case.ref, bup, soc, now=now)
    people = {"bup": bup, "soc": soc, "reporter": reporter, "school": world.chef("chef-skola-2380")}
    stage = Stage(world, client, case, people)

    def readers(word: str) -> set[str]:
        found = set()
        for persona in people:
            stage.become(persona)
            if word.encode() in client.get(f"/avvikelser/{case.ref}").data:
                found.add(persona)
        return found

    parts = dict.fromkeys(("orsak", "atgard", "konsekvens", "uppfoljning", "no_atgard_reason"), "kanariegemensam")
    stage.step("bup", "svara", kind="fyra_delar", **parts)
    assert readers("kanariegemensam") == {"bup", "soc"}
    stage.step("soc", "bekrafta-svar")
    assert readers("kanariegemensam") == {"bup", "soc", "reporter", "school"}
