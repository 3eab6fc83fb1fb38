"""Snabbvarningar: a few words to all units of a kind, who sees them, who may send them, and who has read (F 5.09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import RoleAssignment
from avvikelse.models.organisation import Enhet
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.safety_warnings import SafetyWarning, SafetyWarningUnit
from avvikelse.queries.safety_warnings import senders, units_of
from avvikelse.services.safety_warnings import LONGEST, WarningWords, send
from tests.support.client import CheckingClient
from tests.support.login import form, log_in
from tests.support.mailbox import Mailbox
from tests.support.queries import counted
from tests.support.world import World

WATCH = "Kallelser med posten har kommit fram först efter mötet."
DO = "Skicka kallelsen till brevlådan i kontaktvägarna och ring om ingen svarar."
PAGE = "/snabbvarningar"


@dataclass
class Stage:
    """Östersund: a school, a preschool, the social services, BUP; two samordnare and the convenor of Birger."""

    world: World
    app: Flask
    clock: Any

    def __post_init__(self) -> None:
        world = self.world
        self.teacher = world.reporter("skola-2380", "larare")
        self.head = world.chef("chef-skola-2380")
        self.school = world.samordnare("kommun-2380/utbildning")
        self.social = world.samordnare("kommun-2380/social")
        self.convenor = world.convenor("birger")
        self.nurse = world.reporter("bup-behandling", "sjukskoterska")
        self.bup = world.chef("chef-bup-behandling")

    @property
    def today(self) -> date:
        return local_date(self.clock.now)

    def client(self, actor: Actor) -> CheckingClient:
        client = self.app.test_client()
        assert isinstance(client, CheckingClient)
        log_in(client, actor.user_id or 0)
        return client

    def words(self, **changes: Any) -> dict[str, Any]:
        sender = f"o{self.world.omrade('kommun-2380/utbildning').id}"
        fields = {
            "sender": sender, "kinds": ["grundskola"], "watch_for": WATCH, "do_now": DO,
            "last_on": (self.today + timedelta(days=14)).isoformat(),
        }  # fmt: skip
        return fields | changes

    def send(self, actor: Actor, **changes: Any) -> Any:
        client = self.client(actor)
        return client.post(f"{PAGE}/ny", data=form(client, **self.words(**changes)))

    def sent(self, actor: Actor | None = None, **changes: Any) -> str:
        """The ref of one that has been sent."""
        answer = self.send(actor or self.school, **changes)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return str(answer.location).rsplit("/", 1)[-1]

    def group_words(self, *kinds: str) -> dict[str, Any]:
        return {"sender": f"g{self.world.group('birger').id}", "kinds": list(kinds)}

    def sees(self, actor: Actor) -> bool:
        """On both pages, or on neither."""
        client = self.client(actor)
        start = WATCH in client.get("/").get_data(as_text=True)
        board = WATCH in client.get("/laget", follow_redirects=True).get_data(as_text=True)
        assert start == board
        return start


@pytest.fixture
def stage(world: World, app: Flask, clock: Any) -> Stage:
    return Stage(world, app, clock)


def mails(session: Session) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).where(OutboxMail.notice == Notice.SAFETY_WARNING.value)))


# --- from the form to the pages ---------------------------------------------------------------------------------------


def test_a_samordnare_warns_the_schools_of_her_omrade(stage: Stage, session: Session, mailbox: Mailbox) -> None:
    client = stage.client(stage.school)
    page = client.get(f"{PAGE}/ny").get_data(as_text=True)
    assert "Grundskola (1\N{NO-BREAK SPACE}enhet)" in page
    sent = client.submit(f"{PAGE}/ny", stage.words(), button="Skicka varningen")
    assert sent.status_code == 303
    assert stage.sees(stage.teacher)
    assert stage.sees(stage.head)
    mail = mailbox.send()[-1]
    assert mail["To"] == "chef-skola-2380@example.org"
    assert WATCH not in str(mail)
    assert DO not in str(mail)
    event = session.scalars(select(AuditEvent).where(AuditEvent.event == Event.WARNING_SENT)).one()
    assert (event.user_id, event.role) == (stage.school.user_id, Role.SAMORDNARE.value)
    assert WATCH not in str(event.detail)


def test_other_units_and_other_kinds_see_nothing(stage: Stage) -> None:
    stage.sent()
    preschool = stage.world.reporter("forskola-2380", "forskollarare")
    for actor in (stage.nurse, stage.bup, preschool, stage.social, stage.convenor):
        assert not stage.sees(actor)


def test_a_convenor_reaches_across_huvudman_and_no_further_than_the_groups_area(stage: Stage, session: Session) -> None:
    ref = stage.sent(stage.convenor, **stage.group_words("grundskola", "bup"))
    assert stage.sees(stage.teacher)
    assert stage.sees(stage.nurse)
    reached = session.scalars(
        select(Enhet)
        .join(SafetyWarningUnit, SafetyWarningUnit.enhet_id == Enhet.id)
        .join(SafetyWarning, SafetyWarning.id == SafetyWarningUnit.warning_id)
        .where(SafetyWarning.ref == ref)
    ).all()
    assert {unit.kind for unit in reached} == {"grundskola", "bup"}
    assert all("2380" in {one.kommunkod for one in unit.kommuner} for unit in reached)
    elsewhere = select(Enhet.id).where(Enhet.kind == "grundskola", Enhet.id.not_in([unit.id for unit in reached]))
    assert session.scalars(elsewhere).all()  # there are schools in other kommuner, which are not reached


def test_a_unit_that_has_closed_is_not_reached(stage: Stage, session: Session) -> None:
    stage.world.unit("skola-2380").active_to = stage.today - timedelta(days=1)
    session.flush()
    answer = stage.send(stage.school)
    assert answer.status_code == 422
    assert session.scalars(select(SafetyWarning.id)).all() == []


# --- who may ----------------------------------------------------------------------------------------------------------


def test_nobody_speaks_in_anothers_name(stage: Stage, session: Session) -> None:
    social = f"o{stage.world.omrade('kommun-2380/social').id}"
    for changes in ({"sender": social, "kinds": ["socialtjanst_bou"]}, stage.group_words("grundskola")):
        assert stage.send(stage.school, **changes).status_code == 422
    assert stage.send(stage.convenor).status_code == 422
    other = stage.world.convenor("jamtbus-regionalt")
    assert stage.send(other, **stage.group_words("grundskola")).status_code == 422
    for actor in (stage.teacher, stage.head, stage.nurse, stage.world.member("birger")):
        client = stage.client(actor)
        assert client.get(f"{PAGE}/ny").status_code == 403
        assert stage.send(actor).status_code == 403
    assert session.scalars(select(SafetyWarning.id)).all() == []
    assert mails(session) == []


def test_the_service_refuses_it_too(stage: Stage, session: Session, now: Any) -> None:
    """The form offers no foreign sender; whoever goes round it meets the same rule."""
    words = WarningWords(
        f"o{stage.world.omrade('kommun-2380/social').id}", ("socialtjanst_bou",), WATCH, DO, stage.today
    )
    for actor in (stage.school, stage.head, stage.teacher, stage.convenor):
        with pytest.raises(Forbidden):
            send(session, actor, words, now=now)


def test_others_warnings_are_not_there(stage: Stage) -> None:
    ref = stage.sent()
    for actor, status in ((stage.social, 404), (stage.convenor, 404), (stage.teacher, 403), (stage.head, 403)):
        client = stage.client(actor)
        assert client.get(f"{PAGE}/{ref}").status_code == status
        assert client.post(f"{PAGE}/{ref}/ta-tillbaka", data=form(client)).status_code == status
    assert WATCH not in stage.client(stage.social).get(PAGE).get_data(as_text=True)
    assert stage.sees(stage.teacher)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"watch_for": ""}, "Skriv vad de ska se upp med."),
        ({"do_now": "  "}, "Fyll i fältet"),
        ({"watch_for": "ord " * LONGEST}, "Skriv högst 300 tecken."),
        ({"kinds": []}, "Välj minst ett slag."),
        ({"last_on": "2026-03-10"}, "Dagen har redan varit."),
        ({"last_on": "2026-12-24"}, "högst 90 dagar"),
        ({"watch_for": "Ring mamman på 070-174 06 11 om pojken."}, "telefonnummer"),
        ({"do_now": "Gäller 20120304-2386 i sexan."}, "personnumret"),
    ],
)
def test_what_does_not_hold_is_said_at_the_field(
    stage: Stage, session: Session, changes: dict[str, Any], sentence: str
) -> None:
    answer = stage.send(stage.school, **changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert (DO if "do_now" not in changes else WATCH) in page
    assert session.scalars(select(SafetyWarning.id)).all() == []


def test_a_kind_that_the_sender_does_not_have_is_said(stage: Stage) -> None:
    both = stage.world.grant(
        "samordnare-kommun-2380-utbildning", Role.SAMMANKALLANDE, group_id=stage.world.group("birger").id
    )
    answer = stage.send(both, kinds=["bup"])
    assert answer.status_code == 422
    assert "Välj bland de slags enheter som finns där" in answer.get_data(as_text=True)


# --- read, taken back, over -------------------------------------------------------------------------------------------


def test_the_manager_says_that_it_is_read(stage: Stage, session: Session) -> None:
    ref = stage.sent()
    head = stage.client(stage.head)
    assert "0 av 1 enheter har läst" in stage.client(stage.school).get(f"{PAGE}/{ref}").get_data(as_text=True)
    assert head.submit("/", button="Läst").location == "/"
    assert stage.sees(stage.head)  # it stays until its last day
    assert ">Läst<" not in head.get("/").get_data(as_text=True)
    page = stage.client(stage.school).get(f"{PAGE}/{ref}").get_data(as_text=True)
    assert "1 av 1 enheter har läst" in page
    assert stage.head.name not in page  # units are listed, never people
    head.post(f"{PAGE}/{ref}/last", data=form(head))
    read = session.scalars(select(AuditEvent).where(AuditEvent.event == Event.WARNING_READ)).all()
    assert [(one.user_id, one.enhet_id) for one in read] == [(stage.head.user_id, stage.world.unit("skola-2380").id)]


def test_only_the_units_own_manager_says_so(stage: Stage, session: Session) -> None:
    ref = stage.sent()
    assert ">Läst<" not in stage.client(stage.teacher).get("/").get_data(as_text=True)
    for actor, status in ((stage.teacher, 403), (stage.school, 403), (stage.bup, 404)):
        client = stage.client(actor)
        assert client.post(f"{PAGE}/{ref}/last", data=form(client)).status_code == status
    assert session.scalars(select(SafetyWarningUnit.read_at)).all() == [None]


def test_taken_back_it_is_gone_and_its_mail_is_not_sent(stage: Stage, session: Session, mailbox: Mailbox) -> None:
    ref = stage.sent()
    client = stage.client(stage.school)
    assert client.submit(f"{PAGE}/{ref}", button="Ta tillbaka varningen").location == PAGE
    assert not stage.sees(stage.teacher)
    assert mailbox.send() == []
    assert "Tillbakatagen" in client.get(PAGE).get_data(as_text=True)
    assert client.post(f"{PAGE}/{ref}/ta-tillbaka", data=form(client)).status_code == 409
    head = stage.client(stage.head)
    assert head.post(f"{PAGE}/{ref}/last", data=form(head)).status_code == 404
    assert session.scalars(select(AuditEvent.event).where(AuditEvent.event == Event.WARNING_WITHDRAWN)).all()


def test_whoever_takes_over_as_samordnare_may_take_it_back(stage: Stage) -> None:
    ref = stage.sent()
    omrade = stage.world.omrade("kommun-2380/utbildning").id
    client = stage.client(stage.world.grant("ny-samordnare", Role.SAMORDNARE, omrade_id=omrade))
    assert client.submit(f"{PAGE}/{ref}", button="Ta tillbaka varningen").status_code == 303
    assert not stage.sees(stage.teacher)


def test_after_its_last_day_it_is_over(stage: Stage, clock: Any) -> None:
    ref = stage.sent(last_on=stage.today.isoformat())
    assert stage.sees(stage.teacher)
    clock.move(days=1)
    assert not stage.sees(stage.teacher)
    assert "Har slutat visas" in stage.client(stage.school).get(PAGE).get_data(as_text=True)
    assert "Ta tillbaka" not in stage.client(stage.school).get(f"{PAGE}/{ref}").get_data(as_text=True)


def test_read_before_the_mail_leaves_no_mail_is_sent(stage: Stage, mailbox: Mailbox) -> None:
    stage.sent()
    stage.client(stage.head).submit("/", button="Läst")
    assert mailbox.send() == []


def test_whoever_has_left_the_unit_gets_no_mail(stage: Stage, session: Session, mailbox: Mailbox) -> None:
    stage.sent()
    held = select(RoleAssignment).where(RoleAssignment.user_id == stage.head.user_id)
    session.scalars(held).one().valid_to = stage.today - timedelta(days=1)
    session.flush()
    assert [mail["To"] for mail in mailbox.send()] == []


def test_a_unit_without_manager_gets_it_in_its_mailbox(stage: Stage, session: Session) -> None:
    stage.world.unit("forskola-2380").function_mailbox = "forskolan@ostersund.example"
    session.flush()
    stage.sent(kinds=["forskola"])
    assert [one.recipient_mailbox for one in mails(session)] == ["forskolan@ostersund.example"]


# --- the cost ---------------------------------------------------------------------------------------------------------


def test_the_start_page_asks_once_however_many_there_are(stage: Stage, session: Session) -> None:
    client = stage.client(stage.head)
    client.get("/")
    with counted(session) as none:
        client.get("/")
    for _ in range(8):
        stage.sent()
    with counted(session) as many:
        page = client.get("/").get_data(as_text=True)
    assert page.count(WATCH) == 5  # the newest
    assert len(many) == len(none)


def test_whoever_works_at_no_unit_is_not_asked_about(stage: Stage, session: Session) -> None:
    client = stage.client(stage.school)
    client.get("/")
    with counted(session) as statements:
        client.get("/")
    assert not any("safety_warning" in str(one) for one in statements)


def test_the_senders_are_the_actors_own(stage: Stage, session: Session) -> None:
    (school,) = senders(session, stage.school, stage.today)
    kinds = {code for code, _, _ in school.kinds}
    assert {"grundskola", "forskola", "elevhalsa"} <= kinds
    assert not kinds & {"socialtjanst_bou", "bup", "lss", "hvb", "vardcentral"}
    assert units_of(session, school, ["grundskola"], stage.today) == (stage.world.unit("skola-2380").id,)
    assert units_of(session, school, ["bup"], stage.today) == ()
    assert [one.key[0] for one in senders(session, stage.convenor, stage.today)] == ["g"]
    assert senders(session, stage.head, stage.today) == ()
