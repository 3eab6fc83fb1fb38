"""Who may give which role to whom (SECRECY A16), and what a person acts as today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from avvikelse.domain.actor import NOBODY, SYSTEM, Actor, Grant
from avvikelse.domain.errors import Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.role_scope import PHRASES, SCOPE, Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Enhet, Huvudman, Organisation, Position, PositionAbsence, Sekretessomrade
from avvikelse.policy.role_granting import GRANTERS
from avvikelse.queries.identity import actor_of
from avvikelse.queries.recipients import holders
from avvikelse.services import roles
from tests.support.world import World


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    """The pack, without substitutes: a test names its own."""
    world = World.of(session, now)
    session.execute(update(Position).values(substitute_id=None))
    session.execute(delete(PositionAbsence))
    return world


def manned(world: World) -> list[Position]:
    """Positions of units, in a stable order."""
    query = (
        select(Position).where(Position.pack_id == world.pack.id, Position.enhet_id.is_not(None)).order_by(Position.id)
    )
    return list(world.session.scalars(query))


def unit_of(world: World, position: Position) -> Enhet:
    return world.session.get_one(Enhet, position.enhet_id)


def actor(world: World, name: str, role: Role | None = None, **scope: int) -> Actor:
    return world.grant(name, role, **scope) if role else world.actor(name)


# --- giving -----------------------------------------------------------------------------------------------------------


def test_nobody_gives_oneself_a_role(world: World, now: datetime) -> None:
    """A16."""
    position = manned(world)[0]
    unit = unit_of(world, position)
    admin = world.grant("admin", Role.ADMINISTRATOR)
    samordnare = world.grant("sam", Role.SAMORDNARE, omrade_id=unit.omrade_id)
    offers = {
        Role.CHEF: Scope(position_id=position.id),
        Role.HANDLAGGARE: Scope(enhet_id=unit.id),
        Role.SAMORDNARE: Scope(omrade_id=unit.omrade_id),
    }
    for who in (admin, samordnare):
        for role, scope in offers.items():
            with pytest.raises(Forbidden, match="sig själv"):
                roles.grant(world.session, who, user_id=who.user_id or 0, role=role, scope=scope, now=now)
    assert not world.actor("admin").has(Role.CHEF, Role.SAMORDNARE, Role.HANDLAGGARE)


def test_the_samordnare_of_the_omrade_gives_case_roles(world: World, now: datetime) -> None:
    position = manned(world)[0]
    unit = unit_of(world, position)
    samordnare = world.grant("sam", Role.SAMORDNARE, omrade_id=unit.omrade_id)
    eva = world.user("eva")
    roles.grant(
        world.session, samordnare, user_id=eva.id, role=Role.HANDLAGGARE, scope=Scope(enhet_id=unit.id), now=now
    )
    roles.grant(
        world.session, samordnare, user_id=eva.id, role=Role.CHEF, scope=Scope(position_id=position.id), now=now
    )
    acting = world.actor("eva")
    assert {g.role for g in acting.grants} == {Role.HANDLAGGARE, Role.CHEF}
    assert acting.position_ids() == {position.id}
    assert acting.omrade_ids(Role.CHEF) == {unit.omrade_id}
    records = world.session.scalars(select(AuditEvent).where(AuditEvent.event == Event.ROLE_GRANTED)).all()
    assert [(r.user_id, r.detail["user"]) for r in records] == [(samordnare.user_id, eva.id)] * 2


def test_the_samordnare_of_another_omrade_does_not(world: World, now: datetime) -> None:
    position = manned(world)[0]
    unit = unit_of(world, position)
    other = world.session.scalars(select(Sekretessomrade.id).where(Sekretessomrade.id != unit.omrade_id)).first()
    samordnare = world.grant("sam", Role.SAMORDNARE, omrade_id=other or 0)
    with pytest.raises(Forbidden):
        roles.grant(
            world.session,
            samordnare,
            user_id=world.user("eva").id,
            role=Role.CHEF,
            scope=Scope(position_id=position.id),
            now=now,
        )


def test_an_administrator_names_managers_of_the_own_huvudman_only(world: World, now: datetime) -> None:
    position = manned(world)[0]
    unit = unit_of(world, position)
    foreign = next(p for p in manned(world) if unit_of(world, p).huvudman_id != unit.huvudman_id)
    admin = world.grant("admin", Role.ADMINISTRATOR, huvudman_id=unit.huvudman_id)
    eva = world.user("eva").id
    assert roles.grant(
        world.session, admin, user_id=eva, role=Role.CHEF, scope=Scope(position_id=position.id), now=now
    ).id
    with pytest.raises(Forbidden):
        roles.grant(world.session, admin, user_id=eva, role=Role.CHEF, scope=Scope(position_id=foreign.id), now=now)
    with pytest.raises(Forbidden):
        roles.grant(world.session, admin, user_id=eva, role=Role.HANDLAGGARE, scope=Scope(enhet_id=unit.id), now=now)


def test_an_administrator_names_only_the_first_samordnare(world: World, now: datetime) -> None:
    unit = unit_of(world, manned(world)[0])
    scope = Scope(omrade_id=unit.omrade_id)
    admin = world.grant("admin", Role.ADMINISTRATOR, huvudman_id=unit.huvudman_id)
    roles.grant(world.session, admin, user_id=world.user("eva").id, role=Role.SAMORDNARE, scope=scope, now=now)
    with pytest.raises(Forbidden, match="samordnare"):
        roles.grant(world.session, admin, user_id=world.user("bo").id, role=Role.SAMORDNARE, scope=scope, now=now)
    eva = world.actor("eva")
    assert roles.grant(world.session, eva, user_id=world.user("bo").id, role=Role.SAMORDNARE, scope=scope, now=now).id


def test_an_administrator_cannot_free_the_chair_first(world: World, now: datetime) -> None:
    unit = unit_of(world, manned(world)[0])
    admin = world.grant("admin", Role.ADMINISTRATOR, huvudman_id=unit.huvudman_id)
    world.grant("eva", Role.SAMORDNARE, omrade_id=unit.omrade_id)
    held = world.session.scalars(select(RoleAssignment).where(RoleAssignment.role == Role.SAMORDNARE)).one()
    with pytest.raises(Forbidden):
        roles.revoke(world.session, admin, held.id, now=now)


def test_a_reporter_gives_nothing(world: World, now: datetime) -> None:
    unit = unit_of(world, manned(world)[0])
    for who in (world.grant("rap", Role.RAPPORTOR, enhet_id=unit.id), NOBODY):
        for role, column in SCOPE.items():
            thing = {
                "enhet_id": unit.id,
                "omrade_id": unit.omrade_id,
                "huvudman_id": unit.huvudman_id,
                "position_id": manned(world)[0].id,
            }
            if column in thing:
                with pytest.raises(Forbidden):
                    roles.grant(
                        world.session,
                        who,
                        user_id=world.user("x").id,
                        role=role,
                        scope=Scope(**{column: thing[column]}),
                        now=now,
                    )


def test_a_chef_names_handlaggare_in_the_own_unit_only(world: World, now: datetime) -> None:
    first, second = manned(world)[:2]
    chef = world.grant("chef", Role.CHEF, position_id=first.id)
    eva = world.user("eva").id
    assert roles.grant(
        world.session, chef, user_id=eva, role=Role.HANDLAGGARE, scope=Scope(enhet_id=first.enhet_id), now=now
    ).id
    with pytest.raises(Forbidden):
        roles.grant(
            world.session, chef, user_id=eva, role=Role.HANDLAGGARE, scope=Scope(enhet_id=second.enhet_id), now=now
        )


def test_every_role_has_scope_phrase_and_granters() -> None:
    assert set(SCOPE) == set(PHRASES) == set(GRANTERS) == set(Role)


@pytest.mark.parametrize("role", list(Role))
def test_the_table_takes_only_ids_that_fit_the_role(world: World, now: datetime, role: Role) -> None:
    position = manned(world)[0]
    unit = unit_of(world, position)
    wrong: dict[str, int] = (
        {"enhet_id": unit.id, "omrade_id": unit.omrade_id}
        if SCOPE[role] != "enhet_id"
        else {"omrade_id": unit.omrade_id}
    )
    with pytest.raises(Invalid):
        roles.grant(world.session, SYSTEM, user_id=world.user("eva").id, role=role, scope=Scope(**wrong), now=now)
    row = RoleAssignment(
        user_id=world.user("eva").id,
        role=role,
        valid_from=local_date(now),
        valid_to=local_date(now),
        granted_at=now,
        **wrong,
    )
    world.session.add(row)
    with pytest.raises(IntegrityError):
        world.session.flush()


def test_a_revisor_always_has_a_last_day(world: World, now: datetime) -> None:
    eva, scope = world.user("eva").id, Scope(pack_id=world.pack.id)
    with pytest.raises(Invalid) as refused:
        roles.grant(world.session, SYSTEM, user_id=eva, role=Role.REVISOR, scope=scope, now=now)
    assert refused.value.field == "valid_to"
    assert roles.grant(
        world.session, SYSTEM, user_id=eva, role=Role.REVISOR, scope=scope, valid_to=local_date(now), now=now
    ).id


def test_what_does_not_exist_is_not_given(world: World, now: datetime) -> None:
    for scope, role in (
        (Scope(position_id=10**9), Role.CHEF),
        (Scope(omrade_id=10**9), Role.SAMORDNARE),
        (Scope(group_id=10**9), Role.MEDLEM),
    ):
        with pytest.raises(NotFound):
            roles.grant(world.session, SYSTEM, user_id=world.user("eva").id, role=role, scope=scope, now=now)


def test_giving_twice_is_one_role(world: World, now: datetime) -> None:
    scope = Scope(omrade_id=unit_of(world, manned(world)[0]).omrade_id)
    eva = world.user("eva").id
    first = roles.grant(world.session, SYSTEM, user_id=eva, role=Role.SAMORDNARE, scope=scope, now=now)
    second = roles.grant(
        world.session, SYSTEM, user_id=eva, role=Role.SAMORDNARE, scope=scope, valid_to=local_date(now), now=now
    )
    assert first.id == second.id
    assert len(world.actor("eva").grants) == 1


# --- losing -----------------------------------------------------------------------------------------------------------


def test_a_role_taken_back_bites_at_once(world: World, now: datetime) -> None:
    unit = unit_of(world, manned(world)[0])
    world.grant("eva", Role.SAMORDNARE, omrade_id=unit.omrade_id)
    held = world.session.scalars(select(RoleAssignment)).one()
    colleague = world.grant("bo", Role.SAMORDNARE, omrade_id=unit.omrade_id)
    roles.revoke(world.session, colleague, held.id, now=now)
    assert world.actor("eva").grants == ()
    assert world.session.scalar(select(AuditEvent.event).order_by(AuditEvent.seq.desc())) == Event.ROLE_REVOKED
    again = roles.grant(
        world.session,
        colleague,
        user_id=world.user("eva").id,
        role=Role.SAMORDNARE,
        scope=roles.scope_of(held),
        now=now,
    )
    assert again.id != held.id
    assert world.actor("eva").has(Role.SAMORDNARE)


def test_days_are_counted_with_first_and_last(world: World, now: datetime) -> None:
    today = local_date(now)
    scope = Scope(omrade_id=unit_of(world, manned(world)[0]).omrade_id)
    eva = world.user("eva").id
    days: dict[str, Any] = {"valid_from": today + timedelta(days=1), "valid_to": today + timedelta(days=2)}
    roles.grant(world.session, SYSTEM, user_id=eva, role=Role.SAMORDNARE, scope=scope, now=now, **days)
    held = [actor_of(world.session, eva, today + timedelta(days=n)).has(Role.SAMORDNARE) for n in range(4)]
    assert held == [False, True, True, False]


def test_a_closed_account_acts_as_nobody(world: World, now: datetime) -> None:
    world.chef(manned(world)[0].slug)
    world.user(manned(world)[0].slug).active = False
    assert world.actor(manned(world)[0].slug) is NOBODY
    assert actor_of(world.session, 10**9, local_date(now)) is NOBODY


# --- labels, substitutes, number of queries ---------------------------------------------------------------------------


def test_labels_say_openly_for_whom_she_acts(world: World, now: datetime) -> None:
    position = manned(world)[0]
    unit = unit_of(world, position)
    omrade = world.session.get_one(Sekretessomrade, unit.omrade_id)
    huvudman = world.session.get_one(Huvudman, unit.huvudman_id)
    world.grant("eva", Role.CHEF, position_id=position.id)
    world.grant("eva", Role.SAMORDNARE, omrade_id=omrade.id)
    world.grant("eva", Role.ADMINISTRATOR, huvudman_id=huvudman.id)
    acting = world.grant("eva", Role.ADMINISTRATOR)
    assert [g.label for g in acting.grants] == [
        f"Chef för {unit.name}",
        f"Samordnare för {omrade.name}",
        f"Administratör för {huvudman.name}",
        "Administratör för hela systemet",
    ]
    assert acting.own_enhet_id == unit.id


def substitutes(world: World) -> tuple[Position, Position, Position]:
    """Three positions of one huvudman where the second stands in for the first, the third for the second."""
    first, second, third = manned(world)[:3]
    first.substitute_id, second.substitute_id = second.id, third.id
    world.session.flush()
    return first, second, third


def away(world: World, position: Position, now: datetime, days: tuple[int, int] = (0, 0)) -> None:
    today = local_date(now)
    absence = PositionAbsence(
        position_id=position.id, from_on=today + timedelta(days=days[0]), to_on=today + timedelta(days=days[1])
    )
    world.session.add(absence)
    world.session.flush()


def as_substitute(acting: Actor) -> list[Grant]:
    return [grant for grant in acting.grants if grant.as_substitute]


def test_the_substitute_acts_while_the_holder_is_away(world: World, now: datetime) -> None:
    first, second, _ = substitutes(world)
    world.chef(first.slug)
    assert as_substitute(world.chef(second.slug)) == []
    away(world, first, now)
    unit = unit_of(world, first)
    assert as_substitute(world.actor(second.slug)) == [
        Grant(
            Role.CHEF,
            omrade_id=unit.omrade_id,
            enhet_id=unit.id,
            position_id=first.id,
            as_substitute=True,
            label=f"Ersättare för chefen för {unit.name}",
        )
    ]
    assert world.actor(first.slug).position_ids() == {first.id}


@pytest.mark.parametrize("days", [(1, 5), (-5, -1)])
def test_not_on_other_days(world: World, now: datetime, days: tuple[int, int]) -> None:
    first, second, _ = substitutes(world)
    world.chef(first.slug)
    away(world, first, now, days)
    assert as_substitute(world.chef(second.slug)) == []


def test_a_vacant_position_goes_down_the_chain(world: World, now: datetime) -> None:
    first, second, third = substitutes(world)
    assert {g.position_id for g in as_substitute(world.chef(third.slug))} == {first.id, second.id}
    world.chef(second.slug)
    assert as_substitute(world.actor(third.slug)) == []
    assert {g.position_id for g in as_substitute(world.actor(second.slug))} == {first.id}


def test_a_substitute_who_is_away_passes_it_on(world: World, now: datetime) -> None:
    first, second, third = substitutes(world)
    for position in (second, third):
        world.chef(position.slug)
    away(world, second, now)
    assert as_substitute(world.actor(second.slug)) == []
    assert {g.position_id for g in as_substitute(world.actor(third.slug))} == {first.id, second.id}


def test_a_ring_of_substitutes_ends(world: World, now: datetime) -> None:
    first, second, third = substitutes(world)
    third.substitute_id = first.id
    assert {g.position_id for g in as_substitute(world.chef(first.slug))} == {second.id, third.id}


def test_whom_we_mail_is_who_may_act(world: World, now: datetime) -> None:
    """recipients.holders and actor_of ask the same question from two ends."""
    first, second, third = substitutes(world)
    situations: list[Callable[[], Any]] = [
        lambda: world.chef(third.slug),
        lambda: world.chef(second.slug),
        lambda: away(world, second, now),
        lambda: world.chef(first.slug),
        lambda: away(world, first, now),
    ]
    people = [world.user(p.slug) for p in (first, second, third)]
    for change in situations:
        change()
        for position in (first, second, third):
            told = set(holders(world.session, position.id, local_date(now)))
            acting = {
                u.id for u in people if position.id in actor_of(world.session, u.id, local_date(now)).position_ids()
            }
            assert told <= acting
            assert not (acting - told) or position.slug in {
                world.session.get_one(User, u).email.split("@")[0] for u in acting - told
            }


def test_a_manager_above_units_belongs_to_their_omrade(world: World, now: datetime) -> None:
    unit = unit_of(world, manned(world)[0])
    nobodys = next(u for u in world.session.scalars(select(Enhet)) if u.omrade_id != unit.omrade_id)
    above = Organisation(
        pack_id=world.pack.id, slug="ny", name="Nya förvaltningen", kind="forvaltning", huvudman_id=unit.huvudman_id
    )
    world.session.add(above)
    world.session.flush()
    position = Position(pack_id=world.pack.id, slug="chef-ny", title="Förvaltningschef", organisation_id=above.id)
    world.session.add(position)
    unit.organisation_id = above.id
    world.session.flush()
    acting = world.grant("direktor", Role.CHEF, position_id=position.id)
    assert [(g.label, g.enhet_id, g.omrade_id) for g in acting.grants] == [
        ("Chef för Nya förvaltningen", None, unit.omrade_id)
    ]
    nobodys.organisation_id = above.id
    world.session.flush()
    assert world.actor("direktor").omrade_ids(Role.CHEF) == set()


def test_three_queries_however_many_roles(world: World, now: datetime) -> None:
    substitutes(world)
    for position in manned(world)[2:8]:
        world.grant("eva", Role.CHEF, position_id=position.id)
    eva = world.user("eva").id
    world.session.commit()
    world.session.expire_all()
    statements: list[str] = []

    def count(*args: Any) -> None:
        statements.append(args[2])

    bind = world.session.get_bind()
    event.listen(bind, "before_cursor_execute", count)
    try:
        acting = actor_of(world.session, eva, local_date(now))
    finally:
        event.remove(bind, "before_cursor_execute", count)
    assert len(acting.grants) >= 8
    # The account, the own roles, and those that are stood in for: asked only of who is somebody's substitute.
    assert len([s for s in statements if "SAVEPOINT" not in s]) == 3
