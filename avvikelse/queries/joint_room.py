"""The joint room as its two parties read it, as the case page tells of it, and as the group reads it when it is lifted.

Whose texts a reader gets says policy/redaction.room_parties; the group's read is keyed by the question that took the
texts with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.joint_money import words_of_cost
from avvikelse.domain.joint_room import PROMPTS, RoomOutcome, words_of_agreement
from avvikelse.domain.relation import Relation
from avvikelse.domain.sekretess import FieldGroup, may_read
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import PartySide
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.joint_room import Commitment, JointRoom, RoomAnswer
from avvikelse.models.organisation import Enhet, Position
from avvikelse.policy import redaction
from avvikelse.policy.permission_map import Permission, allows
from avvikelse.policy.visibility import my_parties, relations_to, visible
from avvikelse.queries import room_money
from avvikelse.queries.case_views import RoomSummary
from avvikelse.queries.room_money import Cost, CostSide, MeetingView


@dataclass(frozen=True, slots=True)
class CommitmentView:
    who: str
    what: str
    when_on: date
    agreed: bool
    done_on: date | None = None
    not_kept_on: date | None = None


@dataclass(frozen=True, slots=True)
class RoomParty:
    """One side of the room. `answers` (prompt, text) and `commitment` are absent while the reader may not have them.

    `taken_over_by`: the unit that has come in its place from another område and has the commitment to do; `mine` is
    then true for that one (`inherited`).
    """

    name: str
    mine: bool
    answered: bool
    answers: tuple[tuple[str, str], ...]
    commitment: CommitmentView | None
    cost: CostSide | None = None
    proposed_talk: bool = False  # the talk ahead is its proposal
    taken_over_by: str | None = None
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class RoomPage:
    """The room. `words` = the commitments and the shared cost as they stand now, to which one says yes.

    `carries_out`: the reader may write how it went, also when the room is closed.
    """

    ref: str
    number: str
    open: bool
    outcome: str | None
    due_on: date | None
    parties: tuple[RoomParty, ...]
    both: bool
    may_write: bool
    words: str | None
    disagreement: str | None
    carries_out: bool = False
    agreed: bool = False
    cost: Cost | None = None
    meetings: tuple[MeetingView, ...] = ()

    @property
    def ahead(self) -> MeetingView | None:
        """The talk that has not been."""
        return next((meeting for meeting in self.meetings if meeting.ahead), None)

    @property
    def mine(self) -> RoomParty | None:
        return next((party for party in self.parties if party.mine), None)


@dataclass(frozen=True, slots=True)
class LiftedText:
    """One side's answers as the group reads them: the kind of unit, never its name."""

    side: str
    answers: tuple[tuple[str, str], ...]
    commitment: str | None
    cost: str | None = None


def room_page(session: Session, actor: Actor, ref: str) -> RoomPage:
    """The latest room of a case. Raises NotFound for a case or room that is not there for the actor."""
    row = session.scalar(select(Avvikelse).where(Avvikelse.ref == ref, visible(actor)))
    room = _latest(session, row) if row is not None else None
    if row is None or room is None:
        raise NotFound
    found = relations_to(actor, row)
    if not may_read(FieldGroup.JOINT, found):
        raise NotFound
    answers, commitments = _answers(session, room.id), _commitments(session, room.id)
    readable = redaction.room_parties(actor, row, found, answers, closed=room.closed_at is not None)
    writes = allows(Permission.COMMIT, found, row.status) and room.closed_at is None
    carries_out = row.joint and allows(Permission.CARRY_OUT, found, row.status)
    mine = next(iter(my_parties(actor, row, PartySide.OWNER)), None) if writes or carries_out else None
    both_were_here = room.closed_at is not None and len(answers) > 1
    in_it = [p for p in row.parties if p.id in answers or (p.side is PartySide.OWNER and not both_were_here)]
    heirs = {one.party_id: p for one in commitments.values() for p in row.parties if p.id == one.carried_by_party_id}
    names = _names(session, [*in_it, *heirs.values()])
    promises = redaction.room_promises(actor, row, found, readable, heirs)
    both = len(answers) > 1 and all(p.id in answers for p in in_it)
    reads_both = both and len(readable) > 1
    cost = room_money.cost_of(session, room.id, [p.id for p in in_it]) if reads_both else None
    meetings = room_money.meetings_of(session, room.id)
    ahead = next((meeting for meeting in meetings if meeting.ahead), None)
    return RoomPage(
        ref=row.ref, number=row.number, open=room.closed_at is None,
        outcome=room.outcome.label if room.outcome else None, due_on=row.due_on if room.closed_at is None else None,
        parties=tuple(
            RoomParty(
                names[p.id], mine is not None and mine.id in (p.id, heirs.get(p.id, p).id), p.id in answers,
                _texts(answers[p.id]) if p.id in readable and p.id in answers else (),
                _view(commitments[p.id]) if p.id in promises and p.id in commitments else None,
                cost.of(p.id) if cost is not None else None, ahead is not None and ahead.party_id == p.id,
                names[heirs[p.id].id] if p.id in heirs else None, mine is not None and mine is heirs.get(p.id),
            )
            for p in in_it
        ),
        both=both, may_write=mine is not None and writes,
        words=_words(commitments, cost) if both and len(commitments) > 1 else None,
        disagreement=room.disagreement if both else None, carries_out=mine is not None and carries_out,
        agreed=room.outcome is RoomOutcome.AGREED, cost=cost, meetings=meetings,
    )  # fmt: skip


def summary(session: Session, actor: Actor, row: Avvikelse, found: frozenset[Relation]) -> RoomSummary | None:
    """What the case page says of the room. None when there is none, or not for this reader."""
    if not may_read(FieldGroup.JOINT_DERIVED, found):
        return None
    room = ask(session, _ROOM, case=row.id).first()
    if room is None:
        return None
    rows = ask(session, _SPOKEN, room=room.id).all()
    answered, yes = {r.party_id for r in rows}, {r.party_id for r in rows if r.agreed}
    owners = {p.id for p in row.parties if p.side is PartySide.OWNER}
    both = len(answered) > 1 and owners <= answered
    mine = {p.id for p in my_parties(actor, row, PartySide.OWNER)} if Relation.OWNER_CHEF in found else set()
    waits = bool(mine) and room.closed_at is None and (not mine <= answered or (both and not mine <= yes))
    return RoomSummary(
        open=room.closed_at is None, both=both, readable=may_read(FieldGroup.JOINT, found), mine_waits=waits,
        outcome=room.outcome.label if room.outcome else None,
        to_do=_to_do(session, room.id, mine, agreed=room.outcome is RoomOutcome.AGREED) if mine and row.joint else None,
    )  # fmt: skip


def _to_do(session: Session, room_id: int, mine: set[int], *, agreed: bool) -> str | None:
    """What the own side has still to carry out, in one sentence."""
    cost = room_money.cost_of(session, room_id, sorted(mine))
    if cost is not None and cost.waits:
        side = cost.sides[0]
        until = f" senast {long_date(side.decide_by)}" if side.decide_by else ""
        return f"Ni ska besluta om pengarna{until}."
    promised = _commitments(session, room_id) if agreed else {}
    waits = next(
        (c for c in promised.values() if c.carrier_id in mine and c.done_on is None and not c.not_kept_on), None
    )
    if waits is None:
        return None
    what = "Det ni tog på er" if waits.party_id in mine else "Det som var lovat när ni tog över"
    return f"{what} ska vara gjort {long_date(waits.when_on)}."


def lifted_texts(session: Session, room_id: int | None) -> tuple[tuple[LiftedText, ...], str | None]:
    """Both sides' texts and the recorded disagreement, for a group that has been asked. The caller has found the
    question through the group's own desk.
    """
    room = session.get(JointRoom, room_id) if room_id is not None else None
    if room is None:
        return (), None
    answers, commitments = _answers(session, room.id), _commitments(session, room.id)
    kinds = dict(
        session.execute(
            select(Party.id, Enhet.kind)
            .join(Enhet, Enhet.id == Party.enhet_id)
            .where(Party.id.in_(answers.keys() | commitments.keys()))
        ).all()
    )
    cost = room_money.cost_of(session, room.id, sorted(answers))
    texts = tuple(
        LiftedText(
            unit_type_label(kinds[party_id]) if party_id in kinds else "Den ena parten",
            _texts(answers[party_id]),
            _line(commitments[party_id]) if party_id in commitments else None,
            _cost_line(cost, party_id),
        )
        for party_id in sorted(answers)
    )
    return texts, room.disagreement


def _latest(session: Session, row: Avvikelse) -> JointRoom | None:
    query = select(JointRoom).where(JointRoom.avvikelse_id == row.id).order_by(JointRoom.id.desc()).limit(1)
    return session.scalar(query)


def _answers(session: Session, room_id: int) -> dict[int, RoomAnswer]:
    return {one.party_id: one for one in session.scalars(select(RoomAnswer).where(RoomAnswer.room_id == room_id))}


def _commitments(session: Session, room_id: int) -> dict[int, Commitment]:
    query = select(Commitment).where(Commitment.room_id == room_id).order_by(Commitment.party_id)
    return {one.party_id: one for one in session.scalars(query)}


def _names(session: Session, parties: list[Party]) -> dict[int, str]:
    """What each side is called: the unit, else the position."""
    rows = session.execute(
        select(Party.id, Enhet.name, Position.title)
        .outerjoin(Enhet, Enhet.id == Party.enhet_id)
        .outerjoin(Position, Position.id == Party.position_id)
        .where(Party.id.in_([party.id for party in parties]))
    )
    return {party_id: unit or title or "Samordnaren" for party_id, unit, title in rows}


def _texts(one: RoomAnswer) -> tuple[tuple[str, str], ...]:
    return tuple((prompt.text, getattr(one, prompt.field)) for prompt in PROMPTS)


def _view(one: Commitment) -> CommitmentView:
    return CommitmentView(one.who, one.what, one.when_on, one.agreed, one.done_on, one.not_kept_on)


def _cost_line(cost: Cost | None, party_id: int) -> str | None:
    side = cost.of(party_id) if cost is not None else None
    return f"{cost.band.label}: {side.line}" if cost is not None and side is not None else None


def _line(one: Commitment) -> str:
    return f"{one.what} ({one.who}, senast {long_date(one.when_on)})"


def _words(commitments: dict[int, Commitment], cost: Cost | None) -> str:
    told = tuple((c.who, c.what, c.when_on.isoformat()) for c in commitments.values())
    sides = {side.party_id: side.share for side in cost.sides} if cost is not None else {}
    shares = [sides.get(party_id) for party_id in commitments]
    return words_of_agreement(told, words_of_cost(cost.band, shares) if cost is not None else "")


_ROOM = (
    select(JointRoom.id, JointRoom.closed_at, JointRoom.outcome)
    .where(JointRoom.avvikelse_id == bindparam("case"))
    .order_by(JointRoom.id.desc())
    .limit(1)
)
_SPOKEN = (
    select(RoomAnswer.party_id, Commitment.agreed)
    .outerjoin(Commitment, (Commitment.room_id == RoomAnswer.room_id) & (Commitment.party_id == RoomAnswer.party_id))
    .where(RoomAnswer.room_id == bindparam("room"))
)
