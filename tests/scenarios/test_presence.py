"""Nobody is away (MS5): absences, people who leave, units that close; the open cases follow the same minute."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.errors import Conflict, NotFound
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import PartySide, StandInReason, Status, TransferKind
from avvikelse.domain.workdays import STOCKHOLM, local_date
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.organisation import Organisation, Position
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries import recipients
from avvikelse.queries.case_page import case_page
from avvikelse.queries.identity import assignments_of
from avvikelse.queries.standing_in import standing_list
from avvikelse.services import accounts, answers, handling, organisation, roles, succession, triage
from avvikelse.services.case_access import in_hand
from tests.conftest import Clock
from tests.scenarios.test_invariants import FULL
from tests.support import rooms
from tests.support.browsing import Visitor
from tests.support.client import CheckingClient
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
BUP, MOTTAGNING, HAB, SOC = "chef-bup-behandling", "chef-bup-mottagning", "chef-barnhab", "chef-soc-2380"


def owner(case: Avvikelse) -> Party:
    return next(party for party in case.parties if party.side is PartySide.OWNER)


def substitute(world: World, slug: str, by: str | None) -> None:
    world.position(slug).substitute_id = world.position(by).id if by else None
    organisation.bump(world.session, world.pack.id)


def notices(session: Session, case: Avvikelse) -> list[tuple[str, int | None]]:
    rows = session.scalars(select(OutboxMail).where(OutboxMail.avvikelse_id == case.id).order_by(OutboxMail.id))
    return [(mail.notice, mail.recipient_user_id) for mail in rows]


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T09:00").replace(tzinfo=STOCKHOLM)


def test_a_manager_who_is_away_never_stops_a_case(client: CheckingClient, world: World, clock: Clock) -> None:
    """MS5 as it is written, through the pages."""
    session = world.session
    substitute(world, MOTTAGNING, HAB)
    chef, first, second = world.chef(BUP), world.chef(MOTTAGNING), world.chef(HAB)
    teacher, sam = world.reporter("skola-2380"), world.samordnare("kommun-2380/utbildning")
    for who, slug, first_day in ((chef, BUP, "2026-07-01"), (first, MOTTAGNING, "2026-07-05")):
        visitor = Visitor.of(client, session, who, clock.now)
        assert "När du är borta svarar" in visitor.text("/konto/franvaro")
        sent = visitor.post(
            f"/konto/franvaro/{world.position(slug).id}", on="/konto/franvaro", from_on=first_day, to_on="2026-07-21"
        )
        assert sent.status_code == 302
    world.now = clock.move(day("2026-07-06"))
    case = world.report(teacher, None, occurred_on=date(2026, 7, 6))
    Visitor.of(client, session, sam, clock.now).post(
        f"/avvikelser/{case.ref}/fordela", on=f"/avvikelser/{case.ref}/fordela",
        receiver=str(world.position(BUP).id), reason="",
    )  # fmt: skip
    session.expire_all()
    assert case.status is Status.ASSIGNED
    assert owner(case).stand_in_position_id == world.position(HAB).id  # the same minute
    assert ("stands_in", second.user_id) in notices(session, case)
    deputy = Visitor.of(client, session, second, clock.now)
    page = deputy.text(f"/avvikelser/{case.ref}")
    titles = [world.position(slug).title for slug in (BUP, MOTTAGNING, HAB)]
    assert " → ".join(titles) in page
    assert f"{titles[2]}, medan chefen är borta" in page
    before = case.due_on
    deputy.post(f"/avvikelser/{case.ref}/ta-emot", on=f"/avvikelser/{case.ref}/ta-emot")
    session.expire_all()
    assert case.status is Status.IN_PROGRESS
    assert before is not None
    waiting = world.report(teacher, None, occurred_on=date(2026, 7, 6))
    triage.assign(session, sam, waiting.ref, world.receiver(BUP), now=clock.now)
    assert owner(waiting).stand_in_position_id == world.position(HAB).id

    world.now = clock.move(day("2026-07-22"))
    succession.settle_all(session, now=clock.now)
    assert owner(waiting).stand_in_position_id is None  # nobody has begun it
    assert owner(case).stand_in_position_id == world.position(HAB).id  # she keeps what she has begun
    new = world.report(teacher, None, occurred_on=date(2026, 7, 22))
    triage.assign(session, sam, new.ref, world.receiver(BUP), now=clock.now)
    assert owner(new).stand_in_position_id is None
    back = Visitor.of(client, session, chef, clock.now)
    again = f"/avvikelser/{case.ref}/ta-over-igen"
    assert back.post(again, on=again).status_code == 302
    session.expire_all()
    assert owner(case).stand_in_position_id is None
    assert Visitor.of(client, session, second, clock.now).get(f"/avvikelser/{case.ref}").status_code == 404


def test_a_closed_account_moves_all_open_cases_in_the_same_transaction(world: World) -> None:
    session, now = world.session, world.now
    chef, deputy = world.chef(BUP), world.chef(MOTTAGNING)
    teacher = world.reporter("skola-2380")
    cases = [world.report(teacher, "bup-behandling") for _ in range(3)]
    handling.accept(session, chef, cases[0].ref, now=now)
    accounts.disable(session, SYSTEM, chef.user_id or 0, now=now)
    for case in cases:
        assert owner(case).stand_in_position_id == world.position(MOTTAGNING).id
        assert owner(case).stand_in_because is StandInReason.VACANT
        assert Relation.OWNER_CHEF in in_hand(session, deputy, case).relations
        assert case.due_on is not None
    again = accounts.enable(session, SYSTEM, chef.user_id or 0, now=now)
    assert again.active
    assert owner(cases[1]).stand_in_position_id is None


def test_who_is_away_before_anybody_can_answer_stands_on_the_list(client: CheckingClient, world: World) -> None:
    session, now = world.session, world.now
    substitute(world, BUP, None)
    chef, sam, hab = world.chef(BUP), world.samordnare("region-jh"), world.chef(HAB)
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    visitor = Visitor.of(client, session, sam, now)
    listed = visitor.text("/ersattare")
    assert "Alla chefer svarar i dag." in listed
    assert world.position(BUP).title in listed  # seen before it hurts
    organisation.add_absence(
        session, chef, world.position(BUP).id, from_on=local_date(now), to_on=local_date(now) + timedelta(days=9),
        now=now,
    )  # fmt: skip
    assert owner(case).stand_in_position_id is None
    assert ("nobody_answers", sam.user_id) in notices(session, case)
    assert case.number in visitor.text("/ersattare")
    outside = Visitor.of(client, session, world.samordnare("kommun-2380/social"), now)
    assert case.number not in outside.text("/ersattare")
    address = f"/avvikelser/{case.ref}/ge-till-annan-chef"
    visitor = Visitor.of(client, session, sam, now)
    assert visitor.post(address, on=address, receiver=str(world.position(HAB).id)).status_code == 302
    session.expire_all()
    assert owner(case).position_id == world.position(HAB).id
    assert case.vaxlingar == 0
    assert case.transfers[-1].kind is TransferKind.MOVED
    assert case_page(session, hab, case.ref).expected is not None
    with pytest.raises(Conflict, match="redan"):
        triage.place(session, sam, case.ref, world.receiver(BUP), now=now)
    assert Visitor.of(client, session, chef, now).get("/ersattare").status_code == 403


def test_a_unit_that_closes_leaves_its_cases_to_the_successor(world: World) -> None:
    session, now = world.session, world.now
    chef, heir = world.chef(BUP), world.chef(MOTTAGNING)
    case = world.report(world.reporter("skola-2380"), "bup-behandling", severity=2)
    handling.accept(session, chef, case.ref, now=now)
    handling.add_note(session, chef, case.ref, "Vi har pratat om det.", now=now)
    due, first = case.due_on, case.first_received_at
    unit = world.unit("bup-behandling")
    unit.active_to, unit.successor_id = local_date(now) - timedelta(days=1), world.unit("bup-mottagning").id
    organisation.changed(session, world.pack.id, now=now)
    assert owner(case).position_id == world.position(MOTTAGNING).id
    assert (case.status, case.due_on, case.first_received_at) == (Status.IN_PROGRESS, due, first)
    assert case.vaxlingar == 0
    assert [note.text for note in case_page(session, heir, case.ref).notes] == ["Vi har pratat om det."]
    assert ("moved_to_you", heir.user_id) in notices(session, case)
    with pytest.raises(NotFound):
        case_page(session, world.actor(BUP), case.ref)
    assert succession.settle_all(session, now=now) == 0  # twice is once


def test_another_omrade_takes_over_without_the_formers_notes(world: World) -> None:
    session, now = world.session, world.now
    chef, heir = world.chef(BUP), world.chef(SOC)
    case = world.report(world.reporter("skola-2380"), "bup-behandling", severity=2)
    handling.add_note(session, chef, case.ref, "Bara för oss.", now=now)
    unit = world.unit("bup-behandling")
    unit.active_to, unit.successor_id = local_date(now) - timedelta(days=1), world.unit("soc-2380").id
    organisation.changed(session, world.pack.id, now=now)
    assert owner(case).position_id == world.position(SOC).id
    assert case_page(session, heir, case.ref).notes == ()
    assert [note.text for note in case_page(session, chef, case.ref).notes] == ["Bara för oss."]  # the former page
    assert case.vaxlingar == 0


@pytest.mark.parametrize("agreed", [False, True])
def test_two_owners_whose_units_become_one_are_one(world: World, agreed: bool) -> None:
    """Nobody waits for herself in a joint room, and an answer needs no second yes."""
    session, now = world.session, world.now
    bup, soc, heir = world.chef(BUP), world.chef(SOC), world.chef(HAB)
    case = world.report(world.reporter("skola-2380"), "bup-behandling", severity=2)
    handling.hand_over(session, bup, case.ref, world.receiver(SOC), "Stöd i hemmet.", now=now)
    handling.hand_over(session, soc, case.ref, world.receiver(BUP), "Vård.", now=now)
    if agreed:
        rooms.meet(session, case.ref, bup, soc, now=now)
    first, crossings = case.first_received_at, case.vaxlingar
    for slug in ("bup-behandling", "soc-2380"):
        unit = world.unit(slug)
        unit.active_to, unit.successor_id = local_date(now) - timedelta(days=1), world.unit("barnhab").id
        organisation.changed(session, world.pack.id, now=now)
    owners = [party for party in case.parties if party.side is PartySide.OWNER]
    assert [party.position_id for party in owners] == [world.position(HAB).id]
    assert not case.joint
    assert case.status is (Status.IN_PROGRESS if agreed else Status.ASSIGNED)
    assert (case.first_received_at, case.vaxlingar) == (first, crossings)
    room = case_page(session, heir, case.ref).room
    assert room is None or not room.open
    assert succession.settle_all(session, now=now) == 0
    answers.answer(session, heir, case.ref, FULL, now=now)
    assert case.status is Status.ANSWERED


def test_the_reporting_unit_that_closes_is_followed_by_its_successor(world: World) -> None:
    session, now = world.session, world.now
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    other = next(
        slug
        for slug in ("forskola-2380", "elevhalsa-2380", "gymnasium-2380")
        if session.scalar(select(Position.id).where(Position.slug == f"chef-{slug}")) is not None
    )
    school, successor = world.unit("skola-2380"), world.unit(other)
    school.active_to, school.successor_id = local_date(now) - timedelta(days=1), successor.id
    organisation.changed(session, world.pack.id, now=now)
    sender = next(party for party in case.parties if party.side is PartySide.SENDER)
    assert (sender.enhet_id == successor.id) == (successor.omrade_id == school.omrade_id)


def test_a_substitute_who_is_a_party_is_skipped(world: World) -> None:
    """The rektor who reported may not answer for the unit that she reported, although she stands in for its manager."""
    session, now = world.session, world.now
    beh, school = "chef-beh-2380", "chef-skola-2380"
    substitute(world, beh, school)
    above = session.get_one(Organisation, world.unit("beh-2380").organisation_id)
    head = Position(pack_id=world.pack.id, slug="chef-over", title="Skolchef", organisation_id=above.id, imported={})
    session.add(head)
    organisation.bump(session, world.pack.id)
    manager, rektor, chief = world.chef(beh), world.chef(school), world.chef("chef-over")
    sam = world.samordnare("kommun-2380/utbildning")
    case = world.report(world.reporter("skola-2380"), "beh-2380")
    if case.status is Status.SUBMITTED:
        triage.assign(session, sam, case.ref, world.receiver(beh), now=now)
    today = local_date(now)
    organisation.add_absence(session, manager, world.position(beh).id, from_on=today, to_on=today, now=now)
    rektor = world.actor(school)
    assert any(grant.as_substitute for grant in rektor.grants)
    assert in_hand(session, rektor, case).relations == {Relation.SENDER_CHEF}
    assert owner(case).stand_in_position_id == head.id
    assert Relation.OWNER_CHEF in in_hand(session, chief, case).relations


def test_nobody_stands_in_behind_another_secrecy(world: World) -> None:
    """An old pack may name a substitute of another nämnd: she neither acts nor is written to."""
    session, now = world.session, world.now
    substitute(world, "chef-beh-2380", SOC)
    manager = world.chef("chef-beh-2380")
    world.chef(SOC)
    today = local_date(now)
    position = world.position("chef-beh-2380")
    organisation.add_absence(session, manager, position.id, from_on=today, to_on=today, now=now)
    assert not any(grant.as_substitute for grant in world.actor(SOC).grants)
    assert recipients.holders(session, position.id, today) == ()


def test_a_case_that_returns_inside_one_forvaltning_goes_to_the_nearest_common_manager(world: World) -> None:
    session, now = world.session, world.now
    chef, other = world.chef(BUP), world.chef(MOTTAGNING)
    sam = world.samordnare("region-jh")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    handling.hand_over(session, chef, case.ref, world.receiver(MOTTAGNING), "Er del.", now=now)
    handling.hand_over(session, other, case.ref, world.receiver(BUP), "Nej, er.", now=now)
    assert case.status is Status.SUBMITTED  # no manager above in the pack: the samordnare
    assert case.vaxlingar == 0
    assert Relation.OWNER_SAMORDNARE in in_hand(session, sam, case).relations

    above = session.get_one(Organisation, world.unit("bup-behandling").organisation_id)
    head = Position(
        pack_id=world.pack.id, slug="chef-over-bup", title="Områdeschef", organisation_id=above.id, imported={}
    )
    session.add(head)
    organisation.bump(session, world.pack.id)
    boss = world.chef("chef-over-bup")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    handling.hand_over(session, chef, case.ref, world.receiver(MOTTAGNING), "Er del.", now=now)
    handling.hand_over(session, other, case.ref, world.receiver(BUP), "Nej, er.", now=now)
    assert case.status is Status.ASSIGNED
    assert owner(case).position_id == head.id
    handling.accept(session, boss, case.ref, now=now)
    assert case_page(session, boss, case.ref).owners[0].title == "Områdeschef"


def test_absences_are_ones_own(client: CheckingClient, world: World, now: datetime) -> None:
    session = world.session
    chef, other = world.chef(BUP), world.chef(SOC)
    visitor = Visitor.of(client, session, chef, now)
    theirs = world.position(SOC)
    refused = visitor.post(
        f"/konto/franvaro/{theirs.id}", on="/konto/franvaro", from_on="2026-04-01", to_on="2026-04-02"
    )
    assert refused.status_code == 404
    assert not theirs.absences
    wrong = visitor.post(
        f"/konto/franvaro/{world.position(BUP).id}", on="/konto/franvaro", from_on="2026-04-02", to_on="2026-04-01"
    )
    assert wrong.status_code == 422
    assert "Sista dagen ligger före den första." in wrong.text
    assert Visitor.of(client, session, world.reporter("skola-2380"), now).get("/konto/franvaro").status_code == 403
    assert standing_list(session, other, local_date(now)).cases == ()
    (held,) = assignments_of(session, other.user_id or 0)
    roles.revoke(session, SYSTEM, held.id, now=now)
    assert world.actor(SOC).own_position_ids() == frozenset()
