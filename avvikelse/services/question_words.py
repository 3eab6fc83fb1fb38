"""The words of a question to a samverkansgrupp: what is asked, what is proposed that it decides, who would see to it.

A proposal that came with a question from a case has been approved with it and stands. Any other is the group's own: its
convenor may write and change it, and the case's parties do not read it.
"""

from __future__ import annotations

from dataclasses import dataclass

from avvikelse.domain.errors import Invalid
from avvikelse.models.group_work import GroupQuestion
from avvikelse.services.guarding import guard

MAX_QUESTION = 500
MAX_PROPOSAL = 500
MAX_OWNER = 120


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the group is proposed to decide, and which role or verksamhet would see to it. Either may be empty."""

    text: str = ""
    owner: str = ""


NO_PROPOSAL = Proposal()


def checked_words(text: str) -> str:
    """The question as it is stored. Raises Invalid at the field `text`."""
    guard(text=text)
    if not text.strip() or len(text) > MAX_QUESTION:
        raise Invalid(
            f"Skriv frågan till gruppen med högst {MAX_QUESTION} tecken, utan uppgifter om barnet.", field="text"
        )
    return text.strip()


def checked_proposal(proposal: Proposal) -> Proposal:
    """As it is stored. Raises Invalid at the fields `proposal` and `proposed_owner`."""
    guard(proposal=proposal.text, proposed_owner=proposal.owner)
    for field, text, longest in (
        ("proposal", proposal.text, MAX_PROPOSAL),
        ("proposed_owner", proposal.owner, MAX_OWNER),
    ):
        if len(text) > longest:
            raise Invalid(f"Skriv högst {longest} tecken.", field=field)
    return Proposal(proposal.text.strip(), " ".join(proposal.owner.split()))


def proposal_of(question: GroupQuestion) -> Proposal:
    return Proposal(question.proposal or "", question.proposed_owner or "")


def propose(question: GroupQuestion, proposal: Proposal, *, by_group: bool) -> None:
    question.proposal, question.proposed_owner = proposal.text or None, proposal.owner or None
    question.proposed_by_group = by_group


def as_seen(text: str, proposal: Proposal) -> str:
    """All the words as one, to compare with what a writer had before her."""
    return "\n".join(part for part in (text, proposal.text, proposal.owner) if part)
