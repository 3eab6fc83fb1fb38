"""The parts of a case page as frozen views. Open to see what a template can show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from avvikelse.domain.expectations import Expectation
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import Action, AnswerKind, AtgardStatus, Rating
from avvikelse.policy.permission_map import Permission
from avvikelse.policy.redaction import Coding, Gruppmening, Head, SenderOnly, SharedText


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


@dataclass(frozen=True, slots=True)
class AtgardView:
    id: int
    kind_label: str
    text: str
    owner: str | None
    due_on: date | None
    status: AtgardStatus
    done_on: date | None
    mine: bool


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
class CommitmentView:
    party: str
    who: str
    what: str
    when_on: date
    agreed: bool


@dataclass(frozen=True, slots=True)
class GroupQuestionView:
    id: int
    ref: str
    group: str | None
    kind_label: str
    text: str
    raised_at: datetime
    approved: bool
    decision: str | None
    decision_owner: str | None
    decision_due_on: date | None
    decided_at: datetime | None


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
    notes: tuple[NoteView, ...]
    talk: TalkView | None
    commitments: tuple[CommitmentView, ...]
    group_questions: tuple[GroupQuestionView, ...]
    transfers: tuple[TransferView, ...]
    timeline: tuple[TimelineEntry, ...]
    similar: tuple[SimilarCase, ...]
    closing_text: str | None
    main: SimilarCase | None
    earlier: SimilarCase | None
    merged_count: int
    named_handlers: tuple[tuple[int, str], ...] = ()
    quick_is_enough: bool = False  # a snabbsvar will do
    asks_orosanmalan: bool = False  # only the three answers about an orosanmälan
    factor_codes: tuple[str, ...] = ()
    process_codes: tuple[str, ...] = ()
