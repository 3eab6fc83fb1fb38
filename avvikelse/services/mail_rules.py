"""What is asked about a mail on a case when it is to be sent: is it still true, and still for this recipient?

Open when somebody gets a mail about what is no longer theirs, or gets none.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.escalation import Target
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Status
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.outbox import OutboxMail
from avvikelse.policy.visibility import visible
from avvikelse.queries import answer_checks, recipients
from avvikelse.queries.identity import actor_of
from avvikelse.services import (
    atgard_notices,
    avtal_reviews,
    clocks,
    decision_notices,
    digests,
    invitations,
    ladder_targets,
    login,
    outbox,
    question_approvals,
    role_endings,
    role_reviews,
    safety_warnings,
    sip_reminders,
    telling,
)  # fmt: skip

# these enter rules of their own when they are imported
OWN_RULES = (
    atgard_notices, avtal_reviews, decision_notices, digests, invitations, login, role_endings, role_reviews,
    safety_warnings, sip_reminders,
)  # fmt: skip


def enter() -> None:
    """Enter the rule for every notice that has none of its own."""
    for notice in Notice:
        outbox.RECHECK.setdefault(notice, still_true)


def still_true(session: Session, mail: OutboxMail, now: datetime) -> bool:
    """A mail about a case is sent if its clock still runs and the recipient still has the part that the mail is for.

    A mail to a samverkansgrupp is sent if the recipient still convenes it, or still sits in it.
    """
    notice = Notice(mail.notice)
    if mail.avvikelse_id is None:
        return "group" not in mail.params or _still_in_group(session, mail, now)
    row = session.get(Avvikelse, mail.avvikelse_id)
    if row is None or not _WORDS.get(notice, _always)(session, row, mail):
        return False
    today, why = local_date(now), mail.params
    if "clock" in why and not _still_runs(session, row, mail):
        return False
    if "target" in why:
        found = ladder_targets.recipients_of(session, row, Target(why["target"]), why["subject"], today)
    elif "audience" in why:
        found = telling.resolve(session, row, Audience(why["audience"]), today)
    elif "reads" in why:
        return _reads_it(session, row, mail, today)
    else:
        return True
    return telling.is_among(
        found, party_id=why["party"], user_id=mail.recipient_user_id, mailbox=mail.recipient_mailbox
    )


def _still_runs(session: Session, row: Avvikelse, mail: OutboxMail) -> bool:
    """A step of the ladder is said while its clock runs towards the same day."""
    wanted = (mail.params["clock"], mail.params["subject"], date.fromisoformat(mail.params["due"]))
    return any((one.clock.value, one.subject, one.due_on) == wanted for one in clocks.running_clocks(session, row))


def _still_in_group(session: Session, mail: OutboxMail, now: datetime) -> bool:
    """Papers go to everybody in the group, all else to whoever convenes it."""
    found = recipients.members_of if mail.notice == Notice.MEETING_PAPERS else recipients.convenors_of
    return mail.recipient_user_id in found(session, [mail.params["group"]], local_date(now))


def _reads_it(session: Session, row: Avvikelse, mail: OutboxMail, today: date) -> bool:
    """Is the case still there for the recipient?"""
    reader = actor_of(session, mail.recipient_user_id or 0, today)
    return session.scalar(select(Avvikelse.id).where(Avvikelse.id == row.id, visible(reader))) is not None


def _asks_somebody(session: Session, row: Avvikelse, mail: OutboxMail) -> bool:  # noqa: ARG001 -- as the others
    """Can a group read a question from the case by now?"""
    return bool(question_approvals.groups_asked(session, row.id))


def _needs_my_yes(session: Session, row: Avvikelse, mail: OutboxMail) -> bool:
    party = next((party for party in row.parties if party.id == mail.params.get("party")), None)
    return party is None or question_approvals.missing(session, row, party)


def _always(*_: object) -> bool:
    return True


def _in_room(session: Session, row: Avvikelse, mail: OutboxMail) -> bool:  # noqa: ARG001 -- as the others
    return row.status is Status.DISPUTED


def _waits_for_check(session: Session, row: Avvikelse, mail: OutboxMail) -> bool:  # noqa: ARG001 -- as the others
    return answer_checks.waiting(session, row.id) is not None


def _has_come_back(session: Session, row: Avvikelse, mail: OutboxMail) -> bool:  # noqa: ARG001 -- as the others
    answer = answer_checks.unsent(session, row.id)
    return answer is not None and answer.check_returned_at is not None


# What else must be true of a mail about the words of a question or an answer, or about the joint room.
_WORDS = {
    Notice.GROUP_QUESTION: _asks_somebody,
    Notice.GAP_OPENED: _asks_somebody,
    Notice.LIFT_TO_APPROVE: _needs_my_yes,
    Notice.ANSWER_TO_CHECK: _waits_for_check,
    Notice.ANSWER_RETURNED: _has_come_back,
    Notice.ROOM_OTHER_ANSWERED: _in_room,
    Notice.ROOM_BOTH_ANSWERED: _in_room,
    Notice.ROOM_OTHER_COMMITTED: _in_room,
    Notice.ROOM_OTHER_AGREES: _in_room,
    Notice.ROOM_COST_WRITTEN: _in_room,
    Notice.ROOM_TALK_PROPOSED: _in_room,
}
