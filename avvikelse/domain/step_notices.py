"""Which mail each step of a case sends to whom; the words are in domain/notices.py. Open when one should tell more."""

from __future__ import annotations

from collections.abc import Mapping

from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Action
from avvikelse.domain.workflow import Audience

N, A, W = Notice, Action, Audience

# What each step of domain/workflow.py tells each audience. A test holds it complete.
_STEPS: Mapping[tuple[Action, Audience], Notice] = {
    (A.SUBMIT, W.REPORTER): N.RECEIPT,
    (A.SUBMIT, W.OWNER): N.NEW_CASE,
    (A.SUBMIT, W.SENDER_CHEF): N.UNIT_REPORTED,
    (A.ASSIGN, W.OWNER): N.NEW_CASE,
    (A.ASSIGN, W.FORMER_OWNER): N.REASSIGNED,
    (A.ASSIGN, W.REPORTER): N.CASE_ASSIGNED,
    (A.NOT_TAKEN_UP, W.REPORTER): N.NOT_TAKEN_UP,
    (A.MERGE, W.REPORTER): N.MERGED,
    (A.MERGE, W.OWNER): N.MERGED_OWNER,
    (A.WITHDRAW, W.OWNER): N.WITHDRAWN,
    (A.ACCEPT, W.REPORTER): N.CASE_ACCEPTED,
    (A.HAND_OVER, W.OWNER): N.HANDED_OVER,
    (A.HAND_OVER, W.REPORTER): N.CASE_MOVED,
    (A.LOCK, W.OWNER): N.DISPUTED,
    (A.LOCK, W.REPORTER): N.CASE_SHARED,
    (A.DECLINE, W.OWNER): N.DECLINED,
    (A.DECLINE, W.REPORTER): N.CASE_MOVED,
    (A.UNDO, W.FORMER_OWNER): N.TAKEN_BACK,
    (A.UNDO, W.REPORTER): N.CASE_ASSIGNED,
    (A.UNLOCK, W.OWNER): N.UNLOCKED,
    (A.UNLOCK, W.FORMER_OWNER): N.UNLOCKED_FORMER,
    (A.UNLOCK, W.REPORTER): N.CASE_ASSIGNED,
    (A.AGREE, W.OWNER): N.AGREED,
    (A.AGREE, W.REPORTER): N.CASE_AGREED,
    (A.SOLVED_IN_TALK, W.REPORTER): N.ANSWERED,
    (A.SOLVED_IN_TALK, W.OWNER): N.TALK_CONFIRMED,
    (A.LIFT, W.CONVENOR): N.GROUP_QUESTION,
    (A.LIFT, W.SENDER_SAMORDNARE): N.LIFT_TO_APPROVE,
    (A.LIFT, W.OWNER): N.LIFT_TO_APPROVE,
    (A.LIFT, W.REPORTER): N.CASE_LIFTED,
    (A.DECIDE, W.OWNER): N.DECIDED,
    (A.SEND_BACK, W.OWNER): N.SENT_BACK,
    (A.SEND_BACK, W.REPORTER): N.GROUP_ANSWERED,
    (A.ANSWER, W.REPORTER): N.ANSWERED,
    (A.FEEDBACK_HELPED, W.OWNER): N.HELPED,
    (A.FEEDBACK_NO, W.OWNER): N.NOT_HELPED,
    (A.FEEDBACK_NO, W.CONVENOR): N.GROUP_QUESTION,
    (A.CLOSE_SILENT, W.REPORTER): N.CLOSED_SILENT,
}


# A good example is no deviation, and nobody shall believe so for a moment.
_GOOD = {
    N.NEW_CASE: N.GOOD_EXAMPLE, N.UNIT_REPORTED: N.UNIT_GOOD_EXAMPLE, N.ANSWERED: N.THANKED,
    N.CLOSED_SILENT: N.GOOD_KEPT,
}  # fmt: skip


def notice_for(action: Action, audience: Audience, *, good: bool = False) -> Notice | None:
    """What a step tells an audience; None = nothing. `good`: of a good example."""
    notice = _STEPS.get((action, audience))
    return _GOOD.get(notice, notice) if good and notice is not None else notice
