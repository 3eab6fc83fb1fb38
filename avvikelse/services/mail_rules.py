"""What is asked about a mail on a case when it is to be sent: is it still true, and still for this recipient?

Open when somebody gets a mail about what is no longer theirs, or gets none.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.domain.deadlines import ClockId
from avvikelse.domain.notices import Notice, reminder_for
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import invitations, login, outbox, telling

OWN_RULES = (invitations, login)  # these enter rules of their own when they are imported, for mails that carry a token

# The clocks that a case carries in `due_clock`: a reminder is true while its clock is the one that runs.
_CARRIED = (
    ClockId.TRIAGE,
    ClockId.MOTTAGEN,
    ClockId.FORSTA_SVAR,
    ClockId.SVAR,
    ClockId.GEMENSAMT,
    ClockId.GRUPP,
    ClockId.BETYG,
)
_CLOCK_OF = {reminder_for(clock): clock for clock in _CARRIED}


def enter() -> None:
    """Enter the rule for every notice that has none of its own."""
    for notice in Notice:
        outbox.RECHECK.setdefault(notice, still_true)


def still_true(session: Session, mail: OutboxMail, now: datetime) -> bool:
    """A mail about a case is sent if its clock still runs and the recipient still has the part that the mail is for."""
    if mail.avvikelse_id is None:
        return True
    row = session.get(Avvikelse, mail.avvikelse_id)
    if row is None:
        return False
    clock = _CLOCK_OF.get(Notice(mail.notice))
    if clock is not None and row.due_clock != clock.value:
        return False
    audience = next((a for a in Audience if a.value == mail.params.get("audience")), None)
    return audience is None or telling.concerns(
        session,
        row,
        audience,
        party_id=mail.params["party"],
        user_id=mail.recipient_user_id,
        mailbox=mail.recipient_mailbox,
        today=local_date(now),
    )
