"""What stands on a case page about the samverkansgrupp: the questions from the case, and the decisions behind it.

Open for everybody who reads a case: parties, reporters, and who reports without account (`decisions`).
"""

from __future__ import annotations

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.group_words import DecisionStep, StoryStatus
from avvikelse.domain.relation import Relation
from avvikelse.domain.sekretess import FieldGroup, may_read
from avvikelse.domain.vocabulary import GroupQuestionKind, GroupQuestionStatus, PartySide, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_decisions import DecisionCase, DecisionEvent, GroupDecision
from avvikelse.models.group_work import GroupQuestion, QuestionApproval
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.learning import LearningStory, StoryApproval
from avvikelse.policy.visibility import CURRENT_SIDES
from avvikelse.queries.case_views import CaseStory, DecisionView, GroupQuestionView

_OWN_SIDE = frozenset({Relation.REPORTER, Relation.SENDER_CHEF, Relation.SENDER_SAMORDNARE})


def group_questions(
    session: Session, row: Avvikelse, found: frozenset[Relation], may_approve_for: frozenset[tuple[PartySide, int]]
) -> tuple[GroupQuestionView, ...]:
    """The questions from the case that were put to its own groups, oldest first.

    What the reporter asks is read by the other side when the own samordnare has approved it.
    """
    asked = select(GroupQuestion.id).where(GroupQuestion.avvikelse_id == row.id, GroupQuestion.approved_at.is_(None))
    yes: dict[int, set[tuple[PartySide, int]]] = {}
    if may_approve_for:
        approvals = select(QuestionApproval).where(QuestionApproval.question_id.in_(asked))
        for one in session.scalars(approvals):
            yes.setdefault(one.question_id, set()).add((one.side, one.omrade_id))
    rows = session.execute(
        select(GroupQuestion, Samverkansgrupp.name)
        .outerjoin(Samverkansgrupp, Samverkansgrupp.id == GroupQuestion.group_id)
        .where(GroupQuestion.avvikelse_id == row.id, GroupQuestion.lifted_from_id.is_(None))
        .order_by(GroupQuestion.id)
    )
    return tuple(
        GroupQuestionView(
            q.id, q.ref, name, q.kind.label, q.text, q.raised_at, q.approved_at is not None,
            mine_to_approve=q.approved_at is None
            and q.status is GroupQuestionStatus.OPEN
            and bool(may_approve_for - yes.get(q.id, set())),
            status=q.status, answer=q.answer, answered_at=q.answered_at,
            waits_for_group=q.kind is GroupQuestionKind.PROPOSAL and q.status is GroupQuestionStatus.OPEN,
            proposal="" if q.proposed_by_group else q.proposal or "",
            proposed_owner="" if q.proposed_by_group else q.proposed_owner or "",
        )
        for q, name in rows
        if q.approved_at is not None or q.kind is not GroupQuestionKind.PROPOSAL or found & _OWN_SIDE
    )  # fmt: skip


def decisions(session: Session, avvikelse_id: int, found: frozenset[Relation]) -> tuple[DecisionView, ...]:
    """Decisions that go back to the case, newest first; before they are published only for those who must answer."""
    if not may_read(FieldGroup.DECISION, found):
        return ()
    query = (
        select(GroupDecision, Samverkansgrupp.name, outcome_of_decision())
        .join(DecisionCase, DecisionCase.decision_id == GroupDecision.id)
        .join(Samverkansgrupp, Samverkansgrupp.id == GroupDecision.group_id)
        .where(DecisionCase.avvikelse_id == avvikelse_id)
        .order_by(GroupDecision.decided_at.desc(), GroupDecision.id.desc())
    )
    if not may_read(FieldGroup.DECISION_EARLY, found):
        query = query.where(GroupDecision.published_at.is_not(None))
    return tuple(
        DecisionView(
            d.ref, name, d.text, d.what_changes, d.ask or d.owner, d.owner, d.due_on, local_date(d.decided_at),
            d.published_at, d.status, outcome, withheld=d.internal_text is not None,
        )
        for d, name, outcome in session.execute(query)
    )  # fmt: skip


def outcome_of_decision() -> ScalarSelect[str | None]:
    """What was done, or why it was closed: the text of the step that ended the decision."""
    return (
        select(DecisionEvent.text)
        .where(
            DecisionEvent.decision_id == GroupDecision.id,
            DecisionEvent.step.in_((DecisionStep.DONE, DecisionStep.CLOSED)),
        )
        .order_by(DecisionEvent.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def story(session: Session, actor: Actor, row: Avvikelse) -> CaseStory | None:
    """The händelsebeskrivning from the case, for its parties."""
    found = session.scalar(
        select(LearningStory).where(LearningStory.avvikelse_id == row.id).order_by(LearningStory.id.desc()).limit(1)
    )
    if found is None:
        return None
    given = session.scalars(select(StoryApproval.omrade_id).where(StoryApproval.story_id == found.id))
    own = {p.omrade_id for p in row.parties if p.side in CURRENT_SIDES} & actor.omrade_ids(Role.SAMORDNARE)
    waits = found.status is StoryStatus.WAITING and bool(own - set(given))
    return CaseStory(found.title, found.event, found.measure, found.effect, ", ".join(found.tags), found.status, waits)
