"""Reports without account as services: to whom they go, what is stored, what the code opens. On both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor, code_holder
from avvikelse.domain.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from avvikelse.domain.notices import SEVERE_NOTICES
from avvikelse.domain.relation import REPORTING
from avvikelse.domain.vocabulary import AnswerKind, Channel, NotTakenUpReason, Outcome, PartySide, Rating, Role, Status
from avvikelse.domain.whole_days import is_whole_day, whole_day
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.identity import Throttle
from avvikelse.models.organisation import Enhet, Funktion, Sekretessomrade
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.receipts import ReceiptCode
from avvikelse.queries.case_page import case_page
from avvikelse.services import (
    answers,
    dialogue,
    handling,
    open_reports,
    outbox,
    receipts,
    reporting,
    throttle,
    triage,
)  # fmt: skip
from avvikelse.services.answers import AnswerText
from avvikelse.services.case_access import in_hand
from avvikelse.services.receipts import Knock
from avvikelse.services.reporting import Report
from tests.support.world import World

HOME = Knock("192.0.2.7/32", b"k" * 32)
TEXT = "Ingen sa vem som skulle kalla till mötet, så det blev inget möte."
QUICK = AnswerText(AnswerKind.QUICK, what_happened="Kallelsen glömdes hos oss.", what_now="Vi har en ny rutin.")


def report(world: World, counterpart: str | None = "bup-behandling", **changes: Any) -> Report:
    fields: dict[str, Any] = {
        "sender_enhet_id": None,
        "counterpart_enhet_id": world.unit(counterpart).id if counterpart else None,
        "counterpart_unknown": counterpart is None,
        "occurred_on": local_date(world.now),
        "description": TEXT,
        "severity": 1,
        "kommunkod": "2380",
        "idempotency_key": "nyckel-ett",
    }
    return Report(**(fields | changes))


def send(world: World, counterpart: str | None = "bup-behandling", **changes: Any) -> open_reports.Filed:
    channel, knock = changes.pop("channel", Channel.NO_ACCOUNT), changes.pop("knock", HOME)
    return open_reports.file(
        world.session, report(world, counterpart, **changes), world.pack.id, channel, knock, now=world.now
    )


def enter(world: World, code: str, knock: Knock = HOME) -> receipts.Holder:
    return receipts.enter(world.session, code, knock, now=world.now)


def desk(world: World, row: Avvikelse) -> str:
    owner = next(party for party in row.parties if party.side is PartySide.OWNER)
    return world.session.get_one(Funktion, owner.funktion_id).slug


# --- the way ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counterpart", "kommun", "sender", "to"),
    [
        ("bup-behandling", "2380", None, "avvikelsekoordinator-region"),  # the named party's samordnare
        ("skola-2380", None, None, "avvikelsekoordinator-2380"),
        ("skola-2380", "2380", "bup-behandling", "avvikelsekoordinator-2380"),  # also when the own unit is said
        (None, "2326", None, "avvikelsekoordinator-2326"),  # else the kommun's
    ],
)
def test_it_always_begins_at_a_samordnare(
    world: World, counterpart: str | None, kommun: str | None, sender: str | None, to: str
) -> None:
    own = world.unit(sender).id if sender else None
    row = send(world, counterpart, kommunkod=kommun, sender_enhet_id=own).row
    assert row.status is Status.SUBMITTED
    assert desk(world, row) == to
    assert all(party.position_id is None for party in row.parties)
    if counterpart:  # the manager whom it concerns finds nothing yet
        chef = world.chef(f"chef-{counterpart}")
        with pytest.raises(NotFound):
            case_page(world.session, chef, row.ref)


def test_the_stated_units_manager_is_no_party_but_its_samordnare_is(world: World) -> None:
    row = send(world, "bup-behandling", sender_enhet_id=world.unit("skola-2380").id).row
    with pytest.raises(NotFound):
        case_page(world.session, world.chef("chef-skola-2380"), row.ref)
    page = case_page(world.session, world.samordnare("kommun-2380/utbildning"), row.ref)
    assert page.shared is not None
    assert page.reporter is None


def test_without_counterpart_and_kommun_it_is_asked_for(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        send(world, None, kommunkod=None)
    assert refused.value.field == "kommunkod"
    assert world.session.scalar(select(func.count()).select_from(Avvikelse)) == 0


def test_a_unit_of_another_lan_is_refused(world: World, session: Session) -> None:
    other = World.of(session, world.now, "blekinge")
    unit = session.scalars(select(Enhet).where(Enhet.pack_id == other.pack.id).limit(1)).one()
    for field, changes in (
        ("sender", {"sender_enhet_id": unit.id}),
        ("counterpart", {"counterpart_enhet_id": unit.id}),
    ):
        with pytest.raises(Invalid) as refused:
            send(world, "bup-behandling", **changes)
        assert refused.value.field == field


def test_a_family_reaches_the_groups_of_its_kommun(world: World) -> None:
    """Nobody knows which kind of unit reports, so only whom it concerns decides."""
    row = send(world, None, channel=Channel.FAMILY).row
    groups = world.session.scalars(select(GroupMembership).where(GroupMembership.avvikelse_id == row.id)).all()
    assert any(group.is_home for group in groups)
    assert not row.inside_huvudman
    named = send(world, "bup-behandling", channel=Channel.FAMILY, idempotency_key="nyckel-tva").row
    assert not named.inside_huvudman


def test_the_samordnare_assigns_it_and_a_declined_one_comes_back_to_the_same_desk(world: World) -> None:
    row = send(world).row
    sam, chef = world.samordnare("region-jh"), world.chef("chef-bup-behandling")
    first = desk(world, row)
    triage.assign(world.session, sam, row.ref, world.receiver("chef-bup-behandling"), now=world.now)
    handling.decline(world.session, chef, row.ref, "Det gäller skolan.", None, now=world.now)
    assert row.status is Status.SUBMITTED
    assert desk(world, row) == first


def test_the_samordnare_who_gets_it_may_close_what_is_no_avvikelse(world: World) -> None:
    row = send(world).row
    sam = world.samordnare("region-jh")
    triage.not_taken_up(world.session, sam, row.ref, NotTakenUpReason.TEST, "Tack. Ett prov.", now=world.now)
    assert row.outcome is Outcome.NOT_TAKEN_UP


# --- what is stored ---------------------------------------------------------------------------------------------------


def test_nothing_says_who_or_at_what_time(world: World) -> None:
    filed = send(world)
    row, session = filed.row, world.session
    assert filed.code is not None
    assert row.reporter_user_id is None
    times = [
        row.submitted_at,
        row.status_since,
        *(party.since for party in row.parties),
        *(t.at for t in row.transfers),
    ]
    events = session.scalars(select(AuditEvent).where(AuditEvent.avvikelse_id == row.id)).all()
    assert {event.user_id for event in events} == {None}
    assert all(is_whole_day(moment) for moment in (*times, *(event.at for event in events)))
    assert {t.by_user_id for t in row.transfers} == {None}


def test_the_code_is_stored_as_a_keyed_hash_only(world: World) -> None:
    filed = send(world)
    code = filed.code or ""
    stored = world.session.scalars(select(ReceiptCode)).one()
    assert stored.code_hash == receipts.code_hash(world.session, code)
    for table in (ReceiptCode.__table__, Avvikelse.__table__):
        assert code not in str(world.session.execute(select(table)).all())
    assert filed.row.idempotency_key != "nyckel-ett"
    world.session.info["audit_key"], kept = b"another key of an installation elsewhere", world.session.info["audit_key"]
    try:
        assert receipts.code_hash(world.session, code) != stored.code_hash
    finally:
        world.session.info["audit_key"] = kept


def test_mails_about_it_leave_the_next_morning(world: World) -> None:
    world.samordnare("region-jh")
    row = send(world).row
    mails = world.session.scalars(select(OutboxMail).where(OutboxMail.avvikelse_id == row.id)).all()
    assert mails
    for mail in mails:
        assert mail.next_try_at is not None
        assert local_date(mail.next_try_at) == local_date(world.now) + timedelta(days=1)


def test_what_is_severe_leaves_with_the_next_round_of_its_own_clock(world: World) -> None:
    world.samordnare("region-jh")
    severe = send(world, severity=3).row
    mild = send(world, idempotency_key="nyckel-tva").row
    later = world.now + timedelta(hours=1)
    assert outbox.release(world.session, SEVERE_NOTICES, now=later) == 1
    assert outbox.release(world.session, SEVERE_NOTICES, now=later) == 0, "once"

    def due(row: Avvikelse) -> set[str]:
        mails = world.session.scalars(select(OutboxMail).where(OutboxMail.avvikelse_id == row.id))
        return {mail.notice for mail in mails if mail.next_try_at is not None and mail.next_try_at <= later}

    assert due(severe) == {"severe_triage"}
    assert due(mild) == set()
    for row in (severe, mild):  # and nothing says more of the time than before
        assert is_whole_day(row.submitted_at)
    world.session.expire_all()
    created = world.session.scalars(select(OutboxMail.created_at)).all()
    assert {local_date(moment) for moment in created} == {local_date(world.now) + timedelta(days=1)}


def test_sent_twice_it_is_one_case_with_the_same_code_for_a_day(world: World) -> None:
    first = send(world)
    again = send(world)
    assert (again.row.id, again.code) == (first.row.id, first.code)
    world.now += timedelta(days=2)
    later = send(world)
    assert later.row.id == first.row.id
    assert later.code is None


def test_without_the_forms_own_key_nothing_is_made(world: World) -> None:
    with pytest.raises(Invalid):
        send(world, idempotency_key=None)


# --- with the code ----------------------------------------------------------------------------------------------------


def test_the_holder_is_the_reporter_of_that_case_and_of_no_other(world: World) -> None:
    mine, other = send(world), send(world, idempotency_key="nyckel-tva")
    holder = enter(world, mine.code or "")
    assert in_hand(world.session, holder.actor, mine.row).relations == REPORTING
    assert in_hand(world.session, holder.actor, other.row).relations == frozenset()
    assert case_page(world.session, holder.actor, mine.row.ref).shared is not None
    with pytest.raises(NotFound):
        case_page(world.session, holder.actor, other.row.ref)
    with pytest.raises(NotFound):
        dialogue.add_fact(world.session, holder.actor, other.row.ref, "Hej hej.", now=world.now)


def test_the_holder_reads_what_is_said_to_her_but_not_who_has_it(world: World) -> None:
    filed = send(world)
    sam, chef = world.samordnare("region-jh"), world.chef("chef-bup-behandling")
    triage.assign(world.session, sam, filed.row.ref, world.receiver("chef-bup-behandling"), now=world.now)
    answers.answer(world.session, chef, filed.row.ref, QUICK, now=world.now)
    page = case_page(world.session, code_holder(filed.row.id), filed.row.ref)
    assert page.owners == ()
    assert page.transfers == ()
    assert page.routing_reason is None
    assert page.sender_only is None
    assert [part for answer in page.answers for _, part in answer.parts] == [QUICK.what_happened, QUICK.what_now]
    assert {answer.unit for answer in page.answers} == {None}


def test_question_answer_rating_and_again(world: World) -> None:
    filed = send(world)
    session, row, day = world.session, filed.row, whole_day(world.now)
    holder = enter(world, filed.code or "").actor
    sam, chef = world.samordnare("region-jh"), world.chef("chef-bup-behandling")
    dialogue.ask(session, sam, row.ref, "Vilket slags möte var det?", now=world.now)
    assert row.paused_since is not None
    dialogue.answer_open_question(session, holder, row.ref, "Ett SIP-möte.", now=day)
    assert row.paused_days == 0
    triage.assign(session, sam, row.ref, world.receiver("chef-bup-behandling"), now=world.now)
    answers.answer(session, chef, row.ref, QUICK, now=world.now)
    answers.feedback(session, holder, row.ref, Rating.NEJ, "Ni svarar inte på vem som kallar.", now=day)
    assert row.status is Status.IN_PROGRESS
    full = AnswerText(AnswerKind.FULL, orsak="a", atgard="b", konsekvens="c", uppfoljning="d", no_atgard_reason="e")
    answers.answer(session, chef, row.ref, full, now=world.now)
    answers.feedback(session, holder, row.ref, Rating.JA, "", now=day)
    assert row.status is Status.CLOSED
    anew = open_reports.file(
        session,
        report(world, idempotency_key="nyckel-igen", earlier_ref=row.ref),
        world.pack.id,
        Channel.NO_ACCOUNT,
        HOME,
        again=holder,
        now=world.now,
    )
    assert anew.row.earlier_id == row.id
    assert anew.code != filed.code


def test_a_fact_sent_twice_is_said_once(world: World) -> None:
    filed = send(world)
    holder = enter(world, filed.code or "").actor
    first = dialogue.add_fact(world.session, holder, filed.row.ref, "Det var i oktober.", now=world.now)
    assert dialogue.add_fact(world.session, holder, filed.row.ref, "Det var i oktober. ", now=world.now).id == first.id


def test_withdrawn_until_accepted(world: World) -> None:
    filed = send(world)
    holder = enter(world, filed.code or "").actor
    reporting.withdraw(world.session, holder, filed.row.ref, now=world.now)
    assert filed.row.outcome is Outcome.WITHDRAWN


def test_the_reporter_of_a_merged_report_reads_the_main_cases_answer(world: World) -> None:
    filed, main = send(world), send(world, idempotency_key="nyckel-tva")
    sam, chef = world.samordnare("region-jh"), world.chef("chef-bup-behandling")
    triage.merge(world.session, sam, filed.row.ref, main.row.ref, now=world.now)
    triage.assign(world.session, sam, main.row.ref, world.receiver("chef-bup-behandling"), now=world.now)
    answers.answer(world.session, chef, main.row.ref, QUICK, now=world.now)
    page = case_page(world.session, code_holder(filed.row.id), filed.row.ref)
    assert [part for answer in page.answers for _, part in answer.parts] == [QUICK.what_happened, QUICK.what_now]
    assert page.main is None


def test_nobody_can_be_asked_who_left_no_way_back(world: World) -> None:
    filed = send(world)
    world.session.delete(world.session.get_one(ReceiptCode, filed.row.id))
    world.session.flush()
    with pytest.raises(Conflict):
        dialogue.ask(world.session, world.samordnare("region-jh"), filed.row.ref, "Hur?", now=world.now)
    with pytest.raises(NotFound):
        receipts.again(world.session, filed.row.ref)


# --- brakes -----------------------------------------------------------------------------------------------------------


def wrong(world: World, knock: Knock = HOME, code: str = "0000 0000 0000 0000") -> None:
    with pytest.raises(Invalid) as refused:
        enter(world, code, knock)
    assert refused.value.reason == receipts.WRONG


def test_ten_wrong_codes_from_an_address_and_the_eleventh_waits(world: World) -> None:
    code = send(world).code or ""
    for _ in range(10):
        wrong(world)
    with pytest.raises(TooMany) as braked:
        enter(world, code)  # the right one too
    assert 0 < braked.value.retry_after <= 15 * 60 + 1
    assert enter(world, code, Knock("192.0.2.8/32", HOME.secret)).ref  # elsewhere it still opens


def test_right_codes_do_not_count_and_do_not_buy_new_guesses(world: World) -> None:
    code = send(world).code or ""
    for _ in range(30):
        enter(world, code)
    for _ in range(9):
        wrong(world)
        enter(world, code)
    wrong(world)
    with pytest.raises(TooMany):
        enter(world, code)


def test_many_addresses_together_meet_the_global_brake(world: World) -> None:
    code = send(world).code or ""
    for number in range(800):
        knock = Knock(f"address {number}", HOME.secret)
        try:
            wrong(world, knock)
        except TooMany:
            break
    else:
        pytest.fail("no global brake")
    with pytest.raises(TooMany):
        enter(world, code, Knock("somebody else", HOME.secret))


def test_what_the_brake_keeps_is_no_address_and_is_gone_in_a_day(world: World) -> None:
    wrong(world)
    rows = world.session.scalars(select(Throttle)).all()
    assert rows
    assert all("192.0.2" not in row.key_hash and len(row.key_hash) == 64 for row in rows)
    keys = {row.key_hash for row in rows}
    tomorrow = world.now + timedelta(days=1)
    assert throttle.key_of(HOME.secret, "receipt_address", HOME.network, tomorrow) not in keys
    throttle.purge(world.session, now=world.now + timedelta(hours=24, minutes=15))
    assert world.session.scalar(select(func.count()).select_from(Throttle)) == 0


def test_reports_from_one_address_are_braked_too(world: World) -> None:
    for number in range(10):
        send(world, idempotency_key=f"nyckel-{number}")
    with pytest.raises(TooMany):
        send(world, idempotency_key="nyckel-elva")
    assert send(world, idempotency_key="nyckel-3").code  # one that was sent already is no new one


# --- by phone ---------------------------------------------------------------------------------------------------------


def take_call(world: World, actor: Actor, *, called_at: datetime | None = None, read_back: bool = True, **changes: Any):
    called = called_at or world.now - timedelta(hours=3)
    fields = report(world, **changes)
    return open_reports.file_by_phone(
        world.session, actor, fields, world.pack.id, called, read_back=read_back, now=world.now
    )


def test_a_call_is_filed_at_the_desk_of_who_took_it_and_the_clock_runs_from_the_call(world: World) -> None:
    sam = world.samordnare("kommun-2380/utbildning")
    called = world.now - timedelta(days=1, hours=2)
    happened = local_date(called)
    school = world.unit("skola-2380").id
    filed = take_call(world, sam, called_at=called, sender_enhet_id=school, occurred_on=happened)
    assert filed.row.channel is Channel.PHONE
    assert filed.row.submitted_at == filed.row.status_since == called
    later = take_call(world, sam, idempotency_key="nyckel-tva", sender_enhet_id=school)
    assert filed.row.due_on is not None
    assert later.row.due_on is not None
    assert filed.row.due_on < later.row.due_on
    page = case_page(world.session, sam, filed.row.ref)
    assert {relation.value for relation in page.relations} == {"sender_samordnare", "owner_samordnare"}
    assert enter(world, filed.code or "").ref == filed.row.ref


def test_without_read_back_nothing_is_filed(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        take_call(world, world.samordnare("region-jh"), read_back=False)
    assert refused.value.field == "read_back"
    assert world.session.scalar(select(func.count()).select_from(Avvikelse)) == 0


@pytest.mark.parametrize("called", [timedelta(minutes=5), -timedelta(days=15)])
def test_a_call_in_the_future_or_long_ago_is_asked_about(world: World, called: timedelta) -> None:
    with pytest.raises(Invalid) as refused:
        take_call(world, world.samordnare("region-jh"), called_at=world.now + called)
    assert refused.value.field == "called_on"


def test_only_a_samordnare_of_the_lan_takes_calls(world: World, session: Session) -> None:
    other = World.of(session, world.now, "blekinge")
    omrade = session.scalars(select(Sekretessomrade).where(Sekretessomrade.pack_id == other.pack.id).limit(1)).one()
    away = other.grant("bortasamordnare", Role.SAMORDNARE, omrade_id=omrade.id)
    for actor in (world.chef("chef-bup-behandling"), away):
        with pytest.raises(Forbidden):
            take_call(world, actor)


def test_the_caller_takes_the_report_to_her_account_and_the_code_ends(world: World) -> None:
    filed = take_call(world, world.samordnare("region-jh"))
    teacher = world.reporter("skola-2380")
    row = receipts.claim(world.session, teacher, filed.code or "", HOME, now=world.now)
    assert row.reporter_user_id == teacher.user_id
    assert case_page(world.session, teacher, row.ref).shared is not None
    wrong(world, code=filed.code or "")


def test_a_report_without_account_is_never_tied_to_a_person(world: World) -> None:
    filed = send(world)
    with pytest.raises(Invalid) as refused:
        receipts.claim(world.session, world.reporter("skola-2380"), filed.code or "", HOME, now=world.now)
    assert refused.value.reason == receipts.WRONG
    assert filed.row.reporter_user_id is None
