"""What a step of the ladder does: say something, let somebody step in, lift, close. Open to add a kind of step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.deadlines import ClockId
from avvikelse.domain.escalation import ABOVE_THE_MANAGER, Deed, NextStep, Target
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.running import Running
from avvikelse.domain.vocabulary import StandInReason, StepOutcome
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Question
from avvikelse.models.organisation import Enhet
from avvikelse.services import answers, audit, dialogue, group_questions, joint, ladder_targets, quality, telling

ABOUT_AN_ATGARD = frozenset({ClockId.ATGARD, ClockId.EFFEKT, ClockId.EFFEKT_IGEN})
# What the group reads when the time has run out: no text of the case.
LIFTED_WORDS: Mapping[ClockId, str] = {
    ClockId.SVAR: "En rapportör har väntat på svar längre än tänkt. Hur kommer parterna vidare?",
    ClockId.SVAR_IGEN: "En rapportör har väntat på ett nytt svar längre än tänkt. Hur kommer parterna vidare?",
}


@dataclass(frozen=True, slots=True)
class Doing:
    """A step that is being taken."""

    session: Session
    row: Avvikelse
    clock: Running
    step: NextStep
    now: datetime

    @property
    def today(self) -> date:
        return local_date(self.now)

    @property
    def key(self) -> str:
        return f"{self.clock.clock.value}{self.clock.subject}:{self.clock.due_on.isoformat()}:{self.step.name}"

    def say(self, notice: Notice | None, target: Target) -> int:
        """Queue a message that holds while the clock runs. Returns to how many."""
        if notice is None:
            return 0
        found = ladder_targets.recipients_of(self.session, self.row, target, self.clock.subject, self.today)
        why = {
            "target": target.value, "clock": self.clock.clock.value, "subject": self.clock.subject,
            "due": self.clock.due_on.isoformat(),
        }  # fmt: skip
        if self.clock.clock in ABOUT_AN_ATGARD:
            why["atgard"] = self.clock.subject.removeprefix("a")
        if self.clock.clock is ClockId.GRUPPBESLUT:
            why["decision"] = self.clock.subject.removeprefix("d")
        return telling.queue(self.session, self.row, notice, found, why, now=self.now, key=self.key)

    def tell(self, notice: Notice | None, audience: Audience) -> None:
        """Queue a message that holds although the clock has stopped."""
        if notice is not None:
            telling.send(self.session, self.row, notice, audience, now=self.now, key=self.key)


def do(doing: Doing) -> StepOutcome:
    """Take the step. Anything but DONE is shown to those who can mend it."""
    return _DEEDS[doing.step.rung.deed](doing)


def _say(doing: Doing) -> StepOutcome:
    rung = doing.step.rung
    return StepOutcome.DONE if doing.say(rung.notice, rung.to) else StepOutcome.NOBODY


def _step_in(doing: Doing) -> StepOutcome:
    """The next in order gets the same rights in this case as the chef; the chef keeps hers."""
    rung, outcome = doing.step.rung, StepOutcome.DONE
    for party in ladder_targets.parties_of(doing.row, doing.clock.subject):
        found = ladder_targets.stand_in_for(doing.session, doing.row, party, rung.to, doing.today)
        if found is None:
            above = rung.to in ABOVE_THE_MANAGER and ladder_targets.is_invited(doing.session, party)
            outcome = StepOutcome.NOT_ABOVE if above else StepOutcome.NOBODY
            continue
        let_in(doing.session, doing.row, party, found, doing.clock.clock, now=doing.now)
    if outcome is StepOutcome.DONE:
        doing.say(rung.notice, rung.to)
    elif outcome is StepOutcome.NOBODY:
        doing.say(Notice.LATE_SAMORDNARE, Target.SAMORDNARE)
    doing.say(rung.owner_hears, Target.HOLDER)
    return outcome


def let_in(session: Session, row: Avvikelse, party: Party, position_id: int, clock: ClockId, *, now: datetime) -> None:
    """Let a position step in for a party of the case."""
    party.stand_in_position_id, party.stand_in_because = position_id, StandInReason.WAITED
    session.flush()
    audit.record(
        session, SYSTEM, Event.STEPPED_IN, now=now, avvikelse_id=row.id, omrade_id=party.omrade_id,
        detail={"position": position_id, "clock": clock.value},
    )  # fmt: skip


def _lift(doing: Doing) -> StepOutcome:
    """To the home group, or from a group to the one above. An inbjuden part is not lifted: its silence is shown."""
    session, row, now = doing.session, doing.row, doing.now
    if doing.step.rung.to is Target.GROUP_ABOVE:
        return StepOutcome.DONE if group_questions.lift_above(session, row, now=now) else StepOutcome.NO_GROUP
    owners = ladder_targets.parties_of(row, "")
    if not group_questions.has_home_group(session, row):
        doing.say(Notice.LATE_SAMORDNARE, Target.SAMORDNARE)
        return StepOutcome.NO_GROUP
    if doing.clock.clock is ClockId.GEMENSAMT:
        joint.run_out(session, row, now=now)
        doing.tell(doing.step.rung.owner_hears, Audience.OWNER)
        return StepOutcome.DONE
    if all(ladder_targets.is_invited(session, p) for p in owners):
        unit = session.get_one(Enhet, owners[0].enhet_id)
        group_questions.show_silence(session, row, unit.kind, now=now)
        doing.tell(Notice.SILENCE_SHOWN, Audience.CONVENOR)
        return StepOutcome.NOT_ABOVE
    group_questions.lift_by_clock(session, row, LIFTED_WORDS[doing.clock.clock], now=now)
    doing.tell(doing.step.rung.owner_hears, Audience.OWNER)
    return StepOutcome.DONE


def _close_case(doing: Doing) -> StepOutcome:
    answers.close_silent(doing.session, doing.row, now=doing.now)
    return StepOutcome.DONE


def _close_good(doing: Doing) -> StepOutcome:
    answers.close_unthanked(doing.session, doing.row, now=doing.now)
    return StepOutcome.DONE


def _send_answer(doing: Doing) -> StepOutcome:
    """The reporter does not wait longer because nobody had the time to read."""
    quality.send_unchecked(doing.session, doing.row, now=doing.now)
    return StepOutcome.DONE


def _close_question(doing: Doing) -> StepOutcome:
    question = doing.session.get_one(Question, int(doing.clock.subject[1:]))
    dialogue.close_question(doing.session, doing.row, question, now=doing.now)
    return StepOutcome.DONE


_DEEDS: Mapping[Deed, Callable[[Doing], StepOutcome]] = {
    Deed.REMIND: _say,
    Deed.TELL: _say,
    Deed.STEP_IN: _step_in,
    Deed.LIFT: _lift,
    Deed.CLOSE_CASE: _close_case,
    Deed.CLOSE_GOOD: _close_good,
    Deed.SEND_ANSWER: _send_answer,
    Deed.CLOSE_QUESTION: _close_question,
}
