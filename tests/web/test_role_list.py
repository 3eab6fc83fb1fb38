"""The page that lists roles and takes them back: what each person sees there, and for whom it does not exist."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from avvikelse.domain.actor import Actor
from avvikelse.domain.events import Event
from avvikelse.domain.role_scope import Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import RoleAssignment
from avvikelse.models.organisation import Position, Sekretessomrade
from avvikelse.policy.role_reach import may_read
from avvikelse.queries.role_list import PAGE_SIZE, RoleFilters, role_list
from avvikelse.services import roles
from tests.support.browsing import Visitor, words
from tests.support.client import CheckingClient
from tests.support.queries import counted
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

PAGE = "/roller"
SCHOOL, BUP = "skola-2380", "bup-mottagning"


def as_user(client: CheckingClient, world: World, actor: Actor) -> Visitor:
    return Visitor.of(client, world.session, actor, world.now)


def held(world: World, key: str) -> RoleAssignment:
    return world.session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == world.user(key).id)).one()


def samordnare_of(world: World, unit: str) -> str:
    """The key of the samordnare of the unit's område."""
    return "samordnare-" + omrade_of(world, unit).replace("/", "-")


def omrade_of(world: World, unit: str) -> str:
    return world.session.get_one(Sekretessomrade, world.unit(unit).omrade_id).slug


# --- what is listed


def everybody(world: World) -> dict[str, Actor]:
    """Somebody with each role, on both sides."""
    region, school = omrade_of(world, BUP), omrade_of(world, SCHOOL)
    forvaltning = world.unit(SCHOOL).organisation_id
    above = Position(pack_id=world.pack.id, slug="ovan", title="förvaltningschef", organisation_id=forvaltning)
    world.session.add(above)
    world.session.flush()
    return {
        "rektor": world.chef(f"chef-{SCHOOL}"),
        "bup": world.chef(f"chef-{BUP}"),
        "ovan": world.grant("ovan", Role.CHEF, position_id=above.id),
        "rapportör": world.reporter(SCHOOL),
        "handläggare": world.handler(BUP),
        "samordnare": world.samordnare(region),
        "annan samordnare": world.samordnare(school),
        "administratör": world.administrator("region-jh"),
        "systemets": world.grant("system", Role.ADMINISTRATOR),
        "sip": world.grant("sip", Role.SIP_SAMORDNARE, huvudman_id=world.huvudman("region-jh").id),
        "granskare": world.grant("granskare", Role.LOGGRANSKARE, omrade_id=world.omrade(region).id),
        "sammankallande": world.convenor("barnarenan"),
        "medlem": world.member("barnarenan"),
        "annan grupp": world.convenor("svom"),
        "revisor": revisor(world),
    }


def revisor(world: World) -> Actor:
    user, day = world.user("revisor"), local_date(world.now)
    world.session.add(
        RoleAssignment(
            user_id=user.id,
            role=Role.REVISOR,
            pack_id=world.pack.id,
            valid_from=day,
            valid_to=day,
            granted_at=world.now,
        )
    )
    world.session.flush()
    return world.actor("revisor")


def test_the_list_and_the_rule_agree(world: World) -> None:
    """Every role is in the list of exactly those who may read it by the rule."""
    people, today = everybody(world), local_date(world.now)
    rows = world.session.scalars(select(RoleAssignment)).all()
    for name, actor in people.items():
        listed = {row.id for row in role_list(world.session, actor, today, RoleFilters()).rows}
        allowed = {
            row.id
            for row in rows
            if may_read(actor, roles.target_of(world.session, roles.scope_of(row), now=world.now))
        }
        assert listed == allowed, name
    assert len(role_list(world.session, people["systemets"], today, RoleFilters()).rows) == len(rows)


def test_an_administrator_sees_the_own_huvudman_and_no_other(client: CheckingClient, world: World) -> None:
    everybody(world)
    text = as_user(client, world, world.actor("admin-region-jh")).text(PAGE)
    assert f"Chef för {world.unit(BUP).name}" in text
    assert world.user(samordnare_of(world, BUP)).email in text
    for foreign in (f"chef-{SCHOOL}", f"rapportor-{SCHOOL}", "sammankallande-barnarenan", "system"):
        assert world.user(foreign).email not in text, foreign


def test_search_by_person_place_and_role(client: CheckingClient, world: World) -> None:
    everybody(world)
    her = as_user(client, world, world.actor("system"))
    assert "Chef för " in her.text(f"{PAGE}?roll=chef")
    assert "Rapportör på " not in her.text(f"{PAGE}?roll=chef")
    found = her.text(f"{PAGE}?q=handlaggare-bup")
    assert f"Handläggare på {world.unit(BUP).name}" in found
    assert "Chef för " not in found
    assert "Samordnare för " in her.text(f"{PAGE}?q=östersund&roll=samordnare")  # also with a small letter
    assert "Ingen roll passar" in her.text(f"{PAGE}?q=%25&roll=chef")  # no wildcard
    for crooked in ("?sida=x", "?sida=99999999999", "?roll=kung", "?visa=allt", "?q=%00%0a", "?q=" + "å" * 300):
        assert her.get(PAGE + crooked).status_code == 200, crooked


def test_the_list_costs_the_same_whatever_has_been(world: World) -> None:
    admin, day = world.administrator("region-jh"), local_date(world.now)
    world.chef(f"chef-{BUP}")
    with counted(world.session) as few:
        role_list(world.session, admin, day, RoleFilters())
    unit, long_ago = world.unit(BUP).id, day - timedelta(days=400)
    for number in range(PAGE_SIZE + 10):
        world.session.add(
            RoleAssignment(
                user_id=world.user(f"förr-{number}").id, role=Role.RAPPORTOR, enhet_id=unit,
                valid_from=long_ago, valid_to=long_ago, granted_at=world.now,
            )
        )  # fmt: skip
    world.session.flush()
    with counted(world.session) as many:
        page = role_list(world.session, admin, day, RoleFilters())
    assert (len(many), page.total) == (len(few), 2)
    ended = role_list(world.session, admin, day, RoleFilters(ended=True))
    assert (len(ended.rows), ended.total) == (PAGE_SIZE, PAGE_SIZE + 10)
    assert len(role_list(world.session, admin, day, RoleFilters(ended=True), 2).rows) == 10


# --- taking back


def test_it_asks_first_then_takes_the_role_and_remembers(client: CheckingClient, world: World) -> None:
    world.chef(f"chef-{BUP}")
    row = held(world, f"chef-{BUP}")
    admin = world.administrator("region-jh")
    her = as_user(client, world, admin)
    page = her.get(f"{PAGE}/{row.id}")
    assert "Ta bort rollen" in words(page)
    assert row.valid_to is None  # looking changes nothing
    answer = client.submit(page, button="Ja, ta bort rollen nu")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert not world.actor(f"chef-{BUP}").has(Role.CHEF)
    assert world.position(f"chef-{BUP}").vacant  # as when it ends on the position's own page
    assert (held(world, f"chef-{BUP}").revoked_by_user_id, row.revoked_at is not None) == (admin.user_id, True)
    events = world.session.scalars(select(AuditEvent).where(AuditEvent.event == Event.ROLE_REVOKED)).all()
    assert [(event.user_id, event.detail["user"]) for event in events] == [(admin.user_id, row.user_id)]
    history = her.text(f"{PAGE}/{row.id}")
    assert "Togs bort av" in history
    assert "Ja, ta bort rollen nu" not in history
    assert world.user(f"chef-{BUP}").email in her.text(f"{PAGE}?visa=tidigare")
    assert world.user(f"chef-{BUP}").email not in her.text(PAGE)


def test_pressed_twice_it_is_taken_once(client: CheckingClient, world: World) -> None:
    world.chef(f"chef-{BUP}")
    row = held(world, f"chef-{BUP}")
    her = as_user(client, world, world.administrator("region-jh"))
    for _ in range(2):
        assert her.post(f"{PAGE}/{row.id}/ta-bort", on=PAGE).status_code == 303
    events = world.session.scalars(select(AuditEvent.event).where(AuditEvent.event == Event.ROLE_REVOKED)).all()
    assert len(events) == 1


def test_what_one_sees_but_may_not_take_is_403_and_says_who_may(client: CheckingClient, world: World) -> None:
    samordnare = world.samordnare(omrade_of(world, BUP))
    world.samordnare(omrade_of(world, SCHOOL))
    row = world.session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == samordnare.user_id)).one()
    her = as_user(client, world, world.administrator("region-jh"))
    text = her.text(f"{PAGE}/{row.id}")
    assert "Det gör områdets samordnare" in text
    assert "Ja, ta bort" not in text
    assert her.post(f"{PAGE}/{row.id}/ta-bort", on=PAGE).status_code == 403
    assert row.valid_to is None


def test_out_of_reach_is_404_for_page_and_button(client: CheckingClient, world: World) -> None:
    everybody(world)
    foreign = {
        samordnare_of(world, SCHOOL): held(world, f"chef-{BUP}"),
        f"chef-{BUP}": held(world, f"rapportor-{SCHOOL}"),
        "sammankallande-svom": held(world, "medlem-barnarenan"),
        "admin-region-jh": held(world, f"chef-{SCHOOL}"),
    }
    for who, row in foreign.items():
        visitor = as_user(client, world, world.actor(who))
        assert visitor.get(f"{PAGE}/{row.id}").status_code == 404, who
        assert visitor.post(f"{PAGE}/{row.id}/ta-bort", on=PAGE).status_code == 404, who
        assert row.valid_to is None
    assert as_user(client, world, world.actor("system")).get(f"{PAGE}/999999").status_code == 404


@pytest.mark.parametrize("who", ["rapportor-" + SCHOOL, "handlaggare-" + BUP, "medlem-barnarenan", "granskare"])
def test_without_a_role_that_gives_roles_it_is_403(client: CheckingClient, world: World, who: str) -> None:
    everybody(world)
    row = held(world, who)
    visitor = as_user(client, world, world.actor(who))
    assert visitor.get(PAGE).status_code == 403
    assert visitor.get(f"{PAGE}/{row.id}").status_code == 403
    assert visitor.post(f"{PAGE}/{row.id}/ta-bort", on="/konto").status_code == 403


def test_the_last_samordnare_and_the_own_role_are_pointed_out(client: CheckingClient, world: World) -> None:
    samordnare = world.samordnare(omrade_of(world, BUP))
    row = held(world, samordnare_of(world, BUP))
    her = as_user(client, world, samordnare)
    text = her.text(f"{PAGE}/{row.id}")
    assert "Området har sedan ingen samordnare" in text
    assert "Det är din egen roll" in text
    answer = client.submit(f"{PAGE}/{row.id}", button="Ja, ta bort rollen nu")
    assert (answer.status_code, answer.location) == (303, "/")
    assert her.get(PAGE).status_code == 403  # from the next request on


def test_a_taken_role_can_be_given_again_and_both_stand_in_the_history(world: World, now: datetime) -> None:
    admin = world.administrator("region-jh")
    world.chef(f"chef-{BUP}")
    row = held(world, f"chef-{BUP}")
    roles.revoke(world.session, admin, row.id, now=now)
    again = roles.grant(
        world.session, admin, user_id=row.user_id, role=Role.CHEF, scope=Scope(position_id=row.position_id), now=now
    )
    assert again.id != row.id
    today = local_date(now)
    assert [found.id for found in role_list(world.session, admin, today, RoleFilters(ended=True)).rows] == [row.id]


def test_an_empty_history_says_what_will_stand_there(client: CheckingClient, world: World) -> None:
    text = as_user(client, world, world.administrator("region-jh")).text(f"{PAGE}?visa=tidigare")
    assert "Inga tidigare roller" in text
