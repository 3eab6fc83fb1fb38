"""Cases of a samverkansgrupp as rows, for tests of its month: any day, any state, without walking the whole flow."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from avvikelse.domain.group_words import DecisionStatus
from avvikelse.domain.vocabulary import (
    AnswerKind,
    Channel,
    GroupQuestionKind,
    GroupQuestionStatus,
    Rating,
    Status,
    TransferKind,
)
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, Transfer
from avvikelse.models.dialogue import Answer
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.services.refs import new_ref
from tests.support.world import World

SECRET = "Hemligord i originaltexten"


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def case(world: World, group: str, day: date, **changes: Any) -> Avvikelse:
    """A case that counts in the group, reported on `day` by the school about BUP. Its own text holds SECRET."""
    ref = new_ref()
    sender = world.unit(changes.pop("sender", "skola-2380"))
    fields: dict[str, Any] = {
        "ref": ref, "number": f"JH-X-{ref[:8]}", "pack_id": world.pack.id, "channel": Channel.WEB,
        "status": Status.ASSIGNED, "sender_enhet_id": sender.id, "sender_kind": sender.kind,
        "counterpart_kind": "bup", "receiver_kind": "bup", "kommunkod": "2380", "occurred_on": day,
        "description": SECRET, "severity": 1, "category": "A1", "submitted_at": noon(day), "status_since": noon(day),
    }  # fmt: skip
    row = Avvikelse(**(fields | changes))
    world.session.add(row)
    world.session.flush()
    world.session.add(
        GroupMembership(avvikelse_id=row.id, group_id=world.group(group).id, is_home=True, reported_on=day)
    )
    world.session.flush()
    return row


def closed(**changes: Any) -> dict[str, Any]:
    """The columns of a case that has ended."""
    return {"status": Status.CLOSED, "closing_text": "Klart."} | changes


def answer(world: World, row: Avvikelse, day: date, rating: Rating | None, version: int = 1) -> None:
    row.answered_at = row.answered_at or noon(day)
    world.session.add(
        Answer(
            avvikelse_id=row.id, version=version, kind=AnswerKind.QUICK, written_at=noon(day), sent_at=noon(day),
            omrade_id=world.unit("bup-mottagning").omrade_id, what_happened="x", what_now="y", rating=rating,
            rated_at=noon(day) if rating else None, rating_reason="z" if rating is Rating.NEJ else None,
        )
    )  # fmt: skip
    world.session.flush()


def held_by(world: World, row: Avvikelse, *positions: str) -> None:
    """The case's way, as slugs of positions."""
    for slug in positions:
        position = world.position(slug)
        unit = position.enhet
        assert unit is not None
        world.session.add(
            Transfer(
                avvikelse_id=row.id, kind=TransferKind.HANDED_OVER, at=row.submitted_at, to_omrade_id=unit.omrade_id,
                to_enhet_id=unit.id, to_position_id=position.id, crosses=True,
            )
        )  # fmt: skip
        world.session.flush()


def question(world: World, row: Avvikelse, group: str, day: date, **changes: Any) -> GroupQuestion:
    """An approved, open question to the group."""
    fields: dict[str, Any] = {
        "ref": new_ref(), "avvikelse_id": row.id, "group_id": world.group(group).id, "kind": GroupQuestionKind.LIFTED,
        "text": "Vem kallar till SIP när skolan byter?", "raised_at": noon(day), "approved_at": noon(day),
        "status": GroupQuestionStatus.OPEN,
    }  # fmt: skip
    row_ = GroupQuestion(**(fields | changes))
    world.session.add(row_)
    world.session.flush()
    return row_


def decided(world: World, asked: GroupQuestion, due_on: date, **changes: Any) -> GroupDecision:
    """The group's decision on the question, taken now."""
    fields: dict[str, Any] = {
        "ref": new_ref(), "group_id": asked.group_id, "text": "BUP utser ersättare.", "owner": "Verksamhetschef BUP",
        "due_on": due_on, "decided_at": world.now, "status": DecisionStatus.OPEN, "carried": 0,
        "publish_by": local_date(world.now),
    }  # fmt: skip
    row = GroupDecision(**(fields | changes))
    world.session.add(row)
    world.session.flush()
    asked.status, asked.decision_id = GroupQuestionStatus.DECIDED, row.id
    world.session.flush()
    return row
