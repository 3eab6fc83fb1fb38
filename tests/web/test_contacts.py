"""*Kontaktvägar* through the front door (SCENARIOS MS25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import add_workdays, local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import RoleAssignment
from avvikelse.models.organisation import ContactReport, Enhet, EnhetKommun, Funktion, Position
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries import contacts
from avvikelse.services import organisation
from tests.support.browsing import Visitor, words
from tests.support.queries import counted
from tests.support.world import World

BUP = "/kontaktvagar/jamtland-harjedalen/bup-mottagning"
WRONG = f"{BUP}/stammer-inte"
LIST = "/kontaktvagar/stammer-inte"

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def app_client(app: Flask) -> Callable[[], FlaskClient]:
    """A browser of its own for a second person."""
    return app.test_client


@pytest.fixture
def teacher(world: World, client: FlaskClient) -> Visitor:
    return Visitor.of(client, world.session, world.reporter("skola-2380"), world.now)


def change(world: World, slug: str, **changes: object) -> Position:
    position = world.position(slug)
    values = {
        "title": position.title,
        "substitute_id": position.substitute_id,
        "vacant": position.vacant,
        "show_name": position.show_name,
    }
    organisation.change_position(world.session, SYSTEM, position.id, **(values | changes), now=world.now)  # type: ignore[arg-type]
    return position


def reach(world: World, slug: str, mailbox: str, phone: str) -> None:
    organisation.change_unit_contact(
        world.session, SYSTEM, world.unit(slug).id, mailbox=mailbox, phone=phone,
        assignment="Tar emot remisser från skola och primärvård.", now=world.now,
    )  # fmt: skip


# --- looking up


def test_a_teacher_finds_where_to_send_the_kallelse(world: World, teacher: Visitor) -> None:
    reach(world, "bup-mottagning", "bup.mottagning@exempel.se", "063-12 34 56")
    page = teacher.get("/kontaktvagar?q=bup+ostersund").get_data(as_text=True)
    assert 'href="tel:063123456"' in page
    assert 'href="mailto:bup.mottagning@exempel.se"' in page
    text = teacher.text("/kontaktvagar?q=bup+ostersund")
    for part in ("BUP mottagningsteam", "0–17 år", "Tar emot remisser från skola", "enhetschef BUP mottagningsteam"):
        assert part in text
    assert "ersättare" not in text.split("BUP mottagningsteam")[1].split("Stämmer inte?")[0]


@pytest.mark.parametrize(
    ("query", "unit"),
    [
        ("soctjänst Krokom", "Krokom"),
        ("KAA Östersund", "Kommunala aktivitetsansvaret"),
        ("UM östersund", "Ungdomsmottagning"),
        ("polisen", "Polis"),
    ],
)
def test_the_words_people_use(teacher: Visitor, query: str, unit: str) -> None:
    assert unit in teacher.text(f"/kontaktvagar?q={query}")


def test_the_substitute_stands_there_when_the_manager_is_away(world: World, teacher: Visitor) -> None:
    position = world.position("chef-bup-mottagning")
    today = local_date(world.now)
    organisation.add_absence(
        world.session, SYSTEM, position.id, from_on=today, to_on=today + timedelta(days=5), now=world.now
    )
    text = teacher.text(BUP)
    assert "Just nu: ersättare enhetschef BUP utredning och behandling" in text
    assert "Ordinarie: enhetschef BUP mottagningsteam (borta till och med 16 mars 2026)" in text


def test_vacant_without_substitute_goes_to_the_samordnare_and_last_to_itself(world: World, teacher: Visitor) -> None:
    change(world, "chef-bup-mottagning", vacant=True, substitute_id=None)
    assert "Just nu: ersättare Avvikelsekoordinator Region Jämtland Härjedalen" in teacher.text(BUP)
    friskola = world.session.scalars(select(Enhet).where(Enhet.kind == "friskola").order_by(Enhet.id)).first()
    assert friskola is not None
    change(world, friskola.positions[0].slug, vacant=True, substitute_id=None)
    text = teacher.text(f"/kontaktvagar/jamtland-harjedalen/{friskola.slug}")
    assert "Just nu vakant, och ingen ersättare är anmäld." in text


def test_a_manager_whose_time_has_run_out_is_not_shown(world: World, teacher: Visitor) -> None:
    world.chef("chef-bup-mottagning")
    assert "Just nu: ersättare" not in teacher.text(BUP)
    world.session.scalars(select(RoleAssignment).where(RoleAssignment.role == Role.CHEF)).one().valid_to = local_date(
        world.now
    ) - timedelta(days=1)
    organisation.bump(world.session, world.pack.id)  # as whoever ends a role does
    assert "(utan innehavare)" in teacher.text(BUP)


def test_no_name_unless_the_party_shows_it(world: World, teacher: Visitor) -> None:
    world.chef("chef-bup-mottagning")
    name = world.user("chef-bup-mottagning").name
    assert name not in teacher.text(BUP)
    change(world, "chef-bup-mottagning", show_name=True)
    assert name in teacher.text(BUP)


def test_a_closed_unit_points_to_its_successor(world: World, teacher: Visitor, clock: object) -> None:
    closing = world.session.scalars(select(Enhet).where(Enhet.successor_id.is_not(None))).one()
    reach(world, closing.slug, "gammal@exempel.se", "063-99 99 99")
    closing.active_to = local_date(world.now) - timedelta(days=1)
    text = teacher.text(f"/kontaktvagar/jamtland-harjedalen/{closing.slug}")
    assert "Enheten stängde 10 mars 2026. Vänd dig till" in text
    assert closing.successor is not None
    assert closing.successor.name in text
    assert "gammal@exempel.se" not in text
    assert "063-99 99 99" not in text


def test_says_what_to_do_when_nothing_is_found(teacher: Visitor) -> None:
    assert "Pröva med bara orten" in teacher.text("/kontaktvagar?q=xyzzy")
    near = teacher.text("/kontaktvagar?q=bup+xyzzy")
    assert "”xyzzy” hittades inte" in near
    assert "BUP mottagningsteam" in near


@pytest.mark.parametrize("query", ["", "+", "%00", "<b>x</b>", "%27;--", "a" * 5000, "%F0%9F%99%82"])
def test_odd_queries_are_answered_calmly(teacher: Visitor, query: str) -> None:
    response = teacher.get(f"/kontaktvagar?q={query}")
    assert response.status_code == 200
    assert "<b>x" not in response.get_data(as_text=True)


def test_only_for_people_who_are_logged_in(client: FlaskClient) -> None:
    assert client.get("/kontaktvagar").status_code == 302
    assert client.get(BUP).status_code == 302


@pytest.mark.parametrize(
    "address", ["/kontaktvagar/jamtland-harjedalen/finns-inte", "/kontaktvagar/annat/bup-mottagning"]
)
def test_unknown_units_are_404(teacher: Visitor, address: str) -> None:
    assert teacher.get(address).status_code == 404


def test_few_queries_also_with_a_thousand_units(world: World, now: datetime) -> None:
    session, model = world.session, world.unit("bup-mottagning")
    for number in range(1000):
        unit = Enhet(
            pack_id=model.pack_id, slug=f"stor-{number}", name=f"BUP enhet {number}", kind="bup",
            huvudman_id=model.huvudman_id, omrade_id=model.omrade_id, age_min=0, age_max=17,
        )  # fmt: skip
        unit.kommuner = [EnhetKommun(kommunkod="2380")]
        session.add(unit)
    organisation.bump(session, model.pack_id)
    session.expire_all()
    with counted(session) as cold:
        found = contacts.search(session, "bup östersund", local_date(now))
    assert found.total > 1000
    assert len(found.cards) == contacts.SHOWN
    session.expire_all()
    with counted(session) as warm:
        contacts.search(session, "bup östersund", local_date(now))
    assert (len(cold), len(warm)) == (26, 8)  # cold: the whole organisation, once per revision and process


# --- Stämmer inte?


def test_a_wrong_contact_lands_at_the_samordnare_with_a_day(
    world: World, teacher: Visitor, app_client: Callable[[], FlaskClient]
) -> None:
    samordnare = world.samordnare("region-jh")
    response = teacher.post(WRONG, on=BUP, text="Telefonen går till en annan mottagning.")
    assert (response.status_code, response.location) == (302, BUP)
    report = world.session.scalars(select(ContactReport)).one()
    assert report.due_on == add_workdays(local_date(world.now), 5)
    mail = world.session.scalars(select(OutboxMail)).one()
    assert (mail.notice, mail.recipient_user_id) == ("contact_report", samordnare.user_id)
    desk = Visitor.of(app_client(), world.session, samordnare, world.now)
    text = desk.text(LIST)
    assert "Telefonen går till en annan mottagning." in text
    assert "Rättas senast 18 mars 2026" in text
    assert desk.post(f"{LIST}/{report.id}/klar", on=LIST).status_code == 302
    assert "Inget väntar" in desk.text(LIST)
    events = set(world.session.scalars(select(AuditEvent.event)))
    assert {"contact_reported", "contact_report_done"} <= events


def test_the_same_words_twice_are_one_report(world: World, teacher: Visitor) -> None:
    for _ in range(2):
        teacher.post(WRONG, on=BUP, text="Fel nummer.")
    assert world.session.scalar(select(func.count()).select_from(ContactReport)) == 1


def test_without_samordnare_the_mailbox_of_the_funktion_is_told(world: World, teacher: Visitor) -> None:
    funktion = world.session.scalars(select(Funktion).where(Funktion.slug == "avvikelsekoordinator-region")).one()
    organisation.change_funktion_contact(
        world.session, SYSTEM, funktion.id, mailbox="avvikelse@exempel.se", phone="", now=world.now
    )
    teacher.post(WRONG, on=BUP, text="Fel nummer.")
    assert world.session.scalars(select(OutboxMail.recipient_mailbox)).one() == "avvikelse@exempel.se"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Skriv vad som inte stämmer."),
        ("x" * 501, "Skriv högst 500 tecken."),
        ("Ring 070-123 45 67 i stället", ""),
        ("Eleven har personnummer 20120115-2385", ""),
    ],
)
def test_refused_texts_are_neither_stored_nor_sent(world: World, teacher: Visitor, text: str, sentence: str) -> None:
    response = teacher.post(WRONG, on=BUP, text=text)
    assert response.status_code == 422
    assert sentence in words(response)
    assert world.session.scalars(select(ContactReport)).all() == []
    assert world.session.scalars(select(OutboxMail)).all() == []


def test_others_reports_do_not_exist(world: World, teacher: Visitor, app_client: Callable[[], FlaskClient]) -> None:
    teacher.post(WRONG, on=BUP, text="Fel nummer.")
    report = world.session.scalars(select(ContactReport)).one()
    other = Visitor.of(app_client(), world.session, world.samordnare("kommun-2380/social"), world.now)
    assert "Fel nummer" not in other.text(LIST)
    assert other.post(f"{LIST}/{report.id}/klar", on=BUP).status_code == 404
    assert other.post(f"{LIST}/{report.id + 1}/klar", on=BUP).status_code == 404
    assert teacher.get(LIST).status_code == 403
    assert teacher.post(f"{LIST}/{report.id}/klar", on=BUP).status_code == 403
    assert report.done_at is None


def test_a_report_without_token_is_refused(teacher: Visitor) -> None:
    teacher.client.csrf = False  # type: ignore[attr-defined]
    assert teacher.client.post(WRONG, data={"text": "Fel nummer."}).status_code == 400
