"""The two fields of a proposal to a samverkansgrupp, in every form that puts a question to one."""

from __future__ import annotations

from typing import Any

from wtforms.validators import Length, Optional

from avvikelse.services.question_words import MAX_OWNER, MAX_PROPOSAL, Proposal
from avvikelse.web.forms.base import GuardedStringField, GuardedTextAreaField


def proposal_field() -> Any:
    return GuardedTextAreaField(
        "Vad föreslås gruppen besluta?",
        description="Något som gruppen kan säga ja eller nej till. Lämna tomt om det inte finns något förslag än.",
        validators=[Optional(), Length(max=MAX_PROPOSAL, message=f"Skriv högst {MAX_PROPOSAL} tecken.")],
    )


def proposed_owner_field() -> Any:
    return GuardedStringField(
        "Vem föreslås ansvara för att det blir gjort?",
        description="En roll eller verksamhet, inte en persons namn. Till exempel: Verksamhetschef BUP.",
        validators=[Optional(), Length(max=MAX_OWNER, message=f"Skriv högst {MAX_OWNER} tecken.")],
    )


def typed_proposal(form: Any) -> Proposal:
    return Proposal(form.proposal.data or "", form.proposed_owner.data or "")
