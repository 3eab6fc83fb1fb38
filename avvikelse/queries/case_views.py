"""The parts of a case page as frozen views. Open to see what a template can show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from avvikelse.domain.changed_words import REPORTER, UNIT, atgard_sentence, decision_sentence
from avvikelse.domain.codes import category_label
from avvikelse.domain.deadlines import Waits
from avvikelse.domain.expectations import Expectation
from avvikelse.domain.group_words import DecisionStatus, StoryStatus
from avvikelse.domain.measures import AtgardStep, Heard
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import Action, AnswerKind, AtgardStatus, Effect, GroupQuestionStatus, Rating
from avvikelse.domain.workdays import local_date
from avvikelse.policy.permission_map import Permission
from avvikelse.policy.redaction import Coding, Gruppmening, Head, SenderOnly, SharedText
from avvikelse.queries.avtal import PointOfCase
from avvikelse.queries.emergency import EmergencyLine
from avvikelse.queries.responsibility import CaseResponsibility


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit as the parties know it. `phone` and `mailbox` are the function's, never a person's."""

    id: int
    name: str
    kind_label: str
    huvudman: str
    phone: str | None
    mailbox: str | None


@dataclass(frozen=True, slots=True)
class OwnerView:
    """Who has the case now: a position with its unit, or the samordnare."""

    title: str
    unit: UnitView | None
    handler: str | None
    party_id: int
    stand_in: str | None = None  # the position that has stepped in, and why
    position_id: int | None = None


@dataclass(frozen=True, slots=True)
class TransferView:
    """One step on the way. `reason` is empty for those who only may know that it moved."""

    at: datetime
    label: str
    from_name: str | None
    to_name: str
    crosses: bool
    reason: str | None
    proposed: str | None
    point: PointOfCase | None = None  # of an avtal, that whoever let it go leans on


@dataclass(frozen=True, slots=True)
class QuestionView:
    id: int
    asked_at: datetime
    asked_as: str
    text: str
    answered_at: datetime | None
    answer: str | None
    open: bool


@dataclass(frozen=True, slots=True)
class FactView:
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """`parts` are (heading, text) in reading order."""

    version: int
    kind: AnswerKind
    sent_at: datetime | None
    unit: str | None
    parts: tuple[tuple[str, str], ...]
    rating: Rating | None
    rating_reason: str | None
    rated_at: datetime | None
    mine_to_confirm: bool
    sent: bool = True
    waits_for_check: bool = False
    mine_to_check: bool = False
    comment: str | None = None  # why it has come back
    words: tuple[tuple[str, str], ...] = ()  # (field, text) of one that has come back or waits, to go on writing


@dataclass(frozen=True, slots=True)
class AtgardView:
    """`heard` and `recurrences` are for the parties; the reporter gets None and 0."""

    id: int
    kind_label: str
    strength: str
    text: str
    owner: str | None
    due_on: date | None
    status: AtgardStatus
    done_on: date | None
    changed: str | None
    family_told: str | None
    dropped_reason: str | None
    effect: Effect | None
    evidence: str | None
    heard: Heard | None
    recurrences: int
    mine: bool
    steps: tuple[AtgardStep, ...]


@dataclass(frozen=True, slots=True)
class RecursView:
    """An åtgärd that was to end what this case tells of. Its id only for those who may open it."""

    id: int
    kind_label: str
    done_on: date


@dataclass(frozen=True, slots=True)
class NoteView:
    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class TalkView:
    """A talk that waits for the other side."""

    talk_on: date
    agreed: str
    to_reporter: str
    by_sender: bool
    mine_to_confirm: bool


@dataclass(frozen=True, slots=True)
class RoomSummary:
    """The joint room, as the case page tells of it. `both` = both have answered the prompts.

    `to_do`: what the reader's own side has promised there and not done, in one sentence.
    """

    open: bool
    both: bool
    readable: bool  # the reader may open the room
    mine_waits: bool  # the reader's own side has something to do there
    outcome: str | None
    to_do: str | None = None


@dataclass(frozen=True, slots=True)
class GroupQuestionView:
    """A question from the case to a samverkansgrupp. `answer` is the group's own text, or its reasons.

    `waits_for_group`: the reporter's own question, not answered yet; she can put one at a time. `proposal` is what came
    with it; what the group itself proposes is the group's.
    """

    id: int
    ref: str
    group: str | None
    kind_label: str
    text: str
    raised_at: datetime
    approved: bool
    mine_to_approve: bool
    status: GroupQuestionStatus
    answer: str | None
    answered_at: datetime | None
    waits_for_group: bool = False
    proposal: str = ""
    proposed_owner: str = ""


@dataclass(frozen=True, slots=True)
class DecisionView:
    """*Så här beslutade gruppen*. `published_at` None = only those who must answer read it yet.

    `withheld` = a part is marked for the group alone and does not stand here.
    """

    ref: str
    group: str
    text: str
    what_changes: str | None
    ask: str
    owner: str
    due_on: date
    decided_on: date
    published_at: datetime | None
    status: DecisionStatus
    outcome: str | None
    withheld: bool


@dataclass(frozen=True, slots=True)
class SupportView:
    """Whether the child's support has been checked: `waits` for the reader's own side, and for the reader herself
    (`mine`); `confirmed` = (side, day).
    """

    waits: bool
    mine: bool
    due_on: date | None
    confirmed: tuple[tuple[str, datetime], ...]
    urgent: tuple[EmergencyLine, ...]


@dataclass(frozen=True, slots=True)
class CaseStory:
    """The händelsebeskrivning from the case, as its parties see it; they alone know that it comes from here."""

    title: str
    event: str
    measure: str
    effect: str
    tags: str
    status: StoryStatus
    mine_to_approve: bool


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    at: datetime
    text: str
    who: str


@dataclass(frozen=True, slots=True)
class SimilarCase:
    ref: str
    number: str
    submitted_at: datetime
    status_label: str
    category_label: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything one reader may see of one case. A part that is None is not the reader's to see."""

    id: int  # for the record that it was read; never on the page
    read_for: int | None  # the sekretessområde that the reader reads for; for the record too
    head: Head
    relations: frozenset[Relation]
    actions: tuple[Action, ...]
    permissions: frozenset[Permission]
    expected: Expectation | None
    reporter_words: str | None
    sender: UnitView | None
    counterpart: str
    counterpart_id: int | None  # the unit that was named
    owners: tuple[OwnerView, ...]
    my_party_id: int | None
    routing_reason: str | None
    coding: Coding | None
    shared: SharedText | None
    sender_only: SenderOnly | None
    reporter: str | None
    gruppmening: Gruppmening | None
    factors: tuple[str, ...] | None
    processes: tuple[str, ...]
    contacts: tuple[tuple[date, str, str], ...]
    diarienummer: str | None
    questions: tuple[QuestionView, ...]
    facts: tuple[FactView, ...]
    answers: tuple[AnswerView, ...]
    atgarder: tuple[AtgardView, ...]
    effect_asked: bool  # "Har det hänt igen?" waits for the reporter
    recurs: tuple[RecursView, ...]  # åtgärder after which this has happened again
    notes: tuple[NoteView, ...]
    talk: TalkView | None
    room: RoomSummary | None
    group_questions: tuple[GroupQuestionView, ...]
    decisions: tuple[DecisionView, ...]
    story: CaseStory | None
    transfers: tuple[TransferView, ...]
    timeline: tuple[TimelineEntry, ...]
    similar: tuple[SimilarCase, ...]
    closing_text: str | None
    main: SimilarCase | None
    earlier: SimilarCase | None
    merged_count: int
    split: tuple[SimilarCase, ...] = ()  # the other cases that the same report became
    has_handlers: bool = False  # the own unit has had handläggare to name; queries/choices.py says who is one today
    quick_is_enough: bool = False  # a snabbsvar will do
    asks_orosanmalan: bool = False  # only the three answers about an orosanmälan
    asks_thanks: bool = False  # a good example
    factor_codes: tuple[str, ...] = ()
    vaxlingar: int = 0  # for those who read whom it has gone between
    support: SupportView | None = None  # something severe, or the child waits
    process_codes: tuple[str, ...] = ()
    point: PointOfCase | None = None  # of an avtal, that was not kept
    responsibility: CaseResponsibility | None = None  # what the ansvarstabell says
    waits: Waits = ()  # days that do not count because those who shall answer have lov

    @property
    def category_label(self) -> str | None:
        """In the words of the day on which it was reported."""
        code = self.coding.category if self.coding is not None else None
        return category_label(code, local_date(self.head.submitted_at)) if code else None

    @property
    def reported_category_label(self) -> str | None:
        """What the reporter chose, where somebody has changed it."""
        if self.coding is None or self.coding.reported_category in (None, self.coding.category):
            return None
        return category_label(self.coding.reported_category or "", local_date(self.head.submitted_at))

    @property
    def changes(self) -> tuple[str, ...]:
        """*Du rapporterade – det här ändrades*, for the reporter and for the manager of the reporting unit."""
        who = {Relation.REPORTER: REPORTER, Relation.SENDER_CHEF: UNIT}
        me = next((word for relation, word in who.items() if relation in self.relations), None)
        if me is None:
            return ()
        what = self.category_label
        done = (
            atgard_sentence(me, what, one.changed, one.done_on)
            for one in self.atgarder
            if one.changed and one.done_on and one.status is not AtgardStatus.DROPPED
        )
        decided = (
            decision_sentence(me, what, one.group, one.what_changes or one.text, one.decided_on)
            for one in self.decisions
            if one.published_at is not None
        )
        return (*done, *decided)
