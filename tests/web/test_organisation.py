"""The administrator's pages through the front door: what they change, and for whom they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import RoleAssignment
from avvikelse.models.organisation import Funktion, Pack
from avvikelse.queries import organisation as reads
from avvikelse.queries.organisation_map import mapping_of
from tests.support.browsing import Visitor, words
from tests.support.queries import counted
from tests.support.world import World

HOME = "/organisation/jamtland-harjedalen"
REGION = f"{HOME}/huvudman/region-jh"
UNIT = f"{HOME}/enhet/bup-mottagning"
POSITION = f"{HOME}/position/chef-bup-mottagning"
FUNKTION = f"{HOME}/funktion/avvikelsekoordinator-region"

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def browser(app: Flask) -> Callable[[], FlaskClient]:
    """A browser of its own for a second person."""
    return app.test_client


@pytest.fixture
def admin(world: World, client: FlaskClient) -> Visitor:
    return Visitor.of(client, world.session, world.administrator("region-jh"), world.now)


def today(world: World) -> date:
    return local_date(world.now)


def events(world: World) -> list[str]:
    """What the audit log holds since the pack was imported, refusals apart."""
    found = world.session.scalars(select(AuditEvent.event).order_by(AuditEvent.seq)).all()
    return [event for event in found[1:] if event != "refused"]


def revision(world: World) -> str:
    return world.session.scalars(select(Pack.revision)).one()


# --- reading


def test_the_tree_shows_units_and_what_is_missing(world: World, admin: Visitor) -> None:
    assert "Region Jämtland Härjedalen" in admin.text("/organisation")
    text = admin.text(REGION)
    assert "BUP mottagningsteam – enhetschef BUP mottagningsteam" in text
    assert "Hälsocentral Östersund (samlad enhet) – verksamhetschef" in text or "Saknar ersättare" in text
    assert "Avvikelsekoordinator Region Jämtland Härjedalen" in text


def test_search_finds_units_of_the_own_huvudman_only(admin: Visitor) -> None:
    assert "BUP mottagningsteam" in admin.text("/organisation?q=bup+mott")
    assert "Ingen enhet passar" in admin.text("/organisation?q=krokom")


def test_one_huvudman_of_its_own_in_the_list(admin: Visitor) -> None:
    text = admin.text("/organisation")
    assert "Östersunds kommun" not in text
    assert "1 huvudm" not in text


def test_the_system_administrator_sees_all(world: World, client: FlaskClient) -> None:
    system = Visitor.of(client, world.session, world.grant("system", Role.ADMINISTRATOR), world.now)
    text = system.text("/organisation")
    assert "Östersunds kommun" in text
    assert "Region Jämtland Härjedalen" in text
    assert "Krokom" in system.text("/organisation?q=krokom")


def test_few_queries(world: World) -> None:
    actor = world.administrator("region-jh")
    day, session = today(world), world.session
    mapping_of(session, world.pack.id, day)  # kept per process
    session.expire_all()
    with counted(session) as tree:
        reads.huvudman_tree(session, actor, "jamtland-harjedalen", "region-jh", day)
    session.expire_all()
    with counted(session) as unit:
        reads.unit_page(session, actor, "jamtland-harjedalen", "bup-mottagning", day)
    assert len(tree) <= 8
    assert len(unit) <= 8


# --- a unit


def test_contact_ways_are_changed_and_shown_to_everybody(world: World, admin: Visitor) -> None:
    before = revision(world)
    answer = admin.post(
        f"{UNIT}/kontakt",
        on=UNIT,
        mailbox=" bup@exempel.se ",
        phone="063-12  34 56",
        assignment="Utreder och behandlar.",
    )
    assert (answer.status_code, answer.location) == (302, UNIT)
    unit = world.unit("bup-mottagning")
    assert (unit.function_mailbox, unit.phone) == ("bup@exempel.se", "063-12 34 56")
    assert events(world) == ["unit_contact_changed"]
    assert revision(world) != before
    assert "Utreder och behandlar." in admin.text("/kontaktvagar/jamtland-harjedalen/bup-mottagning")


def test_saving_the_same_again_changes_nothing(world: World, admin: Visitor) -> None:
    for _ in range(2):
        admin.post(f"{UNIT}/kontakt", on=UNIT, mailbox="bup@exempel.se", phone="", assignment="")
    assert events(world) == ["unit_contact_changed"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("mailbox", "bup på region", "Skriv en funktionsbrevlåda"),
        ("mailbox", "a@b.se, c@d.se", "Skriv en funktionsbrevlåda"),
        ("phone", "ring växeln", "Skriv telefonnumret med siffror"),
        ("assignment", "Fråga efter Anna, 070-123 45 67", ""),
        ("assignment", "x" * 501, "Skriv högst 500 tecken."),
    ],
)
def test_wrong_contact_ways_are_refused_at_their_field(
    world: World, admin: Visitor, field: str, value: str, sentence: str
) -> None:
    fields = {"mailbox": "", "phone": "", "assignment": ""} | {field: value}
    answer = admin.post(f"{UNIT}/kontakt", on=UNIT, **fields)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'id="{field}-error"' in page
    assert sentence in words(answer)
    assert value[:20] in page  # the typed text is kept
    assert events(world) == []


def test_a_new_name_keeps_the_old_one(world: World, admin: Visitor) -> None:
    first, second = today(world) - timedelta(days=30), today(world)
    admin.post(f"{UNIT}/namn", on=UNIT, name="BUP Öppenvård", from_on=first.isoformat())
    admin.post(f"{UNIT}/namn", on=UNIT, name="BUP Centrum", from_on=second.isoformat())
    unit = world.unit("bup-mottagning")
    assert unit.name == "BUP Centrum"
    assert [(n.name, n.to_on) for n in unit.earlier_names] == [
        ("BUP Öppenvård", second - timedelta(days=1)),
        ("BUP mottagningsteam", first - timedelta(days=1)),
    ]
    assert "BUP Öppenvård" in admin.text(UNIT)
    assert "BUP Centrum" in admin.text("/kontaktvagar?q=bup+mottagningsteam")  # found by its old name


def test_a_name_for_tomorrow_or_before_the_last_one_is_refused(world: World, admin: Visitor) -> None:
    tomorrow = today(world) + timedelta(days=1)
    answer = admin.post(f"{UNIT}/namn", on=UNIT, name="BUP", from_on=tomorrow.isoformat())
    assert (answer.status_code, "framåt i tiden" in words(answer)) == (422, True)
    admin.post(f"{UNIT}/namn", on=UNIT, name="BUP A", from_on=today(world).isoformat())
    again = admin.post(f"{UNIT}/namn", on=UNIT, name="BUP B", from_on=today(world).isoformat())
    assert (again.status_code, "Ange en senare dag" in words(again)) == (422, True)
    assert world.unit("bup-mottagning").name == "BUP A"


# --- a position


def change(visitor: Visitor, world: World, slug: str, substitute: str, **fields: str) -> object:
    address = f"{HOME}/position/{slug}"
    chosen = str(world.position(substitute).id) if substitute else "0"
    title = world.position(slug).title
    return visitor.post(f"{address}/andra", on=address, **{"title": title, "substitute": chosen, **fields})


def test_title_substitute_and_vacancy(world: World, admin: Visitor) -> None:
    change(admin, world, "chef-bup-mottagning", "chef-barnhab", title="Verksamhetschef BUP", vacant="y")
    position = world.position("chef-bup-mottagning")
    assert (position.title, position.vacant, position.show_name) == ("Verksamhetschef BUP", True, False)
    assert position.substitute_id == world.position("chef-barnhab").id
    assert events(world) == ["position_changed"]
    change(admin, world, "chef-bup-mottagning", "")
    assert world.position("chef-bup-mottagning").substitute_id is None
    assert "Saknar ersättare" in admin.text(POSITION)


def test_a_ring_of_substitutes_is_refused_with_a_sentence_at_the_field(world: World, admin: Visitor) -> None:
    for slug, substitute in (
        ("chef-barnhab", ""),
        ("chef-barnmedicin", "chef-barnhab"),
        ("chef-um-jh", "chef-barnmedicin"),
    ):
        change(admin, world, slug, substitute)
    answer = change(admin, world, "chef-barnhab", "chef-um-jh")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    page = answer.get_data(as_text=True)  # type: ignore[attr-defined]
    assert 'id="substitute-error"' in page
    assert "Det blir en ring" in page
    assert world.position("chef-barnhab").substitute_id is None


def test_two_may_stand_in_for_each_other(world: World, admin: Visitor) -> None:
    change(admin, world, "chef-barnhab", "chef-barnmedicin")
    change(admin, world, "chef-barnmedicin", "chef-barnhab")
    assert world.position("chef-barnmedicin").substitute_id == world.position("chef-barnhab").id


def test_a_substitute_behind_another_secrecy_cannot_be_chosen(client: FlaskClient, world: World) -> None:
    admin = Visitor.of(client, world.session, world.administrator("kommun-2380"), world.now)
    before = world.position("chef-soc-2380").substitute_id
    change(admin, world, "chef-soc-2380", "chef-skola-2380")
    assert world.position("chef-soc-2380").substitute_id == before


def test_a_substitute_of_another_huvudman_cannot_be_chosen(world: World, admin: Visitor) -> None:
    before = world.position("chef-barnhab").substitute_id
    answer = change(admin, world, "chef-barnhab", "chef-skola-2380")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert world.position("chef-barnhab").substitute_id == before


def test_absence_is_added_shown_and_removed(world: World, admin: Visitor) -> None:
    first, last = today(world), today(world) + timedelta(days=9)
    admin.post(f"{POSITION}/franvaro", on=POSITION, from_on=first.isoformat(), to_on=last.isoformat())
    position = world.position("chef-bup-mottagning")
    assert [(a.from_on, a.to_on) for a in position.absences] == [(first, last)]
    assert "11 mars 2026 – 20 mars 2026" in admin.text(POSITION)
    overlapping = admin.post(f"{POSITION}/franvaro", on=POSITION, from_on=last.isoformat(), to_on=last.isoformat())
    assert overlapping.status_code == 422
    other = f"{HOME}/position/chef-barnhab/franvaro/{position.absences[0].id}/ta-bort"
    assert admin.post(other, on=POSITION).status_code == 404
    admin.post(f"{POSITION}/franvaro/{position.absences[0].id}/ta-bort", on=POSITION)
    assert world.position("chef-bup-mottagning").absences == []
    assert events(world) == ["absence_added", "absence_removed"]


@pytest.mark.parametrize(("first", "last"), [(3, 1), (-5, -1)])
def test_impossible_absences_are_refused(world: World, admin: Visitor, first: int, last: int) -> None:
    days = {
        "from_on": (today(world) + timedelta(days=first)).isoformat(),
        "to_on": (today(world) + timedelta(days=last)).isoformat(),
    }
    assert admin.post(f"{POSITION}/franvaro", on=POSITION, **days).status_code == 422
    assert world.position("chef-bup-mottagning").absences == []


def test_holders_come_and_go_and_vacancy_follows(world: World, admin: Visitor) -> None:
    world.position("chef-bup-mottagning").vacant = True
    person = world.user("ny-chef")
    address = f"{POSITION}/innehavare"
    admin.post(address, on=POSITION, email="NY-chef@example.org", valid_from=today(world).isoformat(), valid_to="")
    assignment = world.session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == person.id)).one()
    assert (assignment.role, assignment.position_id) == (Role.CHEF, world.position("chef-bup-mottagning").id)
    assert not world.position("chef-bup-mottagning").vacant
    assert person.name in admin.text(POSITION)
    answer = admin.post(f"{address}/{assignment.id}/avsluta", on=POSITION)
    assert answer.status_code == 302
    assert "Befattningen är nu vakant" in admin.text(POSITION)
    assert world.position("chef-bup-mottagning").vacant
    assert "holder_changed" in events(world)


def test_a_holder_without_account_is_refused_at_the_field(admin: Visitor) -> None:
    answer = admin.post(
        f"{POSITION}/innehavare", on=POSITION, email="ingen@example.org", valid_from="2026-03-11", valid_to=""
    )
    assert (answer.status_code, "Ingen har ett konto med den adressen" in words(answer)) == (422, True)


def test_nobody_names_oneself(world: World, admin: Visitor) -> None:
    answer = admin.post(
        f"{POSITION}/innehavare", on=POSITION, email="admin-region-jh@example.org", valid_from="2026-03-11", valid_to=""
    )
    assert answer.status_code == 403
    assert world.session.scalars(select(RoleAssignment).where(RoleAssignment.role == Role.CHEF)).all() == []


# --- a funktion


def test_a_funktions_mailbox_and_first_samordnare(world: World, admin: Visitor) -> None:
    admin.post(f"{FUNKTION}/kontakt", on=FUNKTION, mailbox="avvikelse@exempel.se", phone="")
    funktion = world.session.scalars(select(Funktion).where(Funktion.slug == "avvikelsekoordinator-region")).one()
    assert funktion.mailbox == "avvikelse@exempel.se"
    person = world.user("ny-samordnare")
    answer = admin.post(f"{FUNKTION}/innehavare", on=FUNKTION, email=person.email, valid_from="2026-03-11", valid_to="")
    assert answer.status_code == 302
    assignment = world.session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == person.id)).one()
    assert (assignment.role, assignment.omrade_id) == (Role.SAMORDNARE, world.omrade("region-jh").id)
    assert person.name in admin.text(FUNKTION)
    second = world.user("en-till")
    refused = admin.post(
        f"{FUNKTION}/innehavare", on=FUNKTION, email=second.email, valid_from="2026-03-11", valid_to=""
    )
    assert refused.status_code == 403  # now the område's own samordnare names the next


# --- denied

PAGES = ("/organisation", REGION, UNIT, POSITION, FUNKTION)
POSTS = (
    f"{UNIT}/namn",
    f"{UNIT}/kontakt",
    f"{POSITION}/andra",
    f"{POSITION}/innehavare",
    f"{POSITION}/innehavare/1/avsluta",
    f"{POSITION}/franvaro",
    f"{POSITION}/franvaro/1/ta-bort",
    f"{FUNKTION}/kontakt",
    f"{FUNKTION}/innehavare",
    f"{FUNKTION}/innehavare/1/avsluta",
)
FIELDS = {
    "name": "Nytt namn", "from_on": "2026-03-11", "to_on": "2026-03-12", "mailbox": "x@exempel.se", "phone": "",
    "assignment": "", "title": "Ny titel", "substitute": "0", "email": "x@example.org", "valid_from": "2026-03-11",
    "valid_to": "",
}  # fmt: skip


def test_another_huvudmans_administrator_finds_nothing(world: World, client: FlaskClient) -> None:
    other = Visitor.of(client, world.session, world.administrator("kommun-2380"), world.now)
    own = f"{HOME}/enhet/skola-2380"
    for page in PAGES[1:]:
        assert other.get(page).status_code == 404, page
    for address in POSTS:
        assert other.post(address, on=own, **FIELDS).status_code == 404, address
    assert events(world) == []
    assert world.unit("bup-mottagning").name == "BUP mottagningsteam"


def test_without_the_role_it_is_forbidden(world: World, client: FlaskClient) -> None:
    chef = Visitor.of(client, world.session, world.chef("chef-bup-mottagning"), world.now)
    for page in PAGES:
        assert chef.get(page).status_code == 403, page
    for address in POSTS:
        answer = chef.post(address, on="/kontaktvagar/jamtland-harjedalen/bup-mottagning", **FIELDS)
        assert answer.status_code == 403, address
    assert events(world) == []


def test_without_login_one_comes_to_the_login(client: FlaskClient) -> None:
    for page in PAGES:
        assert client.get(page).status_code == 302, page


def test_unknown_addresses_are_404(admin: Visitor) -> None:
    for page in (
        f"{HOME}/enhet/finns-inte",
        "/organisation/annat/enhet/bup-mottagning",
        f"{HOME}/position/x",
        f"{HOME}/funktion/x",
    ):
        assert admin.get(page).status_code == 404, page
