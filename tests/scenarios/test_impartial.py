"""Whoever is a party to a case answers for nobody else in it: a substitute is skipped on all pages and in all mails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import AtgardStatus, PartySide, Role, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.organisation import Organisation, Position
from avvikelse.models.outbox import OutboxMail
from avvikelse.policy.visibility import relations_to
from avvikelse.queries import measure_list
from avvikelse.queries.calendar_feed import due_days
from avvikelse.queries.case_search import search
from avvikelse.queries.measure_list import MeasureTab
from avvikelse.queries.work_lists import Tab, counts, work_list
from avvikelse.services import atgard_notices, atgarder, calendar_feed, handling, organisation, succession, triage
from avvikelse.services.mail_rules import still_true
from avvikelse.services.sessions import token_hash
from tests.conftest import Clock
from tests.support.browsing import Visitor
from tests.support.client import CheckingClient
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
BUP, MOTTAGNING, HAB = "chef-bup-behandling", "chef-bup-mottagning", "chef-barnhab"
OWNER_LISTS = (Tab.MINE, Tab.UNIT, Tab.LATE)


def owner(case: Avvikelse) -> Party:
    return next(party for party in case.parties if party.side is PartySide.OWNER)


def away(world: World, slug: str) -> None:
    today = local_date(world.now)
    chef = world.actor(slug)
    organisation.add_absence(
        world.session, chef, world.position(slug).id, from_on=today, to_on=today + timedelta(days=3), now=world.now
    )


def mailed(world: World, case: Avvikelse) -> set[int | None]:
    """Everybody who would really get a mail about the case, except as its reporter."""
    rows = world.session.scalars(select(OutboxMail).where(OutboxMail.avvikelse_id == case.id))
    return {
        mail.recipient_user_id
        for mail in rows
        if mail.params.get("audience") != "reporter" and still_true(world.session, mail, world.now)
    }


def listed(world: World, who: Actor, tab: Tab) -> list[str]:
    return [row.ref for row in work_list(world.session, who, tab, today=local_date(world.now)).rows]


@pytest.fixture
def deputy(world: World) -> Actor:
    """She manages Mottagning, stands in for Behandling, and HAB is asked after her."""
    world.position(BUP).substitute_id = world.position(MOTTAGNING).id
    world.position(MOTTAGNING).substitute_id = world.position(HAB).id
    organisation.bump(world.session, world.pack.id)
    for slug in (BUP, MOTTAGNING, HAB):
        world.chef(slug)
    return world.grant(MOTTAGNING, Role.RAPPORTOR, enhet_id=world.unit("skola-2380").id)


def report(world: World, who: Actor, unit: str) -> Avvikelse:
    """From the school, where the deputy works a day a week."""
    case = world.report(who, unit, sender_enhet_id=world.unit("skola-2380").id)
    if case.status is Status.SUBMITTED:
        triage.assign(
            world.session, world.samordnare("kommun-2380/utbildning"), case.ref, world.receiver(BUP), now=world.now
        )
    handling.add_note(world.session, world.actor(BUP), case.ref, "Kallelsen skrevs ut på papper.", now=world.now)
    return case


def test_who_reported_it_does_not_answer_for_the_receiver(
    client: CheckingClient, world: World, deputy: Actor, clock: Clock
) -> None:
    session = world.session
    other = world.reporter("skola-2380")
    hers, somebodys = report(world, deputy, "bup-behandling"), report(world, other, "bup-behandling")
    away(world, BUP)
    deputy, next_one = world.actor(MOTTAGNING), world.actor(HAB)
    assert any(grant.as_substitute for grant in deputy.grants)

    # The allowed twin: in somebody else's case she is the manager.
    assert Relation.OWNER_CHEF in relations_to(deputy, somebodys)
    assert deputy.user_id in mailed(world, somebodys)
    # In her own she is its reporter and no more, and the next in the order answers.
    assert relations_to(deputy, hers) == {Relation.REPORTER}
    assert owner(hers).stand_in_position_id == world.position(HAB).id
    assert Relation.OWNER_CHEF in relations_to(next_one, hers)
    assert deputy.user_id not in mailed(world, hers)
    assert next_one.user_id in mailed(world, hers)

    for tab in (Tab.MINE, Tab.UNIT):
        assert listed(world, deputy, tab) == [somebodys.ref]
        assert listed(world, next_one, tab) == [hers.ref]
    assert counts(session, deputy, local_date(world.now))[Tab.MINE] == 1
    word = "papper"  # stands in the receiver's own note
    assert [row.ref for row in search(session, deputy, word, today=local_date(world.now)).rows] == [somebodys.ref]

    visitor = Visitor.of(client, session, deputy, clock.now)
    page = visitor.text(f"/avvikelser/{hers.ref}")
    assert "skrevs ut på papper" not in page
    assert "skrevs ut på papper" in visitor.text(f"/avvikelser/{somebodys.ref}")
    for step in ("ta-emot", "lamna-over", "inte-vart-ansvar", "anteckning"):
        assert f"/avvikelser/{hers.ref}/{step}" not in page
        assert visitor.get(f"/avvikelser/{hers.ref}/{step}").status_code in {403, 404, 409}
    assert visitor.get(f"/avvikelser/{somebodys.ref}/lamna-over").status_code == 200


def test_whom_the_report_is_about_does_not_answer_above_herself(world: World, deputy: Actor) -> None:
    """About Mottagning, with the manager above: while she is away, the manager of Mottagning is no substitute in it."""
    session = world.session
    above = session.get_one(Organisation, world.unit("bup-mottagning").organisation_id)
    head = Position(
        pack_id=world.pack.id, slug="chef-over-bup", title="Områdeschef", organisation_id=above.id, imported={},
        substitute_id=world.position(MOTTAGNING).id,
    )  # fmt: skip
    session.add(head)
    organisation.bump(session, world.pack.id)
    world.chef("chef-over-bup")
    about_her = world.report(world.reporter("skola-2380"), "bup-mottagning")
    about_other = world.report(world.reporter("skola-2380"), "bup-behandling")
    for case in (about_her, about_other):
        party = owner(case)
        party.position_id, party.enhet_id = head.id, None
    session.flush()
    away(world, "chef-over-bup")
    deputy = world.actor(MOTTAGNING)
    assert Relation.OWNER_CHEF in relations_to(deputy, about_other)
    assert relations_to(deputy, about_her) == frozenset()
    assert owner(about_her).stand_in_position_id != world.position(MOTTAGNING).id
    for tab in OWNER_LISTS:
        assert about_her.ref not in listed(world, deputy, tab)
    assert search(session, deputy, about_her.number, today=local_date(world.now)).rows == ()
    assert deputy.user_id not in mailed(world, about_her)


def test_a_substitute_who_is_a_party_does_not_count_as_somebody(world: World, deputy: Actor) -> None:
    """With nobody else in the order the samordnare is told, and may place the case."""
    session = world.session
    world.position(MOTTAGNING).substitute_id = None
    organisation.bump(session, world.pack.id)
    hers, somebodys = (
        report(world, deputy, "bup-behandling"),
        report(world, world.reporter("skola-2380"), "bup-behandling"),
    )
    sam = world.samordnare("region-jh")
    away(world, BUP)
    assert sam.user_id in mailed(world, hers)
    placed = triage.place(session, sam, hers.ref, world.receiver(HAB), now=world.now)
    assert owner(placed).position_id == world.position(HAB).id
    assert owner(somebodys).stand_in_position_id == world.position(MOTTAGNING).id


def test_an_atgard_of_her_own_case_is_not_run_by_the_substitute_who_reported_it(
    client: CheckingClient, world: World, deputy: Actor, clock: Clock
) -> None:
    """Neither its page with what other reporters wrote, nor its steps, mails, counts or calendar; the twin has all."""
    session, today = world.session, local_date(world.now)
    hers, somebodys = (
        report(world, deputy, "bup-behandling"),
        report(world, world.reporter("skola-2380"), "bup-behandling"),
    )
    bup, kind, text = world.actor(BUP), "M01", "Vi ringer i stället för att skriva."
    own, other = (
        atgarder.add(session, bup, case.ref, kind, text, today + timedelta(days=20), now=world.now)
        for case in (hers, somebodys)
    )
    away(world, BUP)
    deputy = world.actor(MOTTAGNING)
    visitor = Visitor.of(client, session, deputy, clock.now)
    assert visitor.get(f"/atgarder/{other.id}").status_code == 200
    assert visitor.get(f"/atgarder/{other.id}/infor").status_code == 200
    listing = visitor.get("/atgarder").text
    assert f"/atgarder/{other.id}" in listing
    assert f'/atgarder/{own.id}"' not in listing
    assert measure_list.counts(session, deputy)[MeasureTab.TO_DO] == 1
    assert f"/atgarder/{own.id}" not in visitor.get(f"/avvikelser/{hers.ref}").text
    for path in ("", "/infor", "/andra", "/avfor"):
        assert visitor.get(f"/atgarder/{own.id}{path}").status_code == 404
    with pytest.raises(NotFound):
        atgarder.do(session, deputy, own.id, today, "Nu ringer vi.", now=world.now)
    assert own.status is AtgardStatus.DECIDED

    token = calendar_feed.begin(session, deputy, now=world.now)
    days = due_days(session, token_hash(token), today) or ()
    assert [day.key for day in days if day.key.startswith("a")] == [f"a{other.id}"]
    assert [day.path for day in days if day.key.startswith("a")] == [f"/atgarder/{other.id}"]
    assert deputy.user_id in atgard_notices.owner_recipients(session, other, today).user_ids
    assert deputy.user_id not in atgard_notices.owner_recipients(session, own, today).user_ids


def test_who_managed_a_unit_that_has_closed_is_no_substitute_in_what_was_reported_about_it(
    world: World, deputy: Actor
) -> None:
    """Mottagning is taken over by Behandling, where its manager is the substitute. The case about Mottagning goes to
    Behandling's manager; while she is away, the one after the deputy answers for it, and nobody loses it.
    """
    session, today = world.session, local_date(world.now)
    about_her = world.report(world.reporter("skola-2380"), "bup-mottagning")
    if about_her.status is Status.SUBMITTED:
        triage.assign(
            session,
            world.samordnare("kommun-2380/utbildning"),
            about_her.ref,
            world.receiver(MOTTAGNING),
            now=world.now,
        )
    about_other = report(world, world.reporter("skola-2380"), "bup-behandling")
    assert Relation.OWNER_CHEF in relations_to(deputy, about_her)  # her own unit: she answers for it
    closed, heir = world.unit("bup-mottagning"), world.unit("bup-behandling")
    closed.active_to, closed.successor_id = today - timedelta(days=1), heir.id
    organisation.bump(session, world.pack.id)
    succession.settle_all(session, now=world.now)
    assert owner(about_her).position_id == world.position(BUP).id
    assert Relation.OWNER_CHEF in relations_to(world.actor(BUP), about_her)

    away(world, BUP)
    deputy, next_one = world.actor(MOTTAGNING), world.actor(HAB)
    assert Relation.OWNER_CHEF in relations_to(deputy, about_other)  # the allowed twin
    assert Relation.OWNER_CHEF not in relations_to(deputy, about_her)
    assert Relation.OWNER_CHEF in relations_to(next_one, about_her)
    assert next_one.user_id in mailed(world, about_her)
    assert about_her.ref in listed(world, next_one, Tab.MINE)
    assert about_her.ref not in listed(world, deputy, Tab.MINE)
