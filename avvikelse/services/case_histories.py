"""Walk a loaded case through its history by the same rules as the services, in memory, and give the rows of its tables.

Open when a loaded case ends up in another state than the same steps by hand would give. The rules themselves stand in
domain/ (step_to, quick_answer_is_enough, LOCK_AT_VAXLINGAR) and in services/clocks.py; tests/integration/
test_case_loading.py walks the same history both ways and compares.

The file knows that something was answered, not what: the texts say that they stand in the earlier system. It knows of
no verdict but "aterropad"; a case that was closed is closed without one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from avvikelse.domain.answering import quick_answer_is_enough
from avvikelse.domain.events import Event
from avvikelse.domain.joint_room import RoomOutcome
from avvikelse.domain.receiver import Held, Receiver, step_to
from avvikelse.domain.relation import Relation
from avvikelse.domain.running import comes_back
from avvikelse.domain.vocabulary import (
    AnswerKind,
    AtgardStatus,
    Outcome,
    PartySide,
    Rating,
    RoutingMode,
    Status,
    TransferKind,
)
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import LOCK_AT_VAXLINGAR
from avvikelse.services.audit import Entry
from avvikelse.services.case_lines import LoadedCase, Step
from avvikelse.services.case_places import Site

ELSEWHERE = "Texten finns i det tidigare systemet."
CLOSING_TEXT = "Svaret finns i ärendet."
ATGARD_KIND = "M06"  # the file does not say which kind
ATGARD_DAYS = 90
NO_REASON_KNOWN = "Rapportören återöppnade ärendet i det tidigare systemet."
MOST_NEJ = 3
NEVER = datetime.min.replace(tzinfo=UTC)  # until the first step


@dataclass(slots=True)
class Walked:
    """A case after its history. Names as in models.avvikelse.Avvikelse, so that services/clocks.py can read it."""

    case: LoadedCase
    pack_id: int
    sender: Site
    counterpart: Site | None
    id: int = 0
    status: Status = Status.DRAFT
    status_since: datetime = NEVER
    submitted_at: datetime = NEVER
    first_received_at: datetime | None = None
    accepted_at: datetime | None = None
    first_answer_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    paused_since: None = None
    paused_days: int = 0
    status_paused_days: int = 0
    again_since: datetime | None = None
    again_paused_days: int = 0
    child_waits: bool = False
    family_coordinates: bool = False
    vaxlingar: int = 0
    returned: bool = False
    nej_count: int = 0
    joint: bool = False
    room: dict[str, Any] | None = None  # the joint room
    receiver: Receiver | None = None
    kinds: set[str] = field(default_factory=set)
    huvudman_ids: set[int] = field(default_factory=set)
    parties: list[dict[str, Any]] = field(default_factory=list)
    transfers: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    atgarder: list[dict[str, Any]] = field(default_factory=list)
    commitments: list[dict[str, Any]] = field(default_factory=list)  # party_index until the parties have ids
    registered: dict[int, date] = field(default_factory=dict)  # område → day
    events: list[tuple[Event, datetime, Relation, Status | None, Status | None, dict[str, Any]]] = field(
        default_factory=list
    )

    # --- the way

    @property
    def severity(self) -> int:
        return self.case.report.severity

    @property
    def category(self) -> str | None:
        return self.case.report.category

    @property
    def reported_category(self) -> str | None:
        return self.case.report.category

    @property
    def owners(self) -> list[dict[str, Any]]:
        return [party for party in self.parties if party["side"] == PartySide.OWNER]

    def submit(self, at: datetime) -> None:
        self.submitted_at = at
        self._party(PartySide.SENDER, self.sender.receiver, at, as_unit=True)
        self.registered[self.sender.omrade_id] = local_date(at)
        direct = self.counterpart is not None
        self._give(self.counterpart or self.sender, TransferKind.ASSIGNED, at, direct=direct)
        mode = RoutingMode.AUTOMATIC if direct else RoutingMode.MANUAL
        detail = {"rules": [], "mode": mode.value}
        self._move(Status.ASSIGNED if direct else Status.SUBMITTED, at, Event.SUBMITTED, Relation.REPORTER, detail)

    def assign(self, site: Site, at: datetime) -> None:
        crosses, back = self._give(site, TransferKind.ASSIGNED, at)
        self._move(Status.ASSIGNED, at, Event.ASSIGNED, Relation.OWNER_SAMORDNARE, {"crosses": crosses})
        self._lock_if_bouncing(back, at)

    def accept(self, at: datetime) -> None:
        self.accepted_at = self.accepted_at or at
        self.transfers[-1]["accepted_at"] = at
        self._move(Status.IN_PROGRESS, at, Event.ACCEPTED, Relation.OWNER_CHEF)

    def hand_over(self, site: Site, at: datetime) -> None:
        """One-sided hand-over; not when two solve it together, and not to whom it is with already."""
        if self.joint or any(owner["position_id"] == site.receiver.position_id for owner in self.owners):
            return
        self.accepted_at = self.accepted_at or at
        crosses, back = self._give(site, TransferKind.HANDED_OVER, at, reason=ELSEWHERE)
        self._move(Status.ASSIGNED, at, Event.HANDED_OVER, Relation.OWNER_CHEF, {"crosses": crosses})
        self._lock_if_bouncing(back, at)

    def agree(self, at: datetime) -> None:
        for index, party in enumerate(self.parties):
            if party["side"] == PartySide.OWNER:
                self.commitments.append({
                    "party_index": index, "omrade_id": party["omrade_id"], "who": "Ansvarig chef", "what": ELSEWHERE,
                    "when_on": local_date(at), "agreed": True, "at": at,
                })  # fmt: skip
                self._say(Event.COMMITMENT_MADE, at, Relation.OWNER_CHEF, {"agreed": True})
        self.room = (self.room or {}) | {"closed_at": at, "outcome": RoomOutcome.AGREED.value}
        self._move(Status.IN_PROGRESS, at, Event.AGREED, Relation.OWNER_CHEF)

    def answer(self, at: datetime) -> None:
        report = self.case.report
        quick = quick_answer_is_enough(report.severity, report.extent, self.nej_count, again=False)
        kind = AnswerKind.QUICK if quick else AnswerKind.FULL
        quick_text, full_text = (ELSEWHERE, None) if quick else (None, ELSEWHERE)
        version = len(self.answers) + 1
        self.answers.append({
            "version": version, "kind": kind.value, "written_at": at, "omrade_id": self.owners[0]["omrade_id"],
            "sent_at": at, "what_happened": quick_text, "what_now": quick_text, "orsak": full_text, "atgard": full_text,
            "konsekvens": full_text, "uppfoljning": full_text,
            "no_atgard_reason": None if quick or self.atgarder else ELSEWHERE,
            "rated_at": None, "rating": None, "rating_reason": None,
        })  # fmt: skip
        detail = {"version": version, "kind": kind.value}
        self._move(Status.ANSWERED, at, Event.ANSWERED, Relation.OWNER_CHEF, detail)
        self.answered_at = at
        self.first_answer_at = self.first_answer_at or at

    def decide_atgard(self, at: datetime) -> None:
        owner = self.owners[0]
        self.atgarder.append({
            "kind": ATGARD_KIND, "text": ELSEWHERE, "omrade_id": owner["omrade_id"], "position_id": owner["position_id"],
            "due_on": local_date(at) + timedelta(days=ATGARD_DAYS), "status": AtgardStatus.DECIDED.value,
            "created_at": at, "done_on": None,
        })  # fmt: skip
        self.first_answer_at = self.first_answer_at or at
        self._say(Event.ATGARD_ADDED, at, Relation.OWNER_CHEF, {"kind": ATGARD_KIND})

    def send_back(self, at: datetime) -> None:
        """The reporter's "Nej": back to the handler."""
        self.answers[-1] |= {"rated_at": at, "rating": Rating.NEJ.value, "rating_reason": NO_REASON_KNOWN}
        detail = {"rating": Rating.NEJ.value}
        self._move(Status.IN_PROGRESS, at, Event.FEEDBACK_GIVEN, Relation.REPORTER, detail)
        self.nej_count = min(self.nej_count + 1, MOST_NEJ)

    def close(self, at: datetime) -> None:
        for atgard in self.atgarder:
            atgard |= {"status": AtgardStatus.DONE.value, "done_on": local_date(at)}
        self._move(Status.CLOSED, at, Event.CLOSED_SILENT, Relation.SYSTEM)
        self.closed_at = at

    # --- underneath

    def _give(
        self, site: Site, kind: TransferKind, at: datetime, *, direct: bool = True, reason: str | None = None
    ) -> tuple[bool, bool]:
        """Move ownership; (crosses, back to an earlier område). Not `direct` = to the samordnare of the place."""
        to = site.receiver if direct else site.triage
        way = tuple(
            Held(t["to_omrade_id"], t["to_enhet_id"]) for t in self.transfers if t["to_position_id"] is not None
        )
        step = step_to(way, to)
        previous = self.owners[0] if self.owners else None
        for party in self.owners:
            party |= {"side": PartySide.FORMER.value, "until": at}
        self._party(PartySide.OWNER, to, at)
        self.transfers.append({
            "kind": kind.value, "at": at,
            "from_omrade_id": previous["omrade_id"] if previous else None,
            "from_enhet_id": previous["enhet_id"] if previous else None,
            "from_position_id": previous["position_id"] if previous else None,
            "to_omrade_id": to.omrade_id, "to_enhet_id": to.enhet_id, "to_position_id": to.position_id,
            "crosses": step.crosses, "reason": reason, "accepted_at": None,
        })  # fmt: skip
        self.vaxlingar += step.crosses
        self.returned = self.returned or step.back_to_enhet
        self.registered.setdefault(to.omrade_id, local_date(at))
        if to.position_id is not None:
            self.first_received_at = self.first_received_at or at
            self.receiver = to
            self.kinds.add(site.kind)
            self.huvudman_ids.add(site.huvudman_id)
        return step.crosses, step.back_to_omrade

    def _party(self, side: PartySide, to: Receiver, at: datetime, *, as_unit: bool = False) -> None:
        self.parties.append({
            "side": side.value, "omrade_id": to.omrade_id, "enhet_id": to.enhet_id,
            "position_id": None if as_unit else to.position_id, "funktion_id": to.funktion_id, "since": at, "until": None,
        })  # fmt: skip

    def _lock_if_bouncing(self, back_to_omrade: bool, at: datetime) -> None:
        if self.vaxlingar < LOCK_AT_VAXLINGAR or not back_to_omrade:
            return
        former = [p for p in self.parties if p["side"] == PartySide.FORMER and p["position_id"] is not None]
        former[-1] |= {"side": PartySide.OWNER.value, "until": None}
        self.joint = True
        self.room = {"opened_at": at, "closed_at": None, "outcome": None}
        self._move(Status.DISPUTED, at, Event.LOCKED, Relation.SYSTEM)

    def _move(
        self, target: Status, at: datetime, event: Event, role: Relation, detail: dict[str, Any] | None = None
    ) -> None:
        before, self.status, self.status_since = self.status, target, at
        if comes_back(before, target):
            self.again_since = at
        self.events.append((event, at, role, before, target, detail or {}))

    def _say(self, event: Event, at: datetime, role: Relation, detail: dict[str, Any]) -> None:
        self.events.append((event, at, role, None, None, detail))

    # --- the results

    @property
    def inside_huvudman(self) -> bool:
        return bool(self.receiver or self.counterpart) and self._huvudman_involved() == {self.sender.huvudman_id}

    def _huvudman_involved(self) -> set[int]:
        named = set() if self.huvudman_ids or self.counterpart is None else {self.counterpart.huvudman_id}
        return self.huvudman_ids | named | {self.sender.huvudman_id}

    @property
    def types(self) -> frozenset[str]:
        """The kinds of the parties: for the groups."""
        held = self.kinds or ({self.case.report.counterpart_kind} - {None})
        return frozenset({self.sender.kind, *(kind for kind in held if kind)})

    @property
    def outcome(self) -> Outcome | None:
        return Outcome.ANSWERED if self.status is Status.CLOSED else None

    def entries(self) -> list[Entry]:
        """The records for the log, in order."""
        return [
            Entry(event, at, self.id, None, role.value, from_status=before, to_status=after, detail=detail)
            for event, at, role, before, after, detail in self.events
        ]


def walk(walked: Walked, site_of: Any) -> Walked:
    """Take the steps of the file. `site_of(place)` gives the unit of a step."""
    steps = walked.case.history
    for index, step in enumerate(steps):
        site = site_of(step.place) if step.place is not None else None
        if step.step is Step.CLOSED and any(later.step is Step.SENT_BACK for later in steps[index + 1 :]):
            _until_answered(walked, site, step.at)  # closed there, but opened again: here it only has an answer
        else:
            _STEPS[step.step](walked, site, step.at)
    return walked


def _received(walked: Walked, site: Site | None, at: datetime) -> None:
    if walked.status is Status.SUBMITTED and site is not None:
        walked.assign(site, at)
    if walked.status is Status.ASSIGNED:
        walked.accept(at)


def _moved(walked: Walked, site: Site | None, at: datetime) -> None:
    if site is None:
        return
    if walked.status is Status.SUBMITTED:
        walked.assign(site, at)
    elif walked.status in (Status.ASSIGNED, Status.IN_PROGRESS):
        walked.hand_over(site, at)


def _investigated(walked: Walked, site: Site | None, at: datetime) -> None:
    _received(walked, site, at)
    if walked.status is Status.DISPUTED:
        walked.agree(at)


def _until_answered(walked: Walked, site: Site | None, at: datetime) -> None:
    _investigated(walked, site, at)
    if walked.status is Status.IN_PROGRESS:
        walked.answer(at)


def _decided(walked: Walked, site: Site | None, at: datetime) -> None:
    _investigated(walked, site, at)
    if walked.status is not Status.SUBMITTED:
        walked.decide_atgard(at)


def _sent_back(walked: Walked, _site: Site | None, at: datetime) -> None:
    if walked.status is Status.ANSWERED:
        walked.send_back(at)


def _closed(walked: Walked, site: Site | None, at: datetime) -> None:
    _until_answered(walked, site, at)
    if walked.status is Status.ANSWERED:
        walked.close(at)


_STEPS: dict[Step, Any] = {
    Step.REPORTED: lambda walked, _site, at: walked.submit(at),
    Step.RECEIVED: _received,
    Step.MOVED: _moved,
    Step.INVESTIGATED: _investigated,
    Step.ANSWERED: _until_answered,
    Step.DECIDED: _decided,
    Step.CLOSED: _closed,
    Step.SENT_BACK: _sent_back,
}
