"""The register of avtal: everybody reads, the administrator changes, nothing old is lost, and late reviews are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.avtal import reminder_number, wording_on
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import avtal_reviews, mail_rules, outbox
from avvikelse.services.organisation_import import import_pack
from tests.conftest import Clock
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.imported import pack_tables
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

OLD, NEW = "Kallelsen skickas i god tid.", "Kallelsen skickas tio dagar före mötet."


@pytest.fixture
def admin(world: World) -> Actor:
    return world.grant("systemets", Role.ADMINISTRATOR)


def here(world: World) -> str:
    return f"/avtal/{world.pack.slug}/jamtbus"


def jamtbus(world: World) -> Avtal:
    return world.session.scalars(select(Avtal).where(Avtal.slug == "jamtbus")).one()


def with_point(acting: Acting, admin: Actor, number: str = "4.2", text: str = OLD) -> Avtalspunkt:
    address = here(acting.world)
    acting.does(admin, f"{address}/punkt", number=number, text=text, from_on="2026-01-01")
    return acting.world.session.scalars(select(Avtalspunkt).where(Avtalspunkt.number == number)).one()


# --- over time --------------------------------------------------------------------------------------------------------


def test_the_wording_of_a_day() -> None:
    earlier = [(date(2026, 1, 31), "första"), (date(2026, 2, 28), "andra")]
    days = {date(2025, 5, 1): "första", date(2026, 1, 31): "första", date(2026, 2, 1): "andra", date(2026, 3, 1): "nu"}
    for day, text in days.items():
        assert wording_on(day, "nu", reversed(earlier)) == text
    assert wording_on(date(2026, 1, 1), "nu", ()) == "nu"


def test_a_reminder_on_the_day_after_and_then_each_month() -> None:
    due = date(2026, 3, 1)
    late = {0: None, 1: 0, 30: 0, 31: 1, 60: 1, 61: 2}
    assert {days: reminder_number(due, due + timedelta(days=days)) for days in late} == late


def test_a_case_keeps_the_words_that_held_when_it_happened(
    acting: Acting, admin: Actor, teacher: Actor, clock: Clock
) -> None:
    world = acting.world
    point = with_point(acting, admin)
    before = world.report(teacher, "bup-behandling", avtalspunkt_id=point.id, occurred_on=date(2026, 3, 9))
    acting.does(admin, f"{here(world)}/punkt/{point.id}/lydelse", text=NEW, from_on="2026-03-11")
    after = world.report(teacher, "bup-behandling", avtalspunkt_id=point.id)
    old_page = acting.reads(teacher, f"/avvikelser/{before.ref}")
    assert f"Jämtbus, punkt 4.2: {OLD} (Så löd punkten 9 mars 2026.)" in old_page
    assert NEW not in old_page
    assert f"punkt 4.2: {NEW}" in acting.reads(teacher, f"/avvikelser/{after.ref}")
    today = acting.reads(teacher, here(world))
    assert f"{NEW}" in today
    assert "Till och med 10 mars 2026" in today
    then = acting.reads(teacher, f"{here(world)}?dag=2026-03-09")
    assert "Så löd avtalet den 9 mars 2026" in then
    assert OLD in then
    assert NEW not in then


def test_a_point_that_has_ended_is_offered_no_more_but_stays_in_its_case(
    acting: Acting, admin: Actor, teacher: Actor, clock: Clock
) -> None:
    world = acting.world
    point = with_point(acting, admin)
    case = world.report(teacher, "bup-behandling", avtalspunkt_id=point.id)
    assert "Jämtbus, punkt 4.2" in acting.reads(teacher, "/rapportera")
    acting.does(admin, f"{here(world)}/punkt/{point.id}/slut", last_day="2026-03-10")
    assert "Jämtbus, punkt 4.2" not in acting.reads(teacher, "/rapportera")
    assert f"Jämtbus, punkt 4.2: {OLD}" in acting.reads(teacher, f"/avvikelser/{case.ref}")
    bup = world.chef("chef-bup-behandling")
    acting.step(bup, case, "ta-emot")
    assert "Jämtbus, punkt 4.2" in acting.reads(bup, f"/avvikelser/{case.ref}/avtal")  # it may stay


def test_a_new_pack_keeps_the_old_words(acting: Acting, world: World, teacher: Actor, clock: Clock) -> None:
    tables = pack_tables("jamtland_harjedalen")
    row = {"id": "jamtbus-1", "avtal": "jamtbus", "nummer": "1", "text": OLD}
    import_pack(world.session, SYSTEM, tables | {"avtalspunkt": [row]}, now=clock.now)
    point = world.session.scalars(select(Avtalspunkt)).one()
    assert point.active_from == local_date(clock.now)  # the avtal was there before its point
    clock.move(days=10)
    import_pack(world.session, SYSTEM, tables | {"avtalspunkt": [row | {"text": NEW}]}, now=clock.now)
    world.session.expire_all()
    assert [(one.text, one.to_on) for one in point.earlier] == [(OLD, date(2026, 3, 20))]
    assert point.text == NEW


# --- a case points at it ----------------------------------------------------------------------------------------------


def test_the_reporter_says_that_there_is_no_avtal_and_the_receiver_names_one(
    acting: Acting, admin: Actor, teacher: Actor
) -> None:
    world = acting.world
    point = with_point(acting, admin)
    fields = {
        "key": "k" * 20, "sender_enhet_id": world.unit("skola-2380").id, "occurred_on": "2026-03-10", "severity": "1",
        "counterpart": world.unit("bup-behandling").id, "description": "Ingen visste vem som kallar.",
        "avtalspunkt_id": "-1",
    }  # fmt: skip
    assert "Det finns inget avtal" in words(acting.sends(teacher, "/rapportera", **fields))
    acting.does(teacher, "/rapportera/skicka", **fields)
    case = world.session.scalars(select(Avvikelse)).one()
    assert (case.no_avtal, case.avtalspunkt_id) == (True, None)
    bup = world.chef("chef-bup-behandling")
    assert "Det finns inget avtal eller ingen rutin om det" in acting.reads(bup, f"/avvikelser/{case.ref}")
    acting.step(bup, case, "avtal", avtalspunkt_id=point.id)
    world.session.refresh(case)
    assert (case.no_avtal, case.avtalspunkt_id) == (None, point.id)
    assert "Det angavs vilket avtal som inte följdes" in acting.reads(teacher, f"/avvikelser/{case.ref}")
    for wrong in (10**6, "x", -2):
        assert acting.sends(bup, f"/avvikelser/{case.ref}/avtal", avtalspunkt_id=wrong).status_code == 422
    assert acting.sends(teacher, f"/avvikelser/{case.ref}/avtal", avtalspunkt_id=point.id).status_code == 403
    stranger = world.chef("chef-soc-2380")
    assert acting.sends(stranger, f"/avvikelser/{case.ref}/avtal", avtalspunkt_id=point.id).status_code == 404


# --- who may ----------------------------------------------------------------------------------------------------------


def test_everybody_reads_and_only_the_systems_administrator_changes(
    acting: Acting, admin: Actor, teacher: Actor
) -> None:
    world = acting.world
    point = with_point(acting, admin)
    assert "Jämtbus" in acting.reads(teacher, f"/avtal/{world.pack.slug}")
    assert acting.get(teacher, "/avtal").headers["Location"].endswith(f"/avtal/{world.pack.slug}")
    local = world.administrator("kommun-2380")
    writes = {
        f"/avtal/{world.pack.slug}": {"name": "Nytt avtal"},
        f"{here(world)}/ansvarig": {"owner": "0", "review_on": "2027-01-01"},
        f"{here(world)}/punkt": {"number": "9", "text": NEW, "from_on": "2026-03-11"},
        f"{here(world)}/punkt/{point.id}/lydelse": {"text": NEW, "from_on": "2026-03-11"},
        f"{here(world)}/punkt/{point.id}/slut": {"last_day": "2026-03-11"},
        f"{here(world)}/oversyn": {"next_on": "2027-01-01"},
    }
    for address, fields in writes.items():
        for other in (teacher, local, world.chef("chef-skola-2380")):
            assert acting.sends(other, address, **fields).status_code == 403, address
    world.session.expire_all()
    assert (point.text, point.active_to, jamtbus(world).review_on) == (OLD, None, None)
    assert world.session.scalar(select(Avtal.id).where(Avtal.name == "Nytt avtal")) is None
    for address in ("/avtal/finns-inte", f"/avtal/{world.pack.slug}/finns-inte", f"{here(world)}/punkt/999"):
        assert acting.get(admin, address).status_code == 404
    acting.does(admin, f"/avtal/{world.pack.slug}", name="Nytt avtal")


@pytest.mark.parametrize(
    ("part", "fields", "sentence"),
    [
        ("punkt", {"number": "4.2", "text": NEW, "from_on": "2026-03-11"}, "Punkt 4.2 finns redan"),
        ("punkt", {"number": "5", "text": "Ring 070-123 45 67.", "from_on": "2026-03-11"}, "telefonnumret"),
        ("punkt", {"number": "", "text": NEW, "from_on": "2026-03-11"}, "Skriv punktens nummer."),
        ("punkt/{point}/lydelse", {"text": NEW, "from_on": "2026-03-12"}, "Dagen ligger framåt i tiden."),
        ("punkt/{point}/lydelse", {"text": NEW, "from_on": "2025-12-01"}, "Punkten började gälla senare än så."),
        ("punkt/{point}/slut", {"last_day": "2025-12-01"}, "Punkten började gälla senare än så."),
        ("oversyn", {"next_on": "2026-03-11"}, "Ange en dag framåt i tiden"),
    ],
)
def test_wrong_input_is_said_at_the_field(
    acting: Acting, admin: Actor, part: str, fields: dict[str, str], sentence: str
) -> None:
    point = with_point(acting, admin)
    answer = acting.sends(admin, f"{here(acting.world)}/{part.format(point=point.id)}", **fields)
    assert answer.status_code == 422
    assert sentence in words(answer)


# --- reviews ----------------------------------------------------------------------------------------------------------


def reminders(session: Session) -> list[int | None]:
    rows = session.scalars(select(OutboxMail).where(OutboxMail.notice == "avtal_review").order_by(OutboxMail.id))
    return [row.recipient_user_id for row in rows]


def test_the_owner_is_reminded_then_the_administrator_and_it_ends_with_the_review(
    acting: Acting, admin: Actor, session: Session, clock: Clock
) -> None:
    world = acting.world
    owner, teacher = world.chef("chef-bup-behandling"), world.reporter("skola-2380")
    position = world.position("chef-bup-behandling").id
    acting.does(admin, f"{here(world)}/ansvarig", owner=position, review_on="2026-03-12")
    for _ in range(2):
        avtal_reviews.remind(session, clock.move(days=1))
    assert reminders(session) == [owner.user_id]  # the 13th, not on the day itself
    avtal_reviews.remind(session, clock.now)
    assert reminders(session) == [owner.user_id]
    assert "skulle ha gjorts" in acting.reads(teacher, f"/avtal/{world.pack.slug}")
    avtal_reviews.remind(session, clock.move(days=31))
    assert reminders(session) == [owner.user_id, owner.user_id, admin.user_id]
    mail_rules.enter()
    waiting = session.scalars(select(OutboxMail).where(OutboxMail.notice == "avtal_review")).all()
    assert all(outbox.RECHECK[Notice.AVTAL_REVIEW](session, mail, clock.now) for mail in waiting[1:])

    acting.does(owner, f"{here(world)}/oversyn", next_on="2027-03-12")
    assert not any(outbox.RECHECK[Notice.AVTAL_REVIEW](session, mail, clock.now) for mail in waiting)
    avtal_reviews.remind(session, clock.move(days=40))
    assert len(reminders(session)) == 3
    assert "Sågs över senast" in acting.reads(teacher, here(world))


def test_without_an_owner_the_administrator_is_told(
    acting: Acting, admin: Actor, session: Session, clock: Clock
) -> None:
    acting.does(admin, f"{here(acting.world)}/ansvarig", owner="0", review_on="2026-03-12")
    avtal_reviews.remind(session, clock.move(days=2))
    assert reminders(session) == [admin.user_id]
