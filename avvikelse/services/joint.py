"""The joint room, where two owners solve a case together. Open for what one can do there and how it ends.

Each step needs the one before: both answer the prompts, each writes a commitment, both say yes to the same words. Or
one records that they do not agree; or the time runs out (services/ladder_deeds.py); or a samordnare gives the case to
one of them. What leaves for the group takes both texts with it (`GroupQuestion.room_id`). A cost that is shared stands
in services/joint_money.py, a talk without the family in services/room_meetings.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.joint_room import GROUP_IS_ASKED, MAX_ANSWER, PROMPTS, RoomOutcome, words_of_agreement
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Action, GroupQuestionKind, PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.joint_room import Commitment, JointRoom, RoomAnswer
from avvikelse.policy.permission_map import Permission
from avvikelse.queries import room_money
from avvikelse.services import audit, clocks, group_questions, telling
from avvikelse.services.case_access import CaseInHand, find, require, unchanged
from avvikelse.services.guarding import guard
from avvikelse.services.rooms import close_room, latest_room_of, open_room_of
from avvikelse.services.transitions import perform, perform_as_system


def answer(session: Session, actor: Actor, ref: str, answers: Mapping[str, str], *, now: datetime) -> RoomAnswer:
    """Send the own answers to the prompts; they may be changed until the other party has sent its own.

    Raises Invalid at the prompt that is empty or too long, Conflict when both have answered.
    """
    case, room, party = in_room(session, actor, ref)
    guard(**{prompt.field: answers[prompt.field] for prompt in PROMPTS})
    for prompt in PROMPTS:
        text = answers[prompt.field].strip()
        if not text or len(text) > MAX_ANSWER:
            raise Invalid(prompt.missing if not text else f"Skriv högst {MAX_ANSWER} tecken.", field=prompt.field)
    if _all_have_answered(session, case, room):
        raise Conflict("Båda har svarat och läst varandras svar. Skriv nu vad ni tar på er.")
    mine = session.scalar(select(RoomAnswer).where(RoomAnswer.room_id == room.id, RoomAnswer.party_id == party.id))
    first = mine is None
    if mine is None:
        mine = RoomAnswer(room_id=room.id, party_id=party.id)
        session.add(mine)
    for prompt in PROMPTS:
        setattr(mine, prompt.field, answers[prompt.field].strip())
    mine.sent_at = now
    session.flush()
    record(session, case, Event.ROOM_ANSWERED, party, now)
    clocks.look_again(session, case.row)
    if _all_have_answered(session, case, room):
        telling.send(session, case.row, Notice.ROOM_BOTH_ANSWERED, Audience.OWNER, now=now, key=f"r{room.id}")
    elif first:
        tell_the_other(session, case, party, Notice.ROOM_OTHER_ANSWERED, f"r{room.id}", now)
    return mine


def commit(
    session: Session, actor: Actor, ref: str, who: str, what: str, when_on: date, *, now: datetime
) -> Commitment:
    """What the own side takes upon itself. Other words take away what both have said yes to.

    Raises Conflict before both have answered, Invalid at `who`, `what` or `when_on`.
    """
    case, room, party = in_room(session, actor, ref)
    guard(who=who, what=what)
    if not who.strip():
        raise Invalid("Skriv vilken roll som gör det.", field="who")
    if not what.strip():
        raise Invalid("Skriv vad ni tar på er.", field="what")
    if when_on < local_date(now):
        raise Invalid("Dagen har redan varit.", field="when_on")
    require_both_answers(session, case, room)
    said = commitments_of(session, room)
    mine = next((one for one in said if one.party_id == party.id), None)
    if mine is None:
        mine = Commitment(
            room_id=room.id, avvikelse_id=case.row.id, party_id=party.id, omrade_id=party.omrade_id, agreed=False
        )
        session.add(mine)
    mine.who, mine.what, mine.when_on, mine.at = who.strip()[:120], what.strip(), when_on, now
    for one in (*said, mine):
        one.agreed = False
    mine.done_on = None
    session.flush()
    record(session, case, Event.COMMITMENT_MADE, party, now)
    key = f"r{room.id}:{now:%Y%m%d%H%M}"
    tell_the_other(session, case, party, Notice.ROOM_OTHER_COMMITTED, key, now)
    return mine


def agree(session: Session, actor: Actor, ref: str, *, seen: str | None = None, now: datetime) -> None:
    """Say yes to what both have written. When both have, the case is under joint work.

    `seen`: the words as they stood on the page. Raises Conflict when they have changed, or one is missing.
    """
    case, room, party = in_room(session, actor, ref)
    said = commitments_of(session, room)
    mine = next((one for one in said if one.party_id == party.id), None)
    if mine is None or len(said) < len(case.owners):
        raise Conflict("Båda behöver först skriva vad de tar på sig.")
    words = agreed_words(session, room, said)
    unchanged(words, seen, seen or words)
    if room_money.lacks_path(session, room, party.id):
        raise Conflict("Ni delar en kostnad. Skriv först vem hos er som beslutar om pengarna, och till när.")
    mine.agreed = True
    session.flush()
    record(session, case, Event.YES_SAID, party, now)
    if all(one.agreed for one in said):
        close_room(session, case.row, RoomOutcome.AGREED, now=now)
        perform(session, case, Action.AGREE, now=now, both_confirmed=True)
    else:
        tell_the_other(session, case, party, Notice.ROOM_OTHER_AGREES, f"r{room.id}:{now:%Y%m%d%H%M}", now)


def disagree(session: Session, actor: Actor, ref: str, reason: str, *, now: datetime) -> GroupQuestion:
    """Record that they do not agree, with the reasons: the group reads both texts and takes over the question.

    Raises Conflict before both have answered, and when no group covers the case.
    """
    case, room, party = in_room(session, actor, ref)
    guard(reason=reason)
    if not reason.strip() or len(reason) > MAX_ANSWER:
        raise Invalid(f"Skriv vad ni inte är överens om, med högst {MAX_ANSWER} tecken.", field="reason")
    require_both_answers(session, case, room)
    if not group_questions.has_home_group(session, case.row):
        raise Conflict(
            "Ingen samverkansgrupp är registrerad för det här ärendet. Kontakta samordnaren, "
            "som kan ge ärendet till en av er."
        )
    room.disagreement = reason.strip()
    record(session, case, Event.DISAGREED, party, now)
    question = ask_group(session, case.row, room, RoomOutcome.DISAGREED, now=now)
    perform(session, case, Action.LIFT, now=now, detail={"disagreement": True, "question": question.id})
    return question


def ask_group(
    session: Session, row: Avvikelse, room: JointRoom, outcome: RoomOutcome, *, now: datetime
) -> GroupQuestion:
    """The home group is asked in the system's words, which tell of nobody; both texts go with the question."""
    question = group_questions.open_question(
        session, row, GroupQuestionKind.LIFTED, GROUP_IS_ASKED[outcome], None, now, now
    )
    question.room_id = room.id
    close_room(session, row, outcome, now=now)
    return question


def run_out(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """The time has run out: the group takes over, and hears when a party has not answered."""
    room = open_room_of(session, row)
    if room is None:
        return
    owners = {party.id for party in row.parties if party.side is PartySide.OWNER}
    outcome = RoomOutcome.RAN_OUT if owners <= answered(session, room) else RoomOutcome.SILENT
    question = ask_group(session, row, room, outcome, now=now)
    perform_as_system(session, row, Action.LIFT, now=now, detail={"question": question.id})


def answered(session: Session, room: JointRoom) -> frozenset[int]:
    """The parties that have sent their answers."""
    return frozenset(session.scalars(select(RoomAnswer.party_id).where(RoomAnswer.room_id == room.id)))


def commitments_of(session: Session, room: JointRoom) -> Sequence[Commitment]:
    return session.scalars(select(Commitment).where(Commitment.room_id == room.id).order_by(Commitment.party_id)).all()


def agreed_words(session: Session, room: JointRoom, said: Sequence[Commitment]) -> str:
    told = tuple((one.who, one.what, one.when_on.isoformat()) for one in said)
    return words_of_agreement(told, room_money.words_of(session, room.id, [one.party_id for one in said]))


def take_back_every_yes(session: Session, room: JointRoom) -> None:
    """What both had said yes to has changed."""
    for one in commitments_of(session, room):
        one.agreed = False
    session.flush()


def done(session: Session, actor: Actor, ref: str, done_on: date, *, now: datetime) -> Commitment:
    """The own side has done what it took upon itself. Raises Conflict before both have agreed, Invalid at `done_on`."""
    case, room, party = after_room(session, actor, ref)
    if done_on > local_date(now):
        raise Invalid("Dagen ligger i framtiden.", field="done_on")
    mine = _to_carry_out(session, room, party)
    mine.done_on, mine.not_kept_on = done_on, None
    record(session, case, Event.COMMITMENT_DONE, party, now)
    clocks.look_again(session, case.row)
    return mine


def not_kept(session: Session, actor: Actor, ref: str, *, now: datetime) -> Commitment:
    """Whoever has come in a party's place says that what that one had promised is not done. The other party is told.

    Raises Conflict for what the own side has promised itself, and when it is done.
    """
    case, room, party = after_room(session, actor, ref)
    mine = _to_carry_out(session, room, party)
    if mine.party_id == party.id:
        raise Conflict("Det är ert eget åtagande. Talas vid med den andra parten.")
    if mine.done_on is not None:
        raise Conflict("Det är redan gjort.")
    if mine.not_kept_on is None:
        mine.not_kept_on = local_date(now)
        record(session, case, Event.COMMITMENT_NOT_KEPT, party, now)
        tell_the_other(session, case, party, Notice.ROOM_NOT_KEPT, f"r{room.id}:n{mine.id}", now)
        clocks.look_again(session, case.row)
    return mine


def _to_carry_out(session: Session, room: JointRoom, party: Party) -> Commitment:
    """What both have agreed that this side does."""
    mine = next((one for one in commitments_of(session, room) if one.carrier_id == party.id), None)
    if mine is None or room.outcome is not RoomOutcome.AGREED:
        raise Conflict("Båda behöver först vara överens.")
    return mine


def in_room(session: Session, actor: Actor, ref: str) -> tuple[CaseInHand, JointRoom, Party]:
    """The case, its open room and the own party in it. Raises NotFound, Forbidden, Conflict."""
    case = find(session, actor, ref)
    require(case, Permission.COMMIT)
    room = open_room_of(session, case.row)
    if room is None:
        raise Conflict("Rummet är stängt.")
    return case, room, case.my_party(PartySide.OWNER)


def after_room(session: Session, actor: Actor, ref: str) -> tuple[CaseInHand, JointRoom, Party]:
    """The case, its latest room and the own party in it, also when the room is closed: what was agreed is carried out.

    Raises NotFound, Forbidden, Conflict.
    """
    case = find(session, actor, ref)
    require(case, Permission.CARRY_OUT)
    room = latest_room_of(session, case.row)
    if room is None or not case.row.joint:
        raise Conflict("Ni äger inte längre ärendet tillsammans.")
    return case, room, case.my_party(PartySide.OWNER)


def _all_have_answered(session: Session, case: CaseInHand, room: JointRoom) -> bool:
    return {party.id for party in case.owners} <= answered(session, room)


def require_both_answers(session: Session, case: CaseInHand, room: JointRoom) -> None:
    if not _all_have_answered(session, case, room):
        raise Conflict("Båda behöver först svara på frågorna, så att ni har läst varandras svar.")


def record(session: Session, case: CaseInHand, event: Event, party: Party, now: datetime) -> None:
    audit.record(
        session, case.actor, event, now=now, avvikelse_id=case.row.id, role=case.role, omrade_id=party.omrade_id
    )


def tell_the_other(session: Session, case: CaseInHand, mine: Party, notice: Notice, key: str, now: datetime) -> None:
    found = [one for one in telling.resolve(session, case.row, Audience.OWNER, local_date(now)) if one[0] != mine.id]
    why = {"audience": Audience.OWNER.value}
    telling.queue(session, case.row, notice, found, why, now=now, key=key, except_user_id=case.actor.user_id)
