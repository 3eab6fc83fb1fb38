"""Allowed exactly as the tables say, when asked through the services: every permission and step × relation × status.

Each call runs in a savepoint that is rolled back. What counts is whether the service let the person through: a refusal
about the text or about something else in the case (Invalid, another Conflict) comes after that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import pytest
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor, code_holder
from avvikelse.domain.errors import Conflict, DomainError, Forbidden, NotFound
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.relation import REPORTING, Relation
from avvikelse.domain.replacing import ReplaceReason
from avvikelse.domain.vocabulary import (
    Action,
    Again,
    AlsoHandledAs,
    AnswerKind,
    ContactOutcome,
    GroupQuestionKind,
    NotTakenUpReason,
    Outcome,
    PartySide,
    Rating,
    Role,
    Status,
)
from avvikelse.domain.workflow import rows_for
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer, Question
from avvikelse.policy.permission_map import PERMISSIONS, Permission
from avvikelse.queries.case_page import case_page
from avvikelse.services import (
    answers,
    atgarder,
    dialogue,
    effect_answers,
    family,
    group_questions,
    handling,
    joint,
    masking,
    quality,
    reporting,
    splitting,
    stories,
    support,
    talks,
    triage,
    undoing,
)  # fmt: skip
from avvikelse.services.answers import AnswerText
from avvikelse.services.case_access import in_hand
from tests.support import rooms
from tests.support.world import World

R, P, A = Relation, Permission, Action
STATUSES = tuple(status for status in Status if status is not Status.DRAFT)
FORMER = frozenset({R.FORMER_CHEF, R.FORMER_SAMORDNARE})
OUT_OF_REACH = FORMER | {R.CONVENOR}  # the case is not there for them to act on
DAY = date(2026, 5, 1)
QUICK = AnswerText(AnswerKind.QUICK, what_happened="Vi såg det för sent.", what_now="Vi kallar tidigare.")
STATE_WORDS = "Ärendet har statusen"


@dataclass
class Board:
    """One case, one person per relation, and another case to merge into."""

    world: World
    case: Avvikelse
    main: Avvikelse
    question: Question
    lifted_id: int
    people: dict[Relation, Actor]

    @property
    def owner_id(self) -> int:
        return next(party.id for party in self.case.parties if party.side is PartySide.OWNER)

    @property
    def session(self) -> Session:
        return self.world.session


@pytest.fixture
def board(session: Session, now: datetime) -> Board:
    world = World.of(session, now)
    reporter, former = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    case, main = (world.report(reporter, "bup-behandling") for _ in range(2))
    for row in (case, main):
        handling.hand_over(session, former, row.ref, world.receiver("chef-soc-2380"), "Gäller stöd.", now=now)
    owner, handler = world.chef("chef-soc-2380"), world.handler("soc-2380")
    handling.name_handler(session, owner, case.ref, handler.user_id, now=now)
    handling.name_handler(session, owner, main.ref, handler.user_id, now=now)
    question = Question(
        avvikelse_id=case.id, asked_at=now, asked_by_user_id=owner.user_id, asked_as=Role.CHEF, text="Hur?",
        omrade_id=world.unit("soc-2380").omrade_id, answered_at=now, answer="Så.",
    )  # fmt: skip
    sent = Answer(
        avvikelse_id=case.id, version=1, kind=AnswerKind.QUICK, written_at=now, sent_at=now, what_happened="x",
        what_now="y", omrade_id=world.unit("soc-2380").omrade_id,
    )  # fmt: skip
    session.add_all([question, sent])
    session.flush()
    lifted = group_questions.open_question(session, case, GroupQuestionKind.LIFTED, "Vem kallar?", None, None, now)
    case.gruppmening = "Kallelsen kom sent till mötet."
    people = {
        R.REPORTER: reporter,
        R.SENDER_CHEF: world.chef("chef-skola-2380"),
        R.SENDER_SAMORDNARE: world.samordnare("kommun-2380/utbildning"),
        R.OWNER_CHEF: owner,
        R.HANDLER: handler,
        R.OWNER_SAMORDNARE: world.samordnare("kommun-2380/social"),
        R.FORMER_CHEF: former,
        R.FORMER_SAMORDNARE: world.samordnare("region-jh"),
        R.CONVENOR: world.convenor("birger"),
        R.BY_CODE: code_holder(case.id),
    }
    return Board(world, case, main, question, lifted.id, people)


Call = Callable[[Board, Actor], object]


def by(service: Callable[..., object], *args: object, **kwargs: object) -> Call:
    """The service on the board's case; an argument that is a function gets the board first."""

    def call(board: Board, actor: Actor) -> object:
        given = [arg(board) if callable(arg) else arg for arg in args]
        return service(board.session, actor, board.case.ref, *given, now=board.world.now, **kwargs)

    return call


def today(board: Board) -> date:
    return board.world.now.date()


def hab(board: Board) -> Receiver:
    return board.world.receiver("chef-barnhab")


# fmt: off
CALLS: dict[Permission, Call] = {
    P.ASK:                 by(dialogue.ask, "Hur gick det till?"),
    P.ANSWER_QUESTION:     by(dialogue.answer_question, lambda board: board.question.id, "Så."),
    P.ADD_FACT:            by(dialogue.add_fact, "Mer."),
    P.NOTE:                by(handling.add_note, "Not."),
    P.RECODE:              by(handling.recode, category="A1", severity=1),
    P.FACTORS:             by(handling.set_factors, ()),
    P.AVTALSPUNKT:         by(handling.set_avtalspunkt, avtalspunkt_id=None, no_avtal=True),
    P.NAME_HANDLER:        by(handling.name_handler, None),
    P.OUTSIDE_CONTACT:     by(handling.note_outside_contact, today, ContactOutcome.CLARIFIED),
    P.OWN_PROCESS:         by(handling.also_handled_as, (AlsoHandledAs.KLAGOMAL,)),
    P.ATGARD:              by(atgarder.add, "M01", "Ny rutin.", DAY),
    P.WRITE_GRUPPMENING:   by(triage.write_gruppmening, "Kallelsen kom sent till mötet."),
    P.APPROVE_GRUPPMENING: by(triage.approve_gruppmening),
    P.APPROVE_QUESTION:    by(group_questions.approve, lambda board: board.lifted_id, "Vem kallar?"),
    P.WRITE_STORY:         by(stories.write, stories.StoryWords("Rubrik", "Hände.", "Gjordes.", "Bättre.")),
    P.ASK_GROUP:           by(group_questions.ask, "Varför kommer ingen?"),
    P.MASK:                by(triage.mask, "Annan text."),
    P.TAKE_BACK:           by(handling.take_back),
    P.PLACE:               by(triage.place, hab),
    P.SPLIT:               by(splitting.split, lambda board: splitting.SecondEvent("Mer hände.", today(board), 1)),
    P.REPLACE_TEXT:        by(masking.replace, "beskrivning", lambda b: b.case.id, "Ny text.", ReplaceReason.NAME),
    P.CONFIRM_SUPPORT:     by(support.confirm),
    P.EFFECT:              by(effect_answers.answer_as_reporter, Again.SOMETIMES),
    P.FAMILY:              by(family.set_flag, True, ""),
    P.CHECK_ANSWER:        by(quality.check, approves=True, comment=""),
    P.COMMIT:              by(joint.answer, rooms.ANSWERS),
    P.CARRY_OUT:           by(joint.done, today),
    P.PROPOSE_TALK:        by(talks.propose_talk, today, "Vi enades.", "Löst."),
    P.REPORT_AGAIN:        by(reporting.earlier_case),
    P.DIARIENUMMER:        by(handling.set_diarienummer, "D 1"),
}
STEPS: dict[Action, Call] = {
    A.ASSIGN:          by(triage.assign, hab),
    A.NOT_TAKEN_UP:    by(triage.not_taken_up, NotTakenUpReason.TEST, "Ett prov."),
    A.MERGE:           by(triage.merge, lambda board: board.main.ref),
    A.WITHDRAW:        by(reporting.withdraw),
    A.ACCEPT:          by(handling.accept),
    A.HAND_OVER:       by(handling.hand_over, hab, "Skäl."),
    A.DECLINE:         by(handling.decline, "Skäl.", None),
    A.UNDO:            by(undoing.undo),
    A.LIFT:            by(group_questions.lift, "Vem kallar?"),
    A.UNLOCK:          by(triage.unlock, lambda board: board.owner_id, "Skäl."),
    A.ANSWER:          by(answers.answer, QUICK),
    A.FEEDBACK_HELPED: by(answers.feedback, Rating.JA, ""),
    A.FEEDBACK_NO:     by(answers.feedback, Rating.NEJ, "Löser inget."),
}
# fmt: on
# Asked elsewhere: reading (below), what only the system does, and steps with two parties (test_main_job.py).
ELSEWHERE = {P.READ, P.READ_FORMER, P.COPY}
STEPS_ELSEWHERE = {A.SUBMIT, A.LOCK, A.AGREE, A.BECOME_ONE, A.SOLVED_IN_TALK, A.DECIDE, A.SEND_BACK, A.CLOSE_SILENT}


def put(board: Board, status: Status) -> None:
    """Set the state without walking there."""
    row = board.case
    closed = status is Status.CLOSED
    row.status, row.outcome = status, Outcome.ANSWERED if closed else None
    row.closing_text, row.accepted_at, row.paused_since = "Klart.", None, None
    row.closed_at = board.world.now if closed else None
    board.session.flush()


def outcome(board: Board, call: Call, actor: Actor) -> str:
    """allowed, state, forbidden or gone; whatever was written is undone."""
    saved = board.session.begin_nested()
    try:
        call(board, actor)
    except NotFound:
        return "gone"
    except Forbidden:
        return "forbidden"
    except Conflict as error:
        return "state" if STATE_WORDS in error.reason else "allowed"
    except DomainError:
        return "allowed"
    else:
        return "allowed"
    finally:
        saved.rollback()


def theirs(relation: Relation) -> frozenset[Relation]:
    """What the person of this relation has."""
    return REPORTING if relation is R.BY_CODE else frozenset({relation})


def walk(
    board: Board, call: Call, allowed: Callable[[Relation, Status], bool], reaches: frozenset[Relation] = frozenset()
) -> list[str]:
    """Where the service and the table disagree. `reaches`: whom the step finds although the case is out of reach."""
    wrong = []
    for status in STATUSES:
        put(board, status)
        for relation, actor in board.people.items():
            found = outcome(board, call, actor)
            if relation in OUT_OF_REACH - reaches:
                right = found == "gone"
            elif allowed(relation, status):
                right = found == "allowed"
            else:
                # A case to merge into is not hers either: she has the code of one.
                right = found in {"forbidden", "state"} or (relation is R.BY_CODE and found == "gone")
            if not right:
                wrong.append(f"{relation.value} in {status.value}: {found}")
    return wrong


def test_each_person_has_the_one_relation(board: Board) -> None:
    for relation, actor in board.people.items():
        assert in_hand(board.session, actor, board.case).relations == theirs(relation)


def test_every_row_of_the_tables_is_asked() -> None:
    assert set(CALLS) | ELSEWHERE == set(Permission) == set(PERMISSIONS)
    assert set(STEPS) | STEPS_ELSEWHERE == set(Action)


def test_each_permission_opens_for_whom_and_when_the_table_says(board: Board) -> None:
    wrong = {}
    for permission, call in CALLS.items():
        wrong[permission] = walk(board, call, partial(may_use, permission))
    assert {permission: found for permission, found in wrong.items() if found} == {}


def test_each_step_is_taken_by_whom_and_when_the_table_says(board: Board) -> None:
    wrong = {}
    for action, call in STEPS.items():
        reaches = FORMER if action is A.UNDO else frozenset()
        wrong[action] = walk(board, call, partial(may_take, action), reaches)
    assert {action: found for action, found in wrong.items() if found} == {}


def may_use(permission: Permission, relation: Relation, status: Status) -> bool:
    who, states = PERMISSIONS[permission]
    return bool(theirs(relation) & who) and status in states


def may_take(action: Action, relation: Relation, status: Status) -> bool:
    if action is A.ANSWER and (relation, status) == (R.OWNER_CHEF, Status.ASSIGNED):
        return True  # the manager's first action counts as accepting
    return any(theirs(relation) & set(row.who) for row in rows_for(action, status))


def test_reading_opens_for_whom_the_table_says(board: Board) -> None:
    for status in STATUSES:
        put(board, status)
        for relation, actor in board.people.items():
            if relation is R.CONVENOR:
                with pytest.raises(NotFound):
                    case_page(board.session, actor, board.case.ref)
                continue
            page = case_page(board.session, actor, board.case.ref)
            who = (relation, status)
            assert (P.READ in page.permissions) is bool(theirs(relation) & PERMISSIONS[P.READ][0]), who
            assert P.READ_FORMER in page.permissions, who
            assert (page.shared is not None) is (P.READ in page.permissions), who
