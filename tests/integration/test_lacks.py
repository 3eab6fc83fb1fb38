"""What a group cannot mend alone reaches whoever convenes the group above: once, again after a quarter, and no more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from avvikelse.domain.group_health import Lack
from avvikelse.domain.notices import Notice
from avvikelse.models.meetings import LackTold
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import audit, group_register, lacks, mail_rules
from avvikelse.services.group_register import SeatWords
from tests.support.world import World

ABOVE, BELOW = "jamtbus-regionalt", "birger"


def told(world: World) -> list[OutboxMail]:
    query = select(OutboxMail).where(OutboxMail.notice == Notice.GROUP_BELOW).order_by(OutboxMail.id)
    return list(world.session.scalars(query))


def known(world: World) -> set[tuple[int, Lack]]:
    return {(row.group_id, row.lack) for row in world.session.scalars(select(LackTold))}


def test_one_mail_about_all_groups_below_and_none_the_next_day(world: World, now: datetime) -> None:
    above = world.convenor(ABOVE)
    assert lacks.tell_above(world.session, now) == 1
    (mail,) = told(world)
    assert (mail.recipient_user_id, mail.params["group"]) == (above.user_id, world.group(ABOVE).id)
    assert (world.group(BELOW).id, Lack.NO_CONVENOR) in known(world)
    assert (world.group("lokal-2303").id, Lack.NO_CONVENOR) in known(world)
    assert lacks.tell_above(world.session, now + timedelta(days=1)) == 0
    assert lacks.tell_above(world.session, now + timedelta(days=92)) == 1
    assert len(told(world)) == 2
    assert audit.verify(world.session).ok


def test_what_is_new_is_told_and_what_is_mended_is_forgotten(world: World, now: datetime) -> None:
    world.convenor(ABOVE)
    lacks.tell_above(world.session, now)
    convenor = world.convenor(BELOW)
    ends = now.date() + timedelta(days=30)
    words = SeatWords("Enhetschef BUP", term_from=now.date(), term_to=ends)
    seat = group_register.add_seat(world.session, convenor, world.group(BELOW).id, words, now=now)
    assert lacks.tell_above(world.session, now + timedelta(days=1)) == 2  # and the new convenor about those below hers
    birger = world.group(BELOW).id
    assert {lack for group_id, lack in known(world) if group_id == birger} == {Lack.TERM_ENDS}
    group_register.end_seat(world.session, convenor, birger, seat.id, now=now)
    assert lacks.tell_above(world.session, now + timedelta(days=2)) == 0
    assert birger not in {group_id for group_id, _ in known(world)}


def test_where_nobody_convenes_above_nothing_is_said_and_nothing_remembered(world: World, now: datetime) -> None:
    world.member(ABOVE)
    assert lacks.tell_above(world.session, now) == 0
    assert told(world) == []
    assert known(world) == set()


def test_who_convenes_no_more_gets_no_mail(world: World, now: datetime) -> None:
    world.convenor(ABOVE)
    lacks.tell_above(world.session, now)
    (mail,) = told(world)
    assert mail_rules.still_true(world.session, mail, now)
    world.user(f"sammankallande-{ABOVE}").active = False
    world.session.flush()
    assert not mail_rules.still_true(world.session, mail, now)
