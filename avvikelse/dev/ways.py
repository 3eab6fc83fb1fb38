"""The ways that cases of the demo take. A way is a story told step by step: `yield 3` lets three days pass.

Where the present day comes first, the case stays as it is: that is how all open statuses come about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from avvikelse.dev import room_stories
from avvikelse.dev.case import Case
from avvikelse.domain.vocabulary import Rating, Status
from avvikelse.models.dialogue import Atgard

Days = Iterator[float]
Way = Callable[[Case], Days]


def _begun(case: Case) -> Days:
    """Filed, with a gruppmening, and with a manager who will act."""
    case.file()
    yield 1
    case.write_gruppmening()
    yield from _distributed(case)


def _distributed(case: Case) -> Days:
    if case.row.status is Status.SUBMITTED:
        yield 1
        case.assign()


def _accepted(case: Case) -> Days:
    yield from _begun(case)
    yield 2
    case.accept()


def _answered(case: Case, rating: Rating) -> Days:
    yield 14
    case.answer()
    yield 6
    case.verdict(rating)


def _in_place(case: Case, atgard: Atgard) -> Days:
    """What was promised is in place, and followed up."""
    yield 18
    case.done(atgard)
    yield 95
    case.say_if_it_happened_again()
    case.follow_up(atgard)


def helped(case: Case) -> Days:
    """Accepted, an åtgärd, an answer, "Ja", and the åtgärd is in place."""
    yield from _accepted(case)
    case.look_into()
    yield 8
    atgard = case.plan()
    yield from _answered(case, Rating.JA)
    yield 20
    case.done(atgard)
    yield 96
    case.say_if_it_happened_again()
    if case.number % 3:
        yield 9
        case.follow_up(atgard)
    yield 86
    case.say_if_it_happened_again()


def thanked(case: Case) -> Days:
    """A good example: somebody reads it and thanks for it."""
    yield from _begun(case)
    yield 4
    case.answer()


def still_there(case: Case) -> Days:
    """Two report the same; the åtgärd does not bite, and the group gets the question."""
    yield from _begun(case)
    case.joined_by("bupchef@example.org", "bup-behandling")
    yield 2
    case.accept()
    yield 6
    atgard = case.plan(due_in=20)
    yield from _answered(case, Rating.DELVIS)
    yield 5
    case.done(atgard)
    yield 97
    case.still_the_same()


def partly(case: Case) -> Days:
    yield from _accepted(case)
    yield 5
    atgard = case.plan(due_in=60)
    yield from _answered(case, Rating.DELVIS)
    if case.number % 4:
        yield from _in_place(case, atgard)
    else:
        yield 50
        case.drop(atgard)


def silent(case: Case) -> Days:
    """The reporter never says whether it helped: the ladder closes it."""
    yield from _accepted(case)
    yield 20
    case.answer()


def asked(case: Case) -> Days:
    """A question to the reporter stops the clock for a while."""
    yield from _begun(case)
    yield 2
    case.ask()
    yield 4
    case.reply_to_question()
    yield 1
    case.call_each_other()
    yield 5
    atgard = case.plan()
    yield from _answered(case, Rating.JA)
    yield from _in_place(case, atgard)


def no_then_yes(case: Case) -> Days:
    yield from _accepted(case)
    yield from _answered(case, Rating.NEJ)
    yield 4
    atgard = case.plan()
    yield from _answered(case, Rating.DELVIS)
    yield from _in_place(case, atgard)


def three_times_no(case: Case) -> Days:
    """The third "Nej" goes to the group, which decides."""
    yield from _accepted(case)
    atgard = case.plan()
    for _ in range(3):
        yield from _answered(case, Rating.NEJ)
    yield 20
    case.decide()
    yield from _answered(case, Rating.DELVIS)
    yield from _in_place(case, atgard)


def solved_in_talk(case: Case) -> Days:
    yield from _begun(case)
    yield 2
    case.talk()
    yield 1
    case.confirm_talk()
    yield 3
    case.verdict(Rating.JA)


def withdrawn(case: Case) -> Days:
    case.file()
    yield 1
    case.withdraw()


def not_taken_up(case: Case) -> Days:
    case.file()
    yield 2
    case.not_taken_up()


def declined(case: Case) -> Days:
    """ "Inte vårt ansvar": the samordnare gives it to another manager, who answers."""
    yield from _begun(case)
    yield 3
    other = case.another()
    case.decline(other)
    yield 2
    case.assign(other)
    yield 3
    case.accept()
    yield 5
    atgard = case.plan()
    yield from _answered(case, Rating.JA)
    yield from _in_place(case, atgard)


def nobody_takes_it(case: Case) -> Days:
    """Two parties say in turn that it is not theirs: an ansvarslucka that waits for the group."""
    yield from _begun(case)
    yield 3
    first, other = case.present(), case.another()
    case.decline(other)
    yield 2
    case.assign(other)
    yield 3
    case.decline(first)


def handed_over(case: Case) -> Days:
    yield from _accepted(case)
    yield 4
    case.hand_over(case.another())
    yield 4
    case.accept()
    yield from _answered(case, Rating.DELVIS)


def bouncing(case: Case) -> Days:
    """Handed over and back: both solve it together from now on."""
    yield from _accepted(case)
    back = case.present()
    yield 3
    case.hand_over(case.another())
    yield 3
    case.hand_over(back)


def halfway(case: Case) -> Days:
    """The same, and one of the two has answered in the joint room."""
    yield from bouncing(case)
    yield 2
    case.answer_in_room(0)
    room_stories.plan_a_talk(case)


def bounced(case: Case) -> Days:
    """The same, and they agree and answer together."""
    yield from bouncing(case)
    yield 6
    case.commit_both()
    yield 5
    atgard = case.plan()
    yield from _answered(case, Rating.JA)
    yield 2
    room_stories.keep_promises(case)
    yield from _in_place(case, atgard)


def disagreed(case: Case) -> Days:
    """The same, and they do not agree: the group decides."""
    yield from bouncing(case)
    yield 8
    case.commit_both(agreed=False)


def lifted(case: Case) -> Days:
    """The question goes to the group and waits there."""
    yield from _accepted(case)
    yield 6
    case.lift()


def lifted_and_decided(case: Case) -> Days:
    yield from lifted(case)
    yield 24
    case.decide()
    yield 5
    atgard = case.plan(due_in=30)
    yield from _answered(case, Rating.JA)
    yield from _in_place(case, atgard)


def severe(case: Case) -> Days:
    """The samordnare says what could have happened; the manager acts at once."""
    yield from _begun(case)
    case.say_what_could_have_been()
    yield 1
    case.accept()
    yield 1
    atgard = case.plan(due_in=14)
    yield from _answered(case, Rating.DELVIS)
    yield from _in_place(case, atgard)


def waiting(case: Case) -> Days:
    """Nobody has taken it on."""
    yield from _begun(case)


def undistributed(case: Case) -> Days:
    """It lies with the samordnare."""
    case.file()
    yield 400


def working(case: Case) -> Days:
    yield from _accepted(case)
    case.look_into()
    yield 6
    case.plan(due_in=90)


def paused(case: Case) -> Days:
    """The reporter has not answered the question yet."""
    yield from _begun(case)
    yield 2
    case.ask()


def answered(case: Case) -> Days:
    """The answer is there; the reporter has not said anything."""
    yield from _accepted(case)
    yield 5
    case.plan()
    yield 5
    case.answer()


def merged(case: Case) -> Days:
    """A second report about what another one tells: joined with it."""
    case.file()
    yield 1
    main = case.sibling()
    if main is not None:
        case.merge_into(main)
