"""What abuse gets (SECRECY 4): for each case the answer, and that nothing was written or sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Role, Status
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, Party, Transfer
from avvikelse.models.dialogue import Answer, Note, Question
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import dialogue, handling, ladder
from avvikelse.web.case_steps import STEPS
from tests.support.client import CheckingClient
from tests.support.login import log_in
from tests.support.mailbox import Mailbox
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
SECRET = "kanariefjäder"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}"
ROWS = (Avvikelse, Party, Transfer, Note, Question, Answer, OutboxMail, RoleAssignment)


@dataclass
class Scene:
    """A school's case at BUP, and a browser that can be anybody's."""

    world: World
    client: CheckingClient
    case: Avvikelse

    @property
    def page(self) -> str:
        return f"/avvikelser/{self.case.ref}"

    def be(self, actor: Actor) -> CheckingClient:
        assert actor.user_id is not None
        log_in(self.client, actor.user_id)
        return self.client

    def texts(self) -> tuple[Any, ...]:
        """All that a write would change: rows per table, and the case's own columns."""
        session = self.world.session
        session.flush()
        counts = tuple(session.scalar(select(func.count()).select_from(model)) for model in ROWS)
        session.refresh(self.case)
        return (*counts, self.case.status, self.case.version_id, self.case.description, self.case.severity)

    @contextmanager
    def nothing_happens(self) -> Iterator[None]:
        before = self.texts()
        yield
        assert self.texts() == before


@pytest.fixture
def scene(client: CheckingClient, session: Session, now: datetime) -> Scene:
    world = World.of(session, now)
    case = world.report(
        world.reporter("skola-2380"), "bup-behandling", description=f"{SECRET} kom sent till mötet.", severity=2
    )
    world.chef("chef-bup-behandling")
    return Scene(world, client, case)


def bup(scene: Scene) -> Actor:
    return scene.world.actor("chef-bup-behandling")


def refused_like_missing(scene: Scene, answer: TestResponse, missing: str) -> None:
    """404, and word for word the page of an address that does not exist."""
    assert answer.status_code == 404
    assert answer.data == scene.client.open(missing, method=answer.request.method).data


# --- A01, A15: somebody else's case -----------------------------------------------------------------------------------

STRANGERS = {
    "other_unit": lambda world: world.chef("chef-barnhab"),
    "colleague": lambda world: world.reporter("skola-2380", "kollega"),
    "unnamed_handler": lambda world: world.handler("bup-behandling"),
    "convenor": lambda world: world.convenor("birger"),
    "member": lambda world: world.member("birger"),
    "administrator": lambda world: world.administrator("region-jh"),
    "administrator_sender": lambda world: world.administrator("kommun-2380"),
    "other_samordnare": lambda world: world.samordnare("kommun-2380/social"),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a01_the_case_of_others_does_not_exist(scene: Scene, who: str) -> None:
    client = scene.be(STRANGERS[who](scene.world))
    with scene.nothing_happens():
        for tail in ("", "?format=json", "?format=csv", "?user_id=1", *(f"/{step.slug}" for step in STEPS[:6])):
            for method in ("GET", "HEAD"):
                client.lint = method == "GET"
                answer = client.open(scene.page + tail, method=method, headers={"Accept": "text/html"})
                refused_like_missing(scene, answer, f"/avvikelser/finnsinteref{tail}")
                assert SECRET.encode() not in answer.data
        for tail in (".css", ".json", ".pdf", ".csv", "/historik", "/export.csv", "/x.css", "/.css", "/"):
            assert client.get(scene.page + tail).status_code == 404, tail
        answer = client.get(scene.page, headers={"Accept": "application/json"})
        assert answer.status_code == 404
        for step in STEPS:
            assert client.post(f"{scene.page}/{step.slug}", data={"text": "Jag vill in hit"}).status_code == 404


def test_a01_the_suffixes_open_nothing_for_those_who_may_read_either(scene: Scene) -> None:
    client = scene.be(bup(scene))
    assert client.get(scene.page).status_code == 200
    for tail in (".css", ".json", ".pdf", "/historik", "/export.csv", "/x.css"):
        assert client.get(scene.page + tail).status_code == 404, tail


def test_without_log_in_every_address_leads_to_the_log_in(scene: Scene) -> None:
    with scene.nothing_happens():
        assert scene.client.get(scene.page).location.startswith("/logga-in")
        assert scene.client.get(scene.page, headers={"Accept": "application/json"}).status_code == 401
        assert scene.client.post(f"{scene.page}/ta-emot").status_code in {302, 400, 401}


# --- A03: the sender's notes ------------------------------------------------------------------------------------------


def test_a03_the_senders_notes_have_no_address_and_no_empty_place(scene: Scene) -> None:
    world, note = scene.world, "kanarienot"
    handling.add_note(world.session, world.samordnare("kommun-2380/utbildning"), scene.case.ref, note, now=world.now)
    client = scene.be(bup(scene))
    for tail in ("/anteckningar", "/notes", "/anteckning/1", "?anteckningar=alla", "?side=sender", "/anteckning"):
        answer = client.get(scene.page + tail)
        assert note.encode() not in answer.data
        assert "Interna anteckningar" not in answer.text
        assert answer.status_code == (200 if tail.startswith("?") or tail == "/anteckning" else 404)
    # A field about the side makes her note hers all the same.
    fields = {"text": "Vår egen", "omrade_id": str(world.unit("skola-2380").omrade_id), "side": "sender"}
    assert client.post(f"{scene.page}/anteckning", data=fields).status_code == 302
    written = world.session.scalars(select(Note).where(Note.text == "Vår egen")).one()
    assert written.omrade_id == world.unit("bup-behandling").omrade_id


# --- A07: the old link ------------------------------------------------------------------------------------------------


def test_a07_after_handing_over_the_old_links_carry_nothing_shared(scene: Scene) -> None:
    world, client = scene.world, scene.be(bup(scene))
    assert SECRET in client.get(scene.page).text
    handling.hand_over(
        world.session, bup(scene), scene.case.ref, world.receiver("chef-soc-2380"), "Gäller stöd.", now=world.now
    )
    with scene.nothing_happens():
        left = client.get(scene.page)
        assert left.status_code == 200
        assert SECRET not in left.text
        taken_back = client.get(f"{scene.page}/ta-tillbaka")  # the one step that is left to her
        assert taken_back.status_code == 200
        assert SECRET not in taken_back.text
        for step in STEPS:
            if step.slug == "ta-tillbaka":
                continue
            assert client.get(f"{scene.page}/{step.slug}").status_code == 404, step.slug
            fields = {"text": "Jag fortsätter", "reason": "Jag fortsätter"}
            assert client.post(f"{scene.page}/{step.slug}", data=fields).status_code == 404, step.slug


# --- A09, A33: wrong state, stale version -----------------------------------------------------------------------------


def test_a09_a_step_in_the_wrong_state_keeps_the_text_and_tells_nobody(scene: Scene) -> None:
    handling.accept(scene.world.session, bup(scene), scene.case.ref, now=scene.world.now)
    client, typed = scene.be(scene.world.actor("rapportor-skola-2380")), "Jag ångrar mig och tar tillbaka"
    with scene.nothing_happens():
        for slug, fields in (("aterta", {"reason": typed}), ("betyg", {"rating": "nej", "reason": typed})):
            answer = client.post(f"{scene.page}/{slug}", data=fields)
            assert answer.status_code == 409, slug
            assert typed in answer.text
        client = scene.be(bup(scene))
        assert client.post(f"{scene.page}/ta-emot").status_code == 409  # taken already


def test_a09_a_manager_answers_once(scene: Scene) -> None:
    client = scene.be(bup(scene))
    parts = dict.fromkeys(("orsak", "atgard", "konsekvens", "uppfoljning", "no_atgard_reason"), "Vi ser över rutinen.")
    fields = {"kind": "fyra_delar", **parts}
    assert client.post(f"{scene.page}/svara", data=fields).status_code == 302
    with scene.nothing_happens():
        again = client.post(f"{scene.page}/svara", data=fields)
        assert again.status_code == 409
        assert "Vi ser över rutinen." in again.text


def test_a33_of_two_who_save_one_is_told_and_keeps_the_text(scene: Scene) -> None:
    world = scene.world
    sender, receiver = world.samordnare("kommun-2380/utbildning"), world.samordnare("region-jh")
    scene.world.session.refresh(scene.case)
    seen = str(scene.case.version_id)
    first = "Kallelsen kom sent till ett möte."
    saved = scene.be(sender).post(f"{scene.page}/gruppmening", data={"version": seen, "gruppmening": first})
    assert saved.status_code == 302
    typed = "Tiden för mötet blev inte känd för alla."
    client = scene.be(receiver)
    with scene.nothing_happens():
        late = client.post(f"{scene.page}/gruppmening", data={"version": seen, "gruppmening": typed})
        assert late.status_code == 409
        assert typed in late.text
    world.session.refresh(scene.case)
    assert scene.case.gruppmening == first


def test_a32_the_same_press_twice_is_one_step(scene: Scene) -> None:
    client = scene.be(bup(scene))
    version = str(scene.case.version_id)
    assert client.post(f"{scene.page}/ta-emot", data={"version": version}).status_code == 302
    with scene.nothing_happens():
        assert client.post(f"{scene.page}/ta-emot", data={"version": version}).status_code == 409


# --- A16, A18: being somebody else ------------------------------------------------------------------------------------


def test_a18_no_header_or_parameter_makes_one_somebody_else(scene: Scene) -> None:
    other = scene.world.chef("chef-barnhab")
    mine = bup(scene).user_id
    client = scene.be(other)
    headers = {"X-User": str(mine), "X-Forwarded-User": "chef-bup-behandling@example.org", "Remote-User": str(mine)}
    with scene.nothing_happens():
        assert client.get(f"{scene.page}?user_id={mine}&login_as={mine}", headers=headers).status_code == 404
        assert client.get(f"/login-as/{mine}").status_code == 404
        assert client.get(f"/login-as?user_id={mine}").status_code == 404
        fields = {"user_id": str(mine), "actor": str(mine)}
        assert client.post(f"{scene.page}/ta-emot", data=fields, headers=headers).status_code == 404
    assert scene.case.status is Status.ASSIGNED


def test_a_role_that_is_taken_away_bites_at_the_next_request(scene: Scene) -> None:
    client = scene.be(bup(scene))
    assert client.get(scene.page).status_code == 200
    held = scene.world.session.scalars(
        select(RoleAssignment).where(RoleAssignment.user_id == bup(scene).user_id, RoleAssignment.role == Role.CHEF)
    ).one()
    held.valid_from, held.valid_to = held.valid_from - timedelta(days=9), held.valid_from - timedelta(days=1)
    with scene.nothing_happens():
        assert client.get(scene.page).status_code == 404
        assert client.post(f"{scene.page}/ta-emot").status_code == 404


# --- A24, A38: forms --------------------------------------------------------------------------------------------------


def test_a24_a_post_from_elsewhere_is_refused_with_the_text_given_back(scene: Scene) -> None:
    client = scene.be(bup(scene))
    client.csrf = False
    typed = "En mening som jag har skrivit"
    with scene.nothing_happens():
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "0" * 64}):
            for slug in ("ta-emot", "anteckning", "fraga"):
                answer = client.post(f"{scene.page}/{slug}", data={"text": typed, **token})
                assert answer.status_code == 400
                assert typed in answer.text


def test_a24_no_get_changes_a_case(scene: Scene) -> None:
    client = scene.be(bup(scene))
    with scene.nothing_happens():
        for step in STEPS:
            client.get(f"{scene.page}/{step.slug}?text=Hej+hej&agreed=ja&reason=Ett+skäl&rating=ja&kind=snabbsvar")
            client.get(f"{scene.page}?_method=POST&action={step.slug}")


def test_a38_what_the_form_does_not_ask_is_not_taken(scene: Scene) -> None:
    world = scene.world
    client = scene.be(bup(scene))
    forged = {
        "status": "closed", "severity": "0", "sender_enhet_id": "1", "reporter_user_id": "1", "outcome": "answered",
        "position_id": "1", "handler_user_id": "1", "gruppmening_approved_at": "2026-01-01", "due_on": "2030-01-01",
    }  # fmt: skip
    assert client.post(f"{scene.page}/ta-emot", data=forged).status_code == 302
    world.session.refresh(scene.case)
    case = scene.case
    assert (case.status, case.severity, case.outcome) == (Status.IN_PROGRESS, 2, None)
    assert case.reporter_user_id == world.user("rapportor-skola-2380").id
    assert case.due_on != date(2030, 1, 1)
    with scene.nothing_happens():
        # A receiver or handläggare that the list did not offer, another case's question, an unknown code.
        for slug, fields in (
            ("lamna-over", {"receiver": "999999", "reason": "Hör hemma hos er"}),
            ("handlaggare", {"handler": str(world.user("rapportor-skola-2380").id)}),
            ("orsaker", {"factors": "finns-inte"}),
            ("koda", {"category": "ZZ", "severity": "9"}),
        ):
            assert client.post(f"{scene.page}/{slug}", data=fields).status_code == 422, slug


def test_a38_the_approval_of_a_question_is_the_senders_samordnares(scene: Scene) -> None:
    client = scene.be(bup(scene))
    with scene.nothing_happens():
        fields = {"gruppmening": "En mening om en kallelse.", "approved": "ja"}
        assert client.post(f"{scene.page}/gruppmening", data=fields).status_code == 403
        assert client.post(f"{scene.page}/godkann-mening").status_code == 403
        assert client.post(f"{scene.page}/maska", data={"masked_description": "Något helt annat"}).status_code == 403


# --- A25: markup ------------------------------------------------------------------------------------------------------


def test_a25_markup_is_shown_as_it_was_written(scene: Scene) -> None:
    world, session, ref = scene.world, scene.world.session, scene.case.ref
    session.get_one(User, bup(scene).user_id).name = MARKUP
    world.unit("skola-2380").name = MARKUP
    scene.case.description = scene.case.proposal = scene.case.gruppmening = MARKUP
    handling.add_note(session, bup(scene), ref, MARKUP, now=world.now)
    dialogue.ask(session, bup(scene), ref, MARKUP, now=world.now)
    client = scene.be(bup(scene))
    pages = [scene.page, f"{scene.page}/anteckning", f"/sok?q={scene.case.number}", "/arenden?flik=enheten", "/"]
    for address in (*pages, "/sok?q=%3Cscript%3Ealert(1)%3C/script%3E", "/arenden?flik=%3Cscript%3E&status=%3Cb%3E"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    shown = client.get(scene.page).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "{{ 7*7 }}" in shown
    refused = client.post(f"{scene.page}/betyg", data={"reason": MARKUP, "rating": "nej"})
    assert "<script>alert" not in refused.text


# --- A39: a queued mail and a case that moves -------------------------------------------------------------------------


def test_a39_a_reminder_to_who_no_longer_has_the_case_is_dropped(
    scene: Scene, app: Flask, database: Connection, clock: Any
) -> None:
    world, session = scene.world, scene.world.session
    world.chef("chef-soc-2380")
    box = Mailbox(app, database, session, clock)
    box.send()
    later = clock.move(days=60)
    assert ladder.climb(session, later) > 0
    queued = session.scalars(select(OutboxMail).where(OutboxMail.sent_at.is_(None))).all()
    assert bup(scene).user_id in {mail.recipient_user_id for mail in queued}
    handling.hand_over(session, bup(scene), scene.case.ref, world.receiver("chef-soc-2380"), "Stöd.", now=later)
    already = len(box.send())
    to_bup = session.scalars(select(OutboxMail).where(OutboxMail.recipient_user_id == bup(scene).user_id)).all()
    reminder = [mail for mail in to_bup if mail.notice.startswith("remind")]
    assert [(mail.sent_at, mail.dropped_at is not None) for mail in reminder] == [(None, True)] * len(reminder)
    assert reminder
    assert already


def test_a39_a_named_handlaggare_who_has_left_gets_no_mail(
    scene: Scene, app: Flask, database: Connection, clock: Any
) -> None:
    """The mail goes to the manager instead, so that the case is nobody's."""
    world, session = scene.world, scene.world.session
    handler = world.handler("bup-behandling", "hedda")
    handling.name_handler(session, bup(scene), scene.case.ref, handler.user_id, now=world.now)
    held = session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == handler.user_id)).one()
    held.valid_to = world.now.date()
    later = clock.move(days=60)
    ladder.climb(session, later)
    told = session.scalars(
        select(OutboxMail.recipient_user_id).where(
            OutboxMail.created_at == later, OutboxMail.notice.startswith("remind")
        )
    ).all()
    assert bup(scene).user_id in told
    assert handler.user_id not in told


# --- every refusal is remembered --------------------------------------------------------------------------------------


def test_a_refusal_is_in_the_log_without_what_was_typed(scene: Scene) -> None:
    client = scene.be(scene.world.chef("chef-barnhab"))
    client.post(f"{scene.page}/anteckning", data={"text": f"{SECRET} vill jag läsa"})
    newest = scene.world.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert newest.event == "refused"
    assert newest.detail["status"] == 404
    assert SECRET not in str(newest.detail)
