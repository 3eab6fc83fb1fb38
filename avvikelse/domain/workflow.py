"""THE workflow: which step may follow which, by whom, under which conditions, and who is told.

Read the table top to bottom.

`services/transitions.perform()` is the only code that follows it; docs/generated/arbetsflode.md is drawn from it.
The words are explained in docs/ORDLISTA.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from avvikelse.domain.deadlines import UNTHANKED
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import Action, Labelled, Status

MAX_NEJ_TO_HANDLER = 2  # the third "Nej" goes to the group
LOCK_AT_VAXLINGAR = 2


class Audience(Labelled):
    """Who is told about a step. Resolved to people by services/telling.py."""

    REPORTER = "reporter", "Rapportören"
    OWNER = "owner", "Den som har ärendet nu"
    FORMER_OWNER = "former_owner", "Den som nyss hade ärendet"
    SENDER_SAMORDNARE = "sender_samordnare", "Rapporterande områdets samordnare"
    SENDER_CHEF = "sender_chef", "Rapporterande enhetens chef"
    OTHER_SIDE = "other_side", "Den andra sidans chef"
    CONVENOR = "convenor", "Gruppens sammankallande"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the guards may look at. `returns` = the step would bring the case back to an område that has held it."""

    status: Status
    vaxlingar: int = 0
    returns: bool = False
    locked: bool = False
    nej_count: int = 0
    open_question: bool = False
    has_reason: bool = False
    has_reporter_text: bool = False
    accepted: bool = False
    both_confirmed: bool = False
    has_group: bool = False
    may_undo: bool = False
    good: bool = False  # a good example, which is thanked for and not judged


Guard = Callable[[CaseFacts], str | None]


def needs_reason(case: CaseFacts) -> str | None:
    return None if case.has_reason else "Skriv ett skäl, så att den som tar över förstår varför."


def needs_reporter_text(case: CaseFacts) -> str | None:
    return None if case.has_reporter_text else "Rapportören måste få ett svar innan ärendet avslutas."


def not_locked(case: CaseFacts) -> str | None:
    if case.locked or (case.vaxlingar >= LOCK_AT_VAXLINGAR and case.returns):
        return "Ärendet har redan gått fram och tillbaka. Nu löser ni det tillsammans."
    return None


def no_open_question(case: CaseFacts) -> str | None:
    return "Rapportören har en fråga att svara på först." if case.open_question else None


def not_accepted(case: CaseFacts) -> str | None:
    return (
        "Ärendet är redan mottaget och kan inte återtas. Skriv i stället till den som har ärendet."
        if case.accepted
        else None
    )


def in_time_to_undo(case: CaseFacts) -> str | None:
    return None if case.may_undo else "Det går inte att ta tillbaka ärendet längre. Någon har gått vidare med det."


def both_agree(case: CaseFacts) -> str | None:
    return None if case.both_confirmed else "Båda parter behöver säga ja."


def goes_back_to_handler(case: CaseFacts) -> str | None:
    return None if case.nej_count < MAX_NEJ_TO_HANDLER else "Tredje gången går frågan till samverkansgruppen."


def goes_to_group(case: CaseFacts) -> str | None:
    return None if case.nej_count >= MAX_NEJ_TO_HANDLER else "Svaret går tillbaka till den som har ärendet."


def comes_back(case: CaseFacts) -> str | None:
    back = case.vaxlingar >= LOCK_AT_VAXLINGAR and case.returns
    return None if back else "Låses bara när ärendet är tillbaka hos ett område som redan haft det."


def is_good(case: CaseFacts) -> str | None:
    return None if case.good else "Det här är inget gott exempel. Rapportören ska kunna säga om svaret hjälpte."


def is_no_good(case: CaseFacts) -> str | None:
    return "Ett gott exempel avslutas med ett tack." if case.good else None


def has_home_group(case: CaseFacts) -> str | None:
    return None if case.has_group else "Ingen samverkansgrupp är registrerad för det här ärendet. Kontakta samordnaren."


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: `action` leads from any of `sources` to `target` when one of `who` does it and no guard objects."""

    action: Action
    sources: tuple[Status, ...]
    target: Status
    who: tuple[Relation, ...]
    guards: tuple[Guard, ...] = ()
    told: tuple[Audience, ...] = ()


S, R, A, T = Status, Relation, Audience, Transition

_OWNERS = (R.OWNER_CHEF, R.HANDLER)
_SAMORDNARE = (R.SENDER_SAMORDNARE, R.OWNER_SAMORDNARE)

# fmt: off
WORKFLOW: tuple[Transition, ...] = (
    # action              from                                                to             who                        guards                  told
    T(Action.SUBMIT,          (S.DRAFT,),                                     S.SUBMITTED,   (R.REPORTER,),             (),                     (A.REPORTER, A.OWNER, A.SENDER_CHEF)),
    T(Action.SUBMIT,          (S.DRAFT,),                                     S.ASSIGNED,    (R.REPORTER,),             (),                     (A.REPORTER, A.OWNER, A.SENDER_CHEF)),
    T(Action.ASSIGN,          (S.SUBMITTED,),                                 S.ASSIGNED,    _SAMORDNARE,               (),                     (A.OWNER, A.REPORTER)),
    T(Action.ASSIGN,          (S.ASSIGNED,),                                  S.ASSIGNED,    _SAMORDNARE,               (),                     (A.OWNER, A.FORMER_OWNER, A.REPORTER)),
    T(Action.NOT_TAKEN_UP,    (S.SUBMITTED,),                                 S.CLOSED,      (R.SENDER_SAMORDNARE,),    (needs_reporter_text,), (A.REPORTER,)),
    T(Action.MERGE,           (S.SUBMITTED, S.ASSIGNED),                      S.CLOSED,      _SAMORDNARE,               (needs_reporter_text,), (A.REPORTER, A.OWNER)),
    T(Action.WITHDRAW,        (S.SUBMITTED, S.ASSIGNED),                      S.CLOSED,      (R.REPORTER,),             (not_accepted,),        (A.OWNER,)),
    T(Action.ACCEPT,          (S.ASSIGNED,),                                  S.IN_PROGRESS, (R.OWNER_CHEF,),           (),                     (A.REPORTER,)),
    T(Action.HAND_OVER,       (S.ASSIGNED, S.IN_PROGRESS),                    S.ASSIGNED,    (R.OWNER_CHEF,),           (needs_reason, not_locked), (A.OWNER, A.REPORTER)),
    T(Action.HAND_OVER,       (S.ASSIGNED, S.IN_PROGRESS),                    S.SUBMITTED,   (R.OWNER_CHEF,),           (needs_reason, not_locked), (A.OWNER, A.REPORTER)),
    T(Action.LOCK,            (S.ASSIGNED, S.IN_PROGRESS),                    S.DISPUTED,    (R.SYSTEM,),               (comes_back,),          (A.OWNER, A.REPORTER)),
    T(Action.DECLINE,         (S.ASSIGNED,),                                  S.SUBMITTED,   (R.OWNER_CHEF,),           (is_no_good, needs_reason), (A.OWNER, A.REPORTER)),
    T(Action.UNDO,            (S.SUBMITTED, S.ASSIGNED),                      S.ASSIGNED,    (R.FORMER_CHEF,),          (in_time_to_undo,),     (A.FORMER_OWNER, A.REPORTER)),
    T(Action.AGREE,           (S.DISPUTED,),                                  S.IN_PROGRESS, (R.OWNER_CHEF,),           (both_agree,),          (A.OWNER, A.REPORTER)),
    T(Action.UNLOCK,          (S.DISPUTED,),                                  S.ASSIGNED,    _SAMORDNARE,               (needs_reason,),        (A.OWNER, A.FORMER_OWNER, A.REPORTER)),
    T(Action.BECOME_ONE,      (S.DISPUTED,),                                  S.ASSIGNED,    (R.SYSTEM,),               (),                     ()),
    T(Action.SOLVED_IN_TALK,  (S.ASSIGNED, S.IN_PROGRESS),                    S.ANSWERED,    (R.OWNER_CHEF, R.SENDER_CHEF), (is_no_good, both_agree, needs_reporter_text), (A.REPORTER, A.OWNER)),
    T(Action.LIFT,            (S.IN_PROGRESS,),                               S.WITH_GROUP,  (R.OWNER_CHEF, *_SAMORDNARE, R.CONVENOR, R.SYSTEM), (is_no_good, has_home_group), (A.CONVENOR, A.SENDER_SAMORDNARE, A.OWNER, A.REPORTER)),
    T(Action.LIFT,            (S.DISPUTED, S.WITH_GROUP),                     S.WITH_GROUP,  (R.OWNER_CHEF, *_SAMORDNARE, R.CONVENOR, R.SYSTEM), (has_home_group,), (A.CONVENOR, A.SENDER_SAMORDNARE, A.OWNER, A.REPORTER)),
    T(Action.LIFT,            (S.ASSIGNED,),                                  S.WITH_GROUP,  (R.SYSTEM,),               (has_home_group,),      (A.CONVENOR, A.SENDER_SAMORDNARE, A.REPORTER)),
    T(Action.DECIDE,          (S.WITH_GROUP,),                                S.IN_PROGRESS, (R.CONVENOR,),             (),                     (A.OWNER,)),
    T(Action.SEND_BACK,       (S.WITH_GROUP,),                                S.IN_PROGRESS, (R.CONVENOR,),             (),                     (A.OWNER, A.REPORTER)),
    T(Action.ANSWER,          (S.IN_PROGRESS,),                               S.ANSWERED,    (*_OWNERS, R.SYSTEM),      (is_no_good, needs_reporter_text, both_agree, no_open_question), (A.REPORTER,)),
    T(Action.ANSWER,          (S.IN_PROGRESS,),                               S.CLOSED,      _OWNERS,                   (is_good, needs_reporter_text, both_agree, no_open_question), (A.REPORTER,)),
    T(Action.FEEDBACK_HELPED, (S.ANSWERED,),                                  S.CLOSED,      (R.REPORTER,),             (),                     (A.OWNER,)),
    T(Action.FEEDBACK_NO,     (S.ANSWERED,),                                  S.IN_PROGRESS, (R.REPORTER,),             (needs_reason, goes_back_to_handler), (A.OWNER,)),
    T(Action.FEEDBACK_NO,     (S.ANSWERED,),                                  S.WITH_GROUP,  (R.REPORTER,),             (needs_reason, goes_to_group), (A.OWNER, A.CONVENOR)),
    T(Action.CLOSE_SILENT,    (S.ANSWERED,),                                  S.CLOSED,      (R.SYSTEM,),               (needs_reporter_text,), (A.REPORTER,)),
    T(Action.CLOSE_SILENT,    UNTHANKED,                                      S.CLOSED,      (R.SYSTEM,),               (is_good, needs_reporter_text), (A.REPORTER,)),
)
# fmt: on


def rows_for(action: Action, source: Status) -> tuple[Transition, ...]:
    """The rows of the table for an action in a state; usually none or one, two where the target depends on a guard."""
    return tuple(row for row in WORKFLOW if row.action is action and source in row.sources)


def objection(row: Transition, case: CaseFacts) -> str | None:
    """The first guard's Swedish reason against the step, or None."""
    return next((reason for guard in row.guards if (reason := guard(case))), None)


def open_actions(status: Status, who: Iterable[Relation], *, good: bool) -> tuple[Action, ...]:
    """The actions that somebody with these relations may try in this state, in the table's order.

    Of the guards only whether it is a good example is asked: that never changes while she looks.
    """
    mine, other = set(who), is_no_good if good else is_good
    rows = [row for row in WORKFLOW if status in row.sources and other not in row.guards]
    found = [row.action for row in rows if mine & set(row.who)]
    return tuple(dict.fromkeys(found))
